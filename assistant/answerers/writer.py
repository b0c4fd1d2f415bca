"""The answerer with a language model: evidence as numbered lines in, sentences with numbers out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant.answer import Usage
from assistant.answerer import Draft
from assistant.evidence import Evidence
from assistant.llm import LLM, Piece, Request
from assistant.neutral import neutral
from assistant.reply import Drafted, ReplyReader
from assistant.settings import Settings
from assistant.showing import fitting, half, lines
from prompts import load

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
"""The reply's form: an empty list says that the evidence holds no answer."""


class GenerativeAnswerer:
    """Drafts what a language model writes about the evidence."""

    name = "generative"

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``answer.jinja``. Raises ``PromptError``."""
        self._llm = llm
        self._prompt = load("answer", prompts)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """With the model and the prompts that ``settings`` name."""
        return cls(LLM.from_settings(settings), settings.prompts)

    @property
    def model(self) -> str | None:
        return self._llm.model

    def draft(self, question: str, evidence: Evidence) -> Generator[Draft, None, None]:
        """Sentences as they are complete. Raises ``LLMError``; closing it ends the reply."""
        drafting = _Drafting(evidence)
        request = self._request(question, evidence)
        with closing(self._llm.stream(request)) as pieces:
            for piece in pieces:
                yield from drafting.take(piece)
                if drafting.repeats:
                    break
        yield from drafting.finish()

    async def adraft(self, question: str, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """:meth:`draft` for asyncio."""
        drafting = _Drafting(evidence)
        request = await asyncio.to_thread(self._request, question, evidence)
        async with aclosing(self._llm.astream(request)) as pieces:
            async for piece in pieces:
                for draft in drafting.take(piece):
                    yield draft
                if drafting.repeats:
                    break
        for draft in drafting.finish():
            yield draft

    def _request(self, question: str, evidence: Evidence) -> Request:
        def render(shown: Evidence) -> list[ChatMessage]:
            return self._messages(question, shown, json=True)

        fits = fitting(self._llm, evidence, render)
        return self._asking(question, fits, lambda: self._asking(question, half(fits)))

    def _asking(
        self, question: str, shown: Evidence, shorter: Callable[[], Request] | None = None
    ) -> Request:
        return Request(
            messages=self._messages(question, shown, json=True),
            schema=SCHEMA,
            messages_without_schema=self._messages(question, shown, json=False),
            shorter=shorter,
        )

    def _messages(self, question: str, shown: Evidence, json: bool) -> list[ChatMessage]:
        return self._prompt.messages(
            {"question": neutral(question), "articles": lines(shown), "json": json}
        )


class _Drafting:
    """One reply on its way into drafts."""

    def __init__(self, evidence: Evidence) -> None:
        self._reader = ReplyReader(known=len(evidence.sentences))
        self._seen: set[str] = set()
        self._usage = self._told = Usage()
        self._cut = False
        self.repeats = False
        """The model says again what it said: it has come to the end of what it knows."""

    def take(self, piece: Piece) -> Iterator[Draft]:
        self._usage, self._cut = piece.usage, piece.cut
        yield from self._drafts(self._reader.feed(piece.text))

    def finish(self) -> Iterator[Draft]:
        if not self.repeats:
            yield from self._drafts(self._reader.finish(self._cut))
        if self._usage != self._told:
            yield Draft("", (), usage=self._usage)

    def _drafts(self, sentences: Iterable[Drafted]) -> Iterator[Draft]:
        for sentence in sentences:
            self.repeats = self.repeats or sentence.text in self._seen
            if not self.repeats:
                self._seen.add(sentence.text)
                self._told = self._usage
                yield Draft(sentence.text, sentence.markers, usage=self._usage)
