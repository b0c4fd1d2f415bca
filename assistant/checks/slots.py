"""What a question says in one place and a sentence of the articles otherwise: how many, when,
where, who.

"Why did Moscow supply twelve interceptors?" and "Moscow supplied six interceptors": the same slot,
filled otherwise. Each function gives the words of the question in such a slot, as stems of
:func:`assistant.words.stem`; none where the sentence has what the question has, or has no such
slot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile

from assistant.checks import dates, names, numbers
from assistant.checks.dates import Day
from assistant.checks.numbers import Number
from assistant.checks.tokens import Token, tokens
from assistant.words import stem

_SUBJECT = re.compile(
    r"^\W*(?:why|how|when|where)\s+(?:did|does|do|is|are|was|were|has|have|had|will|would)\s+"
    r"(?:the\s+)?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_POINTS_BACK = frozenset("he she they it his her their its who this".split())
_PLACES_AFTER = frozenset("in at to from near of into".split())
_BEFORE_DEED = 6
"""Words before a deed among which the one who did it is named."""
_COUNTED = 2
"""Content words after a number that may be what it counts: "six MiG-31 interceptors"."""


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers that stand together, and what they count."""

    numbers: tuple[Number, ...]
    words: frozenset[str]
    counted: frozenset[str]


def other_number(question: str, text: str, known: str) -> frozenset[str]:
    """Numbers of things of which the text has another number; ``known``: all that a reader of the
    text knows."""
    there = numbers.numbers(known)
    counted = {word for count in counts(text) for word in count.counted}
    return frozenset(
        word
        for count in counts(question)
        if count.counted & counted and numbers.missing(count.numbers, there)
        for word in count.words
    )


@lru_cache(maxsize=4_096)
def counts(text: str) -> tuple[Count, ...]:
    """The numbers of a text, those that stand together as one."""
    return tuple(_read_counts(text))


def _read_counts(text: str) -> Iterator[Count]:
    found = tokens(text)
    place = 0
    while place < len(found):
        end = place
        while end < len(found) and _is_number(found[end]):
            end += 1
        if end > place:
            said = [one.word for one in found[place:end]]
            things = [one.stem for one in found[end : end + _COUNTED + 1] if one.content]
            yield Count(
                tuple(numbers.numbers(" ".join(said))),
                frozenset(map(stem, said)),
                frozenset(things[:_COUNTED]),
            )
        place = max(end, place + 1)


def _is_number(token: Token) -> bool:
    """Ordinals tell apart and do not count."""
    return not token.joined and not _ORDINAL.fullmatch(token.word) and _says_number(token.word)


@lru_cache(maxsize=16_384)
def _says_number(word: str) -> bool:
    return bool(numbers.numbers(word))


def other_date(
    question: str, text: str, known: Sequence[Day], published: date | None
) -> frozenset[str]:
    """Dates of the question, if the text has others as exact, and none of the question's.

    ``known``: further dates that a reader of the text knows.
    """
    claimed, here = dates.dates(question), dates.dates(text)
    missing = dates.missing(claimed, [*here, *known], published)
    if len(missing) < len(claimed):
        return frozenset()
    said = {frozenset(one.known) for one in here}
    if not any(_finest(one) in fields for one in missing for fields in said):
        return frozenset()
    blanked = dates.without_dates(question)
    return frozenset(
        stem(one.word) for one in tokens(question) if blanked[one.start : one.start + 1] == " "
    )


def _finest(day: Day) -> str:
    """The field by which two dates as exact are compared."""
    return next(name for name in ("day", "month", "weekday", "season", "year") if name in day.known)


def other_place(question: str, text: str, known: str, elsewhere: str) -> frozenset[str]:
    """Names after a preposition that the text does not know, where it has another name after it."""
    missing = {one.stem for one in names.missing(question, known, elsewhere)}
    there = {before for before, _ in _named_places(text)}
    return frozenset(
        stem(one.word)
        for before, name in _named_places(question)
        if before in there and all(one.stem in missing for one in name)
        for one in name
    )


def _named_places(text: str) -> Iterator[tuple[str, list[Token]]]:
    """Prepositions with the names that follow them."""
    found = tokens(text)
    for place, token in enumerate(found):
        if token.word in _PLACES_AFTER:
            name = _run(found[place + 1 :])
            if name and all(one.name for one in name):
                yield token.word, name


def other_agent(question: str, text: str) -> frozenset[str]:
    """The name of who did it, in the question, if in the text somebody else with a name did."""
    agent, deed = _agent(question)
    if not agent or _POINTS_BACK & {one.word for one in tokens(text)}:
        return frozenset()
    others = [doers for doers in _doers(text, deed) if doers]
    named = {one.stem for one in tokens(text)} & {one.stem for one in agent}
    return frozenset(stem(one.word) for one in agent if others and not named)


def same_agent(question: str, text: str) -> bool:
    """Whether who did it, in the question, did it in the text."""
    agent, deed = _agent(question)
    wanted = {one.stem for one in agent}
    return any(wanted & {one.stem for one in doers} for doers in _doers(text, deed))


def _agent(question: str) -> tuple[list[Token], str]:
    """Who did what, in a question why, how, when or where somebody with a name did something."""
    subject = _SUBJECT.match(question)
    asked = tokens(question[subject.end() :]) if subject else []
    agent = _run(asked)
    if not agent or not all(one.may_be_name for one in agent):
        return [], ""
    rest = [one for one in asked if one.content and one.start > agent[-1].start]
    return agent, rest[0].stem if rest else ""


def _doers(text: str, deed: str) -> Iterator[list[Token]]:
    """The names shortly before each occurrence of a deed, in its clause."""
    found = tokens(text)
    for place, token in enumerate(found):
        if token.stem == deed:
            before = list(takewhile(lambda one: not one.mark, reversed(found[:place])))
            yield [one for one in before[:_BEFORE_DEED] if one.may_be_name and not one.joined]


def _run(found: Sequence[Token]) -> list[Token]:
    """The words with a capital letter that come first; the "al" of a name is passed over."""
    run: list[Token] = []
    for token in found:
        if token.capital and not token.mark:
            run.append(token)
        elif not token.joined:
            break
    return run
