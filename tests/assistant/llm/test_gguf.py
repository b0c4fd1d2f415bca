"""A model in a file: its process begins, ends and fails as it should, with llama.cpp played.

How the real one answers is tested in ``test_local_llm.py``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import LLMUnavailableError, SettingsError
from assistant.llm import chat_model, gguf
from assistant.llm.gguf import ModelFile
from assistant.settings import Settings
from tests.conftest import ROOT

PLAYED = """
import os, pathlib, sys, types

class CommonParams:
    def __init__(self):
        self.model, self.cpuparams = types.SimpleNamespace(), types.SimpleNamespace()
        self.cpuparams_batch = types.SimpleNamespace()

class Server:
    def __init__(self, parameters):
        print("noise on standard output", flush=True)
        {start}
        settings = {{name: os.environ.get(name) for name in ("OMP_WAIT_POLICY", "OPENAI_API_KEY")}}
        told = (parameters.model.path, parameters.n_ctx, parameters.offline, settings)
        pathlib.Path(__file__).with_name("told").write_text(repr(told))
        self.listening_address = f"http://127.0.0.1:{{os.getpid()}}"
"""


class Played:
    """A module ``xllamacpp`` that starts as it is told, and a file to serve."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = folder / "little.gguf"
        self.model.write_bytes(b"GGUF and so on")
        self.starts("pass")

    def starts(self, code: str) -> None:
        (self.folder / "xllamacpp.py").write_text(PLAYED.format(start=code))


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-it")
    return Played(tmp_path)


@pytest.fixture
def file(played: Played) -> Iterator[ModelFile]:
    file = ModelFile(played.model, 4096)
    yield file
    file.close()


def pid_of(file: ModelFile) -> int:
    """The played server's port is its process."""
    return int(file.address().removesuffix("/v1").rpartition(":")[2])


def gone(pid: int) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        # Its main thread may be a zombie while others still end: then it is not gone yet.
        threads = list(Path(f"/proc/{pid}/task").glob("*/stat"))
        if all(_is_zombie(thread) for thread in threads):
            return True
        time.sleep(0.02)
    return False


def _is_zombie(thread: Path) -> bool:
    try:
        return thread.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:  # it has ended meanwhile
        return True


def test_it_is_started_once_and_ended(file: ModelFile, played: Played) -> None:
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(pid_of(file))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 4
    assert len(set(pids)) == 1
    told = (played.folder / "told").read_text()
    settings = {"OMP_WAIT_POLICY": "passive", "OPENAI_API_KEY": None}
    assert told == repr((str(played.model), 4096, True, settings))
    file.close()
    assert gone(pids[0])


def test_one_that_crashed_is_started_anew(file: ModelFile) -> None:
    first = pid_of(file)
    os.kill(first, signal.SIGSEGV)
    assert gone(first)
    assert pid_of(file) != first


def test_it_ends_with_whoever_started_it(played: Played) -> None:
    code = f"""
        import time, pathlib
        from assistant.llm.gguf import ModelFile
        print(ModelFile(pathlib.Path({str(played.model)!r}), 100).address(), flush=True)
        time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline().strip().removesuffix("/v1").rpartition(":")[2])
        parent.kill()
    assert gone(pid)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("raise RuntimeError('tensor x is corrupted or incomplete')", "not whole: fetch it again"),
        ("raise RuntimeError('unknown model architecture: x')", "does not know its kind"),
        ("raise RuntimeError('failed to allocate buffer')", "there is not enough memory"),
        ("raise RuntimeError('std::bad_alloc')", "there is not enough memory"),
        ("raise RuntimeError('something new')", "llama.cpp says “RuntimeError: something new”"),
        ("os.kill(os.getpid(), 9)", "the system ended it, most likely for want of memory"),
        ("os._exit(1)", "llama.cpp says “noise on standard output”"),
    ],
)
def test_one_that_does_not_start(file: ModelFile, played: Played, start: str, message: str) -> None:
    played.starts(start)
    with pytest.raises(LLMUnavailableError, match=f"The model little does not start: .*{message}"):
        file.address()
    played.starts("pass")
    assert pid_of(file)


def test_one_that_never_comes_up(
    file: ModelFile, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf, "LONGEST_START", 0.5)
    played.starts("__import__('time').sleep(60)")
    with pytest.raises(LLMUnavailableError, match=r"not loaded after 0\.5 seconds"):
        file.address()


def test_a_model_larger_than_memory(file: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gguf, "_free_memory", lambda: 3)
    with pytest.raises(LLMUnavailableError, match=r"needs 0\.0 GB of memory and 0\.0 GB are free"):
        file.address()


def test_memory_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meminfo = tmp_path / "meminfo"
    monkeypatch.setattr(gguf, "_MEMORY", meminfo)
    assert gguf._free_memory() is None
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:    2 kB\n")
    assert gguf._free_memory() == 2048


def test_what_is_wrong_is_said_before_any_question(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, message: str) -> None:
        with pytest.raises(SettingsError, match=message):
            chat_model(Settings(llm=f"gguf:{path}"))

    refused(played.folder / "none.gguf", "There is no file .*: correct PINCITE_LLM")
    (played.folder / "page.gguf").write_text("<html>")
    refused(played.folder / "page.gguf", "is no GGUF model: give PINCITE_LLM a file in that")
    monkeypatch.setattr(gguf, "find_spec", lambda name: None)
    refused(played.model, r"needs llama\.cpp: pip install 'pincite\[local\]'")


def test_it_says_what_it_is(played: Played) -> None:
    model = chat_model(Settings(llm=f"gguf:{played.model}"))
    assert model is not None
    assert model.describe() == f"little on this machine ({played.model})"
    assert model.on_this_machine
    with pytest.raises(SettingsError, match="PINCITE_JUDGE_MODEL is big"):
        model.named("big")
