"""A follow-up made standalone by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.conversation import Turn, standalone
from assistant.llm import LLM, Request
from assistant.neutral import neutral
from prompts import load

TURNS = 6
"""How many of the last turns the model is shown."""

ANSWER_CHARACTERS = 600
"""How much of each answer."""

LONGEST = 400
"""Characters of a rewritten question; a longer reply is no question."""


class Rewriter:
    """Follow-up and turns → standalone question. Raises ``LLMError``."""

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``standalone.jinja``."""
        self._llm = llm
        self._prompt = load("standalone", prompts)

    def __call__(self, question: str, turns: Sequence[Turn]) -> str:
        if not turns:
            return question
        shown = [{"question": neutral(t.standalone), "answer": _said(t)} for t in turns[-TURNS:]]
        variables = {"turns": shown, "question": neutral(question)}
        reply = self._llm.complete(Request(self._prompt.messages(variables))).text.strip()
        is_question = reply and len(reply) <= LONGEST and "\n" not in reply
        return reply if is_question else standalone(question, turns)


def _said(turn: Turn) -> str:
    """The answer's words: no citation numbers, which mean nothing in another turn."""
    said = " ".join(statement.text for statement in turn.answer.statements)
    return neutral(said[:ANSWER_CHARACTERS] or turn.answer.text)
