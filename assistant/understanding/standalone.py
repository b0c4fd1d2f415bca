"""Follow-up → standalone question without a language model, by rule. English.

"What about Kerry?" and "and in 2016?" change one thing in the last question; "he" and "she" become
the last person named; "who said that?" asks for the first thing the answer said; what still leans
on the conversation gets the last question put beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.names import NAME, PERSON, last_name, names, with_name
from assistant.words import question_words
from index.plain import plain

if TYPE_CHECKING:
    from assistant.conversation import Turn

MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|spring|summer|autumn|winter"
)
LONGEST_QUOTATION = 300
"""Characters of an answer that "who said that?" is asked about."""

_OPENING = re.compile(r"^\s*(?:and|but|so|also|then|ok(?:ay)?)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(
    r"^\s*(?:(?:and|but|so)\b[\s,]*(?:(?:what|how) about\b)?|(?:what|how) about\b)\s*"
    r"(?P<said>[^?]{1,60}?)(?:,? then)?[\s?.!]*$",
    re.IGNORECASE,
)
_SAID_IT = re.compile(
    r"^\W*(?:and\s+)?who (?:said|says|wrote|claimed|thinks|told \w+) (?:that|this|it|so)[\s?.!]*$",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:it|its|they|them|their|these|those)\b"
    r"|\b(?:this|that|there|then)\b(?=\s*[?.!,]|\s*$|\s+(?:mean|happen|was|is|in|about|at|to)\b)",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\b(?:(?:in|on|since|before|after|by|of)\s+)?(?:{MONTHS})?\s?(?:\d{{1,2}},?\s)?(?:1[89]|20)\d\d\b"
    rf"|\b(?:(?:in|on|since|before|after|by|of)\s+)(?:{MONTHS})\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:in|on|at|from|to|by|with|for|about|near)\b", re.IGNORECASE)

_BEFORE_NAME = re.compile(
    r"^(?:(?:in|on|at|from|to|by|with|for|about|near)\s+)?(?:the\s+)?", re.IGNORECASE
)
_ASKS = re.compile(
    r"^(?:(?:in|on|at|for|to)\s+)?(?:what|which|who|whom|whose|when|where|why|how|do|does|did|is"
    r"|are|was|were|has|have|had|can|could|will|would|should)\b",
    re.IGNORECASE,
)

FEW_WORDS = 1
"""A follow-up with no more words of its own, and no name, leans on the question before it."""


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """``question`` in a form that needs no turn before it; itself where it leans on none."""
    if not turns:
        return question
    last = turns[-1]
    if _SAID_IT.search(question) and last.answer.statements:
        return f"Who said “{_first_statement(last)}”?"
    bare = _OPENING.sub("", question)
    named = with_name(bare, last_name(_said(turns), _lower(last.standalone)))
    if named != bare:
        return _opened(named)
    if about := _ABOUT.match(question):
        return _changed(last.standalone, about["said"].strip())
    return _beside(bare, last.standalone) if leans(question) else question


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what was said before it."""
    few = len(question_words(question)) <= FEW_WORDS and not names(question)
    pronouns = (PERSON.search(question), _THING.search(question))
    return bool(
        few
        or _ABOUT.match(question)
        # A name before a pronoun is what it means.
        or any(found and not names(question[: found.start()]) for found in pronouns)
    )


def _changed(last: str, said: str) -> str:
    """The last question with one thing changed: a time for its time, a name for its name."""
    if _TIME.fullmatch(said):
        return _put(_TIME, last, said)
    if names(said) == [_BEFORE_NAME.sub("", said)]:
        preposition = _PREPOSITION.match(said)
        place = re.compile(rf"\b{preposition.group()}\s+{NAME.pattern}") if preposition else None
        if place and place.search(last):
            return place.sub(said, last, count=1)
        if not preposition and (known := names(last)):
            return last.replace(known[0], said if "'s" not in known[0] else f"{said}'s", 1)
    if _ASKS.match(said) and not leans(said):
        return _opened(f"{said}?")
    return _beside(said, last)


def _put(kind: re.Pattern[str], last: str, said: str) -> str:
    """``last`` with ``said`` in the place of what is of its kind, or else at its end."""
    if kind.search(last):
        return kind.sub(f" {said}", last, count=1).replace("  ", " ").strip()
    return f"{_bare(last)} {said}?"


def _beside(question: str, last: str) -> str:
    return _opened(f"{_bare(question)} ({_bare(last)})?")


def _opened(question: str) -> str:
    return question[:1].upper() + question[1:]


def _lower(question: str) -> str:
    """The question without its names: a name in it that is written small remains."""
    for name in names(question):
        question = question.replace(name, "")
    return question


def _bare(question: str) -> str:
    return question.rstrip(" ?.!")


def _said(turns: Sequence[Turn]) -> Iterator[str]:
    """What was said, latest first: each question, then its answer."""
    for turn in reversed(turns):
        yield turn.standalone
        yield " ".join(one.text for one in turn.answer.statements)


def _first_statement(turn: Turn) -> str:
    """The first thing that the answer said, without its introduction."""
    text = turn.answer.statements[0].text
    quoted = turn.answer.citations[0].quote if turn.answer.citations else text
    return plain(quoted)[:LONGEST_QUOTATION]
