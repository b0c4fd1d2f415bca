from __future__ import annotations

import pytest

from assistant.evaluation.clauses import PASTS, Clause, clause_of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Russia launched strikes in Syria.", "did Russia launch strikes in Syria"),
        ("The talks were held in Geneva, as before.", "were the talks held in Geneva"),
        ("Barmin left the city and moved to Rome.", "did Barmin leave the city"),
    ],
)
def test_a_statement_in_the_order_of_a_question(text: str, asked: str) -> None:
    clause = clause_of(text, PASTS)
    assert clause is not None
    assert clause.asked() == asked


@pytest.mark.parametrize(
    "text",
    ["Talks hosted by Russia failed.", "When it failed, they left.", "Nothing happens.", ""],
)
def test_what_is_no_simple_statement_is_none(text: str) -> None:
    assert clause_of(text, PASTS) is None


def test_what_comes_after_a_break_is_left_out_where_enough_is_said() -> None:
    assert clause_of("Russia sent tanks, men and guns, it said.", PASTS) == Clause(
        "Russia", "sent", "tanks, men and guns"
    )
