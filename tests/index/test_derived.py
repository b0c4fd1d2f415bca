"""Derived indexes are a pure function of the catalogue, and never a damaged one."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.derived import DamagedError, DerivedStore
from index.errors import StorageError
from index.manifest import survey
from index.vectors import Vectors
from tests.index.shelf import (
    DIMENSIONS,
    Shelf,
    as_catalogue,
    clean_build,
    rankings,
    vector_of,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add(*range(1, 61))
    return shelf


@pytest.fixture
def store(tmp_path: Path) -> DerivedStore:
    return DerivedStore(tmp_path / "derived", DIMENSIONS, None)


def test_nothing_published_is_damage(store: DerivedStore, shelf: Shelf) -> None:
    with pytest.raises(DamagedError):
        store.open(as_catalogue(shelf))


def test_what_is_built_is_found(store: DerivedStore, shelf: Shelf) -> None:
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (60, 60)
        assert derived.generation == shelf.generation
        id, cosine = derived.nearest(vector_of(17), 3)[0]
        assert id == 17
        assert cosine == pytest.approx(1.0, abs=1e-5)
        assert derived.matching("word23", 3)[0][0] == 23
        assert derived.nearest(vector_of(17), 0) == derived.matching("word23", 0) == []


def test_updates_equal_a_clean_build(store: DerivedStore, shelf: Shelf, tmp_path: Path) -> None:
    catalogue = as_catalogue(shelf)
    store.update(catalogue)
    shelf.add(*range(61, 80))
    store.update(catalogue)
    shelf.remove(3, 7, 70)
    shelf.add(80)
    shelf.remove(80)
    store.update(catalogue)
    with store.open(catalogue) as derived:
        assert derived.count() == (76, 76)
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")


def test_an_empty_catalogue_is_published(store: DerivedStore, shelf: Shelf) -> None:
    shelf.remove(*range(1, 61))
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (0, 0)
        assert derived.nearest(vector_of(1), 5) == derived.matching("word1", 5) == []


def test_opening_changes_nothing_and_everything_is_checked(
    store: DerivedStore, shelf: Shelf, tmp_path: Path
) -> None:
    store.update(as_catalogue(shelf))
    assert shelf.current is not None
    folder = tmp_path / "derived" / shelf.current.name
    before = survey(folder)
    assert before.keys() == json.loads(shelf.current.details)["files"].keys()
    with store.open(as_catalogue(shelf)) as derived:
        rankings(derived)
    assert survey(folder) == before


def test_nothing_to_do_publishes_nothing(store: DerivedStore, shelf: Shelf) -> None:
    store.update(as_catalogue(shelf))
    published = shelf.current
    store.update(as_catalogue(shelf))
    assert shelf.current == published


def test_a_change_without_passages_moves_only_the_generation(
    store: DerivedStore, shelf: Shelf
) -> None:
    store.update(as_catalogue(shelf))
    assert shelf.current is not None
    before = shelf.current.name
    shelf.generation += 1
    store.update(as_catalogue(shelf))
    assert (shelf.current.name, shelf.current.generation) == (before, shelf.generation)


def test_a_large_index_grows_in_a_copy(
    store: DerivedStore, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is quickly built is built anew when passages go; here nothing is."""
    monkeypatch.setattr("index.derived._QUICKLY_BUILT", 0)
    store.update(as_catalogue(shelf))
    built: list[int] = []
    monkeypatch.setattr(store, "_build", lambda *_: built.append(1))
    shelf.remove(5, 6)
    shelf.add(61, 62)
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (60, 60)
        assert [id for id, _ in derived.nearest(vector_of(5), 60)] != []
        assert 5 not in dict(derived.nearest(vector_of(5), 60))
        assert derived.matching("word5 word62", 9)[0][0] == 62
    assert built == []
    shelf.remove(*range(10, 18))
    store.update(as_catalogue(shelf))
    assert built == [1]


def test_an_index_of_nothing_grows(store: DerivedStore, tmp_path: Path) -> None:
    shelf = Shelf()
    store.update(as_catalogue(shelf))
    shelf.add(1, 2)
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")


def test_only_what_is_published_and_what_was_before_is_kept(
    store: DerivedStore, shelf: Shelf, tmp_path: Path
) -> None:
    names = []
    for id in (61, 62, 63):
        shelf.add(id)
        store.update(as_catalogue(shelf))
        assert shelf.current is not None
        names.append(shelf.current.name)
    (tmp_path / "derived" / "99999999-half").mkdir()
    store.clean(as_catalogue(shelf))
    assert {path.name for path in (tmp_path / "derived").iterdir()} == set(names[1:])


def test_who_has_the_one_before_open_goes_on_searching(store: DerivedStore, shelf: Shelf) -> None:
    # Older ones are deleted: whoever searches in such a one is sent to what is published.
    store.update(as_catalogue(shelf))
    for id in range(61, 64):
        with store.open(as_catalogue(shelf)) as old:
            before = rankings(old)
            shelf.add(id)
            store.update(as_catalogue(shelf))
            assert rankings(old) == before
            with store.open(as_catalogue(shelf)) as new:
                assert new.nearest(vector_of(id), 1)[0][0] == id


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def delete_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def delete_vectors(folder: Path) -> None:
    shutil.rmtree(folder / "vectors")


def cut_graph(folder: Path) -> None:
    os.truncate(next(folder.rglob("data_level0.bin")), 1000)


def flip_graph(folder: Path) -> None:
    flip(next(folder.rglob("link_lists.bin")))


def flip_labels(folder: Path) -> None:
    flip(next(folder.rglob("index_metadata.pickle")))


def flip_words(folder: Path) -> None:
    flip(next(folder.rglob("*.idx")))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def delete_ledger(folder: Path) -> None:
    (folder / "vectors" / "chroma.sqlite3").unlink()


def garble_ledger(folder: Path) -> None:
    ledger = folder / "vectors" / "chroma.sqlite3"
    ledger.write_bytes(os.urandom(ledger.stat().st_size))


def empty_keywords(folder: Path) -> None:
    for path in files_of(folder / "keywords"):
        path.write_bytes(b"")


DAMAGES: tuple[Callable[[Path], None], ...] = (
    delete_folder,
    delete_vectors,
    cut_graph,
    flip_graph,
    flip_labels,
    flip_words,
    delete_ledger,
    garble_ledger,
    empty_keywords,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_noticed_and_mended(
    store: DerivedStore, shelf: Shelf, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    catalogue = as_catalogue(shelf)
    store.update(catalogue)
    with store.open(catalogue) as derived:
        before = rankings(derived)
    assert shelf.current is not None
    damage(tmp_path / "derived" / shelf.current.name)
    with pytest.raises(DamagedError):
        store.open(catalogue)
    store.update(catalogue)
    with store.open(catalogue) as derived:
        assert rankings(derived) == before


@pytest.mark.parametrize("details", ["", "{}", "[]", '{"dimensions": 16}'])
def test_details_that_say_nothing_are_damage(
    store: DerivedStore, shelf: Shelf, details: str
) -> None:
    store.update(as_catalogue(shelf))
    assert shelf.current is not None
    shelf.current = replace(shelf.current, details=details)
    with pytest.raises(DamagedError):
        store.open(as_catalogue(shelf))
    store.update(as_catalogue(shelf))
    store.open(as_catalogue(shelf)).close()


def test_vectors_of_another_length_are_built_anew(shelf: Shelf, tmp_path: Path) -> None:
    DerivedStore(tmp_path, DIMENSIONS).update(as_catalogue(shelf))
    with pytest.raises(DamagedError):
        DerivedStore(tmp_path, DIMENSIONS * 2).open(as_catalogue(shelf))


def test_another_form_is_built_anew(
    store: DerivedStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.update(as_catalogue(shelf))
    monkeypatch.setattr("index.derived._FORM", 99)
    with pytest.raises(DamagedError):
        store.open(as_catalogue(shelf))
    store.update(as_catalogue(shelf))
    store.open(as_catalogue(shelf)).close()


def test_a_folder_in_the_way_is_a_storage_error(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "derived").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        DerivedStore(tmp_path / "derived", DIMENSIONS).update(as_catalogue(shelf))


def test_what_does_not_read_back_is_never_published(
    store: DerivedStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a disk loses what it was given."""
    monkeypatch.setattr(Vectors, "upsert", lambda *_: None)
    with pytest.raises(StorageError, match="does not read back"):
        store.update(as_catalogue(shelf))
    assert shelf.current is None


def test_vectors_that_read_back_as_others_are_never_published(
    store: DerivedStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    upsert = Vectors.upsert
    monkeypatch.setattr(
        Vectors, "upsert", lambda self, ids, vectors: upsert(self, ids, np.abs(vectors))
    )
    with pytest.raises(StorageError, match="own vector"):
        store.update(as_catalogue(shelf))
    assert shelf.current is None


def test_a_writer_that_fails_leaves_what_was_published_and_nothing_else(
    store: DerivedStore, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        before = rankings(derived)
    shelf.add(61)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Vectors, "upsert", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.update(as_catalogue(shelf))
    assert len([path for path in (tmp_path / "derived").iterdir() if path.is_dir()]) == 1
    with store.open(as_catalogue(shelf)) as derived:
        assert rankings(derived) == before
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (61, 61)


def test_what_is_published_stays_when_cleaning_up_fails(
    store: DerivedStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        if shelf.current is not None:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "clean", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (60, 60)


READER = """
import pickle, sys
from pathlib import Path
from tests.index.shelf import DIMENSIONS, DerivedStore, rankings

shelf, expected = pickle.loads(Path(sys.argv[1]).read_bytes())
store = DerivedStore(Path(sys.argv[2]), DIMENSIONS)
while True:
    with store.open(shelf) as derived:
        print(rankings(derived) == expected, flush=True)
"""


def test_readers_that_are_killed_disturb_nobody(
    store: DerivedStore, shelf: Shelf, tmp_path: Path
) -> None:
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        before = rankings(derived)
    packed = tmp_path / "shelf.pickle"
    packed.write_bytes(pickle.dumps((shelf, before)))
    command = [sys.executable, "-c", READER, str(packed), str(tmp_path / "derived")]
    pipe = subprocess.PIPE
    readers = [
        subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "True\n"
    time.sleep(0.5)
    for reader in readers:
        reader.send_signal(signal.SIGKILL)
        said, complaint = reader.communicate()
        assert complaint == ""
        assert set(said.split()) <= {"True"}
    with store.open(as_catalogue(shelf)) as derived:
        assert rankings(derived) == before


def shelf_without_records(shelf: Shelf) -> Shelf:
    return Shelf(shelf.generation, current=shelf.current)
