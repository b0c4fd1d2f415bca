"""A question, understood once: everything that later steps need to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.answer import Scope


class Intent(StrEnum):
    """What a question is about."""

    CONTENT = "content"
    """What the articles say: passages are searched."""
    COLLECTION = "collection"
    """The articles as such: which, how many, by whom, since when. The catalogue answers."""
    OVERVIEW = "overview"
    """One article, or a few, as a whole: what it is about, a summary."""
    TALK = "talk"
    """Nothing that articles answer: a greeting, thanks, a question about the assistant."""


class Kind(StrEnum):
    """A kind of answer that can be recognised without knowing a language."""

    NUMBER = "number"
    DATE = "date"
    """A day, a month, a year or a time of day."""
    DURATION = "duration"
    """A length of time, an age."""


class Shown(StrEnum):
    """What a question about the collection asks to be shown."""

    ARTICLES = "articles"
    COUNT = "count"
    AUTHORS = "authors"
    """Who wrote them."""
    PUBLISHERS = "publishers"
    DATES = "dates"
    """When they were published."""


class Grouping(StrEnum):
    """By what articles are counted."""

    AUTHOR = "author"
    PUBLISHER = "publisher"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Order(StrEnum):
    """In which order articles are listed."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A question about the collection. Dates, authors, publishers: ``Question.scope.within``."""

    show: Shown = Shown.ARTICLES
    mentioning: tuple[str, ...] = ()
    """Words or phrases, all of which an article must mention."""
    without: tuple[str, ...] = ()
    """Words or phrases, none of which it may mention."""
    group: Grouping | None = None
    """Count by this, the largest first (by date: in order of time)."""
    order: Order | None = None
    limit: int | None = None
    """So many rows; ``None``: all of them."""
    compared: tuple[str, ...] = ()
    """Names of authors or publishers, or topics, whose numbers of articles are compared."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks."""

    asked: str
    """As typed."""
    standalone: str
    """Understandable without the conversation; ``asked`` itself where it was that already."""
    intent: Intent = Intent.CONTENT
    scope: Scope = field(default_factory=Scope)
    """Which articles it restricts the search to, and which it prefers."""
    queries: tuple[str, ...] = ()
    """What is searched for: ``standalone`` alone, or what each part of the question needs."""
    language: str | None = None
    """ISO 639-1 code; ``None`` where it is not known."""
    kinds: tuple[Kind, ...] = ()
    """Kinds of answers asked for, one for each part that asks for one."""
    catalogue: CatalogueQuery | None = None
    """For questions about the collection."""
    unclear: str | None = None
    """What has to be asked back, for a person."""
    choices: tuple[str, ...] = ()
    """The questions that it may be, if it is unclear."""
