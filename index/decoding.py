"""Bytes → text: the encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import pairwise

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
    "iso8859_2",
    "iso8859_5",
    "iso8859_6",
    "iso8859_7",
    "koi8_u",
    "cp866",
    "cp850",
    "mac_roman",
    "mac_cyrillic",
)
"""Encodings articles were kept in before UTF-8; the earlier wins where two fit equally well."""

_NO_TEXT = "it is not text: remove it or give it the suffix of its format"
_SAMPLE = 32_768
_COMPARED = 4_096
_NEVER_BEHIND_A_LETTER = frozenset(["No", "Pi", "Ps", "Sc", "Sk", "Sm", "So"])
"""Unicode's categories of signs and of what opens a bracket or quotation."""
_BESIDE_ANY = frozenset(["CJK", "HIRAGANA", "KATAKANA", "HANGUL"])
"""Scripts, by the first word of a letter's name, that put no space around foreign words."""
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")


def decode(data: bytes) -> str:
    """The text in ``data``, unchanged but for its byte order mark.

    A byte order mark settles the encoding; without one, zero bytes in every other place are
    UTF-16's. Otherwise it is UTF-8 if that fits, else the legacy encoding that fits best. Where
    UTF-8 fits but for a few damaged bytes, those become U+FFFD, as in every editor. The text
    never holds surrogates.

    Raises:
        ReadingError: the bytes are not text.
    """
    text = _decoded(data)
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise ReadingError(_NO_TEXT)
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        return _utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _legacy(data)


def _utf16(data: bytes) -> str:
    """``data`` as UTF-16 without its mark: the high bytes of spaces and line ends are zero, so
    that one byte of each pair is zero often and the other hardly ever."""
    high, low = data[::2].count(0), data[1::2].count(0)
    encoding = "utf-16-be" if high > low else "utf-16-le"
    if max(high, low) * 50 < len(data) or min(high, low) * 50 > max(high, low):
        raise ReadingError(_NO_TEXT)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(_NO_TEXT) from error


def _damaged_utf8(data: bytes) -> str:
    """``data`` as UTF-8 if it nearly is, else empty: at most one fault in twenty characters
    beyond ASCII, which no legacy encoding meets by chance."""
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") * 20 <= beyond else ""


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes

    guesses = list(from_bytes(_sample(data), cp_isolation=list(_LEGACY)))
    guesses.sort(key=lambda g: (_clashes(str(g)), g.chaos, -g.coherence, _rank(g.encoding)))
    for guess in guesses:
        try:
            return data.decode(guess.encoding)
        except UnicodeDecodeError:
            continue
    raise ReadingError("its encoding is not known: save it as UTF-8")


def _rank(encoding: str) -> int:
    return _LEGACY.index(encoding)


def _clashes(text: str) -> int:
    """How often two characters stand side by side that no word holds: Polish read as French."""
    pairs = pairwise(text[:_COMPARED])
    return sum(_clash(one, other) for one, other in pairs if not (one + other).isascii())


def _clash(one: str, other: str) -> bool:
    if not one.isalpha():
        return False
    if not other.isalpha():
        return unicodedata.category(other) in _NEVER_BEHIND_A_LETTER
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in (one, other)}
    mixed = len(scripts) > 1 and not scripts & _BESIDE_ANY
    return mixed or (one.islower() and other.isupper())


def _sample(data: bytes) -> bytes:
    """Enough of ``data`` to tell its encoding, around the first bytes that say anything."""
    high = _HIGH.search(data)
    first = high.start() if high else 0
    start = max(data.rfind(b"\n", 0, first) + 1, first - _SAMPLE // 8)
    sample = data[start : first + _SAMPLE]
    return sample[: sample.rfind(b"\n") + 1] or sample
