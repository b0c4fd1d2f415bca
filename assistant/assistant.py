"""Question in, cited answer out: understand, retrieve, answer, verify."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from assistant import answerers
from assistant.answer import Answer, Checked, Consulted, Event, Outcome, Scope, afinal, final
from assistant.answerers import Answerer, Conclusion, Draft, Quoter, Selector, Writer
from assistant.conversation import Conversation, Turn
from assistant.errors import LLMError, QuestionError
from assistant.evidence import Evidence
from assistant.llm import ChatModel, as_chat_model, chat_model
from assistant.retrieval import retrieve
from assistant.settings import Settings
from assistant.threads import in_threads
from assistant.understanding import Intent, Question, Understood, understand
from assistant.verification import Cited, Judge, Verified, check_text, resolve, verify
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from llama_index.core.llms import LLM
    from llama_index.core.query_engine import BaseQueryEngine

    from index.library import Library

Drafts = Generator[Draft | Conclusion, None, None]


class Assistant:
    """Answers questions from one library. Threads may share it."""

    def __init__(
        self,
        library: Library,
        settings: Settings | None = None,
        llm: ChatModel | LLM | None = None,
        answerer: Answerer | None = None,
    ) -> None:
        """``settings``: by default the environment's. ``llm``: a language model to use instead of
        the one that the settings name. ``answerer``: what answers instead of either.

        Raises ``SettingsError``, ``PromptError``.
        """
        self.library = library
        self.settings = settings or Settings.load()
        self.model = chat_model(self.settings) if llm is None else as_chat_model(llm)
        self.judge = _judge(self.settings, self.model)
        self.quoter = Quoter(library)
        self._answerers = _answerers(self.settings, self.model, self.quoter, answerer)

    def ask(
        self, question: str, within: Filter = EVERYTHING, *, style: str | None = None
    ) -> Answer:
        """The answer, from the articles that ``within`` admits.

        ``style``: ``prose`` or ``quotes``, instead of the settings'. Raises ``PinciteError``.
        """
        return final(self.stream(question, within, style=style))

    def stream(
        self,
        question: str,
        within: Filter = EVERYTHING,
        *,
        turns: Sequence[Turn] = (),
        style: str | None = None,
    ) -> Generator[Event, None, None]:
        """Text as it is written, then verdicts on it, then the answer.

        ``turns``: the conversation so far. Closing the generator ends the model's work too.
        """
        clock, answerer = _Clock(), self._answerer(style)
        understood, evidence = self._understand(_sound(question), turns, within)
        clock.lap("understand")
        asked = understood.question
        evidence, drafts, name = self._drafts(asked, evidence, answerer)
        clock.lap("search")
        cited, conclusion = Cited(), Conclusion(Outcome.NOT_FOUND)
        with closing(drafts):
            for draft in drafts:
                if isinstance(draft, Conclusion):
                    conclusion = draft
                else:
                    before, cited = cited, resolve(cited, draft, evidence)
                    yield _text(before, cited)
        clock.lap("answer")
        verified = verify(cited, asked, evidence, self.judge, self.settings.unsupported)
        yield from _verdicts(cited, verified)
        clock.lap("verify")
        answer = _answer(understood, evidence, conclusion, verified)
        model = answerer.model if name == answerer.name else None
        yield replace(answer, answerer=name, model=model, timings_ms=clock.times())

    async def aask(
        self, question: str, within: Filter = EVERYTHING, *, style: str | None = None
    ) -> Answer:
        """:meth:`ask` for asyncio."""
        return await afinal(self.astream(question, within, style=style))

    async def astream(
        self,
        question: str,
        within: Filter = EVERYTHING,
        *,
        turns: Sequence[Turn] = (),
        style: str | None = None,
    ) -> AsyncGenerator[Event, None]:
        """:meth:`stream` for asyncio: every step runs in a thread."""
        events = in_threads(self.stream(question, within, turns=turns, style=style))
        async with aclosing(events):
            async for event in events:
                yield event

    def check(self, text: str, within: Filter = EVERYTHING) -> Answer:
        """Whether the articles support a text, sentence by sentence, whoever wrote it.

        Raises ``PinciteError``.
        """
        return check_text(_sound(text), self.library, self.judge, within)

    def conversation(self) -> Conversation:
        """A new conversation, in which follow-ups are understood."""
        return Conversation(self)

    def as_query_engine(self) -> BaseQueryEngine:
        """A LlamaIndex query engine; its source nodes carry the citations."""
        from assistant.query_engine import PinciteQueryEngine

        return PinciteQueryEngine(self)

    def describe(self) -> str:
        """One line: what answers, and whether anything leaves the machine."""
        answers = "Quotations chosen on this machine; no language model"
        if self.model is not None:
            answers = self.model.describe()
            if not self.model.on_this_machine:
                return answers
        if self.settings.embedding == "openai":
            return f"{answers}; questions are embedded by {self.settings.embedding_model}"
        return f"{answers}; nothing leaves it"

    # The steps

    def _answerer(self, style: str | None) -> Answerer:
        found = self._answerers.get(style or self.settings.style)
        if found is None:
            raise QuestionError(f"There is no style {style!r}: it is prose or quotes.")
        return found

    def _understand(
        self, question: str, turns: Sequence[Turn], within: Filter
    ) -> tuple[Understood, Evidence | None]:
        """The question understood; and the evidence for it as typed, where nothing was changed.

        A language model understands while the question as typed is searched for: one that stands
        by itself then has its evidence already.
        """
        if self.model is None:
            return understand(question, turns, within, self.library), None
        typed = Question(question, question, scope=Scope(within), queries=(question,))
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(self._retrieve, typed)
            understood = self._understood(question, turns, within)
            evidence = first.result()
        asked = understood.question
        same = (asked.intent, asked.scope, asked.queries) == (
            typed.intent,
            typed.scope,
            typed.queries,
        )
        return understood, evidence if same else None

    def _understood(self, question: str, turns: Sequence[Turn], within: Filter) -> Understood:
        try:
            return understand(
                question, turns, within, self.library, self.model, self.settings.prompts
            )
        except LLMError as error:
            if self.settings.fallback != "quotes":
                raise
            understood = understand(question, turns, within, self.library)
            return replace(understood, message=f"Understood without the language model. {error}")

    def _retrieve(self, question: Question) -> Evidence:
        settings = self.settings
        return retrieve(question, self.library, settings.passages, settings.context_tokens)

    def _drafts(
        self, question: Question, evidence: Evidence | None, answerer: Answerer
    ) -> tuple[Evidence, Drafts, str]:
        """What is read, what is drafted from it, and by whom."""
        if at_once := answerers.reply_without_search(question, self.library):
            return Evidence(), _ready(at_once), "catalogue"
        if question.intent is Intent.COLLECTION and question.catalogue:
            found = answerers.look_up(question, self.library)
            return found.evidence, _ready(*found.drafts, found.conclusion), "catalogue"
        evidence = evidence or self._retrieve(question)
        return evidence, self._answered(question, evidence, answerer), answerer.name

    def _answered(self, question: Question, evidence: Evidence, answerer: Answerer) -> Drafts:
        try:
            yield from answerer.answer(question, evidence)
        except LLMError as error:
            if self.settings.fallback != "quotes":
                raise
            told = f"Quotations instead of a written answer. {error}"
            for draft in self.quoter.answer(question, evidence):
                if isinstance(draft, Conclusion):
                    yield replace(draft, message=_joined(told, draft.message))
                else:
                    yield draft


class _Clock:
    """How long each step took."""

    def __init__(self) -> None:
        self._started = self._last = perf_counter()
        self._times: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """The step ends here; the next one begins."""
        now = perf_counter()
        self._times[step] = 1000 * (now - self._last)
        self._last = now

    def times(self) -> dict[str, float]:
        """Milliseconds of each step, and in all."""
        return {**self._times, "total": 1000 * (perf_counter() - self._started)}


def _sound(text: object) -> str:
    """The text, which must hold something to be asked. Raises ``QuestionError``."""
    if not isinstance(text, str):
        raise QuestionError(f"A question is a text, not {type(text).__name__}: pass a str.")
    if not text.strip():
        raise QuestionError("The question is empty: write one.")
    return text.strip()


def _judge(settings: Settings, model: ChatModel | None) -> Judge | None:
    if model is None or settings.judge == "off":
        return None
    return Judge(
        model.named(settings.judge_model) if settings.judge_model else model, settings.prompts
    )


def _answerers(
    settings: Settings, model: ChatModel | None, quoter: Quoter, given: Answerer | None
) -> dict[str, Answerer]:
    """What answers in each style."""
    if given is not None:
        return {"prose": given, "quotes": given}
    if model is None:
        return {"prose": quoter, "quotes": quoter}
    return {
        "prose": Writer(model, settings.prompts),
        "quotes": Selector(model, settings.prompts),
    }


def _ready(*drafts: Draft | Conclusion) -> Drafts:
    yield from drafts


def _text(before: Cited, after: Cited) -> str:
    """What the new statements add to the text that has been shown."""
    said = [statement.shown for statement in after.statements[len(before.statements) :]]
    return "".join(f"\n\n{one}" if before.statements or at else one for at, one in enumerate(said))


def _verdicts(written: Cited, verified: Verified) -> Iterator[Checked]:
    """What verification changed."""
    pairs = zip(written.statements, verified.statements, strict=True)
    for place, (before, after) in enumerate(pairs):
        if before != after:
            yield Checked(place, after)


def _answer(
    understood: Understood, evidence: Evidence, conclusion: Conclusion, verified: Verified
) -> Answer:
    question, cited = understood.question, verified.cited
    outcome, message = conclusion.outcome, conclusion.message
    if conclusion.outcome in (Outcome.ANSWERED, Outcome.PARTIAL) and not cited.statements:
        outcome = Outcome.NOT_FOUND
        message = message or "An answer was written, but the articles do not support it."
    return Answer(
        question=question.asked,
        standalone=question.standalone,
        statements=cited.statements,
        citations=cited.citations,
        outcome=outcome,
        missing=conclusion.missing,
        message=_joined(understood.message, message, verified.message),
        choices=conclusion.choices,
        consulted=tuple(
            Consulted(hit.passage.article, hit.passage.start, hit.passage.end, hit.score)
            for hit in evidence.hits
        ),
        scope=question.scope,
        usage=understood.usage + conclusion.usage + verified.usage,
        confidence=conclusion.confidence,
    )


def _joined(*sentences: str | None) -> str | None:
    return " ".join(filter(None, sentences)) or None
