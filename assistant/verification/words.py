"""The words of a text as they are compared: lower case, without accents, stemmed.

Stemming is Snowball's English stemmer (Porter2); words of other scripts pass through unchanged.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.basestemmer import BaseStemmer

WORD = re.compile(r"[^\W_]+(?:[.'’‑-][^\W_]+)*", re.UNICODE)
"""A run of letters and digits; full stops, hyphens and apostrophes inside belong to it."""

_PART = re.compile(r"[^\W_]+", re.UNICODE)

# Words that say how a sentence is built, not what it is about.
FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at be because
    been before being below between both but by can could did do does doing done down during each
    either else ever every few for from further had has have having he her here hers herself him
    himself his how i if in into is it its itself just let like many may me might mine more most
    much must my myself neither no nor not now of off on once one only or other our ours out over
    own per quite rather s same shall she should since so some such t than that the their theirs
    them themselves then there these they this those though through thus to too under until up
    upon us very via was we were what whatever when where whether which while who whoever whom
    whose why will with within without would yet you your yours
    """.split()
)

# Words of a question that ask, rather than say what is asked about.
ASKING_WORDS = frozenset(
    """
    article articles according answer ask asked author call called cite date day describe
    described describes explain find give given happen happened happens kind know known list
    long make made mean meant mention mentioned mentions month name named opinion please
    question read reason reasons regarding say saying says said say source sources state stated
    story tell text thing things think thinks thought time told type view way word words write
    writes written wrote year
    """.split()
)


def fold(text: str) -> str:
    """Lower case, without accents, with plain quotes, dashes and spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.translate(_PLAIN).lower()


_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one folded word."""
    return str(_stemmer().stemWord(word)) if word.isascii() else word


def _stemmer() -> BaseStemmer:
    # One for each thread: a stemmer keeps the word that it works on in itself.
    if not hasattr(_own, "stemmer"):
        import snowballstemmer

        _own.stemmer = snowballstemmer.stemmer("english")
    stemmer: BaseStemmer = _own.stemmer
    return stemmer


_own = threading.local()


def words(text: str) -> list[str]:
    """The folded words of a text in order, possessive ``'s`` cut off, hyphenated ones apart."""
    parts: list[str] = []
    for match in WORD.finditer(fold(text)):
        word = match.group().removesuffix("'s")
        parts += [word.replace(".", "")] if _is_abbreviation(word) else _PART.findall(word)
    return parts


def _is_abbreviation(word: str) -> bool:
    """``u.s``, ``a.m``: single letters between full stops."""
    return "." in word and all(len(part) == 1 for part in word.split("."))


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repeated words too."""
    return [stem(word) for word in words(text) if word not in FUNCTION_WORDS]


def question_words(question: str) -> dict[str, str]:
    """What a question is about: stem → word, without the words that only ask."""
    asked = [word for word in words(question) if word not in FUNCTION_WORDS]
    about = [word for word in asked if word not in ASKING_WORDS] or asked
    return {stem(word): word for word in about}


def as_written(question: str) -> list[str]:
    """The words that say what a question is about, as they stand in it, each once."""
    about = set(question_words(question).values())
    found = [match.group() for match in WORD.finditer(question)]
    return list(dict.fromkeys(re.sub(r"['’]s$", "", one) for one in found if about & {*words(one)}))
