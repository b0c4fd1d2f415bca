"""Questions about the articles themselves: who wrote one, when, where; what somebody wrote.

Answered from metadata, each answer citing the line of the text that states it. Anything else is
left to search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answerer import Draft
from assistant.evidence import Evidence, EvidenceSentence, source
from assistant.words import FUNCTION_WORDS, content_stems, fold, stem, words
from index.article import Metadata

if TYPE_CHECKING:
    from index.library import Library

ENOUGH_OF_TITLE = 0.75
"""The share of a title's content words that names the article, where it is not quoted whole."""

_WHO = re.compile(r"^who (?:wrote|authored|is the author|are the authors|was the author)\b|^whose ")
_WHEN = re.compile(r"^(?:when|(?:on )?(?:what|which) (?:date|day))\b.*\b(?:publish|writ|appear)")
_WHERE = re.compile(
    r"^(?:where|(?:by|in) (?:whom|what|which)|who|(?:what|which) \w+)\b.*\b(?:publish|appear)"
)
_WROTE = re.compile(
    r"\b(?:articles?|pieces?|stories|texts?|what)\b.*\b(?:by|wrote|write|writes|written|authored)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """An article's metadata as the catalogue has it."""

    id: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class AboutArticles:
    """An answer from metadata: the stating lines as evidence, and drafts that cite them."""

    evidence: Evidence
    drafts: tuple[Draft, ...]


def about(question: str, library: Library) -> AboutArticles | None:
    """The answer from metadata; ``None`` where the question is not of that kind, or where no
    line of a text states what is asked."""
    asked = fold(question).strip()
    for pattern, field, subjects in _KINDS:
        if pattern.search(asked):
            found = [
                known
                for known in subjects(asked, list(_all(library)))
                if field in known.metadata.stated
            ]
            if found:
                return _state(found, field, library)
    return None


def _all(library: Library) -> Iterator[Known]:
    for id, metadata, _ in library.metadata():
        yield Known(id, metadata)


def _by_title(question: str, articles: list[Known]) -> list[Known]:
    """The article whose title the question names; none if two fit equally."""
    stems = {stem(word) for word in words(question)}
    scores = {known.id: _title_share(known, stems) for known in articles}
    best = max(scores.values(), default=0.0)
    found = [known for known in articles if scores[known.id] == best]
    return found if best >= ENOUGH_OF_TITLE and len(found) == 1 else []


def _title_share(known: Known, stems: set[str]) -> float:
    title = content_stems(known.metadata.title or "")
    return sum(one in stems for one in title) / len(title) if len(title) > 1 else 0.0


def _by_author(question: str, articles: list[Known]) -> list[Known]:
    """The articles of the authors whom the question names, newest first."""
    asked = set(words(question))
    found = [
        known
        for known in articles
        if any(_names(author, asked) for author in known.metadata.authors)
    ]
    return sorted(found, key=lambda known: str(known.metadata.published or ""), reverse=True)


def _names(author: str, asked: set[str]) -> bool:
    """Whether the words asked hold the author's last name and no other first name."""
    parts = [word for word in words(author) if word not in FUNCTION_WORDS]
    return bool(parts) and parts[-1] in asked


_KINDS: tuple[tuple[re.Pattern[str], str, Callable[[str, list[Known]], list[Known]]], ...] = (
    (_WHO, "authors", _by_title),
    (_WHEN, "published", _by_title),
    (_WHERE, "publisher", _by_title),
    (_WHERE, "url", _by_title),
    (_WROTE, "authors", _by_author),
)


def _state(found: list[Known], field: str, library: Library) -> AboutArticles:
    sentences, drafts = [], []
    for number, known in enumerate(found, start=1):
        article = library.article(known.id)
        span = known.metadata.stated[field]
        sentences.append(EvidenceSentence(number, article, span, "", 1.0))
        drafts.append(Draft(_SAYS[field](known.metadata, source(article)), (number,)))
    return AboutArticles(Evidence((), tuple(sentences)), tuple(drafts))


_SAYS: dict[str, Callable[[Metadata, str], str]] = {
    "authors": lambda known, source: f"{source} is by {' and '.join(known.authors)}.",
    "published": lambda known, source: f"{source} was published on {known.published:%-d %B %Y}.",
    "publisher": lambda known, source: f"{source} was published by {known.publisher}.",
    "url": lambda known, source: f"{source} was published at {known.url}.",
}
