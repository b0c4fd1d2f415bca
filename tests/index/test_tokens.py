"""Tokens are those of tiktoken, and nobody's environment is touched."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.tokens import count_tokens, cut

TEXT = "Kerry's 1,234 talks — «naïve» 日本語 don't\n\n  end.  \r\n\tÉtat 😀 I'LL"

PROGRAM = """
import os, sys
from importlib.util import find_spec
from pathlib import Path
text = sys.argv[1]
before = dict(os.environ)
from index.tokens import count_tokens
from index.embedding import OfflineEmbedder
import index.cross_encoder
ours = [count_tokens(text, name) for name in ("cl100k_base", "o200k_base")]
assert OfflineEmbedder().query("Aleppo").shape == (384,)
assert "onnxruntime" in sys.modules
assert dict(os.environ) == before, "the environment was changed"
folder = Path(find_spec("llama_index.core").origin).parent / "_static" / "tiktoken_cache"
os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
import tiktoken
theirs = [
    len(tiktoken.get_encoding(name).encode_ordinary(text)) for name in ("cl100k_base", "o200k_base")
]
assert ours == theirs, (ours, theirs)
"""


def test_counts_are_those_of_tiktoken_and_the_environment_stays_as_it_is() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, TEXT], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_onnxruntime_keeps_no_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    program = "from index.embedding import OfflineEmbedder as E; E().query('Aleppo')"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"HOME": str(home), "TMPDIR": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base"])
def test_a_text_is_cut_to_its_first_tokens(encoding: str) -> None:
    assert cut(TEXT, 10_000, encoding) == TEXT
    short = cut(TEXT, 5, encoding)
    assert TEXT.startswith(short)
    assert count_tokens(short, encoding) <= 5
