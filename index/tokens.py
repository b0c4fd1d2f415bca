"""Tokens as OpenAI's models count them (tiktoken), without any network."""

from __future__ import annotations

import base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

# tiktoken fetches its tables from the internet unless a variable of the environment names a folder
# that holds them. llama-index ships them, under the SHA-1 of their addresses: read from there, with
# the patterns that tiktoken (tiktoken_ext.openai_public) has for them, they make the same encodings
# and nobody's environment is touched.
_TABLES = {
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
}
_PATTERNS = {
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
    "o200k_base": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}


def count_tokens(text: str, encoding: str) -> int:
    """Tokens of ``text`` in an encoding: ``o200k_base`` or ``cl100k_base``."""
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
    import tiktoken

    spec = find_spec("llama_index.core")  # to find it does not pay for its import
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    table = folder / "_static" / "tiktoken_cache" / _TABLES[encoding]
    if not table.is_file():  # another version of llama-index: fetched once, then kept by tiktoken
        return tiktoken.get_encoding(encoding)
    ranks = (line.split() for line in table.read_bytes().splitlines())
    return tiktoken.Encoding(
        encoding,
        pat_str=_PATTERNS[encoding],
        mergeable_ranks={base64.b64decode(token): int(rank) for token, rank in ranks},
        special_tokens={},
    )
