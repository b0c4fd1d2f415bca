"""What goes wrong with a language model, as whoever asks sees it: a real server misbehaves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant import Assistant
from assistant.answer import Answer, Reason, Usage
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
from tests.llm_server import (
    Behaviour,
    ModelServer,
    breaks_off,
    fails,
    hangs,
    says,
    sentences,
    talks_forever,
    weighs,
)

QUESTION = "On what date did the Syrian opposition walk out of the Geneva talks?"
FOLLOW_UP = "And why did they leave?"
TRUE = "Representatives of the Syrian opposition walked out of the Geneva talks on April 21."
REPLY = sentences((TRUE, [1]))

Ask = Callable[[Assistant | Conversation, str], Answer]


pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
def ask(is_async: bool) -> Ask:
    if not is_async:
        return lambda asked, question: asked.ask(question)
    return lambda asked, question: asyncio.run(asked.aask(question))


def settings(server: ModelServer, gate: bool = False) -> Settings:
    return Settings(openai_base_url=server.url, model="gpt-4.1-mini", gate=gate, timeout=0.5)


def falling_back(server: ModelServer, gate: bool = False) -> Settings:
    return replace(settings(server, gate), fallback="extractive")


FAULTS = [
    (fails(401), LLMAuthenticationError, "refuses the key"),
    (fails(404), LLMModelError, "has no model gpt-4.1-mini"),
    (fails(429, headers={"Retry-After": "60"}), LLMUnavailableError, "again in 60 seconds"),
    (fails(503), LLMUnavailableError, r"failed \(HTTP 503"),
    (breaks_off(REPLY[:60]), LLMUnavailableError, "broke off its reply"),
    (hangs(0.8), LLMUnavailableError, "silent for 0.5 seconds"),
    (fails(400, "context_length_exceeded"), LLMContextError, "lower PINCITE_CONTEXT_TOKENS"),
    (says(REPLY[:60], finish="length"), LLMReplyError, "broke off in its first sentence"),
    (says(""), LLMReplyError, "is empty"),
]


@pytest.mark.parametrize(("fault", "kind", "message"), FAULTS)
@pytest.mark.parametrize("gate", [False, True])
def test_each_fault_is_a_clear_error(
    library: Library, ask: Ask, fault: Behaviour, kind: type[LLMError], message: str, gate: bool
) -> None:
    with ModelServer(fault) as server, pytest.raises(kind, match=message):
        ask(Assistant(library, settings(server, gate)), QUESTION)


@pytest.mark.parametrize(("fault", "kind", "message"), FAULTS)
def test_each_fault_is_told_and_quoted_over_where_the_user_allows_it(
    library: Library, ask: Ask, fault: Behaviour, kind: type[LLMError], message: str
) -> None:
    with ModelServer(fault) as server:
        answer = ask(Assistant(library, falling_back(server)), QUESTION)
    assert (answer.answerer, answer.model) == ("extractive", None)
    assert "April 21" in answer.text
    assert answer.note is not None
    assert answer.note.startswith("Quotations instead of a written answer. ")


def test_the_gate_fails_into_the_same_fallback(library: Library, ask: Ask) -> None:
    with ModelServer(fails(503)) as server:
        answer = ask(Assistant(library, falling_back(server, gate=True)), QUESTION)
    assert answer.answerer == "extractive"
    assert "HTTP 503" in str(answer.note)


def test_what_was_written_before_the_fault_stays_and_quotations_follow(
    library: Library, ask: Ask
) -> None:
    whole = sentences((TRUE, [1]), ("It was raining in Geneva on that day.", [2]))
    with ModelServer(breaks_off(whole[: len(REPLY) + 20])) as server:
        answer = ask(Assistant(library, falling_back(server)), QUESTION)
    assert answer.statements[0].text == TRUE
    assert len({statement.text for statement in answer.statements}) == len(answer.statements)


def test_a_server_that_goes_away_between_two_turns(library: Library, ask: Ask) -> None:
    with ModelServer(says(REPLY)) as server:
        chat = Assistant(library, settings(server)).conversation()
        assert ask(chat, QUESTION).text.startswith(TRUE)
    with pytest.raises(LLMUnavailableError, match="cannot be reached: start the server"):
        ask(chat, FOLLOW_UP)
    assert len(chat.turns) == 1  # what failed is no turn


def test_a_server_that_goes_away_between_two_turns_is_quoted_over(
    library: Library, ask: Ask
) -> None:
    with ModelServer(says(REPLY)) as server:
        chat = Assistant(library, falling_back(server)).conversation()
        ask(chat, QUESTION)
    answer = ask(chat, FOLLOW_UP)
    assert answer.answerer == "extractive"
    assert "cannot be reached" in str(answer.note)
    assert len(chat.turns) == 2


def test_the_gate_refuses_before_anything_is_drafted(library: Library, ask: Ask) -> None:
    with ModelServer(weighs(0.2, says(REPLY))) as server:
        answer = ask(Assistant(library, settings(server, gate=True)), QUESTION)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.UNANSWERABLE
    assert "language model judges" in answer.text
    assert len(server.asked) == 1
    assert answer.usage == Usage(11, 1)
    assert not answer.citations


def test_the_gate_lets_pass_and_its_price_is_counted(library: Library, ask: Ask) -> None:
    with ModelServer(weighs(0.8, says(REPLY))) as server:
        answer = ask(Assistant(library, settings(server, gate=True)), QUESTION)
    assert answer.text.startswith(TRUE)
    assert answer.usage == Usage(22, 8)
    assert answer.usage.calls == 2
    assert answer.usage.seconds > 0
    assert answer.cost_usd == pytest.approx((22 * 0.40 + 8 * 1.60) / 1e6)
    assert answer.as_dict()["usage"]["calls"] == 2


def test_the_gate_can_be_switched_off(library: Library, ask: Ask) -> None:
    with ModelServer(weighs(0.2, says(REPLY))) as server:
        answer = ask(Assistant(library, settings(server)), QUESTION)
    assert not answer.abstained
    assert all("logprobs" not in asked.body for asked in server.asked)


def test_rewriting_a_follow_up_is_counted(library: Library, ask: Ask) -> None:
    with ModelServer(says(REPLY), says(QUESTION), says(REPLY)) as server:
        chat = Assistant(library, settings(server)).conversation()
        assert ask(chat, QUESTION).usage == Usage(11, 7)
        assert ask(chat, "And when was that?").usage == Usage(22, 14)


def test_an_unknown_price_is_none(library: Library) -> None:
    with ModelServer(says(REPLY)) as server:
        priceless = replace(settings(server), model="little")
        assert Assistant(library, priceless).ask(QUESTION).cost_usd is None


ENDLESS = ['{"sentences": [', *[f'{{"text": "{TRUE} {n}", "sources": [1]}}, ' for n in range(999)]]


def test_closing_an_answer_ends_the_models_work(library: Library) -> None:
    with ModelServer(talks_forever(ENDLESS)) as server:
        stream = Assistant(library, settings(server)).stream(QUESTION)
        assert str(next(stream)).startswith(TRUE)
        stream.close()
        assert server.hung_up.wait(3)


@pytest.mark.parametrize("gate", [False, True])
def test_cancelling_an_answer_ends_the_models_work(library: Library, gate: bool) -> None:
    async def cancel(server: ModelServer) -> bool:
        assistant = Assistant(library, settings(server, gate))
        task = asyncio.create_task(assistant.aask(QUESTION))
        while not server.asked:
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await asyncio.to_thread(server.hung_up.wait, 3)

    with ModelServer(talks_forever(ENDLESS)) as server:
        assert asyncio.run(cancel(server))


def test_numbers_once_shown_never_change(library: Library) -> None:
    reply = sentences((TRUE, [1]), ("Bashar Assad spoke of Aleppo.", [3, 1]), (f"So {TRUE}", [2]))
    with ModelServer(says(reply, size=1)) as server:
        *pieces, answer = Assistant(library, settings(server)).stream(QUESTION)
    assert isinstance(answer, Answer)
    assert len(pieces) == len(answer.statements) == 3
    assert "".join(map(str, pieces)) == answer.text
    for piece in map(str, pieces):  # each is whole: no half marker, nothing to be mended later
        assert not re.search(r"\[\d*$|\[s", piece)
