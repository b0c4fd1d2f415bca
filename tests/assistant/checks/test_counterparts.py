from __future__ import annotations

import pytest

from assistant.checks.counterparts import counterparts, renamed
from assistant.checks.tokens import tokens
from index.embedding import words_in_context


def found(statement: str, *texts: str) -> dict[str, str]:
    mine, *theirs = words_in_context([statement, *texts])
    return dict(counterparts(mine, theirs))


@pytest.mark.parametrize(
    ("statement", "text", "pair"),
    [
        ("The talks were a chief cause of it.", "The talks were a main reason for it.", "reason"),
        ("The army will retake the city.", "The army will recapture the city.", "recaptur"),
    ],
)
def test_two_words_for_the_same(statement: str, text: str, pair: str) -> None:
    assert pair in found(statement, text).values()


def test_every_text_is_looked_through() -> None:
    assert found("He bought a car.", "Grain is cheap.", "He purchased a car.") == {"buy": "purchas"}


def test_a_word_that_stands_in_the_other_text_has_no_counterpart() -> None:
    assert not found("He bought a car.", "He bought a car and purchased a house.")


def test_names_and_numbers_have_none() -> None:
    assert not found("He met Kerry on day 7.", "He met Lavrov on day 9.")


def test_nothing_stands_for_nothing() -> None:
    assert found("He bought a car.") == {}
    assert found("", "He bought a car.") == {}


def test_a_word_is_read_as_its_counterpart_but_not_as_its_opposite() -> None:
    same = {"buy": "purchas", "clear": "unclear"}
    read = renamed(tokens("He bought it; clear."), same)
    assert [token.stem for token in read if token.content] == ["purchas", "clear"]
