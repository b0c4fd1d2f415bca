from __future__ import annotations

import pytest

from assistant.answer import Support
from assistant.checks.counterparts import NONE, Counterparts
from assistant.support import check, examine, quotations
from tests.assistant.makers import evidence

CITED = evidence(
    "On April 21, six members of the Syrian opposition walked out of the Geneva talks.",
    title="Russia Braces Itself",
).sentences
SAID = evidence('"Moscow is kind of stuck in Syria," said Vladimir Frolov on Thursday.').sentences


@pytest.mark.parametrize(
    "statement",
    [
        "The Syrian opposition walked out of the Geneva talks on April 21.",
        "Six members of the opposition walked out of talks in Geneva.",
        "6 members of the Syrian opposition walked out.",
        "In “Russia Braces Itself” the Syrian opposition is said to have walked out of the talks.",
        "Ann Lee writes that the opposition walked out of the talks.",
    ],
)
def test_what_the_text_says_is_supported(statement: str) -> None:
    assert check(statement, CITED) is Support.SUPPORTED


@pytest.mark.parametrize(
    "statement",
    [
        "The Syrian opposition walked out of the Geneva talks on April 22.",
        "Seven members of the Syrian opposition walked out of the Geneva talks.",
        "The Turkish opposition walked out of the talks, said Erdogan.",
        "The Syrian opposition did not walk out of the Geneva talks.",
        "The Syrian opposition “stormed out” of the Geneva talks.",
        "Grain prices rose sharply in every market of the region.",
    ],
)
def test_what_the_text_does_not_say_is_unverified(statement: str) -> None:
    assert check(statement, CITED) is Support.UNVERIFIED


def test_a_swapped_speaker_is_unverified() -> None:
    assert check("Moscow is stuck in Syria, said Vladimir Frolov.", SAID) is Support.SUPPORTED
    assert check("Moscow is stuck in Syria, said Yury Barmin.", SAID) is Support.UNVERIFIED


class Near:
    """A statement whose words are known to stand for others."""

    def __init__(self, closeness: float, same: Counterparts = NONE) -> None:
        self._closeness, self._same = closeness, same

    def closeness(self) -> float:
        return self._closeness

    def counterparts(self) -> Counterparts:
        return self._same


def test_nothing_cited_supports_nothing() -> None:
    assert check("Anything.", ()) is Support.UNVERIFIED


def test_quotations_in_any_marks() -> None:
    assert quotations('He said "stay here" and “go”, «иди» too.') == ["stay here", "go", "иди"]


def test_a_byline_carries_when_its_article_was_published() -> None:
    byline = evidence("Apr 28, 2016", title="Talks").sentences
    assert examine("was published on 28 April 2016.", byline, Near(0.0)).likely
    assert not examine("was published on 29 April 2016.", byline, Near(0.0)).likely


@pytest.mark.parametrize(
    ("statement", "text", "same", "rule"),
    [
        ("Trade would not suffer.", "It will damage trade.", {"suffer": "damag"}, "negation"),
        (
            "Trade is known to rise.",
            "All see that trade will fall.",
            {"rise": "fall"},
            "opposite",
        ),
    ],
)
def test_other_words_for_the_same_are_looked_through(
    statement: str, text: str, same: Counterparts, rule: str
) -> None:
    cited = evidence(text).sentences
    assert examine(statement, cited, Near(1.0, same)).refuted_by == (rule,)
