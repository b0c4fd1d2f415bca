from __future__ import annotations

import pytest

from assistant.answer import Answer, Statement, Support
from assistant.conversation import Turn
from assistant.standalone import standalone


def turn(question: str, *statements: str) -> Turn:
    said = tuple(Statement(text, (), Support.SUPPORTED) for text in statements)
    answer = Answer(question, said, (), None, (), "extractive")
    return Turn(question, question, answer)


BARMIN = [turn("Who is Yury Barmin?", "Yury Barmin is an analyst.")]
SMALL = [turn("who is yury barmin", "Yury Barmin, an analyst, is a MENA expert.")]
TALKS = [turn("When did the Geneva talks fail?")]
KERRY = [turn("What did Kerry say about the Moscow talks in January 2015?", "He hoped.")]
TRAPPED = [turn("How many civilians were trapped in Aleppo?", "There were 250,000.")]


@pytest.mark.parametrize(
    ("question", "turns", "expected"),
    [
        ("What does he say about Aleppo?", BARMIN, "What does Yury Barmin say about Aleppo?"),
        ("And what is his view?", BARMIN, "What is Yury Barmin's view?"),
        ("what does he think of aleppo", SMALL, "What does Yury Barmin think of aleppo"),
        ("And in 2015?", TALKS, "When did the Geneva talks fail in 2015?"),
        ("and in August 2015?", KERRY, "What did Kerry say about the Moscow talks in August 2015?"),
        (
            "What about Lavrov?",
            KERRY,
            "What did Lavrov say about the Moscow talks in January 2015?",
        ),
        (
            "And the High Committee?",
            KERRY,
            "What did the High Committee say about the Moscow talks in January 2015?",
        ),
        ("And in Damascus?", TRAPPED, "How many civilians were trapped in Damascus?"),
        ("What about Moscow?", TALKS, "When did the Moscow talks fail?"),
        ("Why was it a failure?", TALKS, "Why was it a failure (When did the Geneva talks fail)?"),
        ("why?", TALKS, "Why (When did the Geneva talks fail)?"),
        ("Who said that?", TRAPPED, "Who said “There were 250,000.”?"),
        (
            "And how many invitations were sent to the opposition?",
            KERRY,
            "How many invitations were sent to the opposition?",
        ),
    ],
)
def test_a_follow_up_takes_what_it_leans_on(
    question: str, turns: list[Turn], expected: str
) -> None:
    assert standalone(question, turns) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who is Vladimir Frolov?",
        "How many civilians were trapped in Aleppo?",
        "Why did Russia say that it would leave Syria?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, BARMIN) == question


def test_the_first_question_leans_on_nothing() -> None:
    assert standalone("And what does he say?", []) == "And what does he say?"
