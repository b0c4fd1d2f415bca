"""Does the cited text carry the statement?

Deterministic checks, each of which can only refute: every number, date, name and quotation of the
statement must stand in the cited text or in the head of its article (title, authors, date,
publisher), a negation on one side must stand on the other, and enough of the statement's words
must be there. What none refutes is supported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Support
from assistant.evidence import EvidenceSentence
from assistant.words import FUNCTION_WORDS, WORD, content_stems, fold, stem, words
from index.plain import plain

ENOUGH_WORDS = 0.5
"""The share of a statement's content words that the cited text must hold."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_QUOTATION = re.compile(r"[\"“«„]([^\"“”«»„]{2,})[\"”»“]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|fail(?:s|ed)? to"
    r"|refus(?:e|es|ed) to|den(?:y|ies|ied))\b|n't\b"
)
_NUMERALS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}
# "one" is as often a pronoun as a number.
_NUMERALS.pop("one")


def check(statement: str, cited: Sequence[EvidenceSentence]) -> Support:
    """Whether the sentences, taken together, carry the statement."""
    if not cited:
        return Support.UNVERIFIED
    quote = " ".join(sentence.text for sentence in cited)
    known = f"{quote} {' '.join(_head(sentence) for sentence in cited)}"
    carried = (
        numbers(statement) <= numbers(known)
        and names(statement) <= _stems(known)
        and all(_holds(known, quotation) for quotation in quotations(statement))
        and _negated(statement) == _negated(quote)
        and shared(statement, known) >= ENOUGH_WORDS
    )
    return Support.SUPPORTED if carried else Support.UNVERIFIED


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in digits, thousands separators removed: ``250,000``, ``six``."""
    digits = {match.replace(",", "").lstrip("0") or "0" for match in _NUMBER.findall(text)}
    spelled = {_NUMERALS[word] for word in words(text) if word in _NUMERALS}
    return frozenset(digits | spelled)


def names(text: str) -> frozenset[str]:
    """Stems of a text's capitalised words, without those that open a sentence."""
    found = set()
    for match in WORD.finditer(text):
        word = match.group()
        if word[0].isupper() and not _opens_sentence(text, match.start()):
            found |= {stem(part) for part in words(word) if part not in FUNCTION_WORDS}
    return frozenset(found)


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"“«„'(")
    return not before or before[-1] in ".!?:…"


def quotations(text: str) -> list[str]:
    """What stands between quotation marks."""
    return [match.group(1) for match in _QUOTATION.finditer(text)]


def shared(statement: str, text: str) -> float:
    """The share of the statement's content words that ``text`` holds, 0 to 1."""
    stems = content_stems(statement)
    there = _stems(text)
    return sum(one in there for one in stems) / len(stems) if stems else 1.0


def _head(sentence: EvidenceSentence) -> str:
    article = sentence.article
    date = f"{article.published:%Y %m %d %B %-d %b}" if article.published else ""
    parts = (article.title, *article.authors, date, article.site, sentence.heading)
    return " ".join(part for part in parts if part)


def _holds(text: str, quotation: str) -> bool:
    """Whether the quotation stands in the text word for word; punctuation may differ."""
    return f" {' '.join(words(plain(quotation)))} " in f" {' '.join(words(text))} "


def _negated(text: str) -> bool:
    return bool(_NEGATION.search(fold(text)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))
