"""Why a question went as it did, in a sentence or two for a person."""

from __future__ import annotations

from math import inf

from assistant.evaluation import metrics
from assistant.evaluation.scoring import Outcome, Record, outcome


def reason(record: Record) -> str:
    """What the outcome means for this question."""
    found = outcome(record)
    if found is Outcome.NOT_ASKED:
        return f"Only retrieval was measured.{_gold(record)}"
    if found is Outcome.FAILED:
        return f"The answerer failed: {record.error}"
    if record.abstained:
        return f"{_refused(record)}{_gold(record) if record.case.answerable else ''}"
    if not record.case.answerable:
        return _answered(record)
    if found is Outcome.CORRECT:
        return f"The answer says what it must.{_gold(record)}"
    return f"{_missing(record)}{_gold(record)}"


def _refused(record: Record) -> str:
    why = str((record.answer.get("abstention") or {}).get("reason", "")).replace("_", " ")
    right = "" if record.case.answerable else ", and rightly so"
    return f"Refused ({why or 'no reason given'}){right}.{_confidence(record)}"


def _answered(record: Record) -> str:
    if record.case.false_premise:
        return (
            f"The question takes for granted what is not so, and was answered.{_confidence(record)}"
        )
    return f"The articles hold no answer, and one was given.{_confidence(record)}"


def _confidence(record: Record) -> str:
    value = record.confidence
    return "" if value is None else f" Estimated before answering: {value:.0%} that there is one."


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
