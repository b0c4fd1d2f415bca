"""Derived indexes whose vectors stand on a Chroma server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.derived import DamagedError, DerivedStore
from index.errors import VectorServerError
from index.vectors import ChromaServer, Vectors
from tests.index.shelf import (
    DIMENSIONS,
    Shelf,
    as_catalogue,
    clean_build,
    rankings,
    vector_of,
)


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add(*range(1, 61))
    return shelf


@pytest.fixture
def served(tmp_path: Path, chroma_server: ChromaServer) -> DerivedStore:
    return DerivedStore(tmp_path / "served", DIMENSIONS, chroma_server)


def collection_of(shelf: Shelf) -> str:
    assert shelf.current is not None
    return str(json.loads(shelf.current.details)["collection"])


def test_a_server_holds_the_same(served: DerivedStore, shelf: Shelf, tmp_path: Path) -> None:
    catalogue = as_catalogue(shelf)
    served.update(catalogue)
    first = collection_of(shelf)
    shelf.add(*range(61, 70))
    served.update(catalogue)
    assert collection_of(shelf) == first
    with served.open(catalogue) as derived:
        assert derived.count() == (69, 69)
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")
    shelf.remove(1, 61)
    served.update(catalogue)
    assert collection_of(shelf) != first
    with served.open(catalogue) as derived:
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")


def test_a_half_changed_collection_is_used_by_readers_and_replaced_by_the_next_writer(
    served: DerivedStore, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = as_catalogue(shelf)
    served.update(catalogue)
    first = collection_of(shelf)
    shelf.add(61)

    def died(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.derived.settle", died)
        with pytest.raises(KeyboardInterrupt):
            served.update(catalogue)
    with served.open(catalogue) as derived:
        assert derived.count() == (61, 60)
        assert derived.nearest(vector_of(61), 1)[0][0] == 61
    served.update(catalogue)
    assert collection_of(shelf) != first
    with served.open(catalogue) as derived:
        assert derived.count() == (61, 61)
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")


def test_a_collection_that_is_gone_or_short_is_built_anew(
    served: DerivedStore, shelf: Shelf, chroma_server: ChromaServer
) -> None:
    catalogue = as_catalogue(shelf)
    served.update(catalogue)
    vectors = Vectors.on_server(chroma_server, collection_of(shelf))
    vectors.delete([1])
    vectors.close()
    with pytest.raises(DamagedError, match="60 passages became 59 and 60"):
        served.open(catalogue)
    served.update(catalogue)
    with served.open(catalogue) as derived:
        assert derived.count() == (60, 60)


def test_from_folder_to_server_and_back(served: DerivedStore, shelf: Shelf, tmp_path: Path) -> None:
    catalogue = as_catalogue(shelf)
    embedded = DerivedStore(tmp_path / "served", DIMENSIONS)
    for store, other in ((embedded, served), (served, embedded), (embedded, served)):
        store.update(catalogue)
        store.open(catalogue).close()
        with pytest.raises(DamagedError, match="another Chroma server"):
            other.open(catalogue)


def test_old_collections_are_dropped(
    served: DerivedStore, shelf: Shelf, chroma_server: ChromaServer
) -> None:
    names = []
    for _ in range(3):
        served.rebuild(as_catalogue(shelf))
        names.append(collection_of(shelf))
    with pytest.raises(DamagedError):
        Vectors.on_server(chroma_server, names[0])
    for name in names[1:]:
        Vectors.on_server(chroma_server, name).close()


def test_an_absent_server_is_named(shelf: Shelf, tmp_path: Path) -> None:
    store = DerivedStore(tmp_path, DIMENSIONS, ChromaServer("http://127.0.0.1:9"))
    with pytest.raises(VectorServerError, match=r"127\.0\.0\.1:9"):
        store.update(as_catalogue(shelf))
    assert shelf.current is None
