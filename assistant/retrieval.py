"""Question → evidence: what is searched, in which articles, and how much of it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.evidence import Evidence, gather
from assistant.understanding.question import Intent, Question
from index.article import Hit
from index.filtering import Filter

if TYPE_CHECKING:
    from index.library import Library

FAVOUR = 1.1
"""What the score of a preferred article's hit is multiplied by."""

COPIES = 3
"""So many times more hits are looked at than are read: they tell where copies lie."""

OVERVIEWED = 5
"""Articles that one overview reads at most."""


def retrieve(question: Question, library: Library, passages: int, budget: int) -> Evidence:
    """The evidence for a question: at most ``passages`` passages and ``budget`` tokens.

    Raises ``CorpusError`` where nothing is indexed, ``RerankingError``, ``EmbeddingError``.
    """
    if question.intent is Intent.OVERVIEW and (hits := _beginnings(question, library)):
        return gather(hits, budget)
    return gather(search(question, library, COPIES * passages), budget, passages)


def search(question: Question, library: Library, k: int) -> list[Hit]:
    """The ``k`` best hits for all of the question's queries, those of preferred articles favoured.

    Several queries take turns, so that each part of a question brings its best.
    """
    scope = question.scope
    queries = question.queries or (question.standalone,)
    found = [
        _favoured(library.search_in(scope.within, query, k), scope.preferred) for query in queries
    ]
    return _in_turn(found)[:k]


def _in_turn(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    if len(rankings) == 1:
        return list(rankings[0])
    hits: dict[int, Hit] = {}
    for place in range(max(map(len, rankings), default=0)):
        for ranking in rankings:
            if place < len(ranking):
                hits.setdefault(ranking[place].passage.id, ranking[place])
    return list(hits.values())


def _favoured(hits: list[Hit], preferred: Filter) -> list[Hit]:
    if not preferred:
        return hits
    scored = [
        replace(hit, score=hit.score * FAVOUR) if _admits(preferred, hit) else hit for hit in hits
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def _admits(preferred: Filter, hit: Hit) -> bool:
    article = hit.passage.article
    return preferred.admits(article.id, article.metadata, article.paths)


def _beginnings(question: Question, library: Library) -> list[Hit]:
    """The passages of the articles asked about, in the order of their texts; empty where the
    question names none, or too many to be read as a whole."""
    entries = library.register().articles(question.scope.within) if question.scope.within else []
    if not 1 <= len(entries) <= OVERVIEWED:
        return []
    return [Hit(passage, 1.0) for one in entries for passage in library.passages(one.id)]
