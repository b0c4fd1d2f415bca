"""How far the confidence that there is an answer can be believed.

Every question that an assistant estimated counts, but those with a false premise: whether they
have an answer is not what was estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from assistant.evaluation.scoring import Record

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
