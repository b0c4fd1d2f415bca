"""One writer at a time, across processes.

The lock is the kernel's (``flock``): it goes when its holder does, however that dies. The file
beside it only says who holds it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LockedError, StorageError


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    pid: int
    host: str
    command: str
    since: str
    """``YYYY-MM-DD HH:MM:SS``, local time."""

    def __str__(self) -> str:
        return f"pid {self.pid} on {self.host}, `{self.command}`, since {self.since}"


@contextmanager
def writer_lock(folder: Path, timeout: float) -> Iterator[None]:
    """Hold the writer's lock of the library in ``folder``, waiting ``timeout`` seconds for it.

    Raises:
        LockedError: another process (or thread) holds it; the message says which.
        StorageError: the folder cannot be written.
    """
    # A lock file that outlives its holder, which filelock offers where the file system has no
    # flock, would lock a library for good after a crash.
    lock = FileLock(folder / "lock", thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire(timeout=timeout)
    except Timeout as error:
        raise LockedError(
            f"Another process ({_holder(folder)}) is writing to this index: wait for it or stop it."
        ) from error
    except (OSError, NotImplementedError) as error:
        raise StorageError(
            f"The index folder {folder} cannot be locked for writing ({error}): "
            "make it writable or set another."
        ) from error
    try:
        _sign(folder)
        yield
    finally:
        (folder / "holder").unlink(missing_ok=True)
        lock.release()


def _sign(folder: Path) -> None:
    since = datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    holder = Holder(os.getpid(), socket.gethostname(), _command(), since)
    try:
        (folder / "holder").write_text(json.dumps(asdict(holder)), "utf-8")
    except OSError as error:
        raise StorageError(
            f"The index folder {folder} cannot be written ({error.strerror}): "
            "free some space or make it writable."
        ) from error


def _holder(folder: Path) -> str:
    # The holder may be about to sign, or to go.
    try:
        return str(Holder(**json.loads((folder / "holder").read_text("utf-8"))))
    except (OSError, ValueError, TypeError):
        return "it has not said which"


def _command() -> str:
    """The program and its verb; other arguments may be private."""
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    verbs = [word for word in sys.argv[1:2] if program == "pincite" and word.isalpha()]
    return " ".join([program, *verbs])
