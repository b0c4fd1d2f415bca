from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from assistant.words import content_stems, fold, question_words, stem, words


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


def test_several_threads_stem_at_once_and_rightly() -> None:
    several = [f"{word}{end}" for word in SYLLABLES for end in ("ings", "edly", "ations", "ness")]
    stem.cache_clear()
    expected = [stem(word) for word in several]
    stem.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            orders = [several[place:] + several[:place] for place in range(0, 192, 48)]
            found = list(pool.map(lambda order: {word: stem(word) for word in order}, orders))
    finally:
        sys.setswitchinterval(interval)
    assert all([one[word] for word in several] == expected for one in found)


SYLLABLES = ["".join(pair) for pair in product("bcdfglmnprst", ("ando", "orme", "ilat", "uster"))]
