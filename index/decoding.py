"""Bytes → text: the encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from index.errors import ReadingError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 stands before UTF-16, whose mark is the beginning of its own."""

_LEGACY = (
    "cp1252",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "koi8_r",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
)
"""Encodings articles were kept in before UTF-8; the earlier wins where two fit equally well."""

_SAMPLE = 32_768
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")


def decode(data: bytes) -> str:
    """The text in ``data``, unchanged but for its byte order mark.

    A byte order mark settles the encoding; otherwise it is UTF-8 if that fits, else the legacy
    encoding that fits best. Where UTF-8 fits but for a few damaged bytes, those become U+FFFD,
    as in every editor. The text never holds surrogates.

    Raises:
        ReadingError: the bytes are not text.
    """
    text = _decoded(data)
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise ReadingError("it is not text: remove it or give it the suffix of its format")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        raise ReadingError("it is not text: remove it or give it the suffix of its format")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _legacy(data)


def _damaged_utf8(data: bytes) -> str:
    """``data`` as UTF-8 if it nearly is, else empty: at most one fault in twenty characters
    beyond ASCII, which no legacy encoding meets by chance."""
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") * 20 <= beyond else ""


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes

    guesses = list(from_bytes(_sample(data), cp_isolation=list(_LEGACY)))
    guesses.sort(key=lambda g: (g.chaos, -g.coherence, _LEGACY.index(g.encoding)))
    for guess in guesses:
        try:
            return data.decode(guess.encoding)
        except UnicodeDecodeError:
            continue
    raise ReadingError("its encoding is not known: save it as UTF-8")


def _sample(data: bytes) -> bytes:
    """Enough of ``data`` to tell its encoding, around the first bytes that say anything."""
    high = _HIGH.search(data)
    first = high.start() if high else 0
    start = max(data.rfind(b"\n", 0, first) + 1, first - _SAMPLE // 8)
    sample = data[start : first + _SAMPLE]
    return sample[: sample.rfind(b"\n") + 1] or sample
