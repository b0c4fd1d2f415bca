"""What a run keeps of the articles' texts, so that its report can be drawn without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.cases import Stretch
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Articles
from index.article import Article, Span
from index.errors import PinciteError

MARGIN = 240
"""Characters kept before and after what is cited and what is gold."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Characters of an article's text, from ``start`` on."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def holds(self, place: Stretch | Span) -> bool:
        return self.start <= place.start <= place.end <= self.end

    def of(self, place: Stretch | Span) -> str:
        """The characters at a place that it holds."""
        return self.text[place.start - self.start : place.end - self.start]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one article."""

    title: str
    """Empty if it is unknown."""
    excerpts: tuple[Excerpt, ...]
    """In order; they do not touch."""

    def holding(self, place: Stretch | Span) -> Excerpt | None:
        """The excerpt that holds the whole place."""
        return next((one for one in self.excerpts if one.holds(place)), None)

    def as_dict(self) -> dict[str, Any]:
        parts = [{"start": one.start, "text": one.text} for one in self.excerpts]
        return {"title": self.title, "excerpts": parts}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Kept:
        """:meth:`as_dict` read back."""
        parts = (Excerpt(one["start"], one["text"]) for one in data["excerpts"])
        return cls(data["title"], tuple(parts))


Texts = Mapping[str, Kept]
"""By path."""


def kept(records: Iterable[Record], articles: Articles) -> dict[str, Kept]:
    """What was searched out, read and cited for the records, and their gold, with some context."""
    wanted: dict[str, list[Span]] = defaultdict(list)
    for record in records:
        for place in _places(record):
            wanted[place.path].append(Span(place.start, place.end))
    ids = {path: id for id, _, paths in articles.metadata() for path in paths if path in wanted}
    texts = {}
    for path, id in ids.items():
        try:
            texts[path] = _cut(articles.article(id), wanted[path])
        except PinciteError:  # removed a moment ago: its quotes still stand in the answers
            continue
    return texts


def _places(record: Record) -> Iterator[Stretch]:
    yield from (*record.retrieved, *record.read)
    gold = (at for piece in record.case.gold for at in piece.stretches if not at.whole)
    for place in (*record.citations, *gold):
        yield Stretch(place.path, max(0, place.start - MARGIN), place.end + MARGIN)


def _cut(article: Article, places: Iterable[Span]) -> Kept:
    text = article.text
    within = (Span(place.start, min(place.end, len(text))) for place in places)
    parts = merged(place for place in within if place.start < place.end)
    return Kept(article.title or "", tuple(Excerpt(part.start, part.of(text)) for part in parts))


def merged(places: Iterable[Span]) -> list[Span]:
    """The places in order, those that overlap or touch as one."""
    parts: list[Span] = []
    for place in sorted(places):
        if parts and place.start <= parts[-1].end:
            parts[-1] = Span(parts[-1].start, max(parts[-1].end, place.end))
        else:
            parts.append(place)
    return parts
