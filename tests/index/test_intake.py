"""Drafts are committed in order, once their vectors are kept, while the next are being read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.article import Metadata
from index.catalogue import Catalogue
from index.cutting import Cutter
from index.errors import EmbeddingError
from index.intake import Intake
from index.records import Draft
from index.writer import CatalogueWriter
from tests.index.small import WordEmbedder


class Taken:
    """An intake, and what became of what was put into it."""

    def __init__(self, writer: CatalogueWriter, embedder: WordEmbedder) -> None:
        self.writer = writer
        self.committed: list[str] = []
        self.intake = Intake(writer, embedder, lambda: None)
        self._cutter = Cutter(embedder, 12, 0)

    def put(self, name: str, passages: int) -> None:
        """An article of so many passages, no two articles alike."""
        days = (f"On day {day} of {name} it rained for {day} hours." for day in range(passages))
        draft = self._cutter.draft("\n\n".join(days), Metadata())
        assert len(draft.cuts) == passages
        self.intake.put([draft], lambda: self._commit(name, draft))

    def _commit(self, name: str, draft: Draft) -> None:
        assert all(self.writer.is_embedded(cut.embedding) for cut in draft.cuts)
        self.committed.append(name)


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def taken(tmp_path: Path, embedder: WordEmbedder) -> Iterator[Taken]:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    found = Taken(CatalogueWriter(catalogue), embedder)
    yield found
    found.intake.close()
    catalogue.close()


@pytest.mark.parametrize("sizes", [[1, 2, 3], [64, 1], [63, 2, 200, 1], [70, 70, 70], [0, 130, 0]])
def test_all_are_committed_in_order_after_their_vectors(taken: Taken, sizes: list[int]) -> None:
    names = [f"a{number}" for number in range(len(sizes))]
    for name, size in zip(names, sizes, strict=True):
        taken.put(name, size)
    taken.intake.flush()
    assert taken.committed == names
    assert taken.intake.embedded == sum(sizes)


def test_the_same_words_are_embedded_once(taken: Taken, embedder: WordEmbedder) -> None:
    for _ in range(3):
        taken.put("same", 70)
    taken.intake.flush()
    assert len(embedder.seen) == 70
    assert taken.committed == ["same", "same", "same"]


def test_the_next_is_read_while_one_is_embedded(
    taken: Taken, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedder waits for what can only happen if ``put`` does not wait for the embedder."""
    was_read = threading.Event()
    embed = embedder.passages

    def waiting(texts: Sequence[str]) -> NDArray[np.float32]:
        assert was_read.wait(30)
        return embed(texts)

    monkeypatch.setattr(embedder, "passages", waiting)
    taken.put("embedded", 64)
    taken.put("read meanwhile", 1)
    assert taken.committed == []
    was_read.set()
    taken.intake.flush()
    assert taken.committed == ["embedded", "read meanwhile"]


def test_what_fails_to_be_embedded_is_told_and_nothing_of_it_is_committed(
    taken: Taken, embedder: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken.put("whole", 64)
    taken.put("broken", 1)

    def failing(_: Sequence[str]) -> NDArray[np.float32]:
        raise EmbeddingError("The server has gone.")

    monkeypatch.setattr(embedder, "passages", failing)
    with pytest.raises(EmbeddingError, match="has gone"):
        taken.intake.flush()
    assert "broken" not in taken.committed


def test_much_text_without_new_vectors_does_not_pile_up(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken.put("first", 3)
    taken.intake.flush()
    monkeypatch.setattr("index.intake._CHARACTERS", 1000)
    for _ in range(40):
        taken.put("first", 3)
    assert len(taken.committed) > 30
