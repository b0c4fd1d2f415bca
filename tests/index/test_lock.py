"""One writer at a time; a second one learns who the first is; a dead one is in nobody's way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import LockedError, StorageError
from index.lock import writer_lock

_HOLD = """
import sys, time
from pathlib import Path
from index.lock import writer_lock
with writer_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock."""
    command = [sys.executable, "-c", _HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_process_learns_who_the_first_is(tmp_path: Path) -> None:
    with (
        another_process(tmp_path) as process,
        pytest.raises(LockedError, match=rf"pid {process.pid} on .+since \d{{4}}-"),
        writer_lock(tmp_path, 0.1),
    ):
        pytest.fail("two writers")


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with writer_lock(tmp_path, 0):
            pass


def test_two_threads_do_not_write_together(tmp_path: Path) -> None:
    with (
        writer_lock(tmp_path, 0),
        pytest.raises(LockedError, match=f"pid {os.getpid()}"),
        writer_lock(tmp_path, 0),
    ):
        pytest.fail("two writers")


def test_a_writer_waits_for_another_to_end(tmp_path: Path) -> None:
    held = threading.Event()

    def hold() -> None:
        with writer_lock(tmp_path, 0):
            held.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with writer_lock(tmp_path, 10):
        thread.join(timeout=0)
    thread.join()


def test_a_holder_that_has_not_signed_yet(tmp_path: Path) -> None:
    with writer_lock(tmp_path, 0):
        (tmp_path / "holder").write_text('{"pid": ')
        with pytest.raises(LockedError, match="has not said which"), writer_lock(tmp_path, 0):
            pytest.fail("two writers")


def test_only_the_verb_of_a_command_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/usr/bin/pincite", "ask", "a private question"])
    with writer_lock(tmp_path, 0):
        told = (tmp_path / "holder").read_text("utf-8")
    assert '"pincite ask"' in told
    assert "private" not in told
    assert not (tmp_path / "holder").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match="cannot be locked"),
        writer_lock(tmp_path / "file", 0),
    ):
        pytest.fail("locked nothing")
