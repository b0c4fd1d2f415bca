"""Turns, and the follow-up that becomes a standalone question before anything is searched.

With a language model, by prompt (:mod:`assistant.rewriting`). Without one, by rule: a question
leans on the conversation if it opens with "and" or "what about", or holds a pronoun that nothing
in it explains. A person's pronoun takes the last person named; otherwise the last question's
subject is put beside the follow-up.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Answer, Event, Usage, afinal, final
from assistant.errors import LLMError
from assistant.meter import Meter
from assistant.words import FUNCTION_WORDS, question_words
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_OPENING = re.compile(r"^\s*(?:and|but|so|also|then)\b[\s,]*", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^\s*(?:and\s+)?(?:what|how) about\b|^\s*and\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(he|she|him|his|her|hers)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|there)\b(?! (?:\w+ ){0,1}(?:is|are|was)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?:\s+(?:(?:al|bin|de|la|van|von|der)[ -])?[A-ZÀ-Þ][\w'’-]+)*")
_POSSESSIVE = {"his", "her", "hers"}


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
        try:
            return self._assistant.rewrite(question, self.turns)
        except LLMError:
            if self._assistant.settings.fallback != "extractive":
                raise
            return standalone(question, self.turns)

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


def standalone(question: str, turns: Sequence[Turn]) -> str:
    """``question`` in a form that needs no turn before it; itself where it leans on none."""
    if not turns:
        return question
    pronoun = _PERSON.search(question)
    if pronoun and not names(question[: pronoun.start()]):
        person = last_name(turns)
        return _PERSON.sub(lambda found: _named(found.group(), person), question, count=1)
    if _WHAT_ABOUT.search(question) or _THING.search(question) or not question_words(question):
        subject = turns[-1].standalone.rstrip(" ?.!")
        return f"{_OPENING.sub('', question).rstrip(' ?.!')} ({subject})?"
    return question


def names(text: str) -> list[str]:
    """Runs of capitalised words, without the one that opens a sentence by necessity."""
    found = [match.group() for match in _NAME.finditer(text)]
    return [name for name in found if name.lower() not in FUNCTION_WORDS]


def last_name(turns: Sequence[Turn]) -> str:
    """The name that a pronoun most likely means: the last question's, else its answer's."""
    for turn in reversed(turns):
        for text in (turn.standalone, " ".join(one.text for one in turn.answer.statements)):
            if found := names(text):
                return max(found, key=lambda name: len(name.split()))
    return turns[-1].standalone


def _named(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.lower() in _POSSESSIVE else name
