from __future__ import annotations

import pytest

from assistant.checks.opposites import opposites
from assistant.checks.polarity import opposed, reversed_in


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("The talks did not fail to help.", "The talks did not fail to help."),
        ("No progress came of the talks.", "The talks failed to produce any progress."),
        ("Assad, rather than Putin, drives.", "Assad drives — not Putin."),
        ("It lacks control.", "It doesn't have control."),
        ("Less than two months passed.", "Not two months have passed."),
        ("The group did not attend.", "The group was absent."),
        ("He will not change his mind.", "He has not and will not change his mind."),
        ("He has no choice but to help.", "He has to help."),
    ],
)
def test_the_same_is_denied(statement: str, text: str) -> None:
    assert not reversed_in(statement, text)
    assert not opposed(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("The opposition did not walk out.", "The opposition walked out."),
        ("The position has changed.", "The position has not changed."),
        ("He agreed to resign.", "He refused to resign."),
        ("Russia no longer supports Assad.", "Russia supports Assad."),
        ("The truce covers it.", "The truce does not cover it."),
        ("The army has not used it, and he did not go.", "The army has used it; he did not go."),
    ],
)
def test_a_negation_more_or_less(statement: str, text: str) -> None:
    assert reversed_in(statement, text)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Exports increased by half.", "Exports decreased by half."),
        ("The army is strong.", "The army is weak."),
        ("They met before the vote.", "They met after the vote."),
        ("More than 100 died.", "Less than 100 died."),
        ("The group accepted the plan.", "The group rejected the plan."),
    ],
)
def test_opposites(statement: str, text: str) -> None:
    assert opposed(statement, text)


def test_opposites_of_other_things_are_none() -> None:
    assert not opposed("Prices rose in Italy.", "Wages and much else fell in distant countries.")


def test_the_list_is_symmetrical() -> None:
    assert all(
        word in opposites()[other] for word, others in opposites().items() for other in others
    )
