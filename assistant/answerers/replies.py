"""Replies that need no search: to a greeting, an unclear question, a filter that admits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import Outcome, described
from assistant.draft import Conclusion
from assistant.understanding.question import Intent, Question

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Holdings, Register

NAMED = 5
"""Authors, or publishers, that a reply names."""


def reply_without_search(question: Question, library: Library) -> Conclusion | None:
    """What is to be said at once; ``None`` where the articles have to be searched."""
    register = library.register()
    if question.unclear:
        return Conclusion(Outcome.UNCLEAR, message=question.unclear, choices=question.choices)
    if question.intent is Intent.TALK:
        return Conclusion(
            Outcome.UNCLEAR, message=_greeting(register), choices=suggestions(register)
        )
    if question.scope.within and not register.holds(question.scope.within):
        return Conclusion(Outcome.NOT_FOUND, message=_nothing_admitted(question, register))
    return None


def suggestions(register: Register) -> tuple[str, ...]:
    """Questions that can be put to these articles, whatever they are about."""
    held = register.holdings
    found = ["Which articles are the newest?"] if held.days else []
    titled = [entry for entry in register.entries if entry.metadata.title]
    if titled:
        found.append(f"What is “{titled[-1].metadata.title}” about?")
    if held.authors:
        found.append(f"Which articles did {held.authors[0]} write?")
    return tuple(found)


def _greeting(register: Register) -> str:
    count = register.holdings.articles
    articles = "1 article" if count == 1 else f"{count:,} articles"
    return (
        f"I answer questions about {articles}, and every sentence of an answer opens the passage "
        "that it rests on. You can ask, for example:"
    )


def _nothing_admitted(question: Question, register: Register) -> str:
    held = register.holdings
    within = question.scope.within
    said = [f"There are no {_lower(described(within))}."]
    if any(within.published):
        said.append(_dates(held))
    if within.authors and held.authors:
        said.append(f"Authors: {_some(held.authors)}.")
    if within.publishers and held.publishers:
        said.append(f"Publishers: {_some(held.publishers)}.")
    return " ".join(part for part in said if part)


def _dates(held: Holdings) -> str:
    if not held.days:
        return "No article has a date."
    first, last = held.days[0], held.days[-1]
    said = f"The dated articles are from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    undated = f"; {held.undated} without a date are excluded" if held.undated else ""
    return f"{said}{undated}."


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
