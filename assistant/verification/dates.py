"""Dates in any form: ``April 21``, ``21 April 2016``, ``2016-04-21``, ``Thursday``, ``2015``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[.,]\d|\s?%)"
_TO = r"(?:\s*(?:-|–|—|to|and|until)\s*(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?!\d))?"
_YEAR = r"(?:,?\s+(?P<year>1\d{3}|20\d\d)(?!\d))?"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?<!\d)(?P<year>1\d{3}|20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        r"(?<!\d)(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.(?P<year>1\d{3}|20\d\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}{_TO}{_YEAR}",
        rf"(?<!\d)(?<!\d[.,]){_DAY}{_TO}\s+(?:of\s+)?{_MONTH}\b{_YEAR}",
        rf"\b{_MONTH},?\s+(?:of\s+)?(?P<year>1\d{{3}}|20\d\d)(?!\d)",
        rf"\b{_SEASON}\s+(?:of\s+)?(?P<year>1\d{{3}}|20\d\d)(?!\d)",
        r"(?:(?<=\b[iI]n )|(?<=\blast )|(?<=\bearly )|(?<=\blate )|(?<=\bsince )|(?<=\buntil )"
        r"|(?<=\bof )|(?<=\b[bB]y )|(?<=\bfrom )|(?<=\bto ))(?P<month>March|May)\b",
        r"(?<=\b[tT]he )(?P<month>March|May)(?= [a-z])",
        rf"\b(?!March|May){_MONTH}(?!\w)",
        r"\b(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?\b",
        r"(?<![\d.,$€£-])(?P<year>1[5-9]\d\d|20\d\d)(?![\d%s]|[.,]\d|-[a-z])",
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as a text states it; what it leaves open is ``None``."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: str | None = None
    season: str | None = None

    @property
    def known(self) -> dict[str, object]:
        fields = ("year", "month", "day", "weekday", "season")
        return {name: value for name in fields if (value := getattr(self, name)) is not None}


def dates(text: str) -> list[Day]:
    """The dates of a text in order; of a range, its first and its last day."""
    return [day for _, days in _found(text) for day in days]


def without_dates(text: str) -> str:
    """``text`` with its dates blanked out."""
    for match, _ in _found(text):
        text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text


def missing(claimed: Iterable[Day], known: Sequence[Day], published: date | None) -> list[Day]:
    """The claimed dates with which no known one agrees.

    A known date without a year is taken for the last one before its article was ``published``;
    an article's date may stand for a bare year.
    """
    years = {one.year for one in known if one.year} | ({published.year} if published else set())
    return [
        one
        for one in claimed
        if not any(_agrees(one, other, published, years) for other in known)
        and not (one.known.keys() == {"year"} and one.year in years)
    ]


def _agrees(claimed: Day, known: Day, published: date | None, years: set[int]) -> bool:
    said = known.known
    for name, value in claimed.known.items():
        if name == "year" and known.year is None and known.month is not None:
            if value not in years | {_year(known.month, published)}:
                return False
        elif said.get(name) != value:
            return False
    return True


def _year(month: int, published: date | None) -> int | None:
    """The year of a month that is named without one."""
    if published is None:
        return None
    return published.year if month <= published.month else published.year - 1


def _found(text: str) -> list[tuple[re.Match[str], list[Day]]]:
    taken: list[tuple[re.Match[str], list[Day]]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if all(match.end() <= one.start() or match.start() >= one.end() for one, _ in taken):
                days = list(_days(match))
                taken += [(match, days)] if days else []
    return sorted(taken, key=lambda one: one[0].start())


def _days(match: re.Match[str]) -> Iterator[Day]:
    found = match.groupdict()
    month = _month(found.get("month"))
    year = int(found["year"]) if found.get("year") else None
    season = (found.get("season") or "").replace("autumn", "fall") or None
    first = int(found["day"]) if found.get("day") else None
    if (month or 1) > 12 or not 1 <= (first or 1) <= 31:
        return
    yield Day(year, month, first, found.get("weekday"), season)
    if found.get("last"):
        yield Day(year, month, int(found["last"]))


def _month(name: str | None) -> int | None:
    if name is None:
        return None
    return int(name) if name.isdigit() else _MONTHS[name.lower().rstrip(".")]
