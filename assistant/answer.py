"""What a question brings back: statements that rest on citations. All nouns are frozen."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from assistant.prices import price_of
from index.article import Article, Span
from index.filtering import EVERYTHING, Filter


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    """A part of it is answered; :attr:`Answer.missing` names the rest."""
    CLOSEST = "closest"
    """Nothing clearly answers it; the statements are the nearest passages."""
    NOT_FOUND = "not_found"
    """The articles do not answer it."""
    UNCLEAR = "unclear"
    """It can be understood in several ways: it is asked back, with :attr:`Answer.choices`."""


class Support(StrEnum):
    """Whether the cited text supports a statement."""

    QUOTED = "quoted"
    """It is the source's own words."""
    SUPPORTED = "supported"
    """A language model, asked to judge it, found that the cited text says it; or it was made from
    the catalogue, which has it from there."""
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    UNCHECKED = "unchecked"
    """No language model judged it, and no fact in it was found to be wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a statement that the cited text does not say."""

    kind: str
    """``number``, ``date``, ``name``, ``quotation`` or, where a language model found it,
    ``judge``."""
    start: int
    end: int
    """Characters of the statement's text (``Statement.text[start:end]``), end exclusive."""
    message: str
    """For a person: ``“12 May” is not in the cited text; it says “21 May”.``"""
    instead: str | None = None
    """What the cited text says in its place, where that can be told."""


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of an article."""

    article: Article
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def quote(self) -> str:
        """Its characters: exact by construction."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verified link from a statement to the characters it rests on."""

    number: int
    """As shown, ``[1]``: given in order of first use, never changed afterwards."""
    article: Article
    start: int
    end: int
    also_in: tuple[Location, ...] = ()
    """The same words in other articles: syndicated copies."""

    @property
    def quote(self) -> str:
        """The cited characters: exact by construction."""
        return self.article.text[self.start : self.end]

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer."""

    text: str
    """Without citation numbers and without the introduction."""
    citations: tuple[int, ...]
    """Numbers of the citations it rests on."""
    support: Support
    findings: tuple[Finding, ...] = ()
    introduction: str = ""
    """Shown before the text: where it is from and who says it. Made from metadata, not checked."""
    replaced: str | None = None
    """What the language model had written in place of the text, which is the source's words."""

    @property
    def shown(self) -> str:
        """As read: introduction, text, citation numbers."""
        numbers = "".join(f"[{number}]" for number in self.citations)
        return " ".join(part for part in (self.introduction, self.text, numbers) if part)


@dataclass(frozen=True, slots=True)
class Consulted:
    """A passage that was read for the answer. Not a source: nothing rests on it."""

    article: Article
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles were searched, or came first, and what was not applied."""

    within: Filter = EVERYTHING
    """Only these were searched."""
    preferred: Filter = EVERYTHING
    """These came first."""
    notes: tuple[str, ...] = ()
    """What the question names and no article has, a sentence each: it was not applied."""

    @property
    def words(self) -> str:
        """For a person: ``Articles from 2015 only.``; empty where nothing is restricted."""
        said = [f"{described(self.within)} only."] if self.within else []
        said += [f"{described(self.preferred)} first."] if self.preferred else []
        return " ".join([*said, *self.notes])

    def __bool__(self) -> bool:
        return bool(self.within or self.preferred or self.notes)


@dataclass(frozen=True, slots=True)
class Usage:
    """What language models consumed for an answer; zeros where none was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = field(default=0, compare=False)
    """Requests answered."""
    seconds: float = field(default=0.0, compare=False)
    """From each request to the end of its reply."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.calls + other.calls,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question brings back."""

    question: str
    """As asked."""
    standalone: str
    """As understood: the same, but for a follow-up."""
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    outcome: Outcome
    missing: str | None = None
    """What of the question is not answered, for a person (``partial``)."""
    message: str | None = None
    """What is said beside the statements, for a person: why nothing is answered, what is asked
    back, or what was done otherwise than asked for."""
    choices: tuple[str, ...] = ()
    """Questions to choose from (``unclear``)."""
    consulted: tuple[Consulted, ...] = ()
    scope: Scope = Scope()
    answerer: str = "quoter"
    """``writer``, ``selector``, ``quoter``, ``check``, or ``catalogue`` for the collection."""
    model: str | None = None
    """The language model's name; ``None`` where none was asked."""
    usage: Usage = Usage()
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    """``understand``, ``search``, ``answer``, ``verify`` and ``total``, in milliseconds."""
    confidence: float | None = None
    """The estimated probability, 0 to 1, that the quoted sentences answer the question; ``None``
    where a language model answered or nothing had to be estimated."""

    @property
    def abstained(self) -> bool:
        """Whether nothing was found."""
        return self.outcome is Outcome.NOT_FOUND

    @property
    def cost_usd(self) -> float | None:
        """US dollars at list price; ``None`` where no model was asked or its price is not known."""
        price = price_of(self.model) if self.model and self.usage.prompt_tokens else None
        return price.of(self.usage.prompt_tokens, self.usage.completion_tokens) if price else None

    @property
    def text(self) -> str:
        """The answer as read, with its citation numbers: ``… the talks. [1][2]``."""
        said = [self.message] if self.message else []
        said += [f"- {choice}" for choice in self.choices]
        said += [statement.shown for statement in self.statements]
        said += [f"Not answered: {self.missing}"] if self.missing else []
        return "\n\n".join(said)

    def __str__(self) -> str:
        return self.text

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON form (``pincite ask --json``)."""
        return {
            "question": self.question,
            "standalone": self.standalone,
            "text": self.text,
            "outcome": self.outcome.value,
            "abstained": self.abstained,
            "missing": self.missing,
            "message": self.message,
            "choices": list(self.choices),
            "statements": [_statement_dict(statement) for statement in self.statements],
            "citations": [_citation_dict(citation) for citation in self.citations],
            "consulted": [
                {**_location_dict(read.article, read.start, read.end), "score": read.score}
                for read in self.consulted
            ],
            "scope": _scope_dict(self.scope) if self.scope else None,
            "answerer": self.answerer,
            "model": self.model,
            "usage": {
                "prompt_tokens": self.usage.prompt_tokens,
                "completion_tokens": self.usage.completion_tokens,
                "calls": self.usage.calls,
                "seconds": self.usage.seconds,
            },
            "cost_usd": self.cost_usd,
            "timings_ms": dict(self.timings_ms),
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement whose text has been streamed already has now been checked."""

    place: int
    """Which of the statements streamed: 0 and up."""
    statement: Statement | None
    """As it is now; ``None`` where it was left out."""


Event: TypeAlias = str | Checked | Answer
"""What a stream brings: pieces of text in order; the verdicts on the statements written so far;
the finished answer, last."""


def final(events: Iterable[Event]) -> Answer:
    """The answer that a stream ends with."""
    *_, answer = events
    if not isinstance(answer, Answer):
        raise TypeError("a stream of events ends with its answer")
    return answer


async def afinal(events: AsyncIterable[Event]) -> Answer:
    """:func:`final` for asyncio."""
    return final([event async for event in events])


def described(wanted: Filter) -> str:
    """The filter for a person: ``Articles from 2015 by Ann Lee``."""
    words = ["Articles"]
    first, last = wanted.published
    if first or last:
        words.append(_period(first, last))
    if wanted.authors:
        words.append(f"by {_alternatives(wanted.authors)}")
    if wanted.publishers:
        words.append(f"in {_alternatives(wanted.publishers)}")
    if wanted.articles:
        words.append(f"named {_alternatives(wanted.articles)}")
    return " ".join(words)


def _period(first: date | None, last: date | None) -> str:
    if first and last:
        if first == last:
            return f"of {_written(first)}"
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return f"from {first.year}" if first.year == last.year else _years(first, last)
        return f"from {_written(first)} to {_written(last)}"
    if first:
        return f"since {_written(first)}"
    return f"until {_written(last)}" if last else ""


def _years(first: date, last: date) -> str:
    return f"from {first.year} to {last.year}"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _alternatives(names: Iterable[str]) -> str:
    return " or ".join(names)


def _statement_dict(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "introduction": statement.introduction,
        "support": statement.support.value,
        "citations": list(statement.citations),
        "findings": [
            {
                "kind": finding.kind,
                "start": finding.start,
                "end": finding.end,
                "message": finding.message,
                "instead": finding.instead,
            }
            for finding in statement.findings
        ],
        "replaced": statement.replaced,
    }


def _citation_dict(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "number": citation.number,
        "article_id": article.id,
        "path": article.path,
        "title": article.title,
        "authors": list(article.authors),
        "published": article.published and article.published.isoformat(),
        "publisher": article.publisher,
        "url": article.url,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "also_in": [
            _location_dict(copy.article, copy.start, copy.end) for copy in citation.also_in
        ],
    }


def _location_dict(article: Article, start: int, end: int) -> dict[str, Any]:
    return {"article_id": article.id, "path": article.path, "start": start, "end": end}


def _scope_dict(scope: Scope) -> dict[str, Any]:
    return {
        "words": scope.words,
        "within": _filter_dict(scope.within),
        "preferred": _filter_dict(scope.preferred),
        "notes": list(scope.notes),
    }


def _filter_dict(wanted: Filter) -> dict[str, Any]:
    first, last = wanted.published
    return {
        "from": first and first.isoformat(),
        "to": last and last.isoformat(),
        "authors": list(wanted.authors),
        "publishers": list(wanted.publishers),
        "articles": list(wanted.articles),
    }
