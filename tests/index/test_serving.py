"""Searches use what is published, however long ago it was opened and whatever became of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.derived import Derived
from tests.index.small import FILES, best, options, write


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path / "corpus"


@pytest.fixture
def writer(corpus: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(corpus, tmp_path / "home", options=options()) as library:
        yield library


@pytest.fixture
def reader(writer: Library, corpus: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(corpus, tmp_path / "home", options=options(), sync=False) as library:
        yield library


def grow(corpus: Path, writer: Library, number: int) -> None:
    write(corpus, {f"{number}.txt": f"Zoo {number}\n\nZebra number {number} left the zoo."})
    writer.sync()


def test_an_index_that_is_many_updates_old_gives_way_to_the_newest(
    corpus: Path, writer: Library, reader: Library, tmp_path: Path
) -> None:
    assert best(reader, "steel mill") == "steel.txt"
    (opened,) = (tmp_path / "home").glob("*/derived/0*")
    for number in range(4):
        grow(corpus, writer, number)
    assert not opened.exists()
    assert best(reader, "zebra number 3") == "3.txt"
    assert best(reader, "steel mill") == "steel.txt"


def test_a_search_that_began_before_many_updates_ends_on_what_it_began_with(
    corpus: Path, writer: Library, reader: Library
) -> None:
    steel = reader.embedder.query("steel mill")

    def search_slowly(derived: Derived) -> list[list[tuple[int, float]]]:
        first = derived.nearest(steel, 3)
        for number in range(2):
            grow(corpus, writer, number)
        return [first, derived.nearest(steel, 3)]

    first, last = reader.use(search_slowly)
    assert first == last
    assert best(reader, "zebra number 1") == "1.txt"
