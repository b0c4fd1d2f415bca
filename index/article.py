"""The nouns of the index: frozen, and the same everywhere.

Offsets are Python ``str`` offsets into ``Article.text``, end exclusive, so that
``article.text[span.start:span.end]`` is the quote, always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch ``[start, end)`` of an article's text. A sentence is a span."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: Span) -> int:
        """How many characters the two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


class Lines(Mapping[str, Span]):
    """Names → spans, immutable. Unlike a ``MappingProxyType`` it can be pickled and copied."""

    __slots__ = ("_spans",)

    def __init__(self, spans: Mapping[str, Span]) -> None:
        self._spans = dict(spans)

    def __getitem__(self, name: str) -> Span:
        return self._spans[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    def __repr__(self) -> str:
        return repr(self._spans)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article. What is not stated stays unknown: ``None`` or empty."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    """ISO 639-1 code."""
    stated: Mapping[str, Span] = field(default_factory=dict)
    """Where the text itself states a field: the field's name → the span of the line that does."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", Lines(self.stated))

    def __hash__(self) -> int:
        return hash((self.title, self.authors, self.published, self.publisher, self.url))

    @property
    def site(self) -> str | None:
        """Where it appeared: its publisher, or its address's host where no name is known."""
        return self.publisher or _host(self.url or "").removeprefix("www.") or None

    def over(self, other: Metadata) -> Metadata:
        """This metadata, with its gaps filled from ``other``."""
        names = ("title", "authors", "published", "publisher", "url", "language")
        gaps = {name: getattr(other, name) for name in names if not getattr(self, name)}
        stated = {name: span for name, span in other.stated.items() if name in gaps}
        return replace(self, **gaps, stated={**stated, **self.stated})


@dataclass(frozen=True, slots=True)
class Article:
    """A source as read: immutable text and what is known about it."""

    id: str
    """Hash of the text (:func:`article_id`): the same text is the same article wherever it lies."""
    text: str
    metadata: Metadata
    paths: tuple[str, ...]
    """Where it was found, relative to the corpus root, with ``/``, in order; at least one."""

    @property
    def path(self) -> str:
        return self.paths[0]

    @property
    def title(self) -> str | None:
        return self.metadata.title

    @property
    def authors(self) -> tuple[str, ...]:
        return self.metadata.authors

    @property
    def published(self) -> date | None:
        return self.metadata.published

    @property
    def publisher(self) -> str | None:
        return self.metadata.publisher

    @property
    def url(self) -> str | None:
        return self.metadata.url

    @property
    def site(self) -> str | None:
        return self.metadata.site

    @property
    def language(self) -> str | None:
        return self.metadata.language


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: a run of whole sentences under one heading."""

    id: int
    """The catalogue's number: unique for the life of an index, never given twice."""
    article: Article
    heading: str
    """The heading it stands under, as plain text; empty where there is none."""
    sentences: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it fits one query. The score is the hit's, never the passage's."""

    passage: Passage
    score: float
    """Fused score: comparable within one search only."""
    dense: float | None = None
    """Cosine of query and passage, -1 to 1; ``None`` if it was not computed."""
    keyword: float | None = None
    """BM25 of the passage and of its article, 0 and up; ``None`` if keyword search did not bring
    it."""


def article_id(text: str) -> str:
    """128 bits of the SHA-256 of the text: permanent, whatever the file is called."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # what is no address has no host
        return ""


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted spans with those that touch or overlap joined."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
