"""How far the confidence of answers can be believed, and what answering from which one on costs.

Every question that an assistant estimated counts, but those with a false premise: whether they
have an answer is not what was estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from assistant.evaluation.metrics import citation_recall
from assistant.evaluation.scoring import Record, Result, confidence_of, result

BINS = 10

Estimates = Sequence[tuple[float, bool]]
"""Confidence, and whether there was an answer."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with much the same confidence."""

    confidence: float
    """Their mean."""
    answerable: float
    """Share of those with an answer."""
    low: float
    high: float
    """95 % interval of that share (Wilson, Journal of the American Statistical Association 22,
    1927): unlike a bootstrap's it does not vanish where all or none have one."""
    count: int


def estimates(records: Iterable[Record]) -> Estimates:
    """What was estimated, and what was so."""
    return [
        (record.confidence, record.case.answerable)
        for record in records
        if record.confidence is not None and not record.case.false_premise
    ]


def bins(pairs: Estimates) -> list[Bin]:
    """The estimates in ``BINS`` bins of equal width, those that are not empty."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for pair in pairs:
        groups[min(int(pair[0] * BINS), BINS - 1)].append(pair)
    return [_bin(group) for group in groups if group]


def _bin(group: Estimates) -> Bin:
    count = len(group)
    share = sum(answerable for _, answerable in group) / count
    low, high = wilson(share, count)
    return Bin(sum(confidence for confidence, _ in group) / count, share, low, high, count)


def wilson(share: float, count: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % score interval of a share of ``count`` cases."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    spread = z * sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2) / (1 + z * z / count)
    return max(0.0, middle - spread), min(1.0, middle + spread)


def brier(pairs: Estimates) -> float:
    """Mean squared distance of confidence and truth: 0 is perfect, always saying 0.5 gives 0.25.

    Brier, Monthly Weather Review 78 (1950). There must be a pair.
    """
    return sum((confidence - answerable) ** 2 for confidence, answerable in pairs) / len(pairs)


def calibration_error(pairs: Estimates) -> float:
    """Mean distance of a bin's confidence and share, each bin with its weight.

    Naeini, Cooper and Hauskrecht, AAAI 2015 (expected calibration error). There must be a pair.
    """
    return sum(one.count * abs(one.confidence - one.answerable) for one in bins(pairs)) / len(pairs)


@dataclass(frozen=True, slots=True)
class Point:
    """What would be answered if every question with at least this confidence were."""

    threshold: float
    coverage: float
    """Share of all questions asked that are answered; one asked again without its gold articles
    counts as another."""
    risk: float
    """Share of those answered that no gold is cited for, or that have no answer at all."""
    answered: float | None
    """Share of the answerable questions that are answered; ``None`` if there is none."""
    answered_without_gold: float | None
    """The same of those asked again without their gold articles."""


TENTHS = tuple(tenth / 10 for tenth in range(10))


@dataclass(frozen=True, slots=True)
class _Asking:
    confidence: float
    good: bool
    answerable: bool
    again: bool


def risk_coverage(records: Iterable[Record], thresholds: Sequence[float] = ()) -> tuple[Point, ...]:
    """Risk and coverage at the thresholds, by default at every confidence, the highest first.

    El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification (Journal of
    Machine Learning Research 11, 2010). Empty where nothing was estimated.
    """
    records = tuple(records)
    if not estimates(records):
        return ()
    asked = [one for record in records for one in _askings(record)]
    known = sorted({one.confidence for one in asked if one.confidence > 0}, reverse=True)
    return tuple(
        _point(threshold, asked)
        for threshold in thresholds or known
        if any(one.confidence >= threshold for one in asked)
    )


def _askings(record: Record) -> Iterator[_Asking]:
    case = record.case
    if record.answer and not case.false_premise:
        confidence = _certain(record.confidence, record.answered)
        yield _Asking(confidence, case.answerable and _is_good(record), case.answerable, False)
    if record.without_gold:
        confidence = _certain(confidence_of(record.without_gold), record.answered_without_gold)
        yield _Asking(confidence, False, False, True)


def _certain(confidence: float | None, answered: bool | None) -> float:
    """What was not estimated is answered at every threshold, or at none."""
    return float(bool(answered)) if confidence is None else confidence


def _is_good(record: Record) -> bool:
    if record.case.gold:
        return citation_recall(record.citations, record.case.gold) > 0
    return result(record) is Result.CORRECT


def _point(threshold: float, asked: Sequence[_Asking]) -> Point:
    taken = [one for one in asked if one.confidence >= threshold]
    return Point(
        threshold,
        len(taken) / len(asked),
        sum(not one.good for one in taken) / len(taken),
        _share([one.confidence >= threshold for one in asked if one.answerable]),
        _share([one.confidence >= threshold for one in asked if one.again]),
    )


def _share(taken: Sequence[bool]) -> float | None:
    return sum(taken) / len(taken) if taken else None
