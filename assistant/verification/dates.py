"""Dates as texts state them, in many languages, and which of them agree.

Month names, days of the week and relative expressions ("yesterday", "last year") are the Unicode
CLDR's, as ``dateparser`` brings them. A date that a text leaves open is made absolute from the day
on which its article was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MONTHS = (
    "january february march april may june july august september october november december"
).split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_IN_DAYS = {"day": 1, "week": 7}
_YEAR = r"(?:1[5-9]|20)\d\d"
_RANGE = r"(?:\s*[-–—/]\s*|\s+\w{1,3}\s+)"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as a text states it; what it leaves open is ``None``."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 for Monday."""
    decade: int | None = None
    """1990 for the nineties."""

    @property
    def whole(self) -> date | None:
        """The day of the calendar, where year, month and day are stated and there is one."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A stretch of a text that states a date."""

    start: int
    end: int
    readings: tuple[Day, ...]
    """More than one where the order of day and month is open: ``03/04/2016``."""


@dataclass(frozen=True)
class Lexicon:
    """The words of one language for dates."""

    months: dict[str, int]
    whole_months: dict[str, int]
    """Written out and capitalised as the language has it: understood without a number beside."""
    weekdays: dict[str, int]
    units: dict[str, str]
    """``weeks`` → ``week``."""
    relative: tuple[tuple[re.Pattern[str], str, int], ...]
    """Pattern, unit, how many of it later; the pattern's group, if any, is multiplied with it."""
    forms: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """The words of ``language`` (ISO 639-1) for dates. Raises ``ValueError`` for an unknown one."""
    from babel import Locale
    from dateparser.languages.loader import default_loader

    info = default_loader.get_locale(language).info
    locale = Locale(language)
    whole: dict[str, int] = {}
    for style in ("format", "stand-alone"):
        whole.update({name: number for number, name in locale.months[style]["wide"].items()})
    months = {name.casefold(): number for name, number in whole.items()}
    for number, month in enumerate(MONTHS, start=1):
        months.update({name.casefold(): number for name in info.get(month, ())})
    weekdays = {
        name.casefold(): number
        for number, day in enumerate(DAYS)
        for name in info.get(day, ())
        if len(name) > 3 or not name.isascii()
    }
    units = {name.casefold(): unit for unit in _UNITS for name in info.get(unit, ())}
    return Lexicon(
        {name: number for name, number in months.items() if not name.isdigit()},
        {name: number for name, number in whole.items() if len(name) > 2},
        weekdays,
        {name: unit for name, unit in units.items() if len(name) > 1 or not name.isascii()},
        tuple(_relative(info)),
        _forms(months),
    )


def _forms(months: dict[str, int]) -> tuple[re.Pattern[str], ...]:
    names = _alternatives(name for name in months if not name.isdigit())
    month = rf"(?<![^\W\d_])(?P<month>{names})(?![^\W\d_])\.?"
    number = r"(?P<day>[0-3]?\d)(?:\.?[ºª°]|\.|(?!\s)[^\W\d_]{1,3}(?![^\W_]))?(?![\d%])(?![.,:]\d)"
    last = rf"(?:{_RANGE}(?P<last>[0-3]?\d)(?!\d)(?![.,:]\d)[^\W\d_]{{0,3}}\.?)?"
    year = rf"(?:,?\s+(?:\w{{1,4}}\s+)?(?P<year>{_YEAR})(?!\d))?"
    asked = rf"(?<!\d)(?P<year>{_YEAR})(?!\d)"
    forms = (
        rf"{asked}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?<![\d.])(?P<one>[0-3]?\d)([./])\s?(?P<other>[0-3]?\d)\2\s?(?P<year>{_YEAR})(?!\d)",
        rf"(?:{asked}\s?[年년]\s?)?(?P<month>\d\d?)\s?[月월](?:\s?(?P<day>\d\d?)\s?[日일号])?",
        rf"{asked}\s?[年년]",
        rf"{month}\s+{number}{last}{year}",
        rf"(?<![\d.,]){number}{last}\s*(?:(?!\d)\w{{1,3}}\s+)?{month}{year}",
        rf"{month},?\s+(?:\w{{1,4}}\s+)?{asked}",
        rf"{asked}\s+{month}",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


_BARE_YEAR = re.compile(rf"(?<![\w.,$€£¥])(?P<year>{_YEAR})(?![\w%]|[.,]\d)")
_LAST_YEAR = re.compile(rf"(?<=\d\d\d\d)\s?[-–—/]\s?(?P<year>{_YEAR}|\d\d)(?!\w)")
_DECADE = re.compile(r"(?<!\w)(?P<decade>(?:1[5-9]|20)\d0)(?:['’]?s|[-‑]?[^\W\d_]{1,4})\b")
_WORD = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True)) or r"\Z"


def _relative(info: dict[str, object]) -> Iterator[tuple[re.Pattern[str], str, int]]:
    for group in ("relative-type", "relative-type-regex"):
        said = info.get(group)
        for meaning, phrases in (said if isinstance(said, dict) else {}).items():
            found = re.fullmatch(r"(in )?(\d+|\\1) (day|week|month|year)( ago)?", meaning)
            if found is None:
                continue
            amount = 1 if found[2] == r"\1" else int(found[2])
            pattern = "|".join(rf"(?<!\w){_plain_phrase(phrase)}(?!\w)" for phrase in phrases)
            yield re.compile(pattern, re.IGNORECASE), found[3], amount if found[1] else -amount


def _plain_phrase(phrase: str) -> str:
    # The library writes numbers as ``(\d++[.,]?\d*+)``.
    before, number, after = phrase.partition(r"(\d++[.,]?\d*+)")
    return re.escape(before) + (r"(\d+)" if number else "") + re.escape(after)


def mentions(text: str, language: str) -> list[DateMention]:
    """The dates that ``text`` states, in order, none of them within another."""
    known = lexicon(language)
    found: list[DateMention] = []
    for mention in _candidates(text, known):
        if all(mention.end <= one.start or mention.start >= one.end for one in found):
            found.append(mention)
    return sorted(found, key=lambda one: one.start)


def _candidates(text: str, known: Lexicon) -> Iterator[DateMention]:
    for form in known.forms:
        for match in form.finditer(text):
            yield from _read(match, known)
    for match in _DECADE.finditer(text):
        yield DateMention(*match.span(), (Day(decade=int(match["decade"])),))
    for match in _BARE_YEAR.finditer(text):
        yield DateMention(*match.span(), (Day(year=int(match["year"])),))
    for match in _LAST_YEAR.finditer(text):
        century = text[match.start() - 4 : match.start() - 2]
        year = match["year"] if len(match["year"]) == 4 else century + match["year"]
        yield DateMention(match.start("year"), match.end(), (Day(year=int(year)),))
    last = ""
    for match in _WORD.finditer(text):
        word = match.group()
        # A surname such as "May" follows a capital letter; a month hardly ever does.
        if (month := known.whole_months.get(word)) and not last[:1].isupper():
            yield DateMention(*match.span(), (Day(month=month),))
        elif (weekday := known.weekdays.get(word.casefold())) is not None:
            yield DateMention(*match.span(), (Day(weekday=weekday),))
        gap = text[match.end() : match.end() + 1]
        last = word if gap == " " and match.start() else ""


def _read(match: re.Match[str], known: Lexicon) -> Iterator[DateMention]:
    said = match.groupdict()
    year = int(said["year"]) if said.get("year") else None
    if said.get("one"):
        one, other = int(said["one"]), int(said["other"])
        days = [Day(year, month, day) for day, month in {(one, other), (other, one)} if month <= 12]
        if days:
            yield DateMention(*match.span(), tuple(days))
        return
    name = said.get("month")
    month = (int(name) if name.isdigit() else known.months[name.casefold()]) if name else None
    first, last = (int(said[group]) if said.get(group) else None for group in ("day", "last"))
    if not 1 <= (month or 1) <= 12 or not all(1 <= (day or 1) <= 31 for day in (first, last)):
        return
    if last is None:
        yield DateMention(*match.span(), (Day(year, month, first),))
    else:  # a range: two dates, each with what they share
        yield DateMention(match.start(), match.end("day"), (Day(year, month, first),))
        yield DateMention(match.start("last"), match.end(), (Day(year, month, last),))


@dataclass(frozen=True)
class Calendar:
    """What is known of dates: those stated, and those that follow from them."""

    stated: tuple[Day, ...]
    """Those written in the texts, and the days of publication."""
    days: tuple[Day, ...]
    """These, and those that follow from them."""
    bases: tuple[date, ...]
    """Whole days near which a month or a day of the week without a year may lie."""

    def agrees(self, claimed: Day) -> bool:
        """Whether some known date is the one claimed, as far as that is stated."""
        return any(self._fits(claimed, day) for day in self.days)

    def elapsed(self, unit: str) -> set[int]:
        """How many units of time lie between any two known dates."""
        if unit == "year":
            years = {day.year for day in self.stated if day.year}
            return {abs(one - other) for one in years for other in years}
        months = {day.year * 12 + day.month for day in self.stated if day.year and day.month}
        if unit == "month":
            return {abs(one - other) for one in months for other in months}
        size = _IN_DAYS.get(unit)
        days = {whole for day in self.stated if (whole := day.whole)} if size else set()
        return {abs((one - other).days) // (size or 1) for one in days for other in days}

    def _fits(self, claimed: Day, known: Day) -> bool:
        if claimed.decade is not None:
            return claimed.decade in (known.decade, (known.year or 0) // 10 * 10)
        if claimed.weekday is not None:
            whole = known.whole
            return claimed.weekday == (known.weekday if whole is None else whole.weekday())
        if claimed.year is not None and claimed.year != known.year:
            if known.year is not None or known.month is None or claimed.month is None:
                return False
            if not self._plausible(claimed, known):
                return False
        return all(
            asked is None or asked == said
            for asked, said in ((claimed.month, known.month), (claimed.day, known.day))
        )

    def _plausible(self, claimed: Day, known: Day) -> bool:
        """Whether a month without a year may be the one of the year claimed."""
        if any(claimed.year == day.year for day in self.days):
            return True
        return any(
            abs((claimed.year or 0) * 12 + (known.month or 0) - base.year * 12 - base.month) <= 12
            for base in self.bases
        )


def calendar(
    texts: Sequence[tuple[str, str]],
    published: Iterable[date],
    durations: Iterable[tuple[int, str]] = (),
) -> Calendar:
    """What texts (each with its language) of articles published on these days say of dates.

    ``durations`` are the lengths of time in them, as amount and unit: what lies so long before or
    after a known date is known too.
    """
    published = [*published]
    written = [day for text, code in texts for one in mentions(text, code) for day in one.readings]
    stated = [*dict.fromkeys([*written, *map(_day, published)])]
    bases = sorted({whole for day in stated if (whole := day.whole)})
    days = [*stated]
    for base in bases:
        days += _weekdays(written, base)
    for base in published:
        days += [day for text, code in texts for day in _counted(text, code, base)]
    starts = [*bases, *(whole for day in days for whole in _completed(day, bases))]
    for amount, unit in durations:
        for start in starts:
            days += [*_moved(start, unit, -amount), *_moved(start, unit, amount)]
    return Calendar(tuple(stated), tuple(dict.fromkeys(days)), tuple(bases))


def _day(day: date) -> Day:
    return Day(day.year, day.month, day.day)


def _counted(text: str, language: str, base: date) -> Iterator[Day]:
    """The days that "yesterday", "last month" or "two years ago" mean, said on ``base``."""
    for pattern, unit, amount in lexicon(language).relative:
        for match in pattern.finditer(text):
            times = next((int(group) for group in match.groups() if group), 1)
            yield from _moved(base, unit, amount * times)


def _moved(base: date, unit: str, amount: int) -> Iterator[Day]:
    """``base`` so many units later, as exact as people are when they count in that unit."""
    if abs(amount) > 10_000 or unit not in ("day", "week", "month", "year"):
        return
    if unit in ("month", "year"):
        months = base.year * 12 + base.month - 1 + amount * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        if 1 <= year <= 9999:
            yield Day(year, month + 1, base.day)
            yield Day(year)
        return
    around = range(-6, 7) if unit == "week" else range(1)
    for shift in around:
        try:
            yield _day(base + timedelta(days=amount * _IN_DAYS[unit] + shift))
        except OverflowError:
            return


def _weekdays(stated: Iterable[Day], base: date) -> Iterator[Day]:
    """The days before and after ``base`` that a day of the week may mean."""
    for day in stated:
        if day.weekday is not None:
            yield _day(base - timedelta(days=(base.weekday() - day.weekday) % 7))
            yield _day(base + timedelta(days=(day.weekday - base.weekday()) % 7))


def _completed(day: Day, bases: Iterable[date]) -> Iterator[date]:
    for base in bases:
        whole = Day(day.year or base.year, day.month, day.day or 1).whole
        if whole and day.month:
            yield whole
