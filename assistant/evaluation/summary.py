"""Records → figures with intervals, for all questions and for a part of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.intervals import Estimate, estimate
from assistant.evaluation.metrics import f1, kappa, median, percentile_95
from assistant.evaluation.scoring import Record, Result, measures, result

Summary = Mapping[str, Estimate]
"""Figure by name; what is defined for no record is absent."""


def summarise(records: Iterable[Record], k: int) -> Summary:
    """The mean of each measure over the records for which it is defined, and what is no mean:
    the abstention's F1, the percentiles of latency, and how far a judge agrees with the rest.
    """
    records = tuple(records)
    scored = [measures(record, k) for record in records]
    values: dict[str, list[float]] = defaultdict(list)
    for found in scored:
        for name, value in found.items():
            values[name].append(value)
    latencies = values.pop("latency_ms", [])
    summary = {name: estimate(found) for name, found in values.items()}
    return summary | _abstention_f1(records) | _judge(scored) | _latency(latencies)


def _abstention_f1(records: Sequence[Record]) -> dict[str, Estimate]:
    # Without a question of both kinds the figure would say nothing.
    pairs = [
        (record.refused, not record.case.answerable)
        for record in records
        if not record.case.false_premise
    ]
    if {should for _, should in pairs} != {True, False}:
        return {}
    return {"abstention_f1": estimate(pairs, f1)}


def _judge(scored: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    pairs = [(one["judged_right"], one["correctness"]) for one in scored if "judged_right" in one]
    return {"judge_kappa": estimate(pairs, kappa)} if pairs else {}


def _latency(latencies: Sequence[float]) -> dict[str, Estimate]:
    if not latencies:
        return {}
    return {
        "latency_p50_ms": estimate(latencies, median),
        "latency_p95_ms": estimate(latencies, percentile_95),
    }


def by_type(records: Iterable[Record]) -> dict[str, tuple[Record, ...]]:
    """The records of each type of question, types in the order of the test set."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.case.type].append(record)
    return {name: tuple(group) for name, group in groups.items()}


def by_tag(records: Iterable[Record]) -> dict[str, tuple[Record, ...]]:
    """The records of each tag, the most frequent first; a record is under each of its tags."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for tag in dict.fromkeys(record.case.tags):
            groups[tag].append(record)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return {name: tuple(group) for name, group in ordered}


def by_result(records: Iterable[Record]) -> dict[Result, tuple[Record, ...]]:
    """The records of each result that occurs, in the order of :class:`Result`."""
    records = tuple(records)
    groups = {one: tuple(r for r in records if result(r) is one) for one in Result}
    return {one: group for one, group in groups.items() if group}
