"""Periods named in a question: "in April 2016", "since August 2015", "between March and May 2016".

Only what a preposition makes a time counts: not the year in "the 2015 offensive", not "May" the
verb. A month without a year is that of the articles, where they leave no doubt which.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from index.filtering import Period

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_ATOM = (
    rf"(?:{_YEAR}-\d\d-\d\d|(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} {_DAY}\b(?:,? {_YEAR})?|{_MONTH}(?: of|,)? {_YEAR}|{_YEAR}|{_MONTH})(?!['’\w-])"
)
_PART = (
    r"(?:the year |(?:the )?(?:early|late|mid|middle|beginning|start|end|first half|second half"
    r"|spring|summer|autumn|fall|winter)(?: of)?[ -])?"
)
_NAMED = re.compile(
    rf"\b(?:(?:between|from) (?P<from>{_ATOM})(?: and | to | until | till | through | ?[-–] ?)"
    rf"(?P<to>{_ATOM})"
    rf"|(?:in|during|from) (?P<first>{_YEAR}) ?[-–/] ?(?P<last>{_YEAR})\b"
    rf"|(?P<how>in|during|throughout|since|after|from|before|until|till|up to|of|on|dated|as of)"
    rf" {_PART}(?P<when>{_ATOM})(?P<onwards> onwards?\b| on\b(?! [a-z]))?"
    rf"(?:(?:,| and| or) (?P<and>{_ATOM}))?)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(?:in|during|over|within|from|since) )?(?:(?P<which>last|this|past|previous) "
    r"(?P<unit>year|month|week)(?:'s)?|the (?:last|past) (?:(?P<count>\d+|two|three|four|five|six"
    r"|ten|twelve|few) )?(?P<units>day|week|month|year)s?|(?P<day>yesterday|today))\b",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12}


@dataclass(frozen=True, slots=True)
class Mention:
    """A period and where the question names it."""

    start: int
    end: int
    period: Period
    dated: bool = True
    """Whether its year is named, or was counted from today."""


def mentions(question: str, known: Sequence[date], today: date) -> list[Mention]:
    """The periods that the question names, in order; ``known``: days on which articles came out."""
    return sorted(
        [*_named(question, known), *_relative(question, today)], key=lambda one: one.start
    )


def _named(question: str, known: Sequence[date]) -> Iterator[Mention]:
    for match in _NAMED.finditer(question):
        period = _period(match, known)
        if period is not None:
            dated = re.search(_YEAR, match.group()) is not None
            yield Mention(match.start(), match.end(), period, dated)


def _period(match: re.Match[str], known: Sequence[date]) -> Period | None:
    if match["first"]:
        return _ordered(date(int(match["first"]), 1, 1), date(int(match["last"]), 12, 31))
    if match["from"]:
        last = _atom(match["to"], known)
        first = last and _atom(match["from"], known, before=last[1])
        return _ordered(first[0], last[1]) if first and last else None
    how = match["how"].lower()
    is_onwards = how == "since" or match["onwards"] is not None
    atom = _atom(match["when"], known, newest=is_onwards)
    if atom is None or (how == "of" and match["when"].isdigit() and _goes_on(match)):
        return None  # "of 2000 soldiers"
    if also := match["and"] and _atom(match["and"], known):
        atom = min(atom[0], also[0]), max(atom[1], also[1])
    return _bounded("since" if is_onwards else how, atom)


def _goes_on(match: re.Match[str]) -> bool:
    return match.string[match.end() :].lstrip()[:1].isalnum()


def _bounded(how: str, atom: tuple[date, date]) -> Period:
    first, last = atom
    if how == "since":
        return first, None
    if how == "after":
        return last + timedelta(days=1), None
    if how == "before":
        return None, first - timedelta(days=1)
    if how in ("until", "till", "up to"):
        return None, last
    return first, last


def _ordered(first: date, last: date) -> Period | None:
    return (first, last) if first <= last else None


def _atom(
    text: str, known: Sequence[date], before: date | None = None, newest: bool = False
) -> tuple[date, date] | None:
    """First and last day of a day, month or year; ``None`` where it is none, or not clear which.

    ``before``: what it comes before, which says the year where the text does not.
    """
    text = text.lower()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _days(int(text[:4]), int(text[5:7]), int(text[8:]))
    year = re.search(_YEAR, text)
    rest = text.replace(year.group(), "") if year else text
    month = re.search(_MONTH, rest)
    number = month and _MONTHS.index(month.group()[:3]) + 1
    day = re.search(r"\d+", rest)
    if year:
        return _days(int(year.group()), number, int(day.group()) if day else None)
    if number is None:
        return None
    inferred = _year(number, known, before, newest)
    return _days(inferred, number, int(day.group()) if day else None) if inferred else None


def _year(month: int, known: Sequence[date], before: date | None, newest: bool) -> int | None:
    """The year of a month named without one; ``None`` where several are as likely."""
    if before is not None:
        return before.year if month <= before.month else before.year - 1
    if newest and known:
        last = max(known)
        return last.year if month <= last.month else last.year - 1
    years = {day.year for day in known if day.month == month}
    return years.pop() if len(years) == 1 else None


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:  # 31 April
        return None


def _relative(question: str, today: date) -> Iterator[Mention]:
    for match in _RELATIVE.finditer(question):
        yield Mention(match.start(), match.end(), _counted(match, today))


def _counted(match: re.Match[str], today: date) -> Period:
    """The period that is counted back from today."""
    if match["day"]:
        day = today - timedelta(days=match["day"].lower() == "yesterday")
        return day, day
    if match["units"]:
        count = (match["count"] or "1").lower()
        number = _COUNTS.get(count) or int(count)
        return today - relativedelta(**{f"{match['units'].lower()}s": number}), today  # type: ignore[arg-type]
    unit, is_this = match["unit"].lower(), match["which"].lower() == "this"
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + (0 if is_this else 7))
        return monday, monday + timedelta(days=6)
    start = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    step = relativedelta(months=1) if unit == "month" else relativedelta(years=1)
    start = start if is_this else start - step
    return start, start + step - timedelta(days=1)


def written(period: Period) -> str:
    """The period in words, to stand after "articles": ``from April 2016``, ``since 3 May 2015``."""
    first, last = period
    if first is None:
        return f"until {_day(last)}" if last else "of any date"
    if last is None:
        return f"since {_day(first)}"
    if first == last:
        return f"of {_day(first)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        years = f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
        return f"from {years}"
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        months = dict.fromkeys(f"{day:%B %Y}" for day in (first, last))
        return f"from {' to '.join(months)}"
    return f"from {_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
