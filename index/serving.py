"""The derived indexes that searches use: reopened when others are published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from index.catalogue import Catalogue, Published
from index.derived import DamagedError, Derived, DerivedStore
from index.errors import CatalogueError, CorpusError

_Result = TypeVar("_Result")


@dataclass(slots=True)
class _Opened:
    published: Published
    derived: Derived
    users: int = 0
    """Searches that are running on it."""


class Serving:
    """What is published, opened once and shared by all threads that search.

    ``check`` is called before anything is opened; ``mend`` is called with what was found to be
    damaged, and publishes something sound.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        store: DerivedStore,
        check: Callable[[], None],
        mend: Callable[[Published], None],
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._check = check
        self._mend = mend
        self._guard = Lock()
        self._opened: _Opened | None = None

    def use(self, work: Callable[[Derived], _Result]) -> _Result:
        """What ``work`` makes of the published indexes; damaged ones are mended first.

        Raises ``CorpusError`` where nothing is published yet.
        """
        published = self._published()
        try:
            with self._borrowed() as derived:
                return work(derived)
        except DamagedError:
            self._mend(published)
        try:
            with self._borrowed() as derived:
                return work(derived)
        except DamagedError as error:
            raise CatalogueError(
                f"The search indexes were built anew and are damaged again ({error}): "
                "check the disk, then run `pincite doctor --repair`."
            ) from error

    def close(self) -> None:
        """Close what is open, once the last search on it has ended."""
        with self._guard:
            self._retire()

    @contextmanager
    def _borrowed(self) -> Iterator[Derived]:
        with self._guard:
            opened = self._current()
            opened.users += 1
        try:
            yield opened.derived
        finally:
            with self._guard:
                opened.users -= 1
                if opened.users == 0 and opened is not self._opened:
                    opened.derived.close()

    def _current(self) -> _Opened:
        published = self._published()
        if self._opened is None or self._opened.published != published:
            self._check()
            self._retire()
            self._opened = _Opened(published, self._store.open(self._catalogue))
        return self._opened

    def _retire(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None and opened.users == 0:
            opened.derived.close()

    def _published(self) -> Published:
        published = self._catalogue.published()
        if published is None:
            self._check()
            raise CorpusError("Nothing is indexed yet: run `pincite index`.")
        return published
