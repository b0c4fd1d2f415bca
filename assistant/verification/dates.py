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

from assistant.verification.language import LANGUAGES

MONTHS = (
    "january february march april may june july august september october november december"
).split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
_IN_DAYS = {"day": 1, "week": 7}


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

    months: dict[str, tuple[int, ...]]
    """Folded name → month; those of all languages, and the abbreviations of this one."""
    whole_months: dict[str, int]
    """Written out and capitalised as the language has it: understood without a number beside."""
    weekdays: dict[str, int]
    units: dict[str, str]
    """``weeks`` → ``week``."""
    relative: tuple[tuple[re.Pattern[str], str, int], ...]
    """Pattern, unit, how many of it later; the pattern's group, if any, is multiplied with it."""


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """The words of ``language`` (ISO 639-1) for dates. Raises ``ValueError`` for an unknown one."""
    from dateparser.languages.loader import default_loader

    info = default_loader.get_locale(language).info
    months = {
        name.casefold(): (number,)
        for number, month in enumerate(MONTHS, start=1)
        for name in info.get(month, ())
        if not name.isdigit()
    }
    weekdays = {
        name.casefold(): number
        for number, day in enumerate(DAYS)
        for name in info.get(day, ())
        if len(name) > 3 or not name.isascii()
    }
    units = {name.casefold(): unit for unit in _UNITS for name in info.get(unit, ())}
    return Lexicon(
        {**_months_of_all_languages(), **months},
        {name: number for name, number in _months_written_out(language) if len(name) > 2},
        weekdays,
        {name: unit for name, unit in units.items() if len(name) > 1 or not name.isascii()},
        tuple(_relative(info)),
    )


@lru_cache(maxsize=1)
def _months_of_all_languages() -> dict[str, tuple[int, ...]]:
    """A number beside a month written out makes it a date, whatever the language: short texts do
    not show theirs. ``listopad`` is October or November."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for name, number in _months_written_out(language):
            if not name[:1].isdigit():
                found.setdefault(name.casefold(), set()).add(number)
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}


def _months_written_out(language: str) -> list[tuple[str, int]]:
    from babel import Locale

    months = Locale(language).months
    styles = (months[style]["wide"] for style in ("format", "stand-alone"))
    return [(name, number) for names in styles for number, name in names.items()]


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
    return re.escape(before) + (r"(\d{1,4})" if number else "") + re.escape(after)


_MONTH = r"(?<![^\W\d_])(?P<month>[^\W\d_]{3,}+)\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:\.?[ºª°]|\.|(?!\s)[^\W\d_]{1,3}(?![^\W_]))?(?![\d%])(?![.,:]\d)"
_TO = r"(?:(?:\s*[-–—/]\s*|\s+\w{1,3}\s+)(?P<last>[0-3]?\d)(?!\d)(?![.,:]\d)[^\W\d_]{0,3}\.?)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_THEN_YEAR = rf"(?:,?\s+(?:\w{{1,4}}\s+)?(?P<year>{_YEAR})(?!\d))?"
_IN_YEAR = rf"(?<!\d)(?P<year>{_YEAR})(?!\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_IN_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?<![\d.])(?P<one>[0-3]?\d)([./])\s?(?P<other>[0-3]?\d)\2\s?{_IN_YEAR}",
        rf"(?:{_IN_YEAR}\s?[年년]\s?)?(?P<month>\d\d?)\s?[月월](?:\s?(?P<day>\d\d?)\s?[日일号])?",
        rf"{_IN_YEAR}\s?[年년]",
        rf"{_MONTH}\s+{_DAY}{_TO}{_THEN_YEAR}",
        rf"(?<![\d.,]){_DAY}{_TO}\s*(?:(?!\d)\w{{1,3}}\s+)?{_MONTH}{_THEN_YEAR}",
        rf"{_MONTH},?\s+(?:\w{{1,4}}\s+)?{_IN_YEAR}",
        rf"{_IN_YEAR}\s+{_MONTH}",
        rf"(?<![\w.,$€£¥]){_IN_YEAR}(?![\w%]|[.,]\d)",
        rf"(?<=\d\d\d\d)\s?[-–—/]\s?(?P<year>{_YEAR}|\d\d)(?![\w%]|[-.,]\d)",
    )
)
_DECADE = re.compile(r"(?<!\w)(?P<decade>(?:1[5-9]|20)\d0)(?:['’]?s|[-‑]?[^\W\d_]{1,4})\b")
_WORD = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")
_SURNAME = re.compile(r"[^\W_] (?!\d)[^\W\d_a-z]\w*\.? \Z")
"""What stands before a surname such as "May": a word with a capital letter within a sentence."""


def mentions(text: str, *languages: str) -> list[DateMention]:
    """The dates that ``text`` states in any of ``languages``, in order, none within another."""
    found: list[DateMention] = []
    for mention in (one for code in languages for one in _candidates(text, lexicon(code))):
        if all(mention.end <= one.start or mention.start >= one.end for one in found):
            found.append(mention)
    return sorted(found, key=lambda one: one.start)


def _candidates(text: str, known: Lexicon) -> Iterator[DateMention]:
    for form in _FORMS:
        place = 0
        while match := form.search(text, place):
            read = _read(match, known)
            yield from read
            place = match.end() if read else match.start() + 1
    for match in _DECADE.finditer(text):
        yield DateMention(*match.span(), (Day(decade=int(match["decade"])),))
    for match in _WORD.finditer(text):
        word = match.group()
        if (month := known.whole_months.get(word)) and not _SURNAME.search(
            text[max(match.start() - 40, 0) : match.start()]
        ):
            yield DateMention(*match.span(), (Day(month=month),))
        elif (weekday := known.weekdays.get(word.casefold())) is not None:
            yield DateMention(*match.span(), (Day(weekday=weekday),))


def _read(match: re.Match[str], known: Lexicon) -> list[DateMention]:
    """The date that a form matches, or two, if it is a range; none if it only looked like one."""
    said = match.groupdict()
    year = int(said["year"]) if said.get("year") else None
    if year is not None and year < 100:  # "2018–19"
        year += int(match.string[match.start() - 4 : match.start() - 2]) * 100
    end = match.start() + len(match.group().rstrip("."))
    if said.get("one"):
        one, other = int(said["one"]), int(said["other"])
        days = [Day(year, month, day) for day, month in {(one, other), (other, one)} if month <= 12]
        return [DateMention(match.start(), end, tuple(days))] if days else []
    name = said.get("month")
    months: tuple[int | None, ...] = (None,)
    if name is not None:
        months = (int(name),) if name.isdigit() else known.months.get(name.casefold(), (13,))
    first, last = (int(said[group]) if said.get(group) else None for group in ("day", "last"))
    if max(months[0] or 1, 1) > 12 or not all(1 <= (day or 1) <= 31 for day in (first, last)):
        return []
    if last is None:
        return [DateMention(match.start(), end, tuple(Day(year, m, first) for m in months))]
    return [
        DateMention(match.start(), match.end("day"), tuple(Day(year, m, first) for m in months)),
        DateMention(match.start("last"), end, tuple(Day(year, m, last) for m in months)),
    ]


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
        """How many units of time lie between any two stated dates."""
        if unit == "year":
            years = {day.year for day in self.stated if day.year}
            return {abs(one - other) for one in years for other in years}
        days = {whole for day in self.stated if (whole := day.whole)}
        if unit == "month":
            return {
                abs((one.year - other.year) * 12 + one.month - other.month)
                for one in days
                for other in days
            }
        if unit not in _IN_DAYS:
            return set()
        return {abs((one - other).days) // _IN_DAYS[unit] for one in days for other in days}

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
    texts: Sequence[str],
    languages: Sequence[str],
    published: Iterable[date],
    durations: Iterable[tuple[int, str]] = (),
) -> Calendar:
    """What texts in these languages, of articles published on these days, say of dates.

    ``durations`` are the lengths of time in them, as amount and unit: what lies so long before or
    after a known date is known too.
    """
    published = [*published]
    written = [day for text in texts for one in mentions(text, *languages) for day in one.readings]
    bases = sorted({*published, *(whole for day in written if (whole := day.whole))})
    stated = [*dict.fromkeys([*written, *map(_day, published), *_completed(written, bases)])]
    days = [*stated]
    for base in bases:
        days += _weekdays(written, base)
    for base in published:
        for text in texts:
            days += [day for code in languages for day in _counted(text, code, base)]
    starts = [whole for day in stated if (whole := day.whole)]
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


def _completed(written: Iterable[Day], bases: Sequence[date]) -> Iterator[Day]:
    """Days whose year is left open, in the year that brings them nearest to the first base."""
    for day in written:
        if bases and day.year is None and day.month and day.day:
            years = (bases[0].year, bases[0].year - 1, bases[0].year + 1)
            whole = [one for year in years if (one := Day(year, day.month, day.day).whole)]
            yield _day(min(whole, key=lambda one: abs((one - bases[0]).days))) if whole else day
