"""The kind of thing that a question asks for, a date, a number or a length of time, and whether a
text gives one.

What the question says itself is no answer: "On which day of December did he travel?" asks for more
than December.
"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.checks import dates, numbers
from assistant.checks.slots import counts
from assistant.words import FUNCTION_WORDS, stem, words


class Kind(StrEnum):
    """As a refusal names it."""

    DAY = "day"
    DATE = "date"
    LENGTH = "length of time"
    NUMBER = "number"


_TIMES = frozenset(map(stem, "second minute hour day night week month year decade century".split()))
_TIME = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(?:y|ies))"
_VERB = (
    r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|shall|should|may|might|must)"
)
_OPENS = r"(?:^|[.?!;]|\b(?:and|but|since|until|by)\b)\W*"
_ASKS = {
    Kind.DAY: re.compile(r"\b(?:what|which) days?\b", re.IGNORECASE),
    Kind.DATE: re.compile(
        rf"{_OPENS}when(?: {_VERB}\b|\W*$)|\b(?:what|which) (?:time|date|year|month)s?\b",
        re.IGNORECASE,
    ),
    Kind.LENGTH: re.compile(rf"\bhow long\b|\bhow many {_TIME}\b", re.IGNORECASE),
    Kind.NUMBER: re.compile(
        r"\bhow many\b|^\W*(?:the )?number of\b"
        r"|\bhow much (?:money\b|(?:do|did|does|will)\b.*\b(?:pay|cost|spend|earn|owe)\b)"
        r"|\b(?:what|which) (?:(?:is|was) the )?(?:number|share|percentage|proportion)\b",
        re.IGNORECASE,
    ),
}
_SOME_DAY = re.compile(r"\b(?:yesterday|today|tomorrow|tonight)\b", re.IGNORECASE)
_SOME_DATE = re.compile(
    rf"{_SOME_DAY.pattern}|\b\d{{3,4}}(?:s|CE|AD|BCE?)?\b|\b\d+ (?:CE|AD|BCE?)\b"
    rf"|\b(?:{_TIME}|soon|now|recently|earlier|later|ago|last|next|after|before"
    r"|if|once|when|until|since|during|following|spring|summer|autumn|winter|season|era|period"
    r"|beginning|eve|morning|afternoon|evening|noon|midnight|antiquity)\b",
    re.IGNORECASE,
)
# "How long" may ask for a distance, too.
_SOME_LENGTH = re.compile(
    rf"\b{_TIME}\b(?! (?:later|ago|earlier)\b)|\b{_TIME}-?long\b"
    r"|\d ?(?:sec|min|km|kilomet(?:er|re)s?|miles?|met(?:er|re)s?|feet|ft)\b"
    r"|\b\d{3,4} ?(?:to|until|till|and|-|–) ?\d{2,4}\b"
    r"|\b(?:until|since|indefinite(?:ly)?|permanent(?:ly)?|brief(?:ly)?|forever|temporar(?:y|ily)"
    r"|overnight|long|short|quick(?:ly)?|immediate(?:ly)?)\b",
    re.IGNORECASE,
)
_SOME_NUMBER = re.compile(
    r"\b(?:several|dozens?|scores|hundreds?|thousands?|millions?|billions?|numerous|countless"
    r"|couple|pair|both|half|third|quarter|majority|none|nobody|single|twice|per ?cent)\b|%"
    r"|(?<![\w-])(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|[a-z]{3,5}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)"
    rf"-(?!{_TIME})[a-z]",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many (.+)|\bnumber of (.+)", re.IGNORECASE)
_COUNTS = frozenset("no one few many most all each every".split())
"""Words that count only what they stand before."""
_AFTER = 2
"""Words after them among which stands what they count: "many young pilots"."""


def asked_for(question: str) -> Kind | None:
    """What the question asks for, if it is one of these."""
    return next((kind for kind, asks in _ASKS.items() if asks.search(question)), None)


def gives(text: str, question: str) -> bool:
    """Whether ``text`` has a thing of the kind that is asked for; ``True`` where none is."""
    kind = asked_for(question)
    if kind is Kind.NUMBER:
        return _gives_number(text, question)
    if kind is Kind.LENGTH:
        return bool(_SOME_LENGTH.search(text))
    if kind is None:
        return True
    said = dates.missing(dates.dates(text), dates.dates(question), None)
    if kind is Kind.DAY:
        return any({"day", "weekday"} & one.known.keys() for one in said) or bool(
            _SOME_DAY.search(text)
        )
    return bool(said) or bool(_SOME_DATE.search(text))


def _gives_number(text: str, question: str) -> bool:
    asked = numbers.numbers(question)
    found = counts(dates.without_dates(text))
    times = _TIMES if _TIMES.isdisjoint(map(stem, words(question))) else frozenset()
    return (
        any(not one.counted & times and numbers.missing(one.numbers, asked) for one in found)
        or bool(_SOME_NUMBER.search(text))
        or _counts_it(text, question)
    )


def _counts_it(text: str, question: str) -> bool:
    """Whether "many", "no" or the like stands before what the question counts."""
    match = _COUNTED.search(question)
    things = words(match.group(1) or match.group(2)) if match else []
    thing = next((stem(word) for word in things if word not in FUNCTION_WORDS), "")
    said = words(text)
    return any(
        word in _COUNTS and thing in map(stem, said[place + 1 : place + 1 + _AFTER])
        for place, word in enumerate(said)
    )
