"""Questions to the seeds: what comes back, and how, with no language model or a scripted one."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from collections.abc import Generator
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from assistant import (
    Answer,
    Assistant,
    Checked,
    Event,
    Filter,
    LLMUnavailableError,
    Outcome,
    QuestionError,
    Support,
)
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence
from assistant.settings import Settings
from assistant.threads import on_cancel
from assistant.understanding import Question
from index import Library
from index.plain import plain
from tests.conftest import SEEDS

WALKED_OUT = "On what date did the Syrian opposition walk out of the Geneva talks?"
TRUE = "Representatives of the Syrian opposition walked out of the Geneva talks on April 21."
INVENTED = "Erdogan bought 400 camels in Riyadh on 7 June 1998."
FOUND = Conclusion(Outcome.ANSWERED)


@dataclass(frozen=True)
class Scripted:
    """An answerer that says what it is told, and may fail afterwards."""

    said: tuple[Draft | Conclusion, ...] = ()
    fails: bool = False
    name: str = "writer"
    model: str = "scripted"

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        yield from self.said
        if self.fails:
            raise LLMUnavailableError("The model's server is away: start it.")


@dataclass(frozen=True)
class Waiting:
    """An answerer that waits, after its first sentence, until it is closed."""

    closed: threading.Event
    name: str = "writer"
    model: str = "waiting"

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        on_cancel(self.closed.set)
        yield Draft("It begins.", (1,))
        assert self.closed.wait(10)


def scripted(library: Library, *said: Draft | Conclusion, **settings: object) -> Assistant:
    given = Settings(**settings)  # type: ignore[arg-type]
    return Assistant(library, given, answerer=Scripted(said))


def settled(answer: Answer) -> tuple[object, ...]:
    """What two equal answers have in common: all but how long they took."""
    return answer.text, answer.outcome, answer.statements, answer.citations, answer.consulted


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    """To :data:`WALKED_OUT`, with no language model."""
    return assistant.ask(WALKED_OUT)


# What comes back


def test_an_answer_is_quoted_and_cited_to_the_character(answer: Answer) -> None:
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.answerer, answer.model) == ("quoter", None)
    assert answer.question == answer.standalone == WALKED_OUT
    assert answer.confidence is not None
    assert 0.5 < answer.confidence < 1
    assert any("April 21" in citation.quote for citation in answer.citations)
    for citation in answer.citations:
        file = (SEEDS / citation.article.path).read_bytes().decode("utf-8")
        assert file[citation.start : citation.end] == citation.quote
    quotes = {citation.number: plain(citation.quote) for citation in answer.citations}
    for statement in answer.statements:
        assert statement.support is Support.QUOTED
        assert statement.text == " ".join(quotes[number] for number in statement.citations)


def test_what_was_read_is_told(answer: Answer) -> None:
    read = [(one.article.id, one.start, one.end) for one in answer.consulted]
    for citation in answer.citations:
        assert any(
            id == citation.article.id and start <= citation.start and citation.end <= end
            for id, start, end in read
        )


@pytest.mark.parametrize(
    "question",
    ["What is the recipe for kibbeh?", "How many camels did Erdogan buy in Riyadh?"],
)
def test_what_the_articles_do_not_say_is_not_called_an_answer(
    assistant: Assistant, answer: Answer, question: str
) -> None:
    found = assistant.ask(question)
    assert found.outcome in (Outcome.CLOSEST, Outcome.NOT_FOUND)
    assert found.message
    assert found.text.startswith(found.message)
    assert found.confidence is not None
    assert answer.confidence is not None
    assert found.confidence < answer.confidence
    assert bool(found.statements) is (found.outcome is Outcome.CLOSEST)


@pytest.mark.parametrize("said", ["Hello!", "Thank you"])
def test_talk_is_met_with_questions_to_choose_from(assistant: Assistant, said: str) -> None:
    answer = assistant.ask(said)
    assert answer.outcome is Outcome.UNCLEAR
    assert answer.message
    assert not answer.statements
    assert not answer.citations
    assert not answer.consulted
    assert len(answer.choices) >= 2
    for choice in answer.choices:
        assert choice in answer.text


def test_the_questions_to_choose_from_can_be_answered(assistant: Assistant) -> None:
    for choice in assistant.ask("Hello!").choices:
        assert assistant.ask(choice).outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("within", "there_is"),
    [
        (Filter(authors=("Zebedee",)), "Matthew Bodner"),
        (Filter(publishers=("Daily Planet",)), "themoscowtimes.com"),
    ],
)
def test_a_filter_that_admits_nothing_is_answered_with_what_there_is(
    assistant: Assistant, within: Filter, there_is: str
) -> None:
    answer = assistant.ask(WALKED_OUT, within)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.abstained
    assert there_is in str(answer.message)
    assert not answer.statements


def test_a_filter_holds(assistant: Assistant) -> None:
    within = Filter(authors=("Borshchevskaya",))
    answer = assistant.ask("What does Moscow want in Syria?", within)
    assert answer.scope.within == within
    assert answer.consulted
    assert {one.article.path[:3] for one in answer.consulted} <= {"003", "004"}


def test_the_catalogue_answers_from_the_byline(assistant: Assistant) -> None:
    answer = assistant.ask("Which articles did Anna Borshchevskaya write?")
    assert (answer.outcome, answer.answerer) == (Outcome.ANSWERED, "catalogue")
    assert {citation.article.path[:3] for citation in answer.citations} == {"003", "004"}
    assert all("Borshchevskaya" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize("nothing", [None, 7, b"Why?", "", "  \n"])
def test_no_question_is_an_error(assistant: Assistant, nothing: str) -> None:
    with pytest.raises(QuestionError):
        assistant.ask(nothing)
    with pytest.raises(QuestionError):
        asyncio.run(assistant.aask(nothing))
    with pytest.raises(QuestionError):
        assistant.check(nothing)


def test_an_answer_can_be_pickled(answer: Answer) -> None:
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer
    assert again.timings_ms == answer.timings_ms


def test_each_step_is_timed(answer: Answer) -> None:
    times = dict(answer.timings_ms)
    total = times.pop("total")
    assert set(times) == {"understand", "search", "answer", "verify"}
    assert all(time >= 0 for time in times.values())
    assert sum(times.values()) <= total


# Who answers


def test_an_answerer_is_taken_in_either_style(library: Library) -> None:
    assistant = scripted(library, Draft(TRUE, (1,)), FOUND)
    for style in (None, "prose", "quotes"):
        answer = assistant.ask(WALKED_OUT, style=style)
        assert (answer.answerer, answer.model) == ("writer", "scripted")
        assert len(answer.statements) == 1


@pytest.mark.parametrize("style", ["prose", "quotes"])
def test_without_a_model_every_style_is_quotations(
    assistant: Assistant, answer: Answer, style: str
) -> None:
    assert settled(assistant.ask(WALKED_OUT, style=style)) == settled(answer)


def test_an_unknown_style_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="prose or quotes"):
        assistant.ask(WALKED_OUT, style="verse")


def test_a_catalogue_question_is_not_put_to_the_answerer(library: Library) -> None:
    answer = scripted(library, FOUND).ask("Which articles did Anna Borshchevskaya write?")
    assert (answer.answerer, answer.model) == ("catalogue", None)


def test_an_answerer_that_says_nothing_has_found_nothing(library: Library) -> None:
    answer = scripted(library).ask(WALKED_OUT)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.consulted


def test_a_failing_model_is_an_error(library: Library) -> None:
    away = Assistant(library, Settings(fallback="none"), answerer=Scripted(fails=True))
    with pytest.raises(LLMUnavailableError, match="is away"):
        away.ask(WALKED_OUT)


def test_a_failing_model_is_stood_in_for_where_that_is_allowed(
    library: Library, answer: Answer
) -> None:
    away = Assistant(library, Settings(fallback="quotes"), answerer=Scripted(fails=True))
    quoted = away.ask(WALKED_OUT)
    assert quoted.outcome is Outcome.ANSWERED
    assert "is away" in str(quoted.message)
    assert quoted.statements == answer.statements


# Streams


def test_a_stream_brings_text_then_verdicts_then_the_answer(library: Library) -> None:
    drafts = (Draft(TRUE, (1,)), Draft(INVENTED, (1,)), Draft(TRUE, (2,)), FOUND)
    *events, answer = scripted(library, *drafts, unsupported="mark").stream(WALKED_OUT)
    assert isinstance(answer, Answer)
    kinds = [type(event) for event in events]
    assert kinds == sorted(kinds, key=lambda kind: kind is Checked)
    assert kinds.count(str) == len(answer.statements) == 3
    changed = {event.place: event.statement for event in events if isinstance(event, Checked)}
    assert 1 in changed
    for place, statement in changed.items():
        assert answer.statements[place] == statement
    assert answer.statements[1].support is Support.UNSUPPORTED
    assert answer.statements[1].findings


@pytest.mark.parametrize("question", [WALKED_OUT, "Hello!"])
def test_the_text_streamed_is_the_text_of_the_answer(assistant: Assistant, question: str) -> None:
    *pieces, last = assistant.stream(question)
    assert isinstance(last, Answer)
    assert last.text.endswith("".join(piece for piece in pieces if isinstance(piece, str)))


def test_a_statement_that_is_dropped_is_told_of(library: Library) -> None:
    drafts = (Draft(TRUE, (1,)), Draft(INVENTED, (1,)), FOUND)
    *events, answer = scripted(library, *drafts, unsupported="drop").stream(WALKED_OUT)
    assert isinstance(answer, Answer)
    assert Checked(1, None) in events
    assert [statement.text for statement in answer.statements] == [TRUE]
    assert "left out" in str(answer.message)


def test_an_answer_of_which_nothing_is_left_was_not_found(library: Library) -> None:
    answer = scripted(library, Draft(INVENTED, (1,)), FOUND, unsupported="drop").ask(WALKED_OUT)
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.statements
    assert not answer.citations


def test_a_marker_that_does_not_exist_cites_nothing(library: Library) -> None:
    answer = scripted(library, Draft("So it was.", (9_999,)), FOUND, unsupported="mark").ask("Why?")
    assert not answer.citations
    assert answer.statements[0].support is Support.UNSUPPORTED


def test_closing_a_stream_ends_the_answerer(library: Library) -> None:
    stream = Assistant(library, Settings(), answerer=Waiting(threading.Event())).stream(WALKED_OUT)
    assert "It begins." in str(next(stream))
    stream.close()
    assert next(stream, None) is None


# asyncio


def test_asyncio_is_the_same(assistant: Assistant, answer: Answer) -> None:
    async def ask() -> tuple[Answer, list[Event]]:
        events = [event async for event in assistant.astream(WALKED_OUT)]
        return await assistant.aask(WALKED_OUT), events

    asked, (*pieces, streamed) = asyncio.run(ask())
    assert isinstance(streamed, Answer)
    assert settled(asked) == settled(streamed) == settled(answer)
    assert answer.text == "".join(map(str, pieces))


def test_who_stops_waiting_ends_what_is_waited_for(library: Library) -> None:
    closed = threading.Event()
    assistant = Assistant(library, Settings(), answerer=Waiting(closed))

    async def listen(begun: asyncio.Event) -> None:
        async with aclosing(assistant.astream(WALKED_OUT)) as events:
            async for _ in events:
                begun.set()

    async def stop() -> float:
        begun = asyncio.Event()
        task = asyncio.create_task(listen(begun))
        await begun.wait()
        await asyncio.sleep(0.1)
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - started

    assert asyncio.run(stop()) < 1
    assert closed.is_set()
