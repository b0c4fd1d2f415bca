from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluation.calibration import (
    Point,
    bins,
    brier,
    calibration_error,
    estimates,
    risk_coverage,
    wilson,
)
from assistant.evaluation.scoring import Record
from tests.assistant.evaluation.subject import CASES, record

PAIRS = [(0.05, False), (0.82, True), (0.84, True), (0.86, False), (1.0, True)]


def test_bins_hold_what_belongs_together() -> None:
    found = bins(PAIRS)
    assert [one.count for one in found] == [1, 3, 1]
    assert found[1].confidence == pytest.approx(0.84)
    assert found[1].answerable == pytest.approx(2 / 3)
    assert found[1].low < 2 / 3 < found[1].high


def test_the_scores_by_hand() -> None:
    squares = 0.05**2 + 0.18**2 + 0.16**2 + 0.86**2 + 0
    assert brier(PAIRS) == pytest.approx(squares / 5)
    assert calibration_error(PAIRS) == pytest.approx((0.05 + 3 * (0.84 - 2 / 3) + 0) / 5)


def test_wilsons_interval_by_hand() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, 0 of 20.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


def test_only_what_was_estimated_counts_and_no_false_premise() -> None:
    records = [record(case) for case in CASES[:5]]
    assert estimates(records) == []
    sure = [replace(one, answer={**one.answer, "confidence": 0.7}) for one in records]
    assert estimates(sure) == [(0.7, True), (0.7, True), (0.7, False), (0.7, False)]


def sure(record: Record, confidence: float, without_gold: float | None = None) -> Record:
    answer = {**record.answer, "confidence": confidence}
    if without_gold is None:
        return replace(record, answer=answer)
    return replace(record, answer=answer, without_gold={**answer, "confidence": without_gold})


def test_risk_and_coverage_by_hand() -> None:
    date, planes, _, threat, premise = (record(case) for case in CASES[:5])
    points = risk_coverage(
        [
            sure(date, 0.9, without_gold=0.2),
            sure(planes, 0.7, without_gold=0.7),
            sure(threat, 0.8),
            sure(premise, 1.0),  # a false premise is neither
        ]
    )
    assert points == (
        Point(0.9, 1 / 5, 0, 1 / 2, 0),
        Point(0.8, 2 / 5, 1 / 2, 1 / 2, 0),
        Point(0.7, 4 / 5, 2 / 4, 1, 1 / 2),
        Point(0.2, 1, 3 / 5, 1, 1),
    )
    (one,) = risk_coverage([sure(date, 0.9), sure(threat, 0.8)], [0.85])
    assert one == Point(0.85, 1 / 2, 0, 1, None)


def test_without_a_confidence_there_is_no_curve() -> None:
    assert risk_coverage([record(case) for case in CASES]) == ()


def test_what_cites_no_gold_is_a_risk() -> None:
    wrong = replace(record(CASES[0]), case=replace(CASES[0], gold=CASES[5].gold))
    assert [point.risk for point in risk_coverage([sure(wrong, 0.5)])] == [1]
