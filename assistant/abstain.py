"""Refusals that help: what was looked for, and what the corpus does hold nearby."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Abstention, Consulted, Reason
from assistant.checks.kinds import Kind, asked_for
from assistant.evidence import Evidence, source
from assistant.premise import asked_whether
from assistant.words import as_written, words
from index.article import Hit

SHOWN = 3
"""How many articles a refusal names."""

WORDS = 6
"""How many words of the question it repeats."""

_OPENINGS = {
    Reason.NOTHING_RELEVANT: "The articles do not seem to answer this question.",
    Reason.NOT_ANSWERED: "The nearest passages were read, and none of them answers this question.",
    Reason.UNANSWERABLE: "The nearest passages were read, and the language model judges that the "
    "answer is not in them.",
    Reason.NOT_SUPPORTED: "An answer was drafted, but nothing in the articles supports it.",
}


def abstain(
    reason: Reason, evidence: Evidence, unknown: Sequence[str] = (), question: str = ""
) -> Abstention:
    """The refusal for this reason.

    ``unknown``: words of the question that no article holds, in any form. With the ``question``
    the message says what was looked for.
    """
    kind = asked_for(question) if reason is Reason.NOT_ANSWERED else None
    parts = [_OPENINGS[reason], _looked_for(question, unknown, kind)]
    articles = list({article.id: article for article, _ in evidence.articles()}.values())
    if articles:
        parts.append(f"Nearest: {'; '.join(source(article) for article in articles[:SHOWN])}.")
    return Abstention(reason, " ".join(part for part in parts if part))


def wrong_premise(question: str, unknown: Sequence[str] = ()) -> Abstention:
    """The refusal of a question for what it takes for granted; what the articles say is to follow.

    ``unknown``: its words that no article holds, where that is why.
    """
    whether = asked_whether(question)
    if unknown:
        none = f"none mentions {_listed(unknown, 'or')}"
        said = f"No article says so in these words: {none}. What they do say:"
    elif whether:
        said = "The articles say otherwise:"
    else:
        said = "The question takes for granted what the articles do not say. What they do say:"
    return Abstention(Reason.FALSE_PREMISE, f"{whether} {said}".strip())


def _looked_for(question: str, unknown: Sequence[str], kind: Kind | None) -> str:
    """Which words were looked for, and which of them no article has; of what kind the answer is."""
    asked = as_written(question)[:WORDS]
    missing = [
        word for word in asked or unknown if words(word)[:1] and set(words(word)) & {*unknown}
    ]
    absent = f"none of them mentions {_listed(missing, 'or')}" if missing else ""
    if not asked:
        return f"{absent[:1].upper()}{absent[1:]}." if absent else ""
    if missing == asked:
        return f"None of them mentions {_listed(asked, 'or')}."
    sought = f"Looked for {_listed(asked, 'and')}" + (f", and for a {kind}" if kind else "")
    return f"{sought}{absent and f'; {absent}'}."


def _listed(said: Sequence[str], last: str) -> str:
    quoted = [f"“{word}”" for word in said]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def consulted(hits: Sequence[Hit]) -> tuple[Consulted, ...]:
    """The passages read, best first."""
    return tuple(
        Consulted(hit.passage.article, hit.passage.start, hit.passage.end, hit.score)
        for hit in hits
    )
