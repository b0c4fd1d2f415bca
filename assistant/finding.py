"""Scope → hits: what is searched for a question, or why nothing can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer import Abstention, Reason
from assistant.scope import Scope, lacking, understand, unheard
from index.article import Article, Hit
from index.filtering import ALWAYS, EVERYTHING, Filter

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Entry

FAVOUR = 1.1
"""What the score of a preferred article's hit is multiplied by."""

_SPARE = 2
"""So many times more hits are looked at where some are favoured."""


def scope_of(question: str, given: Filter, library: Library, today: date) -> Scope:
    """The scope of the question under the filter given beside it."""
    register = library.register()
    scope = understand(question, register.holdings, today).inside(given)
    preferred = scope.preferred
    verdicts: set[bool] = set()
    for entry in register.entries if preferred else ():
        if preferred.published == ALWAYS or entry.metadata.published:
            verdicts.add(likes(preferred, entry))
        if len(verdicts) == 2:
            return scope
    return replace(scope, preferred=EVERYTHING)  # all whose date is known are alike


def out_of_scope(scope: Scope, library: Library) -> Abstention | None:
    """The refusal where the corpus has nothing of what the scope asks for."""
    register = library.register()
    if scope.within and not register.holds(scope.within):
        return Abstention(Reason.OUT_OF_SCOPE, lacking(scope.within, register.holdings))
    if scope.unheard and not any(map(library.frequency, scope.unheard)):
        return Abstention(Reason.OUT_OF_SCOPE, unheard(scope.unheard, register.holdings))
    return None


def find(question: str, scope: Scope, library: Library, k: int) -> list[Hit]:
    """The ``k`` best hits within the scope, those of preferred articles favoured."""
    if not scope.preferred:
        return library.search_in(scope.within, question, k)
    return favoured(library.search_in(scope.within, question, _SPARE * k), scope.preferred)[:k]


def favoured(hits: Sequence[Hit], preferred: Filter) -> list[Hit]:
    """The hits, best first, once those of preferred articles are scored up."""

    def score(hit: Hit) -> float:
        return hit.score * (FAVOUR if likes(preferred, hit.passage.article) else 1.0)

    return sorted(hits, key=score, reverse=True)


def likes(preferred: Filter, one: Article | Entry) -> bool:
    """Whether an article is preferred. One that is undated may be so for its author."""
    if one.metadata.published is None and (preferred.authors or preferred.publishers):
        preferred = replace(preferred, published=ALWAYS)
    return preferred.admits(one.id, one.metadata, one.paths)
