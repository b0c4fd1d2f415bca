from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.intervals import estimate, sign_flip
from assistant.evaluation.metrics import f1


def test_values_that_are_all_the_same_leave_no_doubt() -> None:
    found = estimate([0.5] * 7)
    assert (found.value, found.low, found.high, found.count) == (0.5, 0.5, 0.5, 7)


def test_the_interval_of_a_share_is_that_of_the_binomial_distribution() -> None:
    found = estimate([1.0] * 80 + [0.0] * 20)
    # Quantiles of the binomial distribution (100, 0.8): P(≤ 71) = .020, P(≤ 72) = .034 and
    # P(≤ 87) = .975, P(≤ 88) = .987; a 90 % interval would be 73 to 86.
    assert found.value == pytest.approx(0.8)
    assert found.low == pytest.approx(0.72)
    assert found.high == pytest.approx(0.875, abs=0.006)


def test_the_same_values_give_the_same_interval() -> None:
    values = np.random.default_rng(1).random(30)
    assert estimate(values) == estimate(values)


def test_cases_are_drawn_whole() -> None:
    # A refusal and whether it was due belong together: apart, some sample would not have F1 1.
    found = estimate([(1, 1), (0, 0)] * 10, f1)
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_interval_lies_within_the_values(values: list[float]) -> None:
    found = estimate(values)
    slack = 1e-9
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack


def test_sign_flips_tell_a_difference_from_none() -> None:
    assert sign_flip([0.0] * 10) == 1.0
    # Of the 2 ** 10 arrangements of signs 2 are as extreme: p is near 2 / 1024.
    assert sign_flip([1.0] * 10) < 0.01
    assert sign_flip([1.0, -1.0] * 5) == 1.0
    assert sign_flip([1.0]) == 1.0


def test_rounding_does_not_make_equal_arrangements_less_extreme() -> None:
    # The sum is 0.2, the least that any arrangement of signs has: all are as extreme.
    assert sign_flip([0.2, 0.2, 0.2, -0.2, -0.2]) == 1.0
