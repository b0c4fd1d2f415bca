"""Gold and the corpus: where quotes stand, and whether they still do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from assistant.errors import TestSetError
from assistant.evaluation.cases import Quote, Stretch, TestCase
from index.article import Article, Metadata


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Gold that the corpus no longer bears out."""

    case_id: str
    quote: Quote
    problem: str

    def __str__(self) -> str:
        return f"{self.case_id}: {self.quote.at}: {self.problem}"


class Articles(Protocol):
    """What :func:`check` needs of a library."""

    def metadata(self) -> Iterator[tuple[str, Metadata, tuple[str, ...]]]:
        """Id, metadata and paths of every article."""

    def article(self, id: str) -> Article:
        """The article with this id."""


def check(cases: Iterable[TestCase], articles: Articles) -> tuple[Unresolved, ...]:
    """Which gold does not stand in the corpus at its place, in order."""
    quotes = [(case.id, quote) for case in cases for gold in case.gold for quote in gold.any_of]
    wanted = {quote.at.path for _, quote in quotes if not quote.at.whole}
    ids = {path: id for id, _, paths in articles.metadata() for path in paths}
    texts = {path: articles.article(ids[path]).text for path in wanted & ids.keys()}
    lost = [(id, quote) for id, quote in quotes if not _stands(quote, ids, texts)]
    moved = _search({quote.text for _, quote in lost if quote.text}, articles) if lost else {}
    return tuple(Unresolved(id, quote, _problem(quote, ids, moved)) for id, quote in lost)


def _stands(quote: Quote, ids: Mapping[str, str], texts: Mapping[str, str]) -> bool:
    at = quote.at
    if at.whole:
        return at.path in ids
    return texts.get(at.path, "")[at.start : at.end] == quote.text


def _search(quotes: Collection[str], articles: Articles) -> dict[str, list[Stretch]]:
    """Where each quote stands now: once an article at most, an article at a time."""
    found: dict[str, list[Stretch]] = {}
    for id, _, paths in articles.metadata():
        text = articles.article(id).text
        for quote in quotes:
            if (start := text.find(quote)) >= 0:
                places = [Stretch(path, start, start + len(quote)) for path in paths]
                found.setdefault(quote, []).extend(places)
    return found


def _problem(quote: Quote, ids: Mapping[str, str], moved: Mapping[str, list[Stretch]]) -> str:
    places = moved.get(quote.text, [])
    here = [one for one in places if one.path == quote.at.path]
    if here:
        return f"the quote stands at {here[0].start}-{here[0].end} now"
    elsewhere = f"; the quote stands in {places[0]}" if places else ""
    if quote.at.path not in ids:
        return f"no such article{elsewhere}"
    return f"the quote does not stand in the article any more{elsewhere}"


class Places:
    """Where quotes stand in the articles."""

    def __init__(self, articles: Articles | None = None) -> None:
        self._articles = articles
        self._ids: dict[str, str] | None = None

    def only(self, quote: str, path: str, where: str) -> Stretch:
        """The one place of ``quote``: in the article at ``path``, or in any if that is empty.

        Raises ``TestSetError``, which names ``where``, if there is none or more than one.
        """
        found = list(islice(self._all(quote, path, where), 2))
        if not found:
            raise TestSetError(
                f"{where}: the quote stands in no article{path and f' at {path}'}: copy it from "
                "there character for character, no-break spaces and line breaks too."
            )
        if len(found) > 1:
            raise TestSetError(
                f"{where}: the quote stands at {found[0]} and at {found[1]}: make it longer, "
                "or give path, start and end."
            )
        return found[0]

    def _all(self, quote: str, path: str, where: str) -> Iterator[Stretch]:
        if self._articles is None:
            raise TestSetError(f"{where}: a quote without start and end needs the articles.")
        if self._ids is None:
            listed = self._articles.metadata()
            self._ids = {place: id for id, _, paths in listed for place in paths[::-1]}
        # The same text at several paths is one article, known by its first path.
        if path:
            ids = [self._ids[path]] if path in self._ids else []
        else:
            ids = sorted({*self._ids.values()})
        for article in map(self._articles.article, ids):
            yield from _finds(quote, path or article.path, article.text)


def _finds(quote: str, path: str, text: str) -> Iterator[Stretch]:
    start = text.find(quote)
    while start >= 0:
        yield Stretch(path, start, start + len(quote))
        start = text.find(quote, start + 1)
