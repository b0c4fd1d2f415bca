"""Why a question went as it did, in a sentence or two for a person."""

from __future__ import annotations

from math import inf

from assistant.answer import Outcome
from assistant.evaluation import metrics
from assistant.evaluation.scoring import Record, Result, result

_REFUSED = {
    Outcome.CLOSEST: "Only the closest passages were shown",
    Outcome.NOT_FOUND: "Refused: nothing was found",
    Outcome.UNCLEAR: "The question was asked back",
}


def reason(record: Record) -> str:
    """What the result means for this question."""
    found = result(record)
    if found is Result.NOT_ASKED:
        return f"Only retrieval was measured.{_gold(record)}"
    if found is Result.FAILED:
        return f"The answerer failed: {record.error}"
    return f"{_told(record, found)}{_again(record)}"


def _told(record: Record, found: Result) -> str:
    if record.refused:
        return f"{_refused(record)}{_gold(record) if record.case.answerable else ''}"
    if not record.case.answerable:
        return _answered(record)
    if found is Result.CORRECT:
        return f"The answer says what it must.{_gold(record)}"
    return f"{_missing(record)}{_gold(record)}"


def _refused(record: Record) -> str:
    right = "" if record.case.answerable else ", and rightly so"
    outcome = record.outcome
    return f"{_REFUSED[outcome] if outcome else ''}{right}.{_confidence(record)}"


def _answered(record: Record) -> str:
    if record.case.false_premise:
        return (
            f"The question takes for granted what is not so, and was answered.{_confidence(record)}"
        )
    return f"The articles hold no answer, and one was given.{_confidence(record)}"


def _confidence(record: Record) -> str:
    value = record.confidence
    return "" if value is None else f" Confidence that it is an answer: {value:.0%}."


def _again(record: Record) -> str:
    if record.answered_without_gold is None:
        return ""
    was = "still answered" if record.answered_without_gold else "refused"
    return f" Without its gold articles it was {was}."


def _missing(record: Record) -> str:
    groups = record.case.must_contain
    lacking = [group for group in groups if not metrics.contains_all(record.said, [group])]
    if not lacking:
        return "Not every piece of gold is cited."
    said = "; ".join(" or ".join(f"“{text}”" for text in group) for group in lacking)
    return f"The answer lacks {said}."


def _gold(record: Record) -> str:
    gold = record.case.gold
    if not gold:
        return ""
    found = metrics.span_ranks(gold, record.retrieved)
    read = sum(rank < inf for rank in metrics.span_ranks(gold, record.read))
    cited = round(metrics.citation_recall(record.citations, gold) * len(gold))
    ranks = ", ".join("not found" if rank == inf else f"rank {rank:.0f}" for rank in found)
    pieces = "1 piece of gold" if len(gold) == 1 else f"{len(gold)} pieces of gold"
    then = f", {read} read, {cited} cited" if record.asked else ""
    return f" {pieces}: {ranks} in the search{then}."
