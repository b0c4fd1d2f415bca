"""One question on its way to its answer: what :class:`assistant.Assistant` steps through."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.about import about
from assistant.abstain import abstain, consulted, wrong_premise
from assistant.answer import Abstention, Answer, Event, Reason, Support, Usage, with_numbers
from assistant.answerer import Answerer, Draft
from assistant.checks.kinds import asked_for, gives
from assistant.citations import Cited
from assistant.errors import LLMError
from assistant.evidence import Evidence, EvidenceSentence, gather, source
from assistant.finding import find, out_of_scope, scope_of
from assistant.listing import listing
from assistant.meter import Meter
from assistant.parts import each_part, parts
from assistant.premise import contradicted, only_names_known, unheard
from assistant.ranking import model
from assistant.scope import NO_SCOPE
from assistant.verify import Verifier
from index.filtering import Filter

if TYPE_CHECKING:
    from assistant.answerability import Gate
    from assistant.assistant import Assistant

GATE = 0.5
"""Probability of an answer in the evidence, as a language model weighs it, below which it is
refused: the even odds of "Yes" and "No" (``docs/decisions.md`` 23)."""


class Answering:
    """The state of one question: evidence, statements so far, what it has cost."""

    def __init__(self, assistant: Assistant, question: str, within: Filter) -> None:
        self.question = question
        self._within = within
        self._scope = NO_SCOPE
        self._assistant = assistant
        self._verifier = Verifier(assistant.ranker, assistant.settings.strict, self._denied)
        self._judge = assistant.judge
        self._answerer: Answerer = assistant.answerer
        self._evidence = Evidence((), ())
        self._cited = Cited()
        self._abstention: Abstention | None = None
        self._ready: tuple[Draft, ...] = ()
        self._drafted = 0
        self._usage = Usage()
        self._meter = Meter()
        self._confidence: float | None = None
        self._note: str | None = None
        self._started = perf_counter()
        self._searched = self._started

    def search(self) -> None:
        """Find evidence; refuse where it is too far from the question."""
        library = self._assistant.library
        self._scope = scope_of(self.question, self._within, library, date.today())
        self._abstention = out_of_scope(self._scope, library)
        if self._abstention is None:
            self._look_up()
        self._searched = perf_counter()

    def _look_up(self) -> None:
        library = self._assistant.library
        known = about(self.question, library, self._within) or listing(
            self.question, self._scope, library, date.today()
        )
        if isinstance(known, Abstention):
            self._abstention = known
        elif known is not None:
            self._evidence, self._ready = known.evidence, known.drafts
        else:
            self._search()

    def _search(self) -> None:
        settings = self._assistant.settings
        library = self._assistant.library
        hits = each_part(
            self.question, lambda one: find(one, self._scope, library, settings.passages)
        )
        self._evidence = gather(hits, settings.context_tokens)
        ranker = self._assistant.ranker
        self._confidence = ranker.answerable(self.question, self._evidence)
        sentence = contradicted(self.question, self._evidence, ranker)
        unknown = tuple(ranker.unknown(self.question).values())
        if sentence is not None:
            self._hold_against(sentence)
        elif self._confidence < model("answerable").threshold:
            self._abstention = abstain(
                Reason.NOTHING_RELEVANT, self._evidence, unknown, self.question
            )
        elif only_names_known(self.question, ranker):
            self._hold_against(ranker.rank(self.question, self._evidence)[0].sentence, unknown)
        else:
            self._tell(unheard(self.question, ranker))

    def _hold_against(self, sentence: EvidenceSentence, unknown: Sequence[str] = ()) -> None:
        """Refuse the question for its premise, and cite what is said instead."""
        self._abstention = wrong_premise(self.question, unknown)
        introduction = f"{source(sentence.article)}:"
        self._cited = self._cited.add(sentence.text, (sentence,), Support.SUPPORTED, introduction)

    def weigh(self) -> None:
        """Ask the model whether the evidence answers; refuse where it denies it.

        Raises ``LLMError``.
        """
        if self._gate is not None:
            with self._meter.running():
                self._weighed(self._gate.weigh(self.question, self._evidence))

    async def aweigh(self) -> None:
        """:meth:`weigh` for asyncio."""
        if self._gate is not None:
            with self._meter.running():
                self._weighed(await self._gate.aweigh(self.question, self._evidence))

    @property
    def _gate(self) -> Gate | None:
        return self._assistant.gate if self._open else None

    def _weighed(self, probability: float | None) -> None:
        if probability is not None and probability < GATE:
            self._abstention = abstain(Reason.UNANSWERABLE, self._evidence, (), self.question)

    def drafts(self, answerer: Answerer) -> Generator[Draft, None, None]:
        """The answerer's drafts; none where the question is refused or answered already."""
        self._answerer = answerer
        yield from self._ready
        if self._open:
            yield from answerer.draft(self.question, self._evidence)

    async def adrafts(self, answerer: Answerer) -> AsyncGenerator[Draft, None]:
        """:meth:`drafts` for asyncio."""
        self._answerer = answerer
        for draft in self._ready:
            yield draft
        if self._open:
            async with aclosing(answerer.adraft(self.question, self._evidence)) as drafts:
                async for draft in drafts:
                    yield draft

    @property
    def _open(self) -> bool:
        return self._abstention is None and not self._ready

    def fall_back(self, error: LLMError, answerer: Answerer) -> Iterator[Draft]:
        """What ``answerer`` drafts instead, if the settings allow it; else raises ``error``."""
        if self._assistant.settings.fallback != "extractive":
            raise error
        self._tell(f"Quotations instead of a written answer. {error}")
        yield from self.drafts(answerer)

    def _denied(self, statement: str, cited: Sequence[EvidenceSentence]) -> bool:
        """Whether the judge denies a statement; where it cannot be asked, the answer says so."""
        if self._judge is None:
            return False
        try:
            return self._judge.denies(statement, cited)
        except LLMError as error:
            self._judge = None
            self._tell(f"Not every statement was judged by the language model. {error}")
            return False

    def _tell(self, note: str) -> None:
        self._note = " ".join(filter(None, (self._note, note))) or None

    def take(self, draft: Draft) -> str:
        """Check a draft; the text it adds to the answer, empty where it is left out."""
        self._usage = draft.usage
        with self._meter.running():
            return self._checked(draft)

    def _checked(self, draft: Draft) -> str:
        if not draft.text:
            return ""
        before = len(self._cited.statements)
        self._drafted += 1
        self._cited = self._verifier.add(self._cited, draft, self._evidence)
        added = self._cited.statements[before:]
        separator = "\n\n" if before else ""
        return "".join(f"{separator}{with_numbers(statement)}" for statement in added)

    def finish(self) -> Iterator[Event]:
        """The answer; before it, where nothing is left to say, the text of the refusal."""
        if self._abstention is None and not self._cited.statements:
            reason = Reason.NOT_SUPPORTED if self._drafted else Reason.NOT_ANSWERED
            self._abstention = abstain(reason, self._evidence, (), self.question)
        self._tell(self._lacking())
        if self._abstention is not None:
            said = [with_numbers(statement) for statement in self._cited.statements]
            yield "\n\n".join([self._abstention.message, *said])
        yield self._answer()

    def _lacking(self) -> str:
        """What to say of the question's parts for whose number or time nothing is quoted."""
        asked = parts(self.question)
        if self._abstention is not None or len(asked) == 1:
            return ""
        quoted = " ".join(one.quote for one in self._cited.citations)
        return " ".join(
            f"What is quoted gives no {asked_for(part)} for “{part.rstrip(' ?')}”."
            for part in asked
            if not gives(quoted, part)
        )

    def _answer(self) -> Answer:
        done = perf_counter()
        return Answer(
            question=self.question,
            statements=self._cited.statements,
            citations=self._cited.citations,
            abstention=self._abstention,
            consulted=consulted(self._evidence.hits),
            answerer=self._answerer.name,
            model=self._answerer.model,
            usage=self._meter.usage + self._usage,
            timings_ms={
                "search": 1000 * (self._searched - self._started),
                "answer": 1000 * (done - self._searched),
                "total": 1000 * (done - self._started),
            },
            confidence=self._confidence,
            note=self._note,
            scope=self._scope,
        )
