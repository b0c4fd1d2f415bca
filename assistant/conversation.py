"""Turns, and the conversation that takes the next one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Answer, Event, afinal, final
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from assistant.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange."""

    question: str
    """As the person put it."""
    standalone: str
    """As it was understood and answered."""
    answer: Answer


class Conversation:
    """An ordered list of turns, and the assistant that takes the next one.

    A question whose answer fails, or is not awaited to its end, leaves no turn.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.turns: list[Turn] = []

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """The answer to ``question``, understood in the light of the turns before it."""
        return final(self.stream(question, within))

    def stream(self, question: str, within: Filter = EVERYTHING) -> Generator[Event, None, None]:
        """The same, as it comes: pieces of text, then the answer."""
        turns = tuple(self.turns)
        with closing(self._assistant.stream(question, within, turns=turns)) as events:
            for event in events:
                self._note(event)
                yield event

    async def aask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """:meth:`ask` for asyncio."""
        return await afinal(self.astream(question, within))

    async def astream(
        self, question: str, within: Filter = EVERYTHING
    ) -> AsyncGenerator[Event, None]:
        """:meth:`stream` for asyncio."""
        turns = tuple(self.turns)
        async with aclosing(self._assistant.astream(question, within, turns=turns)) as events:
            async for event in events:
                self._note(event)
                yield event

    def _note(self, event: Event) -> None:
        if isinstance(event, Answer):
            self.turns.append(Turn(event.question, event.standalone, event))
