"""Words as search compares them: indexed texts, queries and names go through here alike.

A word is a run of letters and digits, compared in lower case, without accents, by its English
stem; other scripts are compared as they stand. Of scripts that put no space between words, each
character is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

_LONGEST_WORD = 80
_MOST_WORDS = 64
_MOST_CHARACTERS = 10_000

_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]{1,1000}")
_ACCENT = re.compile(r"[\u0300-\u036f\u064b-\u065f]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

# English words that say how a question is put, not what it is about: leaving them out of queries
# is worth .02 of nDCG@10 on WildGraphBench.
_FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are aren as at be because been before being both
    but by can cannot could couldn d did didn do does doesn doing don down during each few for from
    further had hadn has hasn have haven having he her here hers herself him himself his how i if
    in into is isn it its itself just ll m me more most my myself no nor not now of off on once
    only or other our ours ourselves out over own re s same shall she should shouldn so some such t
    than that the their theirs them themselves then there these they this those through to too
    under until up upon ve very was wasn we were weren what when where which while who whom whose
    why will with won would wouldn you your yours yourself yourselves
    """.split()
)


def normalised(text: str) -> str:
    """``text`` as its words are taken: without accents, ``U.S.`` as ``US``, no ``'s``."""
    # A stretch at a time: Unicode's normalisation of a long run of accents takes quadratic time.
    text = _FOREIGN.sub(lambda match: _unaccented(match[0]), text)
    text = _ACRONYM.sub(lambda match: match[0].replace(".", ""), _POSSESSIVE.sub("", text))
    return text.encode("utf-8", "replace").decode("utf-8")


def spaced(text: str) -> str:
    """``text``, normalised, with a space between any two words: what an analyzer is given."""
    text = normalised(text)
    return text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)


def stems(text: str) -> tuple[str, ...]:
    """All words of ``text`` in their order, as they are compared."""
    return tuple(analyzer().analyze(spaced(text)))


def query_words(query: str) -> tuple[str, ...]:
    """The stems to look for: function words are left out unless there is nothing else."""
    words = dict.fromkeys(analyzer(stem=False).analyze(spaced(query[:_MOST_CHARACTERS])))
    telling = [word for word in words if word not in _FUNCTION_WORDS] or list(words)
    found = dict.fromkeys(stem for word in telling for stem in analyzer().analyze(word))
    return tuple(found)[:_MOST_WORDS]


def phrase_words(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase, in order, without the function words at its ends."""
    words = analyzer(stem=False).analyze(spaced(phrase[:_MOST_CHARACTERS]))
    telling = [at for at, word in enumerate(words) if word not in _FUNCTION_WORDS]
    kept = words[telling[0] : telling[-1] + 1] if telling else words
    return tuple(stem for word in kept for stem in analyzer().analyze(word))[:_MOST_WORDS]


def stands_in(phrase: Sequence[str], text: Sequence[str]) -> bool:
    """Whether the words of ``phrase`` stand in ``text`` one after the other."""
    wanted, length = tuple(phrase), len(phrase)
    places = range(len(text) - length + 1) if length else ()
    return any(text[at] == wanted[0] and tuple(text[at : at + length]) == wanted for at in places)


@cache
def analyzer(*, stem: bool = True) -> TextAnalyzer:
    """Cuts what :func:`spaced` has prepared into words."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stem else builder).build()


def _unaccented(text: str) -> str:
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare)
