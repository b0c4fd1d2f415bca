"""What is known about an article: fields as files name them → :class:`Metadata`.

Never guessed: a field that is malformed, incomplete or ambiguous is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from index.article import Metadata, Span

_Value = TypeVar("_Value")

_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "date", "published_at", "date_published", "pubdate"),
    "publisher": ("publisher", "site_name", "sitename", "site", "source"),
    "url": ("url", "link", "canonical_url", "permalink", "source_url", "source"),
    "language": ("language", "lang"),
}
"""Each field, and what files call it: the first that can be read counts."""

_PAGE_KEYS = frozenset(
    "categories category description draft id keywords layout slug subtitle summary tags".split()
)
"""What else stands in front matter, and tells it from text between two rules."""

_FENCE = re.compile(r"---[ \t]*\r?\n")
_FENCE_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_LONGEST_FRONT_MATTER = 16_384
_MOST_BRACKETS = 200
"""In front matter: YAML's scanner takes quadratic time over nested ones."""
_LONGEST_FIELD = 500
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9-]+)?", re.IGNORECASE)
_AND = re.compile(r"\s*;\s*|\s+(?:and|&)\s+|\s*,\s+(?:and|&)\s+")
_COMMA = re.compile(r"\s*,\s*")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T\s].*)?", re.DOTALL)
_DEFAULTS = (datetime(2000, 1, 2), datetime(2004, 3, 5))
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}[a-z_*]*/(.+)", re.DOTALL)


def from_fields(fields: Mapping[str, object]) -> Metadata:
    """Metadata from fields by the names they commonly bear (``author``, ``date``, ``lang``…)."""
    return Metadata(
        title=_first(fields, "title", _line),
        authors=_first(fields, "authors", names) or (),
        published=_first(fields, "published", day),
        publisher=_first(fields, "publisher", _publisher),
        url=_first(fields, "url", address),
        language=_first(fields, "language", _language),
    )


def front_matter(text: str) -> Span | None:
    """The YAML front matter at the very start of ``text``, with its fences; ``None`` without.

    Front matter is a mapping that holds at least one field of a page, up to 16 kB long, without
    anchors or aliases. Anything else between two rules is text.
    """
    span, _ = _front_matter(text)
    return span


def from_front_matter(text: str) -> Metadata:
    """What the front matter of ``text`` says; all unknown without one."""
    span, fields = _front_matter(text)
    if span is None:
        return Metadata()
    found = from_fields(fields)
    where = {
        name: line
        for name in _NAMES
        if getattr(found, name) and (line := _line_of(_NAMES[name], text, span))
    }
    return replace(found, stated=MappingProxyType(where))


def day(value: object) -> date | None:
    """The calendar day that ``value`` states in full; ``None`` if it does not.

    Nothing is filled in: "April 2016" is no day, nor is "03/04/2016", of which nobody knows
    which number is the month. A time zone is not applied: the day counts where it was written.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) > 64 or not _YEAR.search(value):
        return None
    iso = _ISO.fullmatch(value.strip())
    readings = _iso_reading(iso[1]) if iso else set(_readings(value))
    return readings.pop() if len(readings) == 1 else None


def address(value: object) -> str | None:
    """A web address; of an archived page, the address it was archived from."""
    if not isinstance(value, str) or len(value) > 2 * _LONGEST_FIELD:
        return None
    url = _encodable(value.strip())
    if archived := _ARCHIVED.fullmatch(url):
        url = archived[1]
    if not re.fullmatch(r"https?://[^\s<>\"]+", url, re.IGNORECASE):
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        return None


def names(value: object) -> tuple[str, ...]:
    """Persons, each once: from a list, or from "Jane Doe, John Roe and Ann Poe"."""
    items = value if isinstance(value, list | tuple) else [value]
    found = (name for item in items for name in _names(item))
    return tuple(dict.fromkeys(found))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = value.get("name")
    line = _line(value)
    for part in _AND.split(line) if line else ():
        inner = _COMMA.split(part)
        # "Doe, Jane" is one person; "Jane Doe, John Roe" are two.
        persons = inner if all(" " in name for name in inner) else [part]
        yield from (name for name in persons if name)


def _first(
    fields: Mapping[str, object], name: str, reader: Callable[[object], _Value | None]
) -> _Value | None:
    """The first of the field's names under which there is something to read."""
    values = (reader(fields.get(key)) for key in _NAMES[name])
    return next((value for value in values if value), None)


def _line(value: object) -> str | None:
    """``value`` as one line of text; ``None`` if it is none or too long for a field."""
    if not isinstance(value, str) or len(value) > _LONGEST_FIELD:
        return None
    return _SPACE.sub(" ", _encodable(value)).strip() or None


def _encodable(value: str) -> str:
    return value.encode("utf-8", "ignore").decode()


def _publisher(value: object) -> str | None:
    return None if address(value) else _line(value)


def _language(value: object) -> str | None:
    code = _LANGUAGE.fullmatch(_line(value) or "")
    return code[1].lower() if code else None


def _iso_reading(iso: str) -> set[date]:
    try:
        return {date.fromisoformat(iso)}
    except ValueError:
        return set()


def _readings(value: str) -> Iterator[date]:
    """What days ``value`` can mean: more than one if a part is missing or ambiguous."""
    from dateutil import parser

    for default in _DEFAULTS:
        for day_first in (False, True):
            try:
                found = parser.parse(value, default=default, dayfirst=day_first, ignoretz=True)
            except (ValueError, OverflowError, TypeError):
                continue
            yield found.date()


def _front_matter(text: str) -> tuple[Span | None, Mapping[str, object]]:
    opening = _FENCE.match(text)
    closing = opening and _FENCE_END.search(text, opening.end(), _LONGEST_FRONT_MATTER)
    if not opening or not closing:
        return None, {}
    fields = _mapping(text[opening.end() : closing.start()])
    known = _PAGE_KEYS.union(*_NAMES.values())
    if not known.intersection(fields):
        return None, {}
    return Span(0, closing.end()), fields


def _mapping(block: str) -> Mapping[str, object]:
    """The YAML mapping in ``block`` with keys in lower case; empty if it is malformed.

    All values stay strings: a date is read by :func:`day`, and the country code of Norway
    stays ``no``.
    """
    import yaml

    if block.count("[") + block.count("{") > _MOST_BRACKETS:
        return {}
    try:
        if any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in yaml.scan(block)):
            return {}
        # BaseLoader makes strings, lists and mappings only: safer still than SafeLoader.
        loaded = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {key.lower(): value for key, value in loaded.items() if isinstance(key, str)}


def _line_of(keys: tuple[str, ...], text: str, within: Span) -> Span | None:
    """The line in ``within`` that gives the first of ``keys``."""
    for key in keys:
        line = re.compile(rf"^{key}[ \t]*:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
        if found := line.search(text, within.start, within.end):
            return Span(*found.span())
    return None
