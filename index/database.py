"""The engine under the catalogue: the only file that knows it is SQLite.

One connection, shared by the threads of a process and held by one of them at a time. WAL lets
other processes read while one writes; ``synchronous=FULL`` makes a commit outlive a power cut.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from index.errors import CatalogueError, ClosedError, IndexingError, LockedError, StorageError

Row = tuple[Any, ...]

_BUSY_SECONDS = 30.0
_STORAGE = {
    sqlite3.SQLITE_FULL: "The disk is full: free some space",
    sqlite3.SQLITE_READONLY: "The index folder cannot be written: make it writable or set another",
    sqlite3.SQLITE_CANTOPEN: "The index cannot be opened: make its folder writable or set another",
    sqlite3.SQLITE_PERM: "The index cannot be opened: make its folder readable and writable",
    sqlite3.SQLITE_IOERR: "The disk failed while the index was read or written: check the disk",
}


class Database:
    """A file of tables.

    Raises ``CatalogueError`` where the file is damaged, ``StorageError`` where the disk or its
    rights are in the way, ``ClosedError`` once it is closed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_closed = False
        self._guard = RLock()
        self._depth = 0
        with self._translated():
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._use_wal()
                self._connection.execute("PRAGMA synchronous = FULL")
            except sqlite3.Error:
                self._connection.close()
                raise

    def _use_wal(self) -> None:
        # Where several processes make a file at once, SQLite does not wait for its busy timeout
        # to change the mode but gives up.
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent state of the data, whatever other processes commit meanwhile."""
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is run inside is committed together, or nothing of it."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._guard, self._translated():
            outermost = self._depth == 0
            self._depth += 1
            try:
                if outermost:
                    self._connection.execute(begin)
                yield
                if outermost:
                    self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled back by itself.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def rows(self, statement: str, *parameters: Any) -> list[Row]:
        with self._guard, self._translated():
            return self._connection.execute(statement, parameters).fetchall()

    def run(self, statement: str, *parameters: Any) -> None:
        with self._guard, self._translated():
            self._connection.execute(statement, parameters)

    def run_many(self, statement: str, rows: Iterable[Row]) -> None:
        with self._guard, self._translated():
            self._connection.executemany(statement, rows)

    def problems(self) -> list[str]:
        """What SQLite's own thorough check finds; reads the whole file."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        with self._guard:
            self._is_closed = True
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if self._is_closed:
            raise ClosedError("The library is closed: open it again.")
        try:
            yield
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
            raise
        except sqlite3.DatabaseError as error:
            raise self._as_ours(error) from error

    def _as_ours(self, error: sqlite3.DatabaseError) -> IndexingError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _STORAGE:
            return StorageError(f"{_STORAGE[code]} ({self.path.parent}).")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LockedError("Another process is writing to this index: try again later.")
        # Of a text that is not one, SQLite tells the whole.
        cause = str(error).partition(" with text ")[0][:200]
        return CatalogueError(
            f"The index's catalogue is damaged ({self.path}: {cause}): "
            "run `pincite doctor --repair` to build it anew from the articles."
        )
