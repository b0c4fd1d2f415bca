"""Cited and gold characters in their context, as a report shows them side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.evaluation.cases import Gold, Quote, Stretch
from assistant.evaluation.excerpts import Excerpt, Texts, merged
from assistant.evaluation.scoring import Record
from index.article import Span

MARGIN = 160
"""Characters shown before and after what is cited or gold, whole words at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are marked alike."""

    text: str
    cited: bool
    gold: bool
    numbers: tuple[int, ...] = ()
    """Of the citations that end with it."""


@dataclass(frozen=True, slots=True)
class Context:
    """A stretch of an article in pieces, which together are its text."""

    path: str
    title: str
    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is marked in one article."""

    cited: tuple[tuple[Span, int], ...]
    """With the citation's number."""
    gold: tuple[Span, ...]


def contexts(record: Record, texts: Texts) -> list[Context]:
    """Every citation and every piece of gold in its context, articles in the order of citation.

    Of a piece's alternatives those that are cited are shown, otherwise the first. A quote whose
    context was not kept stands alone; gold that is a whole article is not shown.
    """
    shown = _shown(record)
    return [
        context
        for path, quotes in shown.items()
        for context in _of_article(path, quotes, _marks(record, path), texts)
    ]


def _shown(record: Record) -> Mapping[str, list[Quote]]:
    """By article, what must be seen."""
    shown: dict[str, list[Quote]] = defaultdict(list)
    for place, cited in zip(record.citations, record.answer.get("citations", ()), strict=True):
        shown[place.path].append(Quote(place, cited["quote"]))
    for quote in (one for piece in record.case.gold for one in _chosen(piece, record.citations)):
        if not quote.at.whole:
            shown[quote.at.path].append(quote)
    return shown


def _chosen(piece: Gold, citations: Sequence[Stretch]) -> Sequence[Quote]:
    cited = [one for one in piece.any_of if any(one.at.overlap(place) for place in citations)]
    return cited or piece.any_of[:1]


def _marks(record: Record, path: str) -> _Marks:
    cited = zip(record.citations, record.answer.get("citations", ()), strict=True)
    gold = (at for piece in record.case.gold for at in piece.stretches if not at.whole)
    return _Marks(
        tuple((Span(at.start, at.end), one["number"]) for at, one in cited if at.path == path),
        tuple(Span(at.start, at.end) for at in gold if at.path == path),
    )


def _of_article(
    path: str, quotes: Iterable[Quote], marks: _Marks, texts: Texts
) -> Iterator[Context]:
    title = texts[path].title if path in texts else ""
    windows: dict[Excerpt, list[Span]] = defaultdict(list)
    for quote in quotes:
        source = _source(quote, texts)
        windows[source].append(_window(quote.at, source))
    for source in sorted(windows, key=lambda one: one.start):
        for window in merged(windows[source]):
            pieces = tuple(_pieces(source, window, marks))
            yield Context(path, title, window.start, window.end, pieces)


def _source(quote: Quote, texts: Texts) -> Excerpt:
    # What is kept is shown only where it bears the quote out.
    held = texts[quote.at.path].holding(quote.at) if quote.at.path in texts else None
    if held and held.of(quote.at) == quote.text:
        return held
    return Excerpt(quote.at.start, quote.text)


def _window(place: Stretch, source: Excerpt) -> Span:
    """The place with its margin, from a whole word to a whole word."""
    first = max(source.start, place.start - MARGIN)
    last = min(source.end, place.end + MARGIN)
    before = source.of(Span(first, place.start))
    after = source.of(Span(place.end, last))
    if first > source.start and " " in before:
        first += before.index(" ") + 1
    if last < source.end and " " in after:
        last -= len(after) - after.rindex(" ")
    return Span(first, last)


def _pieces(source: Excerpt, window: Span, marks: _Marks) -> Iterator[Piece]:
    spans = [*marks.gold, *(span for span, _ in marks.cited)]
    edges = {window.start, window.end, *(edge for one in spans for edge in (one.start, one.end))}
    cuts = sorted(edge for edge in edges if window.start <= edge <= window.end)
    for start, end in pairwise(cuts):
        yield Piece(
            source.of(Span(start, end)),
            cited=any(span.start <= start and end <= span.end for span, _ in marks.cited),
            gold=any(span.start <= start and end <= span.end for span in marks.gold),
            numbers=tuple(number for span, number in marks.cited if span.end == end),
        )
