"""How sure a figure is: bootstrap intervals, and whether two runs differ.

Efron and Tibshirani, An Introduction to the Bootstrap (1993): percentile intervals, chapter 13;
paired sign-flip test, chapter 15. Seeded: the same run gives the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assistant.evaluation.metrics import Floats, mean

RESAMPLES = 2_000
_BLOCK = 100  # resamples held in memory at once
_SEED = 20_160_421

Statistic = Callable[[Floats], Floats]
"""Rows of samples → one value a row."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int
    """How many cases it rests on."""

    def as_dict(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high, "count": self.count}


def estimate(values: ArrayLike, statistic: Statistic = mean) -> Estimate:
    """``statistic`` of ``values`` (shape (cases, …), one case at least), percentile bootstrap."""
    cases = np.asarray(values, dtype=np.float64)
    drawn = np.concatenate([statistic(cases[rows]) for rows in _resamples(len(cases))])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(float(statistic(cases[None])[0]), float(low), float(high), len(cases))


def _resamples(count: int) -> Iterator[np.ndarray]:
    random = np.random.default_rng(_SEED)
    for _ in range(0, RESAMPLES, _BLOCK):
        yield random.integers(0, count, (_BLOCK, count))


def sign_flip(differences: ArrayLike) -> float:
    """Two-sided p-value of paired differences having mean 0: their signs are flipped at random.

    The observed arrangement counts as one of the arrangements, so p is never 0.
    """
    values = np.asarray(differences, dtype=np.float64)
    observed = abs(values.mean())
    random = np.random.default_rng(_SEED)
    as_extreme = 0
    for _ in range(0, RESAMPLES, _BLOCK):
        signs = random.choice((-1.0, 1.0), (_BLOCK, len(values)))
        # The slack keeps arrangements that equal the observed one but for rounding.
        as_extreme += int((abs((signs * values).mean(axis=1)) >= observed - 1e-12).sum())
    return (as_extreme + 1) / (RESAMPLES + 1)
