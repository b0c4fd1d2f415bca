"""A follow-up made standalone by a language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.conversation import Turn
from assistant.llm import LLM, Request
from assistant.names import PERSON, names
from assistant.neutral import neutral
from assistant.standalone import standalone
from assistant.words import content_stems
from prompts import load

TURNS = 6
"""How many of the last turns the model is shown."""

ANSWER_CHARACTERS = 600
"""How much of each answer."""

LONGEST = 400
"""Characters of a rewritten question; a longer reply is no question."""


ENOUGH_KEPT = 0.5
"""The share of a question's words that its rewrite keeps."""

_LABEL = re.compile(r"^(?:rewritten|standalone|last)?\s*question:\s*", re.IGNORECASE)
_DROPPED = {"ok", "okay", "pleas", "thank"}


class Rewriter:
    """Follow-up and turns → standalone question. Raises ``LLMError``.

    What the model makes of it is taken if it can be a rewrite; if not, the rules' form is.
    """

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``standalone.jinja``."""
        self._llm = llm
        self._prompt = load("standalone", prompts)

    def __call__(self, question: str, turns: Sequence[Turn]) -> str:
        if not turns:
            return question
        shown = [{"question": neutral(t.standalone), "answer": _said(t)} for t in turns[-TURNS:]]
        variables = {"turns": shown, "question": neutral(question)}
        request = Request(self._prompt.messages(variables))
        reply = _LABEL.sub("", self._llm.complete(request).text.strip()).strip(' "“”')
        return reply if is_rewrite(reply, question) else standalone(question, turns)


def is_rewrite(reply: str, question: str) -> bool:
    """Whether ``reply`` may be what ``question`` means, and no answer to it, nor something else.

    It is one line, asks where the question asks, keeps its names, its numbers and most of its
    other words, and leaves nobody a pronoun.
    """
    asks = reply.endswith("?") or not question.rstrip().endswith("?")
    if not reply or len(reply) > LONGEST or "\n" in reply or not asks:
        return False
    kept = set(content_stems(reply))
    telling = [stem for stem in content_stems(question) if stem not in _DROPPED]
    exact = {stem for name in names(question) for stem in content_stems(name)}
    exact |= {stem for stem in telling if any(map(str.isdigit, stem))}
    share = sum(stem in kept for stem in telling) / len(telling) if telling else 1.0
    pronoun = PERSON.search(reply)
    is_resolved = not pronoun or bool(names(reply[: pronoun.start()]))
    return exact <= kept and share >= ENOUGH_KEPT and is_resolved


def _said(turn: Turn) -> str:
    """The answer's words: no citation numbers, which mean nothing in another turn."""
    said = " ".join(statement.text for statement in turn.answer.statements)
    return neutral(said[:ANSWER_CHARACTERS] or turn.answer.text)
