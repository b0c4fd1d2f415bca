"""Names in a question or an answer, and which of them "he" or "she" means. English, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.words import ASKING_WORDS, FUNCTION_WORDS, words

NAME = re.compile(
    r"[A-ZÀ-Þ][\w'’-]*\w(?:\s+(?:(?:al|bin|de|la|van|von|der)[ -])?[A-ZÀ-Þ][\w'’-]*\w)*"
)
PERSON = re.compile(r"\b(he|she|him|his|her|hers)\b", re.IGNORECASE)
_OPENERS = FUNCTION_WORDS | ASKING_WORDS
"""Capitalised only because they open a sentence."""
_POSSESSIVE = {"his", "her", "hers"}
_ACTS_BEFORE = re.compile(
    r"\b(?:did|does|do|is|was|has|had|to|by|told|says|said|adds|notes)\s*$", re.IGNORECASE
)
_ACTS_AFTER = re.compile(
    r"^(?:['’]s\b|\s+(?:says?|said|told|tells?|thinks?|wr(?:ites?|ote)|meant?|called|added|warn\w*"
    r"|argue[sd]?|believe[sd]?|want(?:s|ed)?|met|meet|lead|led|hope[sd]?|think)\b)",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(r"\b(?:in|at|from|near|of|the|an?|on|over|around)\s*$", re.IGNORECASE)
_HEADLINE = re.compile(r"^“[^”]*” \([^)]*\):\s*")


def names(text: str) -> list[str]:
    """Runs of capitalised words, without what only opens a sentence."""
    return [text[start:end] for start, end in _found(text)]


def last_name(texts: Iterable[str], asked: str = "") -> str:
    """The person that a pronoun after ``texts`` most likely means, empty if there is none.

    The first text decides in which a name is likely a person's. A name that ``asked`` holds,
    in whatever case, is likelier.
    """
    hinted = set(words(asked))
    for text in texts:
        bare = _HEADLINE.sub("", text)
        scores = [(_likeness(bare, span, hinted), bare[slice(*span)]) for span in _found(bare)]
        best = max((score for score, _ in scores), default=0)
        if best > 0:
            likeliest = next(name for score, name in scores if score == best)
            return re.sub(r"['’]s?$", "", likeliest)
    return ""


def with_name(question: str, name: str) -> str:
    """``question`` with its first pronoun of a person replaced by ``name``, if there is one and
    no name stands before it."""
    pronoun = PERSON.search(question)
    if not name or not pronoun or names(question[: pronoun.start()]):
        return question
    said = f"{name}'s" if pronoun.group().lower() in _POSSESSIVE else name
    return f"{question[: pronoun.start()]}{said}{question[pronoun.end() :]}"


def _found(text: str) -> Iterator[tuple[int, int]]:
    for match in NAME.finditer(text):
        start = match.start()
        for word in match.group().split():
            if word.lower() not in _OPENERS:
                yield start, match.end()
                break
            start = text.find(word, start) + len(word)
            start += len(text[start : match.end()]) - len(text[start : match.end()].lstrip())


def _likeness(text: str, span: tuple[int, int], hinted: set[str]) -> int:
    """How much a name looks like a person's: its form, and what stands before and after it."""
    before, said, after = text[: span[0]], text[slice(*span)], text[span[1] :]
    is_full, comma = len(said.split()) == 2, after.startswith(",")
    return (
        (1 + 2 * comma if is_full else 0)
        + (2 if _ACTS_BEFORE.search(before) else 0)
        + (2 if _ACTS_AFTER.search(after) or said.endswith(("'s", "’s")) else 0)
        + (3 if hinted & set(words(said)) else 0)
        + (1 if not before.strip() and not comma else 0)
        - (2 if _PLACE_BEFORE.search(before) else 0)
    )
