from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluation.cases import TestCase
from assistant.evaluation.reasons import reason
from tests.assistant.evaluation.subject import CASES, KERRY, WALKED, gold, record

DATE, PLANES, RECIPE, THREAT, PREMISE, ERROR = CASES


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (DATE, "The answer says what it must. 1 piece of gold: rank 1 in the search, 1 read, 1"),
        (PLANES, "The answer lacks “seven”. 1 piece of gold: rank 1"),
        (RECIPE, "Refused: nothing was found, and rightly so."),
        (THREAT, "The articles hold no answer, and one was given."),
        (PREMISE, "The question takes for granted what is not so, and was answered."),
        (ERROR, "The answerer failed: The server does not answer: start it."),
        (
            replace(RECIPE, answerable=True, gold=(gold(KERRY),)),
            "Refused: nothing was found. 1 piece of gold: rank 3 in the search, 1 read, 0 cited.",
        ),
        (
            replace(DATE, gold=(gold(WALKED), gold(KERRY)), must_contain=()),
            "Not every piece of gold is cited. 2 pieces of gold: rank 1, rank 3 in the search, "
            "2 read, 1 cited.",
        ),
        (
            replace(DATE, gold=(), must_contain=(("April",), ("May", "5th"), ("x",))),
            "The answer lacks “May” or “5th”; “x”.",
        ),
    ],
)
def test_every_result_has_its_reason(case: TestCase, said: str) -> None:
    assert reason(record(case)).startswith(said)


def test_gold_that_was_not_found_is_said_to_be_and_confidence_told() -> None:
    one = record(replace(DATE, must_contain=(("May",),)))
    assert "1 piece of gold: not found in the search" in reason(replace(one, retrieved=()))
    sure = replace(record(THREAT), answer={**record(THREAT).answer, "confidence": 0.876})
    assert reason(sure).endswith("Confidence that it is an answer: 88%.")


def test_what_became_of_the_question_without_its_gold_is_told() -> None:
    one = record(DATE)
    assert reason(replace(one, without_gold=one.answer)).endswith(
        "Without its gold articles it was still answered."
    )
    closest = {**one.answer, "outcome": "closest"}
    told = reason(replace(one, answer=closest, without_gold=closest))
    assert told.startswith("Only the closest passages were shown. 1 piece of gold")
    assert told.endswith("Without its gold articles it was refused.")
