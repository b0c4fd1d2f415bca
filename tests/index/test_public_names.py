"""The public names of the index: flat, and free of what they need until they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import index


@pytest.mark.parametrize("name", index.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(index, name).__doc__


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Bookshelf'"):
        index.Bookshelf  # noqa: B018


def test_importing_costs_nothing() -> None:
    program = (
        "import sys, index; from index import Filter, Options, Article, CorpusError\n"
        "heavy = {'chromadb', 'llama_index', 'openai', 'onnxruntime', 'tantivy', 'torch'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
