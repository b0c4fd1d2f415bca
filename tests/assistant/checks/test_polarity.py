from __future__ import annotations

import pytest

from assistant.checks.opposites import opposites
from assistant.checks.polarity import opposed, reversed_in, unfounded


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
        ("There are few signs of it.", "There is little sign of it."),
        ("They have a little control, a few say.", "They have control, some say."),
        ("Without a deal, war may return.", "War may return in the absence of a deal."),
        ("It is not unclear.", "It is clear."),
        ("Little time is left.", "Time is running out."),
        ("It cannot be won without him.", "To win it, he is needed."),
        ("Fame matters more to him than gold.", "For him, gold matters less than fame."),
        ("He knows full well that it is so.", "He knows that it bodes ill that it is so."),
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
        ("There are signs of it.", "There is little sign of it."),
        ("He denied that the truce was a trick.", "He said that the truce was a trick."),
        (
            "They accepted the report, and the rest did not sign the treaty.",
            "They did not accept the report, and the rest did not sign the treaty.",
        ),
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
        ("It is clear who will come.", "It is unclear who will come."),
    ],
)
def test_opposites(statement: str, text: str) -> None:
    assert opposed(statement, text)


def test_opposites_of_other_things_are_none() -> None:
    assert not opposed("Prices rose in Italy.", "Wages and much else fell in distant countries.")


def test_other_words_for_the_same_are_read_as_the_same() -> None:
    statement, text = "It would not suffer.", "It will damage all."
    assert not reversed_in(statement, text)
    assert reversed_in(statement, text, {"suffer": "damag"})
    # What the text says with "reject", the statement may say with "not".
    assert not reversed_in("They did not take part.", "They rejected to join.", {"part": "join"})


def test_an_opposite_in_the_very_place_of_a_word_needs_no_neighbours() -> None:
    statement, text = "Many fear a rise.", "It is thought by all that a fall comes."
    assert not opposed(statement, text)
    assert opposed(statement, text, {"rise": "fall"}) == [("rise", "fall")]


def test_a_denial_needs_a_no_of_some_kind() -> None:
    assert unfounded("The groups are not there.", "The groups are there.")
    assert not unfounded("The groups are not there.", "The groups are absent.")
    assert not unfounded("The groups did not leave.", "The groups stayed.")
    assert not unfounded("The groups are there.", "The groups are there.")
    assert not unfounded("They went to Rome instead of Bern.", "They chose Rome over Bern.")


def test_the_list_is_symmetrical() -> None:
    assert all(
        word in opposites()[other] for word, others in opposites().items() for other in others
    )
