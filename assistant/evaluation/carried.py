"""Do an answer's citations carry its statements: ALCE's citation recall and precision.

Gao, Yen, Yu and Chen, Enabling Large Language Models to Generate Text with Citations (EMNLP 2023),
section 3, with :func:`assistant.support.check` in the place of their entailment model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.answer import Support
from assistant.evidence import EvidenceSentence
from assistant.support import check
from index.article import Article, Metadata, Span


def carried(answer: Mapping[str, Any]) -> dict[str, float]:
    """``alce_recall`` and, where there is a citation, ``alce_precision`` of an answer in its JSON
    form with one statement at least.

    Recall: the share of the statements that their citations together carry. Precision: the share
    of the citations (counted once for each statement) that are needed: those of a statement that
    is carried, unless the others carry it too and this one alone does not.
    """
    sources = {one["number"]: _sentence(one) for one in answer["citations"]}
    recalled, needed = [], []
    for statement in answer["statements"]:
        claim = statement["text"].removeprefix(statement.get("introduction", "")).lstrip()
        cited = [sources[number] for number in statement["citations"]]
        recalled.append(_carries(cited, claim))
        needed += [recalled[-1] and _is_needed(place, cited, claim) for place in range(len(cited))]
    found = {"alce_recall": sum(recalled) / len(recalled)}
    return found | ({"alce_precision": sum(needed) / len(needed)} if needed else {})


def _is_needed(place: int, cited: Sequence[EvidenceSentence], statement: str) -> bool:
    alone = _carries([cited[place]], statement)
    return alone or not _carries([*cited[:place], *cited[place + 1 :]], statement)


def _carries(cited: Sequence[EvidenceSentence], statement: str) -> bool:
    return check(statement, cited) is Support.SUPPORTED


def _sentence(citation: Mapping[str, Any]) -> EvidenceSentence:
    """The cited characters as the check takes them, from what the citation itself says."""
    metadata = Metadata(
        title=citation["title"],
        authors=tuple(citation["authors"]),
        published=citation["published"] and date.fromisoformat(citation["published"]),
        publisher=citation["publisher"],
    )
    quote = citation["quote"]
    article = Article(citation["article_id"], quote, metadata, (citation["path"],))
    return EvidenceSentence(citation["number"], article, Span(0, len(quote)), "", 0.0)
