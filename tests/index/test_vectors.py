"""Vectors in Chroma: embedded, and on a real server."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import StorageError, VectorServerError
from index.manifest import DamagedError, survey, verify
from index.vectors import (
    ChromaServer,
    Vectors,
    _sessions,
    copy_vectors,
    drop_collections,
    seal_vectors,
)
from tests.chroma import answering, token_proxy

Array = NDArray[np.float32]


def unit_vectors(count: int, dimensions: int = 16) -> Array:
    found = np.random.default_rng(7).normal(size=(count, dimensions))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def exact(vectors: Array, query: Array, k: int) -> list[int]:
    return [int(row) + 1 for row in np.argsort(-(vectors @ query), kind="stable")[:k]]


def filled(vectors: Vectors, content: Array) -> Vectors:
    vectors.upsert(range(1, len(content) + 1), content)
    return vectors


def embedded(folder: Path, content: Array) -> Vectors:
    folder.mkdir()
    return filled(Vectors.in_folder(folder, create=True), content)


def test_the_nearest_are_those_of_exact_search(tmp_path: Path) -> None:
    content = unit_vectors(400)
    with closing(embedded(tmp_path / "v", content)) as vectors:
        for query in unit_vectors(440)[400:]:
            found = vectors.nearest(query, 10)
            assert [id for id, _ in found] == exact(content, query, 10)
            cosines = [float(content[id - 1] @ query) for id, _ in found]
            assert [score for _, score in found] == pytest.approx(cosines, abs=1e-5)


def test_equal_vectors_come_in_the_order_of_ids(tmp_path: Path) -> None:
    content = np.repeat(unit_vectors(1), 20, axis=0)
    with closing(embedded(tmp_path / "v", content)) as vectors:
        assert [id for id, _ in vectors.nearest(content[0], 30)] == list(range(1, 21))


def test_what_the_graph_misses_is_found_where_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = unit_vectors(9)
    with closing(embedded(tmp_path / "v", 2 * content)) as vectors:
        assert vectors.finds(4, content[3])
        monkeypatch.setattr(vectors, "nearest", lambda *_: [(1, 0.4)])
        assert vectors.finds(4, content[3])
        assert not vectors.finds(5, content[3])
        assert not vectors.finds(99, content[3])


def test_more_than_one_batch_is_taken_in_and_taken_out(tmp_path: Path) -> None:
    content = unit_vectors(6000, dimensions=4)
    with closing(embedded(tmp_path / "v", content)) as vectors:
        assert vectors.count() == 6000
        vectors.delete(range(2, 9000))
        assert vectors.count() == 1
        assert [id for id, _ in vectors.nearest(content[5], 5)] == [1]


def test_an_empty_collection_finds_nothing(tmp_path: Path) -> None:
    with closing(embedded(tmp_path / "v", unit_vectors(1))) as vectors:
        vectors.delete([1])
        assert vectors.nearest(unit_vectors(1)[0], 5) == []


def test_who_reads_what_is_sealed_changes_no_byte_of_it(tmp_path: Path) -> None:
    """Else two readers, or one that is killed, could damage it."""
    folder = tmp_path / "v"
    content = unit_vectors(50)
    vectors = embedded(folder, content[:49])
    vectors.upsert([50], content[49:])
    vectors.delete([3])
    vectors.close()
    seal_vectors(folder)
    before = survey(folder)
    with closing(Vectors.in_folder(folder)) as reader:
        assert reader.nearest(content[7], 1)[0][0] == 8
        assert reader.count() == 49
    assert survey(folder) == before
    assert {Path(name).suffix for name in before} == {".sqlite3", ".bin", ".pickle"}


def test_a_copy_of_what_is_sealed_can_be_written(tmp_path: Path) -> None:
    content = unit_vectors(40)
    embedded(tmp_path / "old", content[:30]).close()
    seal_vectors(tmp_path / "old")
    before = survey(tmp_path / "old")
    copy_vectors(tmp_path / "old", tmp_path / "new")
    with closing(Vectors.in_folder(tmp_path / "new")) as new:
        new.upsert(range(31, 41), content[30:])
    seal_vectors(tmp_path / "new")
    with closing(Vectors.in_folder(tmp_path / "new")) as new:
        assert new.count() == 40
    assert survey(tmp_path / "old") == before


def test_closing_frees_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    vectors = embedded(folder, unit_vectors(5))
    vectors.nearest(unit_vectors(1)[0], 1)
    vectors.close()
    gc.collect()
    held = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [path for path in held if str(folder) in path]
    with pytest.raises(DamagedError, match="closed"):
        vectors.count()


def test_threads_search_one_collection(tmp_path: Path) -> None:
    content = unit_vectors(300)
    with closing(embedded(tmp_path / "v", content)) as vectors, ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda row: vectors.nearest(content[row], 1)[0][0], range(300))
        assert list(found) == list(range(1, 301))


def test_threads_open_one_folder_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    embedded(folder, unit_vectors(30)).close()

    def count(_: int) -> int:
        with closing(Vectors.in_folder(folder)) as vectors:
            return vectors.count()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(count, range(12))) == {30}


def test_a_copy_is_its_own(tmp_path: Path) -> None:
    content = unit_vectors(40)
    with closing(embedded(tmp_path / "old", content[:30])) as old:
        copy_vectors(tmp_path / "old", tmp_path / "new")
        with closing(Vectors.in_folder(tmp_path / "new")) as new:
            new.upsert(range(31, 41), content[30:])
            new.delete([1])
            assert (old.count(), new.count()) == (30, 39)
            assert old.nearest(content[0], 1)[0][0] == 1
            assert new.nearest(content[35], 1)[0][0] == 36


def test_a_folder_without_vectors_is_damage_and_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(DamagedError):
        Vectors.in_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_of_garbage_is_damage(tmp_path: Path) -> None:
    embedded(tmp_path / "v", unit_vectors(3)).close()
    ledger = tmp_path / "v" / "chroma.sqlite3"
    sound = ledger.read_bytes()
    ledger.write_bytes(b"garbage" * 1000)
    for _ in range(2):
        with pytest.raises(DamagedError, match="not a database"):
            Vectors.in_folder(tmp_path / "v")
    with pytest.raises(DamagedError):
        copy_vectors(tmp_path / "v", tmp_path / "copy")
    ledger.write_bytes(sound)
    with closing(Vectors.in_folder(tmp_path / "v")) as vectors:
        assert vectors.count() == 3


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        Vectors.in_folder(tmp_path / "file" / "v", create=True)


@pytest.mark.parametrize("damage", ["cut", "overwritten", "deleted"])
def test_a_changed_file_is_noticed(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "v"
    embedded(folder, unit_vectors(30)).close()
    manifest = survey(folder)
    verify(folder, manifest)
    victim = next(folder.rglob("data_level0.bin"))
    if damage == "deleted":
        victim.unlink()
    elif damage == "cut":
        os.truncate(victim, victim.stat().st_size // 2)
    else:
        with victim.open("r+b") as file:
            file.seek(100)
            file.write(b"\xff")
    with pytest.raises(DamagedError, match=r"data_level0\.bin"):
        verify(folder, manifest)


def test_a_server_does_what_the_embedded_one_does(chroma_server: ChromaServer) -> None:
    content = unit_vectors(6000)
    with closing(Vectors.on_server(chroma_server, "library-1", create=True)) as vectors:
        filled(vectors, content)
        vectors.delete([5, 99999])
    with closing(Vectors.on_server(chroma_server, "library-1")) as vectors:
        assert vectors.count() == 5999
        assert [id for id, _ in vectors.nearest(content[8], 1)] == [9]
        assert vectors.nearest(content[4], 1)[0][0] != 5
    with pytest.raises(DamagedError, match="closed"):
        vectors.nearest(content[8], 1)


def test_what_is_added_after_a_search_is_found(chroma_server: ChromaServer) -> None:
    """A server that has not yet written what it took in lost some in every twentieth collection."""
    content = unit_vectors(78)
    for number in range(20):
        with closing(Vectors.on_server(chroma_server, f"grown-{number}", create=True)) as vectors:
            filled(vectors, content[:52]).nearest(content[0], 5)
            vectors.upsert(range(53, 79), content[52:])
            assert [id for id, _ in vectors.nearest(content[0], 300)] == exact(
                content, content[0], 78
            )


def test_every_connection_has_a_time_limit(chroma_server: ChromaServer) -> None:
    """Chroma gives them none, nor a way to set one: this fails when it moves them."""
    with closing(Vectors.on_server(chroma_server, "timed", create=True)) as vectors:
        limits = [session.timeout.read for session in _sessions(vectors._client)]
    assert limits == [60.0, 60.0]


def test_a_missing_collection_is_damage(chroma_server: ChromaServer) -> None:
    with pytest.raises(DamagedError):
        Vectors.on_server(chroma_server, "never-made")


def test_only_its_own_collections_are_dropped(chroma_server: ChromaServer) -> None:
    for name in ("mine-1", "mine-2", "other-1"):
        Vectors.on_server(chroma_server, name, create=True).close()
    drop_collections(chroma_server, "mine-", keep=frozenset({"mine-2"}))
    for name in ("mine-2", "other-1"):
        Vectors.on_server(chroma_server, name).close()
    with pytest.raises(DamagedError):
        Vectors.on_server(chroma_server, "mine-1")


def test_headers_reach_a_proxy(chroma_server: ChromaServer) -> None:
    with answering(token_proxy(chroma_server, "sesame")) as url:
        server = ChromaServer(url, {"Authorization": "Bearer sesame"})
        content = unit_vectors(20)
        with closing(Vectors.on_server(server, "by-proxy", create=True)) as vectors:
            assert filled(vectors, content).nearest(content[3], 1)[0][0] == 4
        for headers in ({}, {"Authorization": "Bearer guess"}):
            with pytest.raises(VectorServerError, match="refuses us") as caught:
                Vectors.on_server(ChromaServer(url, headers), "by-proxy")
            assert "guess" not in str(caught.value)


class Page(BaseHTTPRequestHandler):
    """Answers, but is no Chroma."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_what_is_no_chroma_is_said_to_be_none() -> None:
    with answering(Page) as url, pytest.raises(VectorServerError, match="not a Chroma server"):
        Vectors.on_server(ChromaServer(url), "any")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://[bad", "http://a b"])
def test_nobody_there_is_one_sentence(url: str) -> None:
    with pytest.raises(VectorServerError) as caught:
        Vectors.on_server(ChromaServer(url), "any")
    assert "\n" not in str(caught.value)
    assert "CHROMA_URL" in str(caught.value)


def test_a_server_that_goes_away_is_reported(tmp_path: Path) -> None:
    with answering(Page) as url:
        gone = ChromaServer(url)
    with pytest.raises(VectorServerError):
        drop_collections(gone, "any", frozenset())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:secret@host:8000/chroma", "http://host:8000/chroma"),
        ("http://host:8000", "http://host:8000"),
        ("me:secret@host", "host"),
    ],
)
def test_a_secret_is_never_shown(url: str, shown: str) -> None:
    headers: Mapping[str, str] = {"Authorization": "Bearer secret"}
    server = ChromaServer(url, headers)
    assert server.address == shown
    assert "secret" not in repr(server)
