"""Which language a text is in, and how its words are compared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl "
    "sr sv th tr uk vi zh"
).split()
"""Those that are told apart: ISO 639-1 codes."""
_LIKELIER = 20
"""How many times likelier another language must be than that of the text beside."""

WORD = re.compile(r"[^\W_]+(?:['’.\-‑][^\W_]+)*")
"""A run of letters and digits; apostrophes, full stops and hyphens inside belong to it."""

_PART = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?\b")
_ABBREVIATION = re.compile(r"\b(?:[^\W\d_]\.){2,}|\b[^\W\d_](?:\.[^\W\d_])+\b")


@lru_cache(maxsize=4_096)
def language_of(text: str, beside: str = "") -> str:
    """The ISO 639-1 code of the language ``text`` is in.

    Where it is too short to tell, what stands ``beside`` it is taken to be in the same.
    """
    ranked = dict(_identifier().rank(text))
    code = next(iter(ranked))
    if beside:
        other = _identifier().classify(beside)[0]
        code = code if ranked[code] > _LIKELIER * ranked[other] else other
    return "nb" if code == "no" else str(code)  # the CLDR knows it by that name


def script_of(text: str) -> str:
    """``LATIN``, ``CYRILLIC``, …: the script of most letters; empty where there are none."""
    letters = Counter(
        unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()
    )
    return letters.most_common(1)[0][0] if letters else ""


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["no" if code == "nb" else code for code in LANGUAGES])
    return identifier


def fold(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text in order; hyphenated ones apart, possessive endings cut off."""
    text = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), text)
    return _PART.findall(fold(_POSSESSIVE.sub("", text)))


def akin(one: str, other: str) -> bool:
    """Whether two folded words may be forms of one: they begin alike for most of their length.

    ``korea`` and ``korean``, ``лавров`` and ``лавровым``; not ``austria`` and ``australia``.
    """
    if one == other:
        return True
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    shared = min(len(one), len(other)) if shared is None else shared
    if shared >= 3 and abs(len(one) - len(other)) == 1 and shared == min(len(one), len(other)):
        return True  # VPNs
    return shared >= 4 and shared >= 0.57 * max(len(one), len(other))
