"""Nearest passages: their vectors in Chroma, embedded in a folder or on a server.

Derived from the catalogue, and written by one process at a time, which sees to it that nobody
reads what it is writing. Distances are cosine; the graph is HNSW (Malkov and Yashunin, 2016).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import StorageError, VectorServerError
from index.manifest import DamagedError

_COLLECTION = "passages"
_LEDGER = "chroma.sqlite3"

# To learn whether it may write, Chroma adds a row to a table of its ledger whenever it opens it.
# Nobody reads the table; without the row, opening changes no byte of what is published.
_PROBED = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'acquire_write'"
_SEAL = """
    CREATE TRIGGER IF NOT EXISTS opening_leaves_no_trace
    BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END"""

# Every write goes to the graph's files at once (`sync_threshold`): what is closed has nothing to
# replay, so that a reader who opens it never writes to them. And where something waits to be
# written, a server loses some of what is added after a search: it is counted, and never found.
_CONFIGURATION = {
    "hnsw": {
        "space": "cosine",
        "ef_construction": 100,
        "ef_search": 100,
        "max_neighbors": 16,
        "sync_threshold": 1,
        "batch_size": 1,
    }
}

# Cosine of a vector with itself, after an index has rounded it.
_SAME = 0.999

# Neither a `.env` file that lies about nor Chroma's own telemetry.
_QUIET: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}

# Chroma wants one beside a URL, and then reads it from the URL.
_UNUSED_PORT = 8000

_TIMEOUT_SECONDS = 60.0
_GREETING_SECONDS = 10.0

# Chroma keeps one shared system a folder in a table that it does not guard against threads.
_opening = threading.Lock()


@dataclass(frozen=True, slots=True, repr=False)
class ChromaServer:
    """Where a Chroma server listens."""

    url: str
    """``http://host:port``; may hold a proxy's user name and password."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request, such as a proxy's token."""

    @property
    def address(self) -> str:
        """The URL as it may be shown: without user name and password."""
        scheme, separator, rest = self.url.rpartition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"

    def __repr__(self) -> str:
        return f"ChromaServer({self.address!r})"


class Vectors:
    """A collection of vectors. Any number of threads may search it.

    Reading raises ``DamagedError`` where it is missing or cannot be read; writing raises
    ``StorageError``; both raise ``VectorServerError`` where a server does not answer as it should.
    """

    def __init__(self, server: ChromaServer | None, place: str) -> None:
        self._server = server
        self._place = place
        self._client: Any = None
        self._collection: Any = None

    @classmethod
    def in_folder(cls, folder: Path, *, create: bool = False) -> Vectors:
        """The collection in ``folder``; with ``create``, a new one in a new folder."""
        vectors = cls(None, str(folder))
        if not create and not (folder / _LEDGER).exists():
            raise DamagedError(f"{folder} holds no vectors")
        with vectors._reported(writing=create):
            vectors._client = _embedded(folder)
            vectors._enter(_COLLECTION, create=create)
        return vectors

    @classmethod
    def on_server(cls, server: ChromaServer, name: str, *, create: bool = False) -> Vectors:
        """The server's collection ``name``; with ``create``, a new one."""
        vectors = cls(server, server.address)
        with vectors._reported(writing=create):
            vectors._client = _remote(server)
            vectors._enter(name, create=create)
        return vectors

    def _enter(self, name: str, *, create: bool) -> None:
        try:
            if create:
                self._collection = self._client.create_collection(
                    name, configuration=_CONFIGURATION, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(name, embedding_function=None)
        except BaseException:
            self.close()
            raise

    def upsert(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Take in ``vectors``, shape ``(len(ids), dimensions)``."""
        with self._reported(writing=True):
            most = self._client.get_max_batch_size()
            for at in range(0, len(ids), most):
                names = [str(id) for id in ids[at : at + most]]
                self._held().upsert(ids=names, embeddings=vectors[at : at + most])

    def delete(self, ids: Sequence[int]) -> None:
        """Take out the vectors of ``ids``; those that are not there do not matter."""
        with self._reported(writing=True):
            most = self._client.get_max_batch_size()
            for at in range(0, len(ids), most):
                self._held().delete(ids=[str(id) for id in ids[at : at + most]])

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` ids nearest to ``vector`` with their cosines, best first; ties by id."""
        with self._reported():
            found = self._held().query(
                query_embeddings=vector[np.newaxis], n_results=k, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            ranked = [(int(name), 1.0 - distance) for name, distance in pairs]
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))

    def finds(self, id: int, vector: NDArray[np.float32]) -> bool:
        """Whether ``vector`` is found, or, where the graph misses it, kept for ``id``.

        The graph is approximate: where very many vectors are the same it may miss some of them.
        """
        if any(cosine > _SAME for _, cosine in self.nearest(vector, 1)):
            return True
        with self._reported():
            kept = self._held().get(ids=[str(id)], include=["embeddings"])["embeddings"]
            return any(float(other @ vector) > _SAME * np.linalg.norm(other) for other in kept)

    def count(self) -> int:
        with self._reported():
            return int(self._held().count())

    def close(self) -> None:
        """Free what it holds. A search afterwards raises ``DamagedError``."""
        _close(self._client)
        # The last reference to what was closed is what keeps its files open.
        self._collection = None

    def _held(self) -> Any:
        if self._collection is None:
            raise DamagedError(f"the vectors in {self._place} were closed")
        return self._collection

    @contextmanager
    def _reported(self, *, writing: bool = False) -> Iterator[None]:
        from chromadb.errors import NotFoundError

        try:
            yield
        except (DamagedError, VectorServerError):
            raise
        except NotFoundError as error:
            raise DamagedError(f"{self._place} does not hold the vectors") from error
        except Exception as error:
            if self._server is not None:
                raise _server_error(self._server, error) from error
            if writing:
                raise _unwritable(self._place, error) from error
            raise DamagedError(f"the vectors in {self._place} cannot be read: {error}") from error


def seal_vectors(folder: Path) -> None:
    """See to it that whoever opens the folder's collection to read it changes nothing there.

    Nobody has it open. Raises ``StorageError``.
    """
    try:
        with closing(sqlite3.connect(folder / _LEDGER)) as ledger:
            if ledger.execute(_PROBED).fetchone():
                ledger.execute(_SEAL)
    except sqlite3.DatabaseError as error:
        raise _unwritable(str(folder), error) from error


def copy_vectors(source: Path, target: Path) -> None:
    """Copy a folder's collection while others may be reading it."""
    from shutil import copytree, ignore_patterns

    copytree(source, target, ignore=ignore_patterns(f"{_LEDGER}*"))
    # Another process may be opening it, which writes to the ledger.
    try:
        with (
            closing(sqlite3.connect(source / _LEDGER)) as old,
            closing(sqlite3.connect(target / _LEDGER)) as new,
        ):
            old.backup(new)
    except sqlite3.DatabaseError as error:
        raise DamagedError(f"{source / _LEDGER} cannot be copied: {error}") from error


def drop_collections(server: ChromaServer, prefix: str, keep: frozenset[str]) -> None:
    """Delete the server's collections whose names begin with ``prefix``, but for ``keep``."""
    client = _remote(server)
    try:
        names = {collection.name for collection in client.list_collections()}
        for name in sorted(names - keep):
            if name.startswith(prefix):
                client.delete_collection(name)
    except Exception as error:
        raise _server_error(server, error) from error
    finally:
        _close(client)


def _embedded(folder: Path) -> Any:
    from chromadb import PersistentClient
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    with _opening:
        try:
            return PersistentClient(folder, Settings(**_QUIET))
        except BaseException:
            # Chroma keeps a system that failed to start, and would hand it out the next time.
            if str(folder) not in SharedSystemClient._identifier_to_refcount:
                SharedSystemClient._identifier_to_system.pop(str(folder), None)
            raise


def _remote(server: ChromaServer) -> Any:
    from chromadb import HttpClient
    from chromadb.config import Settings

    _greet(server)
    # Named here so that Chroma does not look for them in the environment.
    address: dict[str, Any] = {
        "chroma_server_host": server.url,
        "chroma_server_http_port": _UNUSED_PORT,
    }
    settings = Settings(**_QUIET, **address)
    try:
        client = HttpClient(
            server.url, _UNUSED_PORT, headers=dict(server.headers), settings=settings
        )
    except Exception as error:
        raise _server_error(server, error) from error
    # Chroma sets no time limit: a server that hangs would hang every question.
    for session in _sessions(client):
        session.timeout = _TIMEOUT_SECONDS
    return client


def _sessions(client: Any) -> list[Any]:
    """Chroma's connections to a server, which it does not close; none where it is embedded."""
    servers = (client._server, client._admin_client._server)
    return [server._session for server in servers if hasattr(server, "_session")]


def _close(client: Any) -> None:
    with _opening:
        for session in _sessions(client):
            session.close()
        client.close()


def _greet(server: ChromaServer) -> None:
    """Raises ``VectorServerError`` unless a Chroma server answers and lets us in."""
    import httpx

    heartbeat = f"{server.url.rstrip('/')}/api/v2/heartbeat"
    headers = dict(server.headers)
    try:
        reply = httpx.get(heartbeat, headers=headers, timeout=_GREETING_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _server_error(server, error) from error
    if reply.status_code in {401, 403}:
        raise VectorServerError(
            f"The Chroma server at {server.address} refuses us (HTTP {reply.status_code}): "
            "check the headers it wants, such as a token."
        )
    if "nanosecond heartbeat" not in reply.text:
        raise VectorServerError(
            f"What answers at {server.address} is not a Chroma server "
            f"(HTTP {reply.status_code}): check CHROMA_URL."
        )


def _unwritable(place: str, error: Exception) -> StorageError:
    return StorageError(
        f"The vectors cannot be written to {place} ({error}): see that the disk has room and "
        "the folder can be written, then run `pincite index` again."
    )


def _server_error(server: ChromaServer, error: Exception) -> VectorServerError:
    cause = str(error).replace(server.url, server.address).strip() or type(error).__name__
    return VectorServerError(
        f"The Chroma server at {server.address} does not answer as it should "
        f"({cause.splitlines()[0][:200]}): start it, or check CHROMA_URL and its headers."
    )
