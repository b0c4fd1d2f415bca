from __future__ import annotations

import pytest

from assistant.abstain import abstain, wrong_premise
from assistant.answer import Reason
from tests.assistant.makers import evidence

FOUND = evidence("One sentence.", "Another.", "A third.", "A fourth.", title="Talks")
NONE = evidence()


@pytest.mark.parametrize(
    ("question", "unknown", "expected"),
    [
        (
            "Where was Vladimir Frolov born?",
            ("born",),
            "Looked for “Vladimir”, “Frolov” and “born”; none of them mentions “born”.",
        ),
        ("What is the recipe for kibbeh?", ("recipe", "kibbeh"), "None of them mentions"),
        ("How long did Kerry's visit last?", (), "Looked for “Kerry”, “visit” and “last”."),
        ("", ("born",), "None of them mentions “born”."),
    ],
)
def test_a_refusal_says_what_was_looked_for(
    question: str, unknown: tuple[str, ...], expected: str
) -> None:
    refusal = abstain(Reason.NOTHING_RELEVANT, NONE, unknown, question)
    assert refusal.message.startswith("The articles do not seem to answer this question. ")
    assert expected in refusal.message


def test_a_refusal_says_that_a_number_was_looked_for() -> None:
    asked = "How many pilots came home?"
    message = abstain(Reason.NOT_ANSWERED, FOUND, (), asked).message
    assert "Looked for “pilots”, “came” and “home”, and for a number." in message


def test_a_refusal_names_the_nearest_articles_but_not_all() -> None:
    message = abstain(Reason.NOT_ANSWERED, FOUND).message
    assert message.count("“Talks” (28 April 2016)") == 3
    assert abstain(Reason.NOT_ANSWERED, FOUND).reason is Reason.NOT_ANSWERED


def test_a_refusal_without_anything_near_names_nothing() -> None:
    assert "Nearest" not in abstain(Reason.NOTHING_RELEVANT, NONE).message


@pytest.mark.parametrize(
    ("question", "unknown", "message"),
    [
        ("Why did Russia leave?", (), "Did Russia leave? The articles say otherwise:"),
        (
            "Why did Russia leave?",
            ("leave",),
            "Did Russia leave? No article says so in these words: none mentions “leave”. "
            "What they do say:",
        ),
        (
            "Which breakthrough was there?",
            (),
            "The question takes for granted what the articles do not say. What they do say:",
        ),
    ],
)
def test_a_wrong_premise_is_named_before_what_the_articles_say(
    question: str, unknown: tuple[str, ...], message: str
) -> None:
    assert wrong_premise(question, unknown).message == message
