"""A question that asks two things → what it asks, one by one.

"What did Kerry say in January, and what in August?" needs two sentences that have little in common
with each other, and less with the whole question: each part is searched for and answered by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.names import last_name, with_name
from assistant.words import question_words
from index.article import Hit

ENOUGH_WORDS = 2
"""A part with fewer words of its own ("and when?") is no question without the rest."""

_ASKING = (
    r"(?:(?:in|on|at|by|for|to|with|from|about)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b"
)
_BETWEEN = re.compile(rf"(?:,|;)?\s+and\s+(?={_ASKING})|(?<=\?)\s+(?={_ASKING})", re.IGNORECASE)
_NAME = r"[A-ZÀ-Þ][\w'’-]*(?:\s[A-ZÀ-Þ][\w'’-]*)?"
_SPEAKERS = re.compile(
    rf"\b(?P<before>(?:do|does|did|how|according to|compare|are|were|of|is)\s+)"
    rf"(?P<one>{_NAME})(?P<between>,?\s+and\s+)(?P<other>{_NAME})(?=[\s,?]|$)"
)
_TELLING = re.compile(
    r"\b(?:say|said|think|thought|tell|talk|view|argue|claim|believe|explain|describe|propose"
    r"|recommend|expect|see|want|disagree|differ|compare|according|opinions?|positions?|judge)\w*\b",
    re.IGNORECASE,
)


def parts(question: str) -> tuple[str, ...]:
    """What ``question`` asks, each so that it stands alone; the question itself if one thing."""
    asked = [piece.strip(" ,;") for piece in _BETWEEN.split(question)]
    if len(asked) == 1 or any(len(question_words(piece)) < ENOUGH_WORDS for piece in asked):
        return _by_speaker(question)
    person = last_name([asked[0]])
    return (asked[0], *(with_name(piece, person) for piece in asked[1:]))


def _by_speaker(question: str) -> tuple[str, ...]:
    """One question for each of two persons whose words are asked for."""
    found = _SPEAKERS.search(question)
    if not found or not _TELLING.search(question):
        return (question,)
    head, tail = question[: found.end("before")], question[found.end() :]
    return tuple(f"{head}{found[name]}{tail}" for name in ("one", "other"))


def each_part(question: str, search: Callable[[str], list[Hit]]) -> list[Hit]:
    """The hits of the whole question and of its parts in turn, each once, best first."""
    asked = parts(question)
    rankings = [search(one) for one in dict.fromkeys((*asked, question))]
    found: dict[tuple[str, int], Hit] = {}
    for rank in range(max(map(len, rankings))):
        for hit in (hits[rank] for hits in rankings if rank < len(hits)):
            found.setdefault((hit.passage.article.id, hit.passage.start), hit)
    return list(found.values())
