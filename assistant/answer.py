"""The nouns of the assistant: what a question brings back."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from assistant.prices import price_of
from assistant.scope import NO_SCOPE, Scope
from index.article import Article, Span


class Support(StrEnum):
    """Whether the cited text carries the statement."""

    SUPPORTED = "supported"
    UNVERIFIED = "unverified"


class Reason(StrEnum):
    """Why an answer is an abstention."""

    NOTHING_RELEVANT = "nothing_relevant"
    """Before any answerer was asked: no passage is close enough to the question."""
    NOT_ANSWERED = "not_answered"
    """The answerer read the evidence and found no answer in it."""
    UNANSWERABLE = "unanswerable"
    """Before anything was drafted: a language model, asked whether the evidence holds the answer,
    thinks it likelier that it does not."""
    FALSE_PREMISE = "false_premise"
    """The question takes for granted what the articles contradict, or know nothing of but the
    names. The answer's statements are what they do say."""
    NOT_SUPPORTED = "not_supported"
    """An answer was drafted, and nothing of it stood up to the checks."""
    OUT_OF_SCOPE = "out_of_scope"
    """No article is of the dates, authors, publishers or paths that are asked for."""
    NOT_STATED = "not_stated"
    """The article asked about is known, and what is asked stands nowhere in it, such as a date."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verified link from a statement to the characters it rests on."""

    number: int
    """As shown, ``[1]``: given in order of first use, never changed afterwards."""
    article: Article
    start: int
    end: int

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
    """Without markers."""
    citations: tuple[int, ...]
    """Numbers of the citations it rests on."""
    support: Support
    introduction: str = ""
    """What the text begins with, made from metadata, such as whose words follow; not checked."""

    @property
    def claim(self) -> str:
        """The text without its introduction: what the citations are to carry."""
        return self.text.removeprefix(self.introduction).lstrip()


@dataclass(frozen=True, slots=True)
class Abstention:
    """A typed refusal."""

    reason: Reason
    message: str
    """For a person: what was looked for and what the corpus does hold nearby."""


@dataclass(frozen=True, slots=True)
class Consulted:
    """A stretch that was read for the answer. Not a source: nothing rests on it."""

    article: Article
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What the language model consumed for an answer; zeros where none was called.

    Beside the draft itself: rewriting a follow-up, weighing whether the evidence answers, judging.
    """

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
    """What a question brings back: statements that rest on citations, or an abstention."""

    question: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    abstention: Abstention | None
    consulted: tuple[Consulted, ...]
    answerer: str
    """``extractive`` or ``generative``."""
    model: str | None = None
    usage: Usage = field(default_factory=Usage)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """``search``, ``answer`` and ``total``, in milliseconds."""
    confidence: float | None = None
    """The estimated probability, 0 to 1, that what was read answers the question; ``None`` where
    nothing had to be estimated."""
    note: str | None = None
    """What the reader must know about how it was made, such as a fallback; else ``None``."""
    scope: Scope = NO_SCOPE
    """Which articles were searched only, or first."""

    @property
    def cost_usd(self) -> float | None:
        """US dollars at list price; ``None`` where no model was asked or its price is not known."""
        price = price_of(self.model) if self.model and self.usage.prompt_tokens else None
        return price.of(self.usage.prompt_tokens, self.usage.completion_tokens) if price else None

    @property
    def abstained(self) -> bool:
        return self.abstention is not None

    @property
    def text(self) -> str:
        """The answer as read, with its citation numbers: ``… the talks. [1][2]``."""
        said = [with_numbers(statement) for statement in self.statements]
        return "\n\n".join([self.abstention.message, *said] if self.abstention else said)

    def __str__(self) -> str:
        return self.text

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON form (``pincite ask --json``)."""
        abstention = self.abstention
        return {
            "question": self.question,
            "text": self.text,
            "abstained": self.abstained,
            "abstention": abstention
            and {"reason": abstention.reason.value, "message": abstention.message},
            "statements": [
                {
                    "text": statement.text,
                    "introduction": statement.introduction,
                    "support": statement.support.value,
                    "citations": list(statement.citations),
                }
                for statement in self.statements
            ],
            "citations": [_citation_dict(citation) for citation in self.citations],
            "consulted": [
                {
                    "article_id": read.article.id,
                    "path": read.article.path,
                    "start": read.start,
                    "end": read.end,
                    "score": read.score,
                }
                for read in self.consulted
            ],
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
            "note": self.note,
            "scope": self.scope.as_dict() if self.scope.words else None,
        }


Event: TypeAlias = str | Answer
"""What a stream brings: pieces of text in order, then the finished answer."""


def final(events: Iterable[Event]) -> Answer:
    """The answer that a stream ends with."""
    *_, answer = events
    if isinstance(answer, str):
        raise TypeError("a stream of events ends with its answer")
    return answer


async def afinal(events: AsyncIterable[Event]) -> Answer:
    """:func:`final` for asyncio."""
    return final([event async for event in events])


def with_numbers(statement: Statement) -> str:
    """The statement as read: its text, then its citation numbers."""
    numbers = "".join(f"[{number}]" for number in statement.citations)
    return f"{statement.text} {numbers}".rstrip()


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
    }
