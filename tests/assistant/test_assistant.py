from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass

import pytest

from assistant import Assistant
from assistant.answer import Answer, Event, Reason, Support, Usage
from assistant.answerer import Draft
from assistant.errors import LLMUnavailableError
from assistant.evidence import Evidence
from assistant.settings import Settings
from index import Library
from tests.conftest import SEEDS

WALKED_OUT = "On what date did the Syrian opposition walk out of the Geneva talks?"


@dataclass(frozen=True)
class Scripted:
    """An answerer that says what it is told, and may fail afterwards."""

    drafts: tuple[Draft, ...] = ()
    fails: bool = False
    name: str = "generative"
    model: str = "scripted"

    def draft(self, question: str, evidence: Evidence) -> Generator[Draft, None, None]:
        yield from self.drafts
        if self.fails:
            raise LLMUnavailableError("The model's server is away: start it.")

    async def adraft(self, question: str, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        for draft in self.draft(question, evidence):
            yield draft


def test_the_main_job(assistant: Assistant) -> None:
    answer = assistant.ask(WALKED_OUT)
    assert not answer.abstained
    assert "April 21" in answer.text
    first = answer.citations[0]
    file = (SEEDS / first.article.path).read_bytes().decode("utf-8")
    assert file[first.start : first.end] == first.quote
    assert "April 21" in first.quote
    assert all(one.support is Support.SUPPORTED and one.citations for one in answer.statements)
    assert answer.answerer == "extractive"
    assert answer.model is None


def test_every_statement_is_attributed_to_article_and_date(assistant: Assistant) -> None:
    answer = assistant.ask(WALKED_OUT)
    assert answer.text.startswith("“Russia Braces Itself as Syrian Cease-fire Falters” (")
    assert "28 April 2016" in answer.text


@pytest.mark.parametrize(
    "question",
    ["What is the recipe for kibbeh?", "Who won the football world cup in 1998?", "asdf qwer", ""],
)
def test_what_the_corpus_is_silent_on_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.NOTHING_RELEVANT
    assert not answer.statements
    assert not answer.citations


def test_a_refusal_names_what_no_article_mentions(assistant: Assistant) -> None:
    assert "“kibbeh”" in assistant.ask("What is the recipe for kibbeh?").text


def test_a_stream_brings_the_text_then_the_answer(assistant: Assistant) -> None:
    for question in (WALKED_OUT, "What is the recipe for kibbeh?"):
        *pieces, answer = assistant.stream(question)
        assert isinstance(answer, Answer)
        assert "".join(str(piece) for piece in pieces) == answer.text


def test_async_is_the_same(assistant: Assistant) -> None:
    async def ask() -> tuple[Answer, list[Event]]:
        events = [event async for event in assistant.astream(WALKED_OUT)]
        return await assistant.aask(WALKED_OUT), events

    answer, events = asyncio.run(ask())
    assert answer.text == assistant.ask(WALKED_OUT).text == "".join(map(str, events[:-1]))


def test_a_part_without_its_number_is_told_of(assistant: Assistant) -> None:
    told = assistant.ask("What did Frolov say about Assad, and how many Su-25s were left in Syria?")
    assert not told.abstained
    assert told.note == "What is quoted gives no number for “how many Su-25s were left in Syria”."
    both = assistant.ask("How many rounds of talks did Moscow host, and what did Frolov say?")
    assert both.note is None


def test_authors_are_answered_from_the_byline(assistant: Assistant) -> None:
    answer = assistant.ask("Which articles did Anna Borshchevskaya write?")
    assert {citation.article.path[:3] for citation in answer.citations} == {"003", "004"}
    assert all("Borshchevskaya" in citation.quote for citation in answer.citations)


def test_a_wrong_marker_is_replaced_by_the_evidence_that_carries_the_statement(
    library: Library,
) -> None:
    statement = (
        "Representatives of the Syrian opposition walked out of the Geneva talks on April 21."
    )
    answer = _scripted(library, Draft(statement, (999,))).ask(WALKED_OUT)
    assert answer.statements[0].support is Support.SUPPORTED
    assert "walked out" in answer.citations[0].quote


def test_an_invention_is_unverified_and_left_out_in_strict_mode(library: Library) -> None:
    invention = Draft("Erdogan bought 400 camels in Riyadh.", (1,))
    (statement,) = _scripted(library, invention).ask(WALKED_OUT).statements
    assert statement.support is Support.UNVERIFIED
    refused = _scripted(library, invention, strict=True).ask(WALKED_OUT)
    assert refused.abstention is not None
    assert refused.abstention.reason is Reason.NOT_SUPPORTED


def test_an_answerer_that_finds_nothing_abstains(library: Library) -> None:
    answer = _scripted(library).ask(WALKED_OUT)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.NOT_ANSWERED
    assert answer.consulted


def test_usage_is_the_last_drafts(library: Library) -> None:
    drafts = (Draft("One.", (1,), usage=Usage(5, 1)), Draft("Two.", (1,), usage=Usage(5, 3)))
    assert _scripted(library, *drafts).ask(WALKED_OUT).usage == Usage(5, 3)


def test_a_failing_model_is_an_error_unless_falling_back_is_allowed(library: Library) -> None:
    away = Scripted(fails=True)
    with pytest.raises(LLMUnavailableError):
        Assistant(library, Settings(), away).ask(WALKED_OUT)
    answer = Assistant(library, Settings(fallback="extractive"), away).ask(WALKED_OUT)
    assert answer.answerer == "extractive"
    assert answer.note is not None
    assert "server is away" in answer.note


def _scripted(library: Library, *drafts: Draft, strict: bool = False) -> Assistant:
    return Assistant(library, Settings(strict=strict), Scripted(drafts))
