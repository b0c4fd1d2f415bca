"""A restricted search is the search of the admitted passages, whatever is admitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import restricted
from index.derived import Derived, DerivedStore
from index.restricted import Admitted, Ids, Restricted, Vectors
from tests.index.shelf import DIMENSIONS, Shelf, as_catalogue, vector_of

COUNT = 120
WORDS = ("topic1", "topic2 number", "word7", "passage", "word3 word4 topic0", "nothing")


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Derived]:
    shelf = Shelf()
    shelf.add(*range(1, COUNT + 1))
    store = DerivedStore(tmp_path_factory.mktemp("derived"), DIMENSIONS, None)
    store.rebuild(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as opened:
        yield opened


def load(ids: Ids) -> tuple[Ids, Vectors]:
    known = ids[ids <= COUNT]
    rows = [vector_of(int(id)) for id in known]
    return known, np.array(rows, np.float32).reshape(-1, DIMENSIONS)


def admitted(ids: Sequence[int]) -> Admitted:
    all_of_them = np.array(sorted(ids), np.int64)
    return Admitted(all_of_them, all_of_them, COUNT, load)  # each an article of its own


@settings(deadline=None, max_examples=60)
@given(
    ids=st.sets(st.integers(1, COUNT)),
    few=st.sampled_from([0, 1, 20, COUNT]),
    k=st.integers(1, COUNT + 10),
    seed=st.integers(0, 50),
    words=st.sampled_from(WORDS),
)
def test_nothing_admitted_is_lost(
    derived: Derived, ids: set[int], few: int, k: int, seed: int, words: str
) -> None:
    view = Restricted(derived, admitted(sorted(ids)))
    vector = vector_of(1000 + seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restricted, "FEW", few)  # so that both ways are taken
        near, matching = view.nearest(vector, k), view.matching(words, k)
    cosines = {id: float(vector_of(id) @ vector) for id in ids}
    exact = sorted(cosines, key=lambda id: (-cosines[id], id))[:k]
    assert [id for id, _ in near] == exact
    assert [score for _, score in near] == pytest.approx([cosines[id] for id in exact], abs=1e-4)
    everything = [one for one in derived.matching(words, COUNT) if one[0] in ids]
    assert [id for id, _ in matching] == [id for id, _ in everything[:k]]
    assert [score for _, score in matching] == pytest.approx(
        [score for _, score in everything[:k]], rel=1e-5
    )


def test_a_passage_that_is_gone_is_in_nobodys_way(derived: Derived) -> None:
    view = Restricted(derived, admitted([7, COUNT + 5]))
    assert [id for id, _ in view.nearest(vector_of(7), 5)] == [7]
    assert [id for id, _ in view.matching("word7", 5)] == [7]


def test_what_lies_far_from_the_query_is_found_in_the_end(
    derived: Derived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restricted, "FEW", 2)
    monkeypatch.setattr(restricted, "_MARGIN", 0.01)  # too little is fetched, twice
    vector = vector_of(5)
    far = [id for id, _ in derived.nearest(vector, COUNT)[-10:]]
    assert [id for id, _ in Restricted(derived, admitted(far)).nearest(vector, 10)] == far


def test_vectors_of_few_are_read_once() -> None:
    asked: list[int] = []

    def counted(ids: Ids) -> tuple[Ids, Vectors]:
        asked.append(len(ids))
        return load(ids)

    ids = np.array([3, 4, 9], np.int64)
    some = Admitted(ids, ids, COUNT, counted)
    assert some.nearest(vector_of(4), 1) == some.nearest(vector_of(4), 1)
    assert asked == [3]


def test_where_nothing_is_admitted_nothing_is_found(derived: Derived, tmp_path: Path) -> None:
    view = Restricted(derived, admitted([]))
    assert view.nearest(vector_of(1), 5) == view.matching("passage", 5) == []
