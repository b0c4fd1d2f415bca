"""Numbers by value: ``250,000``, ``a quarter of a million`` and ``250 thousand`` are one number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isclose

from assistant.checks.dates import without_dates
from assistant.words import fold, stem

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[%$€£,;.]")
_ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10.0 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
}
_IMPLIED = frozenset({"both", "twice", "pair", "couple"})
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=2,
    )
}
_UNITS = {
    "%": "percent",
    "percent": "percent",
    "percentage": "percent",
    **{word: word for word in ("minute", "hour", "day", "week", "month", "decade", "year")},
    **{word: word for word in ("mile", "metre", "kilometre", "acre", "ton")},
    "kilometer": "kilometre",
    "km": "kilometre",
    "meter": "metre",
    "kg": "kilogram",
    "kilogram": "kilogram",
    "tonne": "ton",
    "dollar": "$",
    "$": "$",
    "euro": "€",
    "€": "€",
    "pound": "£",
    "£": "£",
}
_UNITS |= {stem(word): unit for word, unit in _UNITS.items()}
_HEDGES = re.compile(
    r"\b(?:about|around|some|nearly|almost|roughly|approximately|over|under|more than|less than"
    r"|fewer than|at least|up to|close to|barely)$"
)
_ORDINAL_DIGITS = re.compile(r"(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a text states."""

    value: float
    unit: str = ""
    """What it counts, where that is a measure: ``percent``, ``week``, ``$``; else empty."""
    hedged: bool = False
    """Said with "about", "more than" or the like."""
    implied: bool = False
    """Not said as a number: "both" is two. It can carry a claim and is none."""


def numbers(text: str) -> list[Number]:
    """The numbers of a text, dates left out; "one" and "first" say too little to count."""
    bare = fold(without_dates(text)).replace("per cent", "percent")
    found = list(_TOKEN.finditer(bare))
    words = [match.group() for match in found]
    result: list[Number] = []
    place = 0
    while place < len(words):
        if words[place] in _IMPLIED:
            result.append(Number(2.0, implied=True))
        value, taken = _read(words, place)
        if value is not None:
            hedged = bool(_HEDGES.search(bare[: found[place].start()].rstrip()))
            unit = _unit(words, place, place + taken)
            result.append(Number(value, unit, hedged))
        place += max(taken, 1)
    return result


def missing(claimed: Iterable[Number], known: Sequence[Number]) -> list[Number]:
    """The claimed numbers that are not among the known ones."""
    return [
        one for one in claimed if not one.implied and not any(_same(one, other) for other in known)
    ]


def _same(claimed: Number, known: Number) -> bool:
    if claimed.unit and known.unit and claimed.unit != known.unit:
        return False
    if isclose(claimed.value, known.value, rel_tol=1e-6):
        return True
    return claimed.hedged and isclose(claimed.value, _rounded(known.value, claimed.value))


def _rounded(value: float, like: float) -> float:
    """``value`` rounded to as many digits as ``like`` shows, which must be a round number."""
    if not like or like % 10:
        return value
    digits = len(f"{like:.0f}".rstrip("0"))
    return float(f"{value:.{digits - 1}e}") if digits <= 2 else value


def _read(words: Sequence[str], place: int) -> tuple[float | None, int]:
    """The number that begins at this word, and how many words it takes; ``None`` for none."""
    fraction = _fraction(words, place)
    if fraction is not None:
        return fraction
    if words[place][0].isdigit():
        return _digits(words, place)
    if words[place] in _ORDINALS:
        return _ORDINALS[words[place]], 1
    return _spelled(words, place)


def _fraction(words: Sequence[str], place: int) -> tuple[float, int] | None:
    """``half a million``, ``a quarter of a million``."""
    part = _FRACTIONS.get(words[place])
    rest = list(words[place + 1 : place + 4])
    while rest and rest[0] in {"of", "a"}:
        rest = rest[1:]
    if part is None or not rest or _SCALES.get(rest[0], 0.0) < 1e3:
        return None
    return part * _SCALES[rest[0]], 1 + len(words[place + 1 : place + 4]) - len(rest) + 1


def _digits(words: Sequence[str], place: int) -> tuple[float | None, int]:
    value = _value(words[place])
    taken = 1
    while place + taken < len(words) and words[place + taken] in _SCALES:
        value *= _SCALES[words[place + taken]]
        taken += 1
    if place + taken < len(words) and _ORDINAL_DIGITS.fullmatch(words[place + taken]):
        taken += 1
    return value, taken


def _value(digits: str) -> float:
    """``250,000`` is whole, ``3,5`` and ``3.5`` are not; of ``14:30`` only the first counts."""
    digits = digits.partition(":")[0]
    groups = re.split(r"[.,]", digits)
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and "," in digits:
        return float("".join(groups))
    if len(groups) == 2:
        return float(".".join(groups))
    return float("".join(groups))


def _spelled(words: Sequence[str], place: int) -> tuple[float | None, int]:
    """``two hundred and fifty thousand``, ``a hundred``, ``twenty-five``."""
    total, group, taken = 0.0, 0.0, 0
    seen: list[str] = []
    for word in words[place:]:
        if word in _ONES or word in _TENS:
            group += _ONES.get(word, 0.0) + _TENS.get(word, 0.0)
        elif word in _SCALES and len(word) > 2 and (seen or words[max(place - 1, 0)] == "a"):
            group = (group or 1.0) * _SCALES[word]
            if _SCALES[word] >= 1e3:
                total, group = total + group, 0.0
        elif word != "and" or not seen or seen[-1] not in _SCALES:
            break
        seen.append(word)
        taken += 1
    if seen and seen[-1] == "and":
        taken -= 1
    return (total + group if seen and seen != ["one"] else None), taken


def _unit(words: Sequence[str], start: int, end: int) -> str:
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if before in {"$", "€", "£"}:
        return before
    return _UNITS.get(after, _UNITS.get(stem(after), ""))
