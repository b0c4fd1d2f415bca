"""Whether a folder of derived indexes still is what was published."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

Manifest = Mapping[str, tuple[int, str]]
"""File, relative to the folder with ``/`` → size in bytes and SHA-256."""

_LOCKS = "*.lock"
"""Empty files that Tantivy makes when it needs them."""


class DamagedError(Exception):
    """What was published is missing or damaged: to be built anew from the catalogue."""


def survey(folder: Path) -> Manifest:
    """What stands in ``folder`` and below."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, _digest(path))
        for path in _files(folder)
        if not fnmatch(path.name, _LOCKS)
    }


def common(one: Manifest, other: Manifest) -> Manifest:
    """The files that are the same in both."""
    return {name: state for name, state in one.items() if other.get(name) == state}


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises ``DamagedError`` unless every file of ``manifest`` is there as it was."""
    for name, (size, digest) in manifest.items():
        path = folder / name
        try:
            sound = path.stat().st_size == size and _digest(path) == digest
        except OSError as error:
            raise DamagedError(f"{path} cannot be read") from error
        if not sound:
            raise DamagedError(f"{path} is not what was published")


def settle(folder: Path) -> None:
    """Return when all of ``folder`` is on the disk, not only on its way there."""
    for path in (*_files(folder), *_folders(folder), folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _files(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in sorted(names))


def _folders(folder: Path) -> Iterator[Path]:
    yield from (Path(where) for where, _, _ in os.walk(folder))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
