from __future__ import annotations

import pytest

from assistant.words import content_stems, fold, question_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moscow’s U.S.-backed plan", ["moscow", "us", "backed", "plan"]),
        ("the Geneva Communiqué", ["the", "geneva", "communique"]),
        ("250,000 civilians", ["250", "000", "civilians"]),
        ("al-Nusra Front", ["al", "nusra", "front"]),
        ("Строго секретно", ["строго", "секретно"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_folding_makes_quotes_and_dashes_plain() -> None:
    assert fold("“Assad’s” — İ") == '"assad\'s" - i'


def test_forms_of_a_word_share_a_stem() -> None:
    assert content_stems("negotiations negotiating") == [content_stems("negotiate")[0]] * 2


def test_a_question_is_about_what_it_does_not_merely_ask() -> None:
    assert list(question_words("What did Frolov say about the talks?").values()) == [
        "frolov",
        "talks",
    ]


def test_a_question_of_asking_words_alone_keeps_them() -> None:
    assert list(question_words("Who is the author?").values()) == ["author"]
