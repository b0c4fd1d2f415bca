"""A language model in a file: llama.cpp's own server, on the loopback, for as long as we run.

It runs in a process of its own (:mod:`assistant.llm.llama_process`). Native code that aborts, or is
ended by the system for want of memory, then ends nothing but itself; and OpenMP reads its
settings when it is loaded, which may have happened in this process long ago.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from assistant.errors import LLMUnavailableError, SettingsError

LONGEST_START = 600.0
"""Seconds that a model may take to load."""
_PROCESS = Path(__file__).with_name("llama_process.py")
_MAGIC = b"GGUF"
_EXTRA = "pip install 'pincite[local]'"
_MEMORY = Path("/proc/meminfo")
_NO_MEMORY = "there is not enough memory: close other programs or take a smaller model"
_REASONS = {
    "corrupted or incomplete": "its file is not whole: fetch it again",
    "unknown model architecture": "llama.cpp does not know its kind: pip install -U xllamacpp",
    "bad_alloc": _NO_MEMORY,
    "failed to allocate": _NO_MEMORY,
    "unable to allocate": _NO_MEMORY,
    "libgomp": "the system lacks libgomp: install it (on Debian: apt-get install libgomp1)",
}
"""What llama.cpp logs, and what it means."""


class ModelFile:
    """A model, served once somebody asks for its address. Threads may share it."""

    def __init__(self, path: Path, context: int) -> None:
        """``context``: how many tokens it is to have room for.

        Raises ``SettingsError`` where there is no such model or no llama.cpp.
        """
        self.path = path
        self.name = path.stem
        self.key = secrets.token_urlsafe(24)
        """Other programs of this machine can reach the loopback too."""
        self._context = context
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ""
        _check(path)

    def address(self) -> str:
        """Where it is served: ``http://127.0.0.1:41234/v1``. Starts it, or starts it anew.

        Raises ``LLMUnavailableError``.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._end()
                self._start()
            return self._address

    def close(self) -> None:
        """End the server; asking for its address starts another."""
        with self._lock:
            self._end()

    def _start(self) -> None:
        _check_memory(self.path)
        self._address = ""
        with tempfile.TemporaryFile() as log:
            self._process = process = _run(log)
            timer = threading.Timer(LONGEST_START, process.kill)
            timer.start()
            try:
                self._address = f"{self._handshake(process)}/v1"
            except (OSError, ValueError):  # it closed its pipes without a word
                reason = _reason(_status(process), log)
                if timer.finished.is_set():
                    reason = f"it is not loaded after {LONGEST_START:g} seconds: take a smaller one"
                raise LLMUnavailableError(
                    f"The model {self.name} does not start: {reason}."
                ) from None
            finally:
                timer.cancel()
                if not self._address:
                    self._end()

    def _handshake(self, process: subprocess.Popen[bytes]) -> str:
        told, heard = process.stdin, process.stdout
        wanted = {
            "path": str(self.path),
            "name": self.name,
            "key": self.key,
            "context": self._context,
            "threads": _threads(),
        }
        if told is None or heard is None:
            raise TypeError("both pipes are asked for")
        told.write(json.dumps(wanted).encode() + b"\n")
        told.flush()
        return str(json.loads(heard.readline())["address"])

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:  # closes its pipes and waits
                self._process = None


@cache
def model_file(path: Path, context: int) -> ModelFile:
    """The one server of this file in this process, ended with the process."""
    file = ModelFile(path, context)
    atexit.register(file.close)
    return file


def _run(log: IO[bytes]) -> subprocess.Popen[bytes]:
    ours = ("OPENAI_", "PINCITE_", "CHROMA_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.Popen(  # noqa: S603 (our own script)
        [sys.executable, "-P", str(_PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        # Idle threads that spin starve everything else on a busy machine.
        env={**kept, "OMP_WAIT_POLICY": "passive"},
        start_new_session=True,  # Ctrl-C is for us: what is being answered is ended in order
    )


def _threads() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return usable or 1


def _check(path: Path) -> None:
    if not path.is_file():
        raise SettingsError(f"There is no file {path}: correct PINCITE_LLM.")
    try:
        with path.open("rb") as stream:
            sound = stream.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: correct its permissions.") from error
    if not sound:
        raise SettingsError(f"{path} is no GGUF model: give PINCITE_LLM a file in that format.")
    if find_spec("xllamacpp") is None:
        raise SettingsError(f"PINCITE_LLM names a model in a file, which needs llama.cpp: {_EXTRA}")


def _check_memory(path: Path) -> None:
    needed, free = path.stat().st_size, _free_memory()
    if free is not None and needed > free:
        raise LLMUnavailableError(
            f"The model {path.stem} needs {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB "
            "are free: close other programs or take a smaller model."
        )


def _free_memory() -> int | None:
    """Bytes that the system can spare; ``None`` where it does not say."""
    try:
        lines = _MEMORY.read_text("ascii").splitlines()
    except OSError:
        return None
    sizes = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    return 1024 * sizes[0] if sizes else None


def _status(process: subprocess.Popen[bytes]) -> int:
    """How it ended, as it is about to; by our hand if it does not."""
    try:
        return process.wait(5)
    except subprocess.TimeoutExpired:
        return 0


def _reason(status: int, log: IO[bytes]) -> str:
    log.seek(0)
    said = log.read().decode("utf-8", "replace")
    for sign, meaning in _REASONS.items():
        if sign in said:
            return meaning
    if status == -signal.SIGKILL:
        return "the system ended it, most likely for want of memory: take a smaller model"
    lines = [line for line in said.splitlines() if line.strip()] or ["nothing"]
    return f"llama.cpp says “{lines[-1].strip()[:160]}”: try another model"
