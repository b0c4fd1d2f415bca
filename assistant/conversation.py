"""Turns, and the conversation that takes the next one.

A follow-up becomes a standalone question before anything is searched: by prompt
(:mod:`assistant.rewriting`) where there is a language model, else by rule
(:mod:`assistant.standalone`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Answer, Event, Usage, afinal, final
from assistant.errors import LLMError
from assistant.meter import Meter
from assistant.standalone import standalone
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from assistant.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange."""

    question: str
    """As the person put it."""
    standalone: str
    """As it was searched for and answered."""
    answer: Answer


class Conversation:
    """An ordered list of turns, and the assistant that takes the next one."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """The answer to ``question``, understood in the light of the turns before it."""
        return final(self.stream(question, within))

    def stream(self, question: str, within: Filter = EVERYTHING) -> Generator[Event, None, None]:
        """The same, as it comes: pieces of text, then the answer."""
        meter = Meter()
        with meter.running():
            asked = self._understood(question)
        with closing(self._assistant.stream(asked, within)) as events:
            for event in events:
                yield self._noted(question, asked, event, meter.usage)

    async def aask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """:meth:`ask` for asyncio."""
        return await afinal(self.astream(question, within))

    async def astream(
        self, question: str, within: Filter = EVERYTHING
    ) -> AsyncGenerator[Event, None]:
        """:meth:`stream` for asyncio."""
        meter = Meter()
        with meter.running():
            asked = await asyncio.to_thread(self._understood, question)
        async with aclosing(self._assistant.astream(asked, within)) as events:
            async for event in events:
                yield self._noted(question, asked, event, meter.usage)

    def _understood(self, question: str) -> str:
        """The standalone question; by rule where the model fails and falling back is allowed."""
        turns = tuple(self.turns)
        try:
            return self._assistant.rewrite(question, turns)
        except LLMError:
            if self._assistant.settings.fallback != "extractive":
                raise
            return standalone(question, turns)

    def _noted(self, question: str, asked: str, event: Event, rewriting: Usage) -> Event:
        if isinstance(event, str):
            return event
        answer = replace(event, usage=rewriting + event.usage)
        if asked != question:
            understood = f"Understood as: {asked}"
            note = f"{understood} {answer.note}" if answer.note else understood
            answer = replace(answer, question=question, note=note)
        self.turns.append(Turn(question, asked, answer))
        return answer
