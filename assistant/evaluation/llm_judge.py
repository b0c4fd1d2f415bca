"""A language model as judge of correctness, where one is configured and asked for.

A judge is an opinion. How far it agrees with what is computed is reported beside its verdicts
(Zheng and others, Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena, NeurIPS 2023).
"""

from __future__ import annotations

import re
from pathlib import Path

from assistant.errors import SettingsError
from assistant.evaluation.scoring import Record
from assistant.llm import ChatModel, Request, chat_model
from assistant.prompting import neutral
from assistant.settings import Settings
from prompts import load

LONGEST = 6_000
"""Characters of an answer that are judged."""

_VERDICT = re.compile(r"\b(RIGHT|WRONG)\b", re.IGNORECASE)


class LLMJudge:
    """Holds an answer against the reference, or against the gold where there is none."""

    def __init__(self, model: ChatModel, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``judge_answer.jinja``."""
        self._model = model
        self._prompt = load("judge_answer", prompts)

    @classmethod
    def from_settings(cls, settings: Settings) -> LLMJudge:
        """With the model that ``settings`` name. Raises ``SettingsError`` where they name none."""
        model = chat_model(settings)
        if model is None:
            raise SettingsError(
                "A judge needs a language model: set OPENAI_API_KEY or OPENAI_BASE_URL, "
                "or leave out --judge."
            )
        return cls(model, settings.prompts)

    @property
    def model(self) -> str:
        return self._model.name

    def __call__(self, record: Record) -> str:
        """``right`` or ``wrong``; empty where the model says neither. Raises ``LLMError``."""
        variables = {
            "question": neutral(record.case.question),
            "reference": neutral(_reference(record)),
            "answer": neutral(record.said[:LONGEST]),
        }
        reply = self._model.complete(Request(self._prompt.messages(variables))).text
        verdicts = {found.lower() for found in _VERDICT.findall(reply)}
        return verdicts.pop() if len(verdicts) == 1 else ""


def _reference(record: Record) -> str:
    case = record.case
    if case.answer:
        return case.answer
    return "\n".join(piece.any_of[0].text for piece in case.gold)
