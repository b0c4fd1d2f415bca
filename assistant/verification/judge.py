"""Is a statement supported? A language model's opinion, after every rule has let it pass.

It can only refute: what the rules of :mod:`assistant.support` doubt is not asked about, and a "yes"
adds no trust. Off unless ``PINCITE_JUDGE`` asks for it: each written statement costs a request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.answerability import yes
from assistant.errors import LLMError
from assistant.evidence import Evidence, EvidenceSentence
from assistant.llm import LLM, Piece, Request
from assistant.neutral import neutral
from assistant.showing import lines
from prompts import load

DENIED = 0.5
"""A "yes" less probable than this, against "no", refutes."""

_NO = re.compile(r"\W*no\b", re.IGNORECASE)


class Judge:
    """Statement and cited sentences → whether the model denies that they support it."""

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``judge.jinja``."""
        self._llm = llm
        self._prompt = load("judge", prompts)

    def denies(self, statement: str, cited: Sequence[EvidenceSentence]) -> bool:
        """Whether it says no, or holds it likelier than a yes. Raises ``LLMError``."""
        piece = self._asked(statement, cited)
        probability = yes(piece.weights)
        return bool(_NO.match(piece.text)) if probability is None else probability < DENIED

    def _asked(self, statement: str, cited: Sequence[EvidenceSentence]) -> Piece:
        variables = {
            "statement": neutral(statement),
            "articles": lines(Evidence((), tuple(cited))),
        }
        messages = self._prompt.messages(variables)
        if self._llm.can_weigh():
            try:
                return self._llm.complete(Request(messages, weighs=True))
            except LLMError:
                if self._llm.can_weigh():
                    raise
        return self._llm.complete(Request(messages))
