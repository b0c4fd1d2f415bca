"""A damaged index is told, mended and as good as before; nothing of it is deleted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Library
from index.article import Metadata
from index.errors import (
    CatalogueError,
)
from tests.index.small import (
    FILES,
    best,
    contents,
    embedder_of,
    folder_of,
    options,
    write,
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path / "corpus"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def opened(corpus: Path, home: Path) -> Iterator[Library]:
    with Library.open(corpus, home, options=options()) as library:
        yield library


def _delete_folder(derived: Path) -> None:
    shutil.rmtree(derived)


def _empty_files(derived: Path) -> None:
    for file in derived.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")


@pytest.mark.parametrize("damage", [_delete_folder, _empty_files])
def test_damaged_search_indexes_are_built_again(
    corpus: Path, home: Path, damage: Callable[[Path], None]
) -> None:
    with Library.open(corpus, home, options=options()) as library:
        expected = [hit.passage.id for hit in library.search("steel mill")]
    damage(folder_of(home) / "derived")
    with Library.open(corpus, home, options=options()) as library:
        assert embedder_of(library).seen == []
        assert [hit.passage.id for hit in library.search("steel mill")] == expected
        assert library.check() == []


def _truncate(catalogue: Path) -> None:
    with catalogue.open("r+b") as file:
        file.truncate(catalogue.stat().st_size // 2)


def _overwrite(catalogue: Path) -> None:
    catalogue.write_bytes(b"nonsense" * 1000)


@pytest.mark.parametrize("damage", [_truncate, _overwrite])
def test_a_damaged_catalogue_is_told_and_repaired(
    corpus: Path, home: Path, damage: Callable[[Path], None]
) -> None:
    with Library.open(corpus, home, options=options()) as library:
        expected = contents(library.catalogue)
    damage(folder_of(home) / "catalogue.sqlite")
    with pytest.raises(CatalogueError, match="doctor --repair"):
        Library.open(corpus, home, options=options())
    with Library.repair(corpus, home, options=options()) as library:
        assert contents(library.catalogue) == expected
        assert best(library, "steel mill") == "steel.txt"
        assert library.check() == []
    aside = list(folder_of(home).glob("damaged-*/catalogue.sqlite"))
    assert len(aside) == 1


def test_a_repair_keeps_what_was_added_if_it_is_whole(corpus: Path, home: Path) -> None:
    with Library.open(corpus, home, options=options()) as library:
        added = library.add("A zebra escaped.", Metadata(title="Zebras"), "zebra")
        wheat = next(one for one in library.articles() if one.path == "wheat.txt")
        with library.catalogue.database.writing():
            library.catalogue.database.run(
                "UPDATE articles SET text = ? WHERE id = ?", "altered", wheat.id
            )
        assert library.check() == [f"the text of article {wheat.id} is not what was stored"]
    with Library.repair(corpus, home, options=options()) as library:
        assert library.article(added.id) == added
        assert library.article(wheat.id) == wheat
        assert library.check() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET sentences = '[[8,12]]' WHERE id = 1",
        "UPDATE passages SET heading = 'Other' WHERE id = 1",
    ],
)
def test_a_passage_that_was_altered_is_found_and_mended(
    corpus: Path, home: Path, change: str
) -> None:
    with Library.open(corpus, home, options=options()) as library:
        expected = contents(library.catalogue)
        with library.catalogue.database.writing():
            library.catalogue.database.run(change)
        assert any("not what was stored" in problem for problem in library.check())
    with Library.repair(corpus, home, options=options()) as library:
        assert contents(library.catalogue) == expected
        assert library.check() == []


def test_a_sound_index_is_not_made_anew_by_a_repair(
    corpus: Path, home: Path, opened: Library
) -> None:
    with Library.repair(corpus, home, options=options()) as library:
        assert embedder_of(library).seen == []
        assert library.check() == []
    assert not list(folder_of(home).glob("damaged-*"))


def test_a_check_finds_that_the_indexes_are_not_the_catalogue(opened: Library) -> None:
    database = opened.catalogue.database
    with database.writing():
        database.run("DELETE FROM passages WHERE id = 1")
    assert opened.check() == [
        f"the {name} index holds {opened.passage_count() + 1} passages instead of "
        f"{opened.passage_count()}"
        for name in ("vector", "keyword")
    ]
