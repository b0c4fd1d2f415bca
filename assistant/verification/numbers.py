"""Numbers as texts state them, in digits and in words, and which of them agree.

Separators, scale words ("million", "Mrd.", "万") and words for percent are the Unicode CLDR's, as
``babel`` brings them; numbers in words are read by ``text2num``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations

from assistant.verification.dates import lexicon
from assistant.verification.language import LANGUAGES

_SPELLED = frozenset("en fr de es it pt nl".split())
"""Languages whose numbers in words can be read."""
_DIGITS = re.compile(
    r"(?<!\w)(?<![^\W\d_][-‑])(?<!\d[.,])"  # not within a word, "F-16" or another number
    r"(?:\d{1,3}(?:[\u00a0\u202f\u2009 ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,'’٫٬]\d+)*)"
)
_CLOCK = re.compile(r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])[:h](?P<minute>[0-5]\d)(?![\d:])")
_TOKEN = re.compile(r"[^\W\d_]+|\d[\d.,]*|[^\w\s]")
_FOLLOWING = re.compile(r"[\s\u00a0\-‑]*([^\W\d_]+)(?: ([^\W\d_]+))?")
_SYMBOL = re.compile(r"[$€£¥₽₹₩₺₴%‰]")
_LARGEST = 1e18
"""Longer runs of digits are no numbers that anybody compares."""
_SCALES = frozenset({1e2, 1e3, 1e6, 1e9, 1e12})
_SMALL = 12
"""Whole numbers up to this may count what a text lists without saying how many."""


@dataclass(frozen=True, slots=True)
class Number:
    """A stretch of a text that states a number."""

    start: int
    end: int
    values: frozenset[float]
    """More than one where separators can be read in two ways: ``1,234``."""
    unit: str = ""
    """``%``, a currency's sign, or a unit of time (``week``)."""
    noun: str = ""
    """The folded word after it."""
    ordinal: bool = False
    spelled: bool = False
    """In words."""


@lru_cache(maxsize=64)
def _scales(language: str) -> dict[str, tuple[float, ...]]:
    """``million`` → 1e6, ``Mrd`` → 1e9: the words of ``language``, and those of others that are
    written out. ``billion`` is 1e9 or 1e12 where the language has no such word."""
    found: dict[str, tuple[float, ...]] = {}
    for other in LANGUAGES:
        for word, size in _scale_words(other, "long"):
            found[word] = tuple(sorted({*found.get(word, ()), size}))
    found |= {"m": (1e6,), "bn": (1e9,)}  # newspapers write these, the CLDR does not
    own = [*_scale_words(language, "short"), *_scale_words(language, "long")]
    return found | {word: (size,) for word, size in own}


def _scale_words(language: str, style: str) -> Iterator[tuple[str, float]]:
    from babel import Locale

    for patterns in Locale(language).compact_decimal_formats.get(style, {}).values():
        for size, pattern in patterns.items():
            shape = str(pattern.pattern).replace("'", "")
            if word := re.sub(r"[\s0.\u00a0]+", "", shape).casefold():
                yield word, float(size) / 10 ** (shape.count("0") - 1)


@lru_cache(maxsize=64)
def _percent(language: str) -> frozenset[str]:
    """How ``language`` writes "per cent", also run together."""
    from babel.units import get_unit_name

    name = (get_unit_name("concentr-percent", "long", language) or "%").casefold()
    return frozenset({name, name.replace(" ", "")})


def numbers(text: str, language: str) -> list[Number]:
    """The numbers that ``text`` states, in order; dates should have been blanked out."""
    found = [*_clocks(text), *_in_digits(text, language)]
    taken = [(one.start, one.end) for one in found]
    found += [
        one
        for one in _in_words(text, language)
        if all(one.end <= start or one.start >= end for start, end in taken)
    ]
    return sorted(found, key=lambda one: one.start)


def _clocks(text: str) -> Iterator[Number]:
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"]) % 12, int(match["minute"])
        yield Number(*match.span(), frozenset({hour + minute / 100}), unit=":")


def _in_digits(text: str, language: str) -> Iterator[Number]:
    clocks = [match.span() for match in _CLOCK.finditer(text)]
    scales = _scales(language)
    for match in _DIGITS.finditer(text):
        if any(start <= match.start() < end for start, end in clocks):
            continue
        start, end = match.span()
        values = _values(match.group())
        after = re.compile(r"[\s\u00a0]?([^\W\d_]+)").match(text, end)
        if after and (sizes := scales.get(after[1].casefold())):
            close = after.start(1) == end
            # "5m" may be five million or five metres.
            values = {v * size for v in values for size in sizes} | (values if close else set())
            end = after.end()
        if sound := frozenset(value for value in values if value < _LARGEST):
            yield _beside(text, Number(start, end, sound), language)


def _values(digits: str) -> set[float]:
    """``1,234`` may be 1.234 and 1234; ``1.234.567`` and ``0,5`` are clear."""
    digits = re.sub(r"\s", "", digits)
    groups = re.split(r"\D+", digits)
    separators = set(re.findall(r"\D", digits))
    whole = float("".join(groups))
    if len(groups) == 1:
        return {whole}
    decimal = float(f"{''.join(groups[:-1])}.{groups[-1]}")
    if len(groups[-1]) != 3 or len(separators) == 2 or len(groups[0]) > 3 or groups[0] == "0":
        return {decimal}
    return {whole} if len(groups) > 2 else {whole, decimal}


class _SpelledToken:
    """A word as ``text2num`` wants it."""

    def __init__(self, match: re.Match[str]) -> None:
        self.match = match

    def text(self) -> str:
        return self.match.group()

    def nt_separated(self, previous: _SpelledToken) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def _in_words(text: str, language: str) -> Iterator[Number]:
    if language not in _SPELLED:
        return
    from text_to_num import find_numbers

    tokens = [_SpelledToken(match) for match in _TOKEN.finditer(text)]
    for found in find_numbers(tokens, language, threshold=0):
        start, end = tokens[found.start].match.start(), tokens[found.end - 1].match.end()
        if not any(char.isdigit() for char in text[start:end]):
            value = frozenset({float(found.value)})
            number = Number(start, end, value, ordinal=found.is_ordinal, spelled=True)
            yield _beside(text, number, language)


def _beside(text: str, number: Number, language: str) -> Number:
    """``number`` with what stands around it: its unit, and the word after it."""
    before, after = text[: number.start].rstrip()[-1:], text[number.end : number.end + 2].lstrip()
    sign = _SYMBOL.search(before) or _SYMBOL.search(after[:1])
    following = _FOLLOWING.match(text, number.end)
    noun = following[1].casefold() if following else ""
    pair = noun + (following[2] or "").casefold() if following else ""
    unit = sign.group() if sign else lexicon(language).units.get(noun, "")
    if not sign and not _percent(language).isdisjoint({noun, pair}):
        unit = "%"
    return replace(number, unit=unit, noun=noun)


def agrees(claimed: Number, known: Sequence[Number], units: Collection[str] = ()) -> bool:
    """Whether ``claimed`` is one of the known numbers, one of them rounded, their sum, difference
    or ratio, or something else that cannot be called wrong by comparing numbers.

    ``units`` are the units of time that the text names.
    """
    if claimed.spelled and (claimed.ordinal or claimed.values <= {0.0, 1.0}):
        return True  # "first", "one": seldom a number
    alike = [one for one in known if _comparable(claimed, one)]
    if claimed.spelled and claimed.values <= _SCALES:  # "half a million", "hundreds of"
        return any(
            value / 10 <= other < 10 * value
            for value in claimed.values
            for one in alike
            for other in one.values
        )
    if any(_equal(claimed, one) or _rounded(claimed, one) for one in alike):
        return True
    if any(_converted(claimed, one) for one in known) or _derived(claimed, alike):
        return True
    if any(_TIMES.get((larger, claimed.unit)) in claimed.values for larger in units):
        return True  # "twelve months", where the text says "a year"
    return _counts(claimed, known)


def _comparable(one: Number, other: Number) -> bool:
    """Whether nothing beside them says that they measure different things."""
    signs = {one.unit, other.unit}
    exact = {sign for sign in signs if _SYMBOL.fullmatch(sign) or sign == ":"}
    return len(exact) < 2 and (":" not in signs or len(signs) == 1)


def _equal(one: Number, other: Number) -> bool:
    return any(math.isclose(a, b, rel_tol=1e-9) for a in one.values for b in other.values)


def _rounded(claimed: Number, known: Number) -> bool:
    return any(_rounds(a, b) for a in claimed.values for b in known.values)


def _rounds(value: float, exact: float) -> bool:
    """Whether ``value`` is ``exact`` with fewer digits, rounded up or down by a tenth at most."""
    if not value or not exact or abs(value - exact) > 0.1 * abs(exact):
        return False
    step = _step(value)
    return _step(exact) < step and abs(value - exact) < step


def _step(value: float) -> float:
    """The place of the last digit that is not 0: 1e6 for 41,000,000; 0.01 for 15.39."""
    digits = f"{value:.6f}".rstrip("0").rstrip(".")
    if "." in digits:
        return float(10 ** -len(digits.partition(".")[2]))
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


_TIMES = {
    ("year", "month"): 12,
    ("year", "week"): 52,
    ("week", "day"): 7,
    ("day", "hour"): 24,
    ("hour", "minute"): 60,
    ("minute", "second"): 60,
}


def _converted(claimed: Number, known: Number) -> bool:
    """``two weeks`` is ``14 days``."""
    pairs = ((claimed, known), (known, claimed))
    return any(
        math.isclose(one_value * factor, other_value)
        for one, other in pairs
        if (factor := _TIMES.get((one.unit, other.unit)))
        for one_value in one.values
        for other_value in other.values
    )


def _derived(claimed: Number, known: Sequence[Number]) -> bool:
    """Whether it is a sum, a difference, a ratio or a share of two known numbers.

    Any small number is the difference of some two, and any round one nearly their sum: those count
    only where all three measure or count the same.
    """
    known = [one for one in known if not one.ordinal]
    alike = [one for one in known if one.unit == claimed.unit and one.noun == claimed.noun]
    if alike and (claimed.unit or claimed.noun):
        results = list(_computed(_all_values(alike)))
        if any(_near(value, result) for value in claimed.values for result in results):
            return True
    large = [value for value in claimed.values if value > _SMALL or value != int(value)]
    if claimed.unit == "%":
        results = list(_shares([one for one in known if one.unit != "%"]))
        results += [100 - value for value in _all_values(known)]
    else:
        results = list(_computed(_all_values(one for one in known if one.unit == claimed.unit)))
    return any(math.isclose(value, result, rel_tol=1e-6) for value in large for result in results)


def _near(value: float, exact: float) -> bool:
    return math.isclose(value, exact, rel_tol=1e-6) or _rounds(value, exact)


def _shares(known: Sequence[Number]) -> Iterator[float]:
    """Per cent that one number is of another, and by which they differ, as people round it."""
    for a, b in permutations(_all_values(known), 2):
        if b:
            yield from (float(round(100 * a / b)), float(round(100 * (a - b) / b)))


def _all_values(known: Iterable[Number]) -> list[float]:
    return sorted({value for one in known for value in one.values})[:40]


def _computed(values: Sequence[float]) -> Iterator[float]:
    for a, b in permutations(values, 2):
        yield from (a + b, a - b)
        if b:
            yield a / b


def _counts(claimed: Number, known: Iterable[Number]) -> bool:
    """Whether it may count things that the text names: a small whole number before a word that
    no other number of the text stands before."""
    if claimed.unit or not claimed.noun:
        return False
    if not all(value == int(value) and value <= _SMALL for value in claimed.values):
        return False
    return all(one.noun[:4] != claimed.noun[:4] for one in known if not one.ordinal)


def units_of_time(text: str, language: str) -> set[str]:
    """The units of time that ``text`` names, with a number or without."""
    units = lexicon(language).units
    return {unit for word in re.findall(r"[^\W\d_]+", text) if (unit := units.get(word.casefold()))}
