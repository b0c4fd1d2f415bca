"""What a run was a run of: corpus, program, libraries, machine."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

from assistant.evaluation.testset import Articles

_PACKAGES = ("pincite", "chromadb", "llama-index-core", "onnxruntime", "openai", "tantivy")
_HOME = Path(__file__).resolve().parents[2]


class Embeds(Protocol):
    """What a run notes of an embedder."""

    @property
    def name(self) -> str:
        """Which model it is."""


class Indexed(Articles, Protocol):
    """What a run notes of a library."""

    @property
    def embedder(self) -> Embeds:
        """What turns its texts into vectors."""

    def fingerprint(self) -> Mapping[str, str]:
        """The settings that its index was made with."""


def corpus_of(library: Indexed) -> dict[str, Any]:
    """``articles`` (number), ``hash`` (of their ids), ``embedding``, ``fingerprint``."""
    ids = sorted(id for id, _, _ in library.metadata())
    return {
        "articles": len(ids),
        "hash": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        "embedding": library.embedder.name,
        "fingerprint": dict(library.fingerprint()),
    }


def versions() -> dict[str, str]:
    """Of Python, the system, the libraries that matter, and the program's ``commit``."""
    known = {"python": platform.python_version(), "system": platform.platform()}
    for package in _PACKAGES:
        try:
            known[package] = version(package)
        except PackageNotFoundError:
            known[package] = "not installed"
    return known | {"commit": commit()}


def commit(folder: Path = _HOME) -> str:
    """The git commit that ``folder`` is a checkout of, with ``-dirty`` where files differ from
    it; empty where it is none."""
    # Named outright: an installed program must not report the repository around it.
    place = ["git", "-C", str(folder), "--git-dir", str(folder / ".git")]
    describe = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(  # noqa: S603 (no part of it comes from outside)
            [*place, *describe], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
