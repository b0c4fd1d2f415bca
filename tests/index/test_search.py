"""Hits: fused in the right order, each with its scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import Library
from index.derived import Derived
from index.search import fuse
from tests.index.small import FILES, WordEmbedder, options, write


def test_fusion_adds_reciprocal_ranks() -> None:
    fused = fuse([(7, 0.8), (8, 0.6), (9, 0.4)], [(8, 12.0), (9, 9.0)])
    assert [id for id, _ in fused] == [8, 9, 7]
    assert [score for _, score in fused] == pytest.approx(
        [1 / 62 + 1 / 61, 1 / 63 + 1 / 62, 1 / 61]
    )


def test_one_ranking_may_be_empty() -> None:
    assert [id for id, _ in fuse([(3, 0.0), (5, -0.5)], [])] == [3, 5]
    assert fuse([], []) == []


def test_equal_scores_come_in_the_order_of_ids() -> None:
    assert [id for id, _ in fuse([(5, 1.0), (3, 0.9)], [(3, 2.0), (5, 1.0)])] == [3, 5]


def test_a_hit_that_words_alone_brought_has_its_cosine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "corpus", FILES)
    query = "bread, steel or the night train"
    with Library.open(tmp_path / "corpus", tmp_path / "home", options=options()) as library:
        monkeypatch.setattr(Derived, "nearest", lambda _self, _vector, _k: [])
        hits = library.search(query, 3)
        [ids, vectors] = library.catalogue.vectors(np.array(sorted(h.passage.id for h in hits)))
    cosines = dict(zip(ids, vectors @ WordEmbedder().query(query), strict=True))
    assert len(hits) == 3
    assert [hit.dense for hit in hits] == pytest.approx([cosines[h.passage.id] for h in hits])
    assert all(hit.keyword for hit in hits)
