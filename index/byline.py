"""One line → the persons it names as authors, or the day it gives as that of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import takewhile

from index.metadata import day, names
from index.plain import plain

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand around a link's words, for there a name begins and ends for certain."""

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_LINK_START = re.compile(r"\[(?=[^\[\]]*\]\()")
_PARENTHESIS = re.compile(r"\([^()]*\)")

_BY = re.compile(
    r"(?:(?:story|text|words|reported|posted|published|written)\s+)?"
    r"(?:by\b|von\b|par\b|por\b|автор\b|authors?\s*:)[\s:]*",
    re.IGNORECASE,
)
_LINKED = re.compile(rf"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}\s*(?P<more>(?:,|&|and\b|\s)*)")
_NAMES_END = re.compile(
    rf"\s[|•·–—-]|[|•·(@/\d{_OPEN}]|\s(?:at|for|from|in|is|on|posted|published|updated|with)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|&|\band\b)[\s,&]*(?:and\s+)?")
_NAME = re.compile(r"(?:al-|el-|[dD]['’])?[^\W\d_](?:[^\W\d_]|[.'’-])*")
_PARTICLES = frozenset("al bin da de del della der di dos du el ibn la le ter van von y".split())
_NO_NAME = frozenset(
    "admin agency analyst associated author columnist contributing contributor correspondent "
    "desk director editor editorial editors executive fellow freelance guest managing news photo "
    "press producer professor reporter reuters senior special staff team the writer".split()
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_CALENDAR_WORD = re.compile(rf"(?:{_MONTH}|{_WEEKDAY}),?", re.IGNORECASE)
_DATE = re.compile(
    rf"(?<![\w/.-])(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH},?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}([/.])\d{1,2}\1\d{4})(?![\d/-])",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"\b(?:published|posted|date)\b[^\d]{0,30}$", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:accessed|archived|captures?|changed|edited|joined|modified|retrieved|updated?)\b"
    r"[^\d]{0,30}$",
    re.IGNORECASE,
)
_MOST_WORDS_BESIDE = 8


def words(line: str) -> str:
    """``line`` as plain words, with links told from the rest: for the functions below."""
    if "![" in line:
        line = _IMAGE.sub("", line)
    if "](" in line:
        line = _LINK_START.sub(f"[{_OPEN}", line).replace("](", f"{_CLOSE}](")
    return plain(line)


def unlinked(line: str) -> str:
    """The plain words of :func:`words`."""
    return " ".join(line.replace(_OPEN, " ").replace(_CLOSE, " ").split())


def authors(line: str) -> tuple[str, ...]:
    """The persons in a byline, ``By Jane Doe and John Roe``; empty if it is none.

    ``line`` comes from :func:`words`. Roles ("Senior Editor"), agencies and what is not written
    like a person's name are left out.
    """
    if dated := _DATE.match(line):
        line = line[dated.end() :].lstrip(" |•·,–—-")
    by = _BY.match(line)
    if not by:
        return ()
    rest = line[by.end() :].lstrip()
    return tuple(_linked_names(rest) if rest.startswith(_OPEN) else _plain_names(rest))


def published(line: str) -> date | None:
    """The day in a date line: ``April 28, 2016``, ``By Jane Doe | Published: 2 May 2016``.

    A day of change or of capture does not count, nor does one within a sentence; of two days
    only one that is said to be of publication.
    """
    line = unlinked(line)
    found = [match for match in _DATE.finditer(line) if not _CHANGED.search(line[: match.start()])]
    said = [match for match in found if _PUBLISHED.search(line[: match.start()])]
    days = {day(match[0]) for match in said or found}
    sentence = line.endswith((".", "!", "?")) and not said
    if len(days) != 1 or sentence or len(_DATE.sub("", line).split()) > _MOST_WORDS_BESIDE:
        return None
    return days.pop()


def is_name(words: str) -> bool:
    """Whether ``words`` are written like the name of a person: two to five words."""
    parts = words.split()
    if not 2 <= len(parts) <= 5 or not parts[0][0].isupper() or parts[-1] in _PARTICLES:
        return False
    return all(_is_name_part(part) for part in parts) and not any(
        part.lower().strip(".") in _NO_NAME or _CALENDAR_WORD.fullmatch(part) for part in parts
    )


def _is_name_part(part: str) -> bool:
    if not _NAME.fullmatch(part):
        return False
    return part in _PARTICLES or part[0].isupper() or part.startswith(("al-", "el-", "d'", "d’"))


def _linked_names(rest: str) -> Iterator[str]:
    linked = _LINKED.match(rest)
    while linked:
        found = names(_PARENTHESIS.sub("", linked[1]))
        yield from (name for name in found if is_name(name))
        linked = _LINKED.match(rest, linked.end()) if linked["more"] else None


def _plain_names(rest: str) -> Iterator[str]:
    end = _NAMES_END.search(rest)
    parts = rest[: end.start() if end else None].split()
    before = len(parts)
    while parts and _CALENDAR_WORD.fullmatch(parts[-1]):
        parts.pop()
    if end and end[0].isdigit() and len(parts) == before:
        return  # a number that belongs to no date: a sentence
    # After the first words that are no name comes a role, an agency or the rest of a sentence.
    yield from takewhile(is_name, _BETWEEN.split(" ".join(parts).rstrip(".,")))
