"""Periods that a text names: "between 2021 and 2022", "since May", "am 4. März 2021", "last week".

The names of months and weekdays are CLDR's (:mod:`babel`), in many languages. The words that bound
a period ("since", "depuis") and count from today stand in ``data/dates.json``, for five languages;
in others a date is read where a number stands with it.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import TypeAlias

from dateutil.relativedelta import relativedelta

from assistant.understanding.names import fold
from index.filtering import Period

_LANGUAGES = ("en", "de", "fr", "es", "ru", "it", "pt", "nl", "pl", "uk", "tr", "sv")
"""Those before others are preferred where a date could be of several."""

_YEAR = r"(?:19|20)\d\d(?![\d.,]*\d)"
_DAY = r"(?<![\d.,])(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|º|\.|-го)?(?!\d)"
_LINK = r"(?:[\s.,]+(?:(?:of|de|del|di|da|do)\s+)?)"
"""What stands between a day, a month and a year."""

Days: TypeAlias = tuple[date, date]
"""First and last day of what is named."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A period, and where a text names it, with the words that bound it."""

    start: int
    end: int
    period: Period


@dataclass(frozen=True, slots=True)
class _Atom:
    """A day, a month or a year that a text names."""

    start: int
    end: int
    year: int | None
    """``None``: not said."""
    month: int | None = None
    day: int | None = None
    counted: Days | None = None
    """What is counted from today instead."""

    @property
    def is_bare(self) -> bool:
        """A month's name alone, which is many another word too: "may", "march"."""
        return self.month is not None and self.year is None and self.day is None


def periods(text: str, held: Sequence[date], today: date) -> list[Mention]:
    """The periods that ``text`` names, in order; none overlaps another.

    ``held``: the days on which articles were published, in order: a month without a year is the
    latest of them.
    """
    if not _signs().search(text):
        return []
    readings = [list(_read(text, language, held, today)) for language in _LANGUAGES]
    return max(readings, key=lambda found: sum(one.end - one.start for one in found))


def _read(text: str, language: str, held: Sequence[date], today: date) -> Iterator[Mention]:
    lexicon = _lexicon(language)
    atoms = list(_atoms(text, language, today))
    at = 0
    while at < len(atoms):
        mention, used = _bounded(text, lexicon, atoms[at:], held, today)
        if mention:
            yield mention
        at += used


def _bounded(
    text: str,
    lexicon: Mapping[str, re.Pattern[str]],
    atoms: Sequence[_Atom],
    held: Sequence[date],
    today: date,
) -> tuple[Mention | None, int]:
    """The period that begins with the first of the atoms, and how many of them it takes."""
    first = atoms[0]
    latest = min(held[-1], today) if held else today
    for one, other in [(_day_before(text, lexicon, first), first), *pairwise(atoms[:2])]:
        if one and (joined := _joined(text, lexicon, (one, other), latest)):
            return joined, 1 if other is first else 2
    found = _days(first, latest)
    if found is None:
        return None, 1
    before, after = text[: first.start], text[first.end :]
    for bound in ("since", "after", "until", "before", "in"):
        if opening := lexicon[bound].search(before):
            onwards = lexicon["onwards"].match(after)
            period = _period("since" if onwards else bound, found)
            end = first.end + (onwards.end() if onwards else 0)
            return Mention(opening.start(), end, period), 1
    return (None if first.is_bare else Mention(first.start, first.end, found)), 1


def _day_before(text: str, lexicon: Mapping[str, re.Pattern[str]], atom: _Atom) -> _Atom | None:
    """The day that is named by its number before the one that names the month: "4 and 9 March"."""
    link = lexicon["and"].pattern
    match = re.search(rf"(?P<day>{_DAY})(?:{link}|\s*[-–—]\s*)$", text[: atom.start], re.IGNORECASE)
    if not match or not atom.day:
        return None
    day = int(re.sub(r"\D.*", "", match["day"]))
    return _Atom(match.start(), match.end("day"), atom.year, atom.month, day)


def _joined(
    text: str, lexicon: Mapping[str, re.Pattern[str]], atoms: tuple[_Atom, _Atom], latest: date
) -> Mention | None:
    """The period from the one to the other; ``None`` where the words between say no such thing."""
    one, other = atoms
    between, opening = text[one.end : other.start], lexicon["between"].search(text[: one.start])
    is_range = re.fullmatch(r"\s*[-–—]\s*", between)
    if not is_range and not (opening and lexicon["and"].fullmatch(between)):
        return None
    end = _days(other, latest)
    begin = end and _days(one, end[1])
    if not begin or not end or begin[0] > end[1]:
        return None
    return Mention(opening.start() if opening else one.start, other.end, (begin[0], end[1]))


def _period(bound: str, days: Days) -> Period:
    first, last = days
    if bound == "since":
        return first, None
    if bound == "after":
        return last + timedelta(days=1), None
    if bound == "until":
        return None, last
    if bound == "before":
        return None, first - timedelta(days=1)
    return first, last


def _days(atom: _Atom, latest: date) -> Days | None:
    """Its first and last day; without a year, the last such that begins by ``latest``."""
    if atom.counted:
        return atom.counted
    year = atom.year
    if year is None:
        year = latest.year - ((atom.month or 1, atom.day or 1) > (latest.month, latest.day))
    month = atom.month
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    try:
        first = date(year, month, atom.day or 1)
    except ValueError:  # 31 April
        return None
    return first, first.replace(day=atom.day or monthrange(year, month)[1])


# Days, months and years


def _atoms(text: str, language: str, today: date) -> list[_Atom]:
    """What the text names, in order; where two overlap, the one that begins first."""
    found = [*_counted(text, language, today), *_written(text, language, today)]
    kept: list[_Atom] = []
    for atom in sorted(found, key=lambda one: one.start):
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
    return kept


def _written(text: str, language: str, today: date) -> Iterator[_Atom]:
    months, weekdays = _month_names(language), _weekday_names(language)
    for match in _pattern(language).finditer(text):
        said = {name: value for name, value in match.groupdict().items() if value}
        if weekday := said.get("weekday"):
            back = (today.weekday() - weekdays[fold(weekday)]) % 7 or 7
            day = today - timedelta(days=back)
            yield _Atom(match.start(), match.end(), None, counted=(day, day))
        elif atom := _atom(match, said, months, language == "en"):
            yield atom


def _atom(
    match: re.Match[str], said: Mapping[str, str], months: Mapping[str, int], is_english: bool
) -> _Atom | None:
    """What is written in digits or with a month's name; ``None`` where it is no date."""
    values = {name.rstrip("0123456789"): value for name, value in said.items()}
    digits = {name: re.match(r"\d+", value) for name, value in values.items()}
    number = {name: int(found.group()) for name, found in digits.items() if found}
    month = months[fold(values["name"])] if "name" in values else number.get("month")
    day = number.get("day")
    if "one" in number:  # 3/4/2021: Americans put the month first, and all others the day
        one, other = number["one"], number["other"]
        is_month_first = (is_english and "/" in match.group() and one <= 12) or other > 12
        month, day = (one, other) if is_month_first else (other, one)
    if month is not None and not 1 <= month <= 12:
        return None
    return _Atom(match.start(), match.end(), number.get("year"), month, day)


def _counted(text: str, language: str, today: date) -> Iterator[_Atom]:
    """What is counted from today: "yesterday", "last week", "the past 3 days"."""
    words = _words(language)
    if not words:
        return
    for match in _counting(language).finditer(text):
        said = {name.rstrip("1234"): fold(one) for name, one in match.groupdict().items() if one}
        days = _back(said, words, today)
        yield _Atom(match.start(), match.end(), None, counted=days)


def _back(said: Mapping[str, str], words: Mapping[str, Sequence[str]], today: date) -> Days:
    if "day" in said:
        day = today - timedelta(days=said["day"] in map(fold, words["yesterday"]))
        return day, day
    unit = next(one for one in _UNITS if said["unit"] in map(fold, words[one]))
    if count := said.get("count"):
        numbers = list(map(fold, words["numbers"]))
        back = int(count) if count.isdigit() else numbers.index(count) + 1
        return today - relativedelta(**{f"{unit}s": back}), today  # type: ignore[arg-type]
    step = relativedelta(**{f"{unit}s": 1})  # type: ignore[arg-type]
    first = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[unit]
    if said["which"] not in map(fold, words["this"]):
        first -= step
    return first, first + step - timedelta(days=1)


# Patterns


_UNITS = ("day", "week", "month", "year")


@cache
def _signs() -> re.Pattern[str]:
    """What a text without any period lacks: a digit, or a word of the names and the lexicon."""
    words = [name for language in _LANGUAGES for name in _month_names(language)]
    words += [name for language in _LANGUAGES for name in _weekday_names(language)]
    for lexicon in map(_words, _LANGUAGES):
        words += [word for one in (*_UNITS, "today", "yesterday") for word in lexicon.get(one, [])]
    return re.compile(rf"\d|\b(?:{_any(words)})\b", re.IGNORECASE)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    month, weekday = _any(_month_names(language)), _any(_weekday_names(language))
    forms = [
        r"(?<!\d)(?P<year1>(?:19|20)\d\d)[-/](?P<month1>\d\d?)(?:[-/](?P<day1>\d\d?))?(?![\d-])",
        r"(?P<year2>\d{4})\s?年(?:\s?(?P<month2>\d\d?)\s?月(?:\s?(?P<day2>\d\d?)\s?日)?)?",
        r"(?<![\d.])(?P<one>\d\d?)[./](?P<other>\d\d?)[./](?P<year3>(?:19|20)\d\d)(?!\d)",
        rf"(?P<day3>{_DAY}){_LINK}(?P<name1>{month})\b\.?(?:{_LINK}(?P<year4>{_YEAR}))?",
        rf"\b(?P<name2>{month})\b\.?{_LINK}(?P<day4>{_DAY})(?:{_LINK}(?P<year5>{_YEAR}))?",
        rf"\b(?P<name3>{month})\b\.?(?:{_LINK}(?P<year6>{_YEAR}))?",
        rf"\b(?P<weekday>{weekday})\b",
        rf"(?<![\w.,$€£])(?<![^\W\d]-)(?P<year7>{_YEAR})(?![\w%])",
    ]
    return re.compile("|".join(forms), re.IGNORECASE)


@cache
def _counting(language: str) -> re.Pattern[str]:
    words = _words(language)
    near = _any(words["this"] + words["last"])
    unit = _any(chain.from_iterable(words[one] for one in _UNITS))
    past, count = _any(words["past"]), rf"\d{{1,3}}|{_any(words['numbers'])}"
    forms = [
        rf"\b(?P<which1>{near})\s+(?P<unit1>{unit})\b",
        rf"\b(?P<unit2>{unit})\s+(?P<which2>{near})\b",
        rf"\b(?:{past})\s+(?P<count1>{count})\s+(?P<unit3>{unit})\b",
        rf"\b(?P<count2>{count})\s+(?:{past})\s+(?P<unit4>{unit})\b",
        rf"\b(?P<day>{_any(words['today'] + words['yesterday'])})\b",
    ]
    return re.compile("|".join(forms), re.IGNORECASE)


@cache
def _lexicon(language: str) -> Mapping[str, re.Pattern[str]]:
    """Patterns of the words before, between and after dates; those of an unknown language fit
    nothing."""
    words = _words(language)
    article = rf"(?:\s*(?:{_any(words.get('article', []))}))?"
    found = {
        bound: re.compile(rf"(?<!\w)(?:{_any(words.get(bound, []))}){article}\s*$", re.IGNORECASE)
        for bound in ("since", "after", "until", "before", "in", "between")
    }
    found["and"] = re.compile(rf",?\s*(?:{_any(words.get('and', []))}){article}\s*", re.IGNORECASE)
    found["onwards"] = re.compile(
        rf"\s+(?:{_any(words.get('onwards', []))})(?=\s*(?:[?.!,;]|$))", re.IGNORECASE
    )
    return found


@cache
def _month_names(language: str) -> dict[str, int]:
    from babel import Locale

    months = Locale.parse(language).months
    cases = _words(language).get("months", [])  # those that CLDR lacks: "в мае"
    return {name: number for number, name in enumerate(cases, start=1)} | {
        spelt: number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in months[context][width].items()
        for spelt in _spellings(name)
    }


@cache
def _weekday_names(language: str) -> dict[str, int]:
    from babel import Locale

    days = Locale.parse(language).days["format"]["wide"]
    return {spelt: number for number, name in days.items() for spelt in _spellings(name)}


@cache
def _words(language: str) -> dict[str, list[str]]:
    file = files("assistant").joinpath("data/dates.json")
    read: dict[str, dict[str, list[str]]] = json.loads(file.read_text("utf-8"))
    return read.get(language, {})


def _spellings(name: str) -> Iterable[str]:
    """With and without accents, in lower case."""
    bare = name.rstrip(".").lower()
    return (bare, fold(bare)) if not bare.isdigit() else ()


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first; of none, one that fits nothing."""
    spelt = {one for word in words for one in (word, fold(word))}
    return "|".join(map(re.escape, sorted(spelt, key=len, reverse=True))) or r"(?!)"
