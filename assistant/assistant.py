"""Question in, cited answer out: search, read, draft, check, or refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, closing
from typing import TYPE_CHECKING

from assistant.answer import Answer, Event, afinal, final
from assistant.answerer import Answerer
from assistant.answering import Answering
from assistant.conversation import Conversation, Turn
from assistant.errors import LLMError
from assistant.extractive import ExtractiveAnswerer
from assistant.ranking import Ranker
from assistant.settings import Settings
from assistant.standalone import standalone
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from assistant.answerability import Gate
    from assistant.judge import Judge
    from assistant.llm import LLM
    from index.library import Library


class Assistant:
    """Answers questions from one library.

    ``settings`` default to the environment's; ``answerer`` to what the settings ask for.
    """

    def __init__(
        self, library: Library, settings: Settings | None = None, answerer: Answerer | None = None
    ) -> None:
        self.library = library
        self.settings = settings or Settings.load()
        self.ranker = Ranker(library)
        self.rewrite: Callable[[str, Sequence[Turn]], str] = standalone
        """Follow-up and the turns before it → standalone question."""
        self._extractive = ExtractiveAnswerer(self.ranker)
        self.gate: Gate | None = None
        """Weighs the evidence before anything is drafted, where a language model drafts."""
        self.judge: Judge | None = None
        """Is asked about written statements that the rules let pass, if the settings want it."""
        self._llm: LLM | None = None
        self.answerer: Answerer = self._extractive
        if answerer is not None:
            self.answerer = answerer
        elif self.settings.uses_llm:
            self._use_llm()

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """The answer, from the articles that ``within`` admits. Raises ``PinciteError``."""
        return final(self.stream(question, within))

    def stream(self, question: str, within: Filter = EVERYTHING) -> Generator[Event, None, None]:
        """Checked text piece by piece, then the answer. Closing it ends the model's work too."""
        work = Answering(self, question, within)
        work.search()
        try:
            work.weigh()
            with closing(work.drafts(self.answerer)) as drafts:
                for draft in drafts:
                    yield work.take(draft)
        except LLMError as error:
            for draft in work.fall_back(error, self._extractive):
                yield work.take(draft)
        yield from work.finish()

    async def aask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """:meth:`ask` for asyncio."""
        return await afinal(self.astream(question, within))

    async def astream(
        self, question: str, within: Filter = EVERYTHING
    ) -> AsyncGenerator[Event, None]:
        """:meth:`stream` for asyncio: what computes or reads the disk does so in a thread."""
        work = Answering(self, question, within)
        await asyncio.to_thread(work.search)
        try:
            await work.aweigh()
            async with aclosing(work.adrafts(self.answerer)) as drafts:
                async for draft in drafts:
                    yield await asyncio.to_thread(work.take, draft)
        except LLMError as error:
            for draft in work.fall_back(error, self._extractive):
                yield await asyncio.to_thread(work.take, draft)
        for event in work.finish():
            yield event

    def conversation(self) -> Conversation:
        """A new conversation, in which follow-ups are understood."""
        return Conversation(self)

    def describe(self) -> str:
        """One line: what answers, and whether anything leaves the machine."""
        answers = "Quotations chosen on this machine; no language model"
        if self.answerer.model is not None:
            answers = self._llm.describe() if self._llm else self.answerer.model
        if self._llm and not self._llm.on_this_machine:
            return answers
        if self.settings.embedding == "offline":
            return f"{answers}; nothing leaves it"
        return f"{answers}; questions are embedded by {self.settings.embedding_model}"

    def _use_llm(self) -> None:
        from assistant.answerability import Gate
        from assistant.generative import GenerativeAnswerer
        from assistant.judge import Judge
        from assistant.llm import LLM
        from assistant.rewriting import Rewriter

        self._llm = llm = LLM.from_settings(self.settings)
        self.answerer = GenerativeAnswerer(llm, self.settings.prompts)
        self.rewrite = Rewriter(llm, self.settings.prompts)
        if self.settings.gate:
            self.gate = Gate(llm, self.settings.prompts)
        if self.settings.judge:
            self.judge = Judge(llm, self.settings.prompts)
