"""Does the evidence answer at all? A language model is asked in one token, before it drafts.

Small models do not refuse while they write, but they weigh well: what counts is the probability
of "Yes", not what they would say. It needs a server that tells probabilities (``logprobs``);
whether it does is found out once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import LLMError
from assistant.evidence import Evidence
from assistant.llm import LLM, Request
from assistant.neutral import neutral
from assistant.showing import fitting, half, lines
from prompts import load

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage


class Gate:
    """Question and evidence → probability that the evidence holds the answer."""

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``answerable.jinja``."""
        self._llm = llm
        self._prompt = load("answerable", prompts)

    def weigh(self, question: str, evidence: Evidence) -> float | None:
        """0 to 1; ``None`` where the server or the model does not tell. Raises ``LLMError``."""
        if not self._llm.can_weigh():
            return None
        try:
            return yes(self._llm.complete(self._request(question, evidence)).weights)
        except LLMError:
            if self._llm.can_weigh():
                raise
            return None

    async def aweigh(self, question: str, evidence: Evidence) -> float | None:
        """:meth:`weigh` for asyncio."""
        if not self._llm.can_weigh():
            return None
        try:
            request = await asyncio.to_thread(self._request, question, evidence)
            return yes((await self._llm.acomplete(request)).weights)
        except LLMError:
            if self._llm.can_weigh():
                raise
            return None

    def _request(self, question: str, evidence: Evidence) -> Request:
        def render(shown: Evidence) -> list[ChatMessage]:
            return self._prompt.messages({"question": neutral(question), "articles": lines(shown)})

        def asking(shown: Evidence, shorter: Callable[[], Request] | None = None) -> Request:
            return Request(render(shown), weighs=True, shorter=shorter)

        fits = fitting(self._llm, evidence, render)
        return asking(fits, lambda: asking(half(fits)))


def yes(weights: Mapping[str, float]) -> float | None:
    """The share of "Yes" in the tokens that say yes or no; ``None`` if none does."""
    said = {"yes": 0.0, "no": 0.0}
    for token, weight in weights.items():
        word = token.strip().strip("\"'*.").lower()
        if word in said:
            said[word] += weight
    total = sum(said.values())
    return said["yes"] / total if total else None
