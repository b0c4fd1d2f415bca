"""What goes wrong with a language model, as whoever asks sees it: a real server misbehaves."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answer import Answer, Checked, Outcome, Usage
from assistant.conversation import Conversation
from assistant.errors import (
    LLMAuthenticationError,
    LLMContextError,
    LLMError,
    LLMModelError,
    LLMReplyError,
    LLMUnavailableError,
)
from assistant.settings import Settings
from index import Library
from index.plain import plain
from tests.llm_server import (
    Asked,
    Behaviour,
    Handler,
    ModelServer,
    breaks_off,
    fails,
    hangs,
    says,
    sentences,
    talks_forever,
)

QUESTION = "On what date did the Syrian opposition walk out of the Geneva talks?"
FOLLOW_UP = "And why did they leave?"
TRUE = "Representatives of the Syrian opposition walked out of the Geneva talks on April 21."
REPLY = sentences((TRUE, [1]), outcome="answered")

Ask = Callable[[Assistant | Conversation, str], Answer]

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def ask(is_async: bool) -> Ask:
    if not is_async:
        return lambda asked, question: asked.ask(question)
    return lambda asked, question: asyncio.run(asked.aask(question))


def settings(server: ModelServer, **others: object) -> Settings:
    given = {"openai_base_url": server.url, "model": "gpt-4.1-mini", "judge": "off", "timeout": 1.0}
    return Settings(**{**given, **others})  # type: ignore[arg-type]


def writes(behaviour: Behaviour, understands: str = "{}") -> Behaviour:
    """Replies ``understands`` where a question is to be understood; else as ``behaviour``."""

    def behave(handler: Handler, asked: Asked) -> None:
        wanted = asked.body["response_format"]["json_schema"]["schema"]["properties"]
        (behaviour if "sentences" in wanted else says(understands))(handler, asked)

    return behave


FAULTS = [
    (fails(401), LLMAuthenticationError, "refuses the key"),
    (fails(404), LLMModelError, "has no model gpt-4.1-mini"),
    (fails(429, headers={"Retry-After": "60"}), LLMUnavailableError, "again in 60 seconds"),
    (fails(503), LLMUnavailableError, r"failed \(HTTP 503"),
    (breaks_off(REPLY[:60]), LLMUnavailableError, "broke off its reply"),
    (hangs(1.5), LLMUnavailableError, "silent for 1 seconds"),
    (fails(400, "context_length_exceeded"), LLMContextError, "lower PINCITE_CONTEXT_TOKENS"),
]
WRITING = [
    *FAULTS,
    (says(REPLY[:60], finish="length"), LLMReplyError, "broke off in its first sentence"),
    (says(""), LLMReplyError, "is empty"),
]


@pytest.mark.parametrize(("fault", "kind", "message"), FAULTS)
def test_each_fault_is_a_clear_error(
    library: Library, ask: Ask, fault: Behaviour, kind: type[LLMError], message: str
) -> None:
    with ModelServer(fault) as server, pytest.raises(kind, match=message):
        ask(Assistant(library, settings(server)), QUESTION)


@pytest.mark.parametrize(("fault", "kind", "message"), WRITING)
def test_each_fault_in_writing_is_a_clear_error(
    library: Library, ask: Ask, fault: Behaviour, kind: type[LLMError], message: str
) -> None:
    with ModelServer(writes(fault)) as server, pytest.raises(kind, match=message):
        ask(Assistant(library, settings(server)), QUESTION)


@pytest.mark.parametrize(("fault", "kind", "message"), WRITING)
def test_each_fault_is_told_and_quoted_over_where_the_user_allows_it(
    library: Library, ask: Ask, fault: Behaviour, kind: type[LLMError], message: str
) -> None:
    with ModelServer(writes(fault)) as server:
        answer = ask(Assistant(library, settings(server, fallback="quotes")), QUESTION)
    assert "April 21" in answer.text
    assert str(answer.message).startswith("Quotations instead of a written answer. ")


def test_what_was_written_before_the_fault_stays_and_quotations_follow(
    library: Library, ask: Ask
) -> None:
    whole = sentences((TRUE, [1]), ("It was raining in Geneva on that day.", [2]))
    with ModelServer(writes(breaks_off(whole[: len(TRUE) + 70]))) as server:
        answer = ask(Assistant(library, settings(server, fallback="quotes")), QUESTION)
    assert answer.statements[0].text == TRUE
    assert len({statement.text for statement in answer.statements}) == len(answer.statements)


def test_a_server_that_goes_away_between_two_turns(library: Library, ask: Ask) -> None:
    with ModelServer(writes(says(REPLY))) as server:
        chat = Assistant(library, settings(server)).conversation()
        assert TRUE in ask(chat, QUESTION).text
    with pytest.raises(LLMUnavailableError, match="cannot be reached: start the server"):
        ask(chat, FOLLOW_UP)
    assert len(chat.turns) == 1  # what failed is no turn


def test_all_that_is_consumed_is_counted(library: Library, ask: Ask) -> None:
    with ModelServer(writes(says(REPLY))) as server:
        answer = ask(Assistant(library, settings(server)), QUESTION)
    assert len(server.asked) == 2  # understanding and writing
    assert answer.usage == Usage(22, 14)
    assert answer.usage.calls == 2
    assert answer.usage.seconds > 0
    assert answer.cost_usd == pytest.approx((22 * 0.40 + 14 * 1.60) / 1e6)


def test_an_unknown_price_is_none(library: Library) -> None:
    with ModelServer(writes(says(REPLY))) as server:
        assert Assistant(library, settings(server, model="x")).ask(QUESTION).cost_usd is None


def test_no_answer_has_its_price_too(library: Library, ask: Ask) -> None:
    with ModelServer(writes(says(sentences(outcome="not_found", missing="The date.")))) as server:
        answer = ask(Assistant(library, settings(server)), QUESTION)
    assert (answer.outcome, answer.missing) == (Outcome.NOT_FOUND, "The date.")
    assert answer.usage.calls == 2


ENDLESS = ['{"sentences": [', *[f'{{"text": "{TRUE} {n}", "sources": [1]}}, ' for n in range(999)]]


def test_closing_an_answer_ends_the_models_work(library: Library) -> None:
    with ModelServer(writes(talks_forever(ENDLESS))) as server:
        stream = Assistant(library, settings(server)).stream(QUESTION)
        assert str(next(stream)).startswith(TRUE)
        stream.close()
        assert server.hung_up.wait(1)


@pytest.mark.parametrize("silent", [hangs(20), writes(hangs(20)), writes(talks_forever(ENDLESS))])
def test_cancelling_an_answer_ends_the_models_work(library: Library, silent: Behaviour) -> None:
    async def cancel(server: ModelServer) -> None:
        assistant = Assistant(library, settings(server, timeout=30.0))
        task = asyncio.create_task(assistant.aask(QUESTION))
        while not server.asked:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        task.cancel()
        started = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - started < 1

    with ModelServer(silent) as server:
        asyncio.run(cancel(server))
        assert server.hung_up.wait(1)


def test_what_changes_once_it_is_shown_is_told(library: Library) -> None:
    reply = sentences((TRUE, [1]), ("Bashar Assad spoke of Aleppo.", [3, 1]), (f"So {TRUE}", [2]))
    with ModelServer(writes(says(reply, size=1))) as server:
        *events, answer = Assistant(library, settings(server, unsupported="mark")).stream(QUESTION)
    assert isinstance(answer, Answer)
    texts = [event for event in events if isinstance(event, str)]
    changed = {event.place: event.statement for event in events if isinstance(event, Checked)}
    assert len(texts) == len(answer.statements) == 3
    for place, (text, statement) in enumerate(zip(texts, answer.statements, strict=True)):
        assert changed.get(place, statement) == statement
        assert place in changed or text.strip() == statement.shown


def test_a_bug_of_ours_is_not_the_servers_fault(
    library: Library, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr("assistant.answerers.reply._drafted", broken)
    with ModelServer(writes(says(REPLY))) as server, pytest.raises(LookupError, match="a bug"):
        ask(Assistant(library, settings(server)), QUESTION)


def test_the_selector_is_asked_where_quotes_are_wanted(library: Library, ask: Ask) -> None:
    reply = json.dumps({"lines": [1], "outcome": "answered"})
    with ModelServer(says(reply)) as server:
        answer = ask(Assistant(library, settings(server, style="quotes")), QUESTION)
    assert answer.answerer == "selector"
    (statement,) = answer.statements
    assert statement.support.value == "quoted"
    assert statement.text == plain(answer.citations[0].quote)
