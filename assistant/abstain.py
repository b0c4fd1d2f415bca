"""Refusals that help: what was looked for, and what the corpus does hold nearby."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Abstention, Consulted, Reason
from assistant.evidence import Evidence, source
from index.article import Hit

SHOWN = 3
"""How many articles a refusal names."""

_OPENINGS = {
    Reason.NOTHING_RELEVANT: "The articles do not seem to answer this question.",
    Reason.NOT_ANSWERED: "The nearest passages were read, and none of them answers this question.",
    Reason.UNANSWERABLE: "The nearest passages were read, and the language model judges that the "
    "answer is not in them.",
    Reason.NOT_SUPPORTED: "An answer was drafted, but nothing in the articles supports it.",
}


def abstain(reason: Reason, evidence: Evidence, unknown: Sequence[str] = ()) -> Abstention:
    """The refusal for this reason. ``unknown``: words of the question that no article holds."""
    parts = [_OPENINGS[reason]]
    if unknown:
        words = " or ".join(f"“{word}”" for word in unknown)
        parts.append(f"None of them mentions {words}.")
    articles = list({article.id: article for article, _ in evidence.articles()}.values())
    if articles:
        parts.append(f"Nearest: {'; '.join(source(article) for article in articles[:SHOWN])}.")
    return Abstention(reason, " ".join(parts))


def consulted(hits: Sequence[Hit]) -> tuple[Consulted, ...]:
    """The passages read, best first."""
    return tuple(
        Consulted(hit.passage.article, hit.passage.start, hit.passage.end, hit.score)
        for hit in hits
    )
