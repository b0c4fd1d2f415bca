"""Tokens as OpenAI's models count them (tiktoken), without any network."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding


def count_tokens(text: str, encoding: str) -> int:
    """Tokens of ``text`` in an encoding, such as ``o200k_base`` or ``cl100k_base``."""
    return len(_open(encoding).encode_ordinary(text))


def cut(text: str, tokens: int, encoding: str) -> str:
    """The beginning of ``text``, as far as its first ``tokens`` tokens reach."""
    table = _open(encoding)
    ids = table.encode_ordinary(text)
    if len(ids) <= tokens:
        return text
    return table.decode(ids[:tokens], errors="ignore")


@cache
def _open(encoding: str) -> Encoding:
    # tiktoken fetches its tables from the internet unless it finds them in a folder that this
    # variable names; llama-index ships them. Finding it so does not pay for its import.
    spec = find_spec("llama_index.core")
    if spec and spec.origin:
        tables = Path(spec.origin).parent / "_static" / "tiktoken_cache"
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(tables))
    import tiktoken

    return tiktoken.get_encoding(encoding)
