from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answer import Answer, Statement, Support
from assistant.conversation import Turn, standalone


def turn(question: str, *statements: str) -> Turn:
    said = tuple(Statement(text, (), Support.SUPPORTED) for text in statements)
    answer = Answer(question, said, (), None, (), "extractive")
    return Turn(question, question, answer)


BARMIN = [turn("Who is Yury Barmin?", "Yury Barmin is an analyst.")]
TALKS = [turn("When did the Geneva talks fail?")]


@pytest.mark.parametrize(
    ("question", "turns", "expected"),
    [
        ("What does he say about Aleppo?", BARMIN, "Yury Barmin"),
        ("And what is his view of the talks?", BARMIN, "Yury Barmin's"),
        ("And in 2015?", TALKS, "Geneva talks"),
        ("What about Moscow?", TALKS, "Geneva talks"),
        ("Why was it a failure?", TALKS, "Geneva talks"),
        ("Why?", TALKS, "Geneva talks"),
    ],
)
def test_a_follow_up_takes_what_it_leans_on(
    question: str, turns: list[Turn], expected: str
) -> None:
    assert expected in standalone(question, turns)


@pytest.mark.parametrize(
    "question",
    ["Who is Vladimir Frolov?", "How many civilians were trapped in Aleppo?"],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, BARMIN) == question


def test_the_first_question_leans_on_nothing() -> None:
    assert standalone("And what does he say?", []) == "And what does he say?"


def test_a_conversation_says_how_it_understood(assistant: Assistant) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")
    answer = chat.ask("And what does he say about Aleppo?")
    assert answer.question == "And what does he say about Aleppo?"
    assert answer.note is not None
    assert "Yury Barmin" in answer.note
    assert [one.question for one in chat.turns][1] == answer.question
    assert "[1]" not in chat.turns[1].standalone
