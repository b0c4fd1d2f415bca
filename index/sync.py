"""Which files are new, changed, gone or as they were: the disk compared with the catalogue."""

from __future__ import annotations

import hashlib
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from index.corpus import Corpus
from index.reading import MAX_BYTES, READER_VERSION, find, shown, unopened
from index.records import FileRecord

_CLOCK_GRAIN_NS = 2_000_000_000
"""Two writes closer together may bear the same time (FAT has the coarsest clock, 2 s)."""

Problem = tuple[str, str]
"""A path and, in a sentence, what is wrong with what lies there."""


class Progress(Protocol):
    """Told after every file, and every some passages."""

    def __call__(self, done: int, total: int, passages: int, path: str, /) -> None:
        """``done`` of ``total`` files are through, ``passages`` embedded; ``path`` was the last.

        The total may turn out to be another on the way.
        """


def silent(_done: int, _total: int, _passages: int, _path: str, /) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, counted in files."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    moved: int = 0
    failed: tuple[Problem, ...] = ()
    """What could not be read, wholly or in part. The rest of the corpus is indexed."""
    passages_embedded: int = 0
    seconds: float = 0.0
    waiting: int = 0
    """New or changed ones that were left for another time."""

    def as_dict(self) -> dict[str, Any]:
        """Its fields, fit for JSON."""
        return asdict(self) | {"failed": [list(problem) for problem in self.failed]}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about the files of a corpus."""

    look: tuple[FileRecord, ...]
    """New, or not as they were: to be read. Their digests are yet to be taken."""
    unchanged: tuple[FileRecord, ...]
    """As they were when they were read. Some could not be read, or not wholly: nor could they now.
    """
    gone: tuple[FileRecord, ...]
    failed: tuple[Problem, ...]
    """What cannot be looked at. What was read from there before stays."""

    @property
    def found(self) -> int:
        """How many files there are."""
        return len(self.look) + len(self.unchanged)


def compare(corpus: Corpus, scope: Sequence[Path], known: Mapping[str, FileRecord]) -> Plan:
    """Compare what lies in ``scope`` (absolute folders and files) with the files ``known``.

    A path of ``scope`` where nothing is: all that is known of it is gone.
    """
    listed = [file for path in scope if path.exists() for file in find(path)]
    look: dict[str, FileRecord] = {}
    unchanged: dict[str, FileRecord] = {}
    closed: dict[Path, str] = {}
    for file in listed:
        path = corpus.path_of(file)
        try:
            seen = _record(path, file)
        except (OSError, UnicodeEncodeError) as error:
            closed[file] = _reason(error)
            continue
        before = known.get(path)
        if before and _is_as_read(before, seen):
            unchanged[path] = before
        else:
            look[path] = seen
    there = look.keys() | unchanged.keys()
    missing = {path: corpus.file_at(path) for path in known.keys() - there}
    gone = [path for path, file in missing.items() if _lies_in(file, scope, closed)]
    failed = tuple((shown(Path(corpus.path_of(file))), why) for file, why in closed.items())
    gone_records = tuple(known[path] for path in sorted(gone))
    return Plan(tuple(look.values()), tuple(unchanged.values()), gone_records, failed)


def digest(file: Path) -> str:
    """SHA-256 of the file's bytes; of what is too large to be read, nothing. Raises ``OSError``."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _record(path: str, file: Path) -> FileRecord:
    path.encode()  # a name that is not UTF-8 cannot be kept
    seen_ns = time.time_ns()
    status = file.stat()
    if stat.S_ISDIR(status.st_mode):
        raise PermissionError("the folder cannot be listed")
    return FileRecord(
        path,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        seen_ns,
        digest="",
        reader=READER_VERSION,
    )


def _is_as_read(known: FileRecord, seen: FileRecord) -> bool:
    """Whether the file is certainly as it was when it was read, by its status alone."""
    same = all(
        getattr(known, name) == getattr(seen, name)
        for name in ("size", "mtime_ns", "ctime_ns", "inode", "reader")
    )
    # A file written again within the grain of the clock bears the same time as before.
    return same and known.seen_ns - known.ctime_ns >= _CLOCK_GRAIN_NS


def _lies_in(file: Path, scope: Sequence[Path], closed: Iterable[Path]) -> bool:
    """Whether the file is in ``scope`` and not behind a door that is closed today."""
    return any(file.is_relative_to(path) for path in scope) and not any(
        file.is_relative_to(path) for path in closed
    )


def _reason(error: OSError | UnicodeEncodeError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "its name is not UTF-8: rename it"
    return unopened(error)
