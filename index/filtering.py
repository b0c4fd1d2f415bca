"""Which articles a search may bring: by date, author, publisher, or one by one."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from index.analysis import normalised
from index.article import Metadata
from index.errors import FilterError

Period = tuple[date | None, date | None]
"""First and last day, both included; ``None``: open at that end."""

ALWAYS: Period = (None, None)

Known = tuple[str, Metadata, Collection[str]]
"""What a filter looks at of an article: its id, its metadata and its paths."""

_WORD = re.compile(r"\w+")
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
# A name that is compared as it stands. Most lack even the letters of the word asked for, and need
# not be cut into words: that halves what a filter by one of 100,000 authors takes.
_PLAIN = re.compile(r"[A-Za-z0-9 ,-]*")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must be to be found. A field that is empty admits every article.

    Of several authors, publishers or articles, one is enough. Articles without a date lie in no
    period, and those without an author or publisher have none that is asked for.

    Raises ``FilterError`` for a period that ends before it begins.
    """

    published: Period = ALWAYS
    authors: tuple[str, ...] = ()
    """Names, as :func:`names` compares them."""
    publishers: tuple[str, ...] = ()
    """Names, as :func:`publishes` compares them."""
    articles: tuple[str, ...] = ()
    """Ids, or paths."""
    excluded: tuple[str, ...] = ()
    """Ids, or paths, of articles that are left out."""

    def __post_init__(self) -> None:
        first, last = self.published
        if first is not None and last is not None and first > last:
            raise FilterError(
                f"The period from {first} to {last} ends before it begins: swap its days."
            )

    def __bool__(self) -> bool:
        """Whether it keeps any article out."""
        return self != EVERYTHING

    def admits(self, id: str, metadata: Metadata, paths: Collection[str]) -> bool:
        """Whether an article with this id, metadata and these paths may be found."""
        return next(self.among([(id, metadata, paths)]))

    def among(self, articles: Iterable[Known]) -> Iterator[bool]:
        """:meth:`admits` for each of the articles: what several share is compared but once."""
        named = cache(lambda name: any(names(one, name) for one in self.authors))
        issued = cache(lambda site: any(publishes(one, site) for one in self.publishers))
        chosen, excluded = frozenset(self.articles), frozenset(self.excluded)
        for id, metadata, paths in articles:
            yield (
                within(self.published, metadata.published)
                and (not self.authors or any(map(named, metadata.authors)))
                and (not self.publishers or issued(metadata.site or ""))
                and (not chosen or not chosen.isdisjoint((id, *paths)))
                and (not excluded or excluded.isdisjoint((id, *paths)))
            )

    def narrowed(self, other: Filter) -> Filter:
        """This filter, where it says nothing with what ``other`` says; both leave out theirs."""
        return Filter(
            self.published if self.published != ALWAYS else other.published,
            self.authors or other.authors,
            self.publishers or other.publishers,
            self.articles or other.articles,
            tuple(dict.fromkeys((*self.excluded, *other.excluded))),
        )


EVERYTHING = Filter()
"""Admits every article."""


def filter_of(
    published: Period,
    authors: str | Iterable[str],
    publishers: str | Iterable[str],
    articles: str | Iterable[str],
    excluded: str | Iterable[str] = (),
) -> Filter:
    """The filter of these values; a single name may stand by itself.

    Raises ``FilterError`` for a period that ends before it begins.
    """
    return Filter(published, *map(_several, (authors, publishers, articles, excluded)))


def day_written(text: str, *, last: bool) -> date:
    """The day written in ISO 8601; of a month or a year, its first or its last.

    Raises ``FilterError``.
    """
    found = _ISO.fullmatch(text)
    try:
        year, month, day = found.groups() if found else ("0", None, None)
        whole = date(int(year), int(month or (12 if last else 1)), 1)
        end = monthrange(whole.year, whole.month)[1] if last else 1
        return whole.replace(day=int(day or end))
    except ValueError as error:
        raise FilterError(
            f"A date must be like 2016-04-28, 2016-04 or 2016, not {text}."
        ) from error


def within(period: Period, day: date | None) -> bool:
    """Whether the day is known to lie in the period; without bounds every article does."""
    first, last = period
    if first is None and last is None:
        return True
    return day is not None and (first or date.min) <= day <= (last or date.max)


def names(name: str, full_name: str) -> bool:
    """Whether all words of ``name`` stand in ``full_name``, in whatever case, without accents.

    "Borshchevskaya" names "Anna Borshchevskaya"; what has no word names nothing.
    """
    asked, lower = _words(name), full_name.casefold()
    if _PLAIN.fullmatch(full_name) and any(word not in lower for word in asked):
        return False
    return bool(asked) and asked <= _words(full_name)


def publishes(name: str, site: str) -> bool:
    """Whether ``name`` names the site: a publisher or, where none is known, the address's host.

    "The Moscow Times" names ``themoscowtimes.com``.
    """
    if names(name, site):
        return True
    asked = squeezed(name)
    return bool(asked and _HOST.fullmatch(site)) and asked in map(squeezed, site.split("."))


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(normalised(name).casefold())) - {"the"}


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Its letters and digits in a row: what a host makes of a name."""
    return "".join(_WORD.findall(normalised(name).casefold())).removeprefix("the")
