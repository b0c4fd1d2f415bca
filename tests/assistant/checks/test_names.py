from __future__ import annotations

import pytest

from assistant.checks.names import alike, mismatched, missing, names

TEXT = (
    "Yury Barmin, an analyst, met Sergey Lavrov of Russia at the United Nations. "
    "The price of oil fell."
)


def test_a_word_that_opens_a_sentence_is_a_name_only_with_proof() -> None:
    found = [one.word for one in names("Talks failed. Barmin and Erdogan met. Oil is cheap.", TEXT)]
    assert found == ["barmin", "erdogan"]


@pytest.mark.parametrize(
    "statement",
    [
        "Barmin met Sergei Lavrov.",
        "Mr Barmin met the Russian.",
        "Lavrov was at the UN.",
        "Moscow's Lavrov met Yury Barmin on Monday.",
    ],
)
def test_names_that_stand_there(statement: str) -> None:
    assert not missing(statement, TEXT)


@pytest.mark.parametrize("statement", ["Erdogan met Lavrov.", "Barmin met Kerry.", "He is a Turk."])
def test_names_that_do_not(statement: str) -> None:
    assert missing(statement, TEXT)


def test_an_acronym_and_what_it_stands_for_are_one_name() -> None:
    assert not missing("The Syrian National Coalition left.", "The SNC left Syria.")
    assert not missing("The SNC left.", "The Syrian National Coalition left.")
    assert not missing("The UN left.", "The United Nations left.")
    assert missing("The SDF left.", "The Syrian National Coalition left.")


def test_a_first_name_belongs_to_its_surname() -> None:
    assert mismatched("He met Yury Lavrov.", TEXT)
    assert mismatched("Yury Lavrov met him.", TEXT)
    assert not mismatched("He met Sergey Lavrov.", TEXT)


def test_transliterations() -> None:
    assert alike("sergei", "sergey")
    assert alike("qaida", "qaeda")
    assert not alike("iran", "iraq")
    assert not alike("niger", "nigeria")
