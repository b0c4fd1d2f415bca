from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from assistant.answer import Answer, Citation, Statement, Support
from assistant.conversation import Turn
from assistant.llm import LLM, Piece, Request
from assistant.rewriting import Rewriter, is_rewrite
from tests.assistant.makers import article


@dataclass
class Model:
    """Says always the same, and keeps what it was asked."""

    said: str
    asked: list[Request] = field(default_factory=list)

    def complete(self, request: Request) -> Piece:
        self.asked.append(request)
        return Piece(self.said)


BARMIN = article("Yury Barmin is an analyst [s9].")
SAID = Statement("Yury Barmin is an analyst.", (1,), Support.SUPPORTED)
ANSWER = Answer("Who is Barmin?", (SAID,), (Citation(1, BARMIN, 0, 26),), None, (), "generative")
TURNS = [Turn("Who is Barmin?", "Who is Yury Barmin?", ANSWER)]
ASKED = "What does he say about Aleppo?"


def rewritten(said: str) -> str:
    return Rewriter(cast(LLM, Model(said)))(ASKED, TURNS)


@pytest.mark.parametrize(
    "said",
    [
        "What does Yury Barmin think and say about Aleppo?",
        "Standalone question: What does Yury Barmin think and say about Aleppo?",
        '"What does Yury Barmin think and say about Aleppo?"',
    ],
)
def test_a_good_rewrite_is_taken(said: str) -> None:
    assert rewritten(said) == "What does Yury Barmin think and say about Aleppo?"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "What does he say about Aleppo?",
        "What does Yury Barmin say?",
        "Yury Barmin says that Aleppo will not fall.",
        "What does Yury Barmin say about Aleppo?\nI hope this helps.",
        f"What does Yury Barmin say about Aleppo {'and more ' * 60}?",
    ],
)
def test_what_can_be_no_rewrite_gives_way_to_the_rules(said: str) -> None:
    assert rewritten(said) == "What does Yury Barmin say about Aleppo?"


def test_numbers_and_names_of_the_question_must_stay() -> None:
    assert not is_rewrite("What happened in Syria?", "And what happened in 2016?")
    assert is_rewrite("What happened in Syria in 2016?", "And what happened in 2016?")


def test_no_citation_of_the_history_reaches_the_model() -> None:
    model = Model("What does Yury Barmin say about Aleppo?")
    Rewriter(cast(LLM, model))(ASKED, TURNS)
    shown = str(model.asked[0])
    assert "Yury Barmin is an analyst." in shown
    assert "[1]" not in shown
    assert "[s9]" not in shown
