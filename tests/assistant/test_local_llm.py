"""The generative path against a real model's server: llama.cpp with a very small model.

What such a model says is worthless; that it is asked, streamed, read, cut and cancelled rightly
is what is tested.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.request import Request as Request_
from urllib.request import urlopen

import pytest

from assistant.errors import LLMAuthenticationError, LLMContextError, LLMReplyError
from assistant.generative import SCHEMA, GenerativeAnswerer
from assistant.gguf import ModelFile
from assistant.llm import LLM, Request
from prompts import load
from tests import local_llm
from tests.assistant.makers import evidence

pytestmark = pytest.mark.llm

SHOWN = evidence("John Kerry left Geneva on Monday.", "Sergei Lavrov stayed.", title="Talks")


CONTEXT = 2048


@pytest.fixture(autouse=True)
def _short_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    """This model seldom comes to an end by itself."""
    monkeypatch.setattr("assistant.llm.MAX_TOKENS", 48)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelFile]:
    try:
        path = local_llm.fetch_model()
    except local_llm.UnreachableError as reason:
        pytest.skip(str(reason))
    assert find_spec("xllamacpp"), "install the extra `dev`"
    file = ModelFile(path, CONTEXT)
    yield file
    file.close()


@pytest.fixture
def llm(model: ModelFile) -> LLM:
    return LLM.of_file(model)


def request(question: str, schema: bool) -> Request:
    variables = {"question": question, "articles": [], "json": schema}
    return Request(load("answer").messages(variables), SCHEMA if schema else None)


def test_a_schema_is_kept_to_and_the_usage_told(llm: LLM) -> None:
    reply = llm.complete(request("Who left?", schema=True))
    if not reply.cut:
        assert set(json.loads(reply.text)) == {"sentences"}
    assert reply.text.lstrip().startswith("{")
    assert reply.usage.prompt_tokens > 100
    assert reply.usage.completion_tokens > 2
    assert llm.refused == frozenset()


def test_the_same_question_has_the_same_reply_sync_and_async(llm: LLM) -> None:
    asked = request("Who left?", schema=False)
    llm.complete(asked)  # how much of a prompt the server has read before changes its rounding
    reply = llm.complete(asked)
    assert reply.text
    assert asyncio.run(llm.acomplete(asked)).text == reply.text


def test_drafts(llm: LLM) -> None:
    try:
        drafts = list(GenerativeAnswerer(llm).draft("Who left Geneva?", SHOWN))
    except LLMReplyError:
        return  # this model may well fall into a loop within its first sentence
    assert all(draft.text for draft in drafts[:-1])  # the last may hold the usage alone
    assert len({draft.text for draft in drafts}) == len(drafts)


def test_a_prompt_over_the_context(llm: LLM) -> None:
    long = "Geneva " * (2 * CONTEXT)
    with pytest.raises(LLMContextError, match="lower PINCITE_CONTEXT_TOKENS"):
        llm.complete(request(long, schema=True))


def test_a_closed_stream_frees_the_server(
    llm: LLM, model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.MAX_TOKENS", 2048)
    stream = llm.stream(request("Count from one to a thousand, in words.", schema=False))
    while not next(stream).text:
        pass
    assert busy(model)
    stream.close()
    end = time.monotonic() + 10
    while busy(model):
        assert time.monotonic() < end


def test_a_cancelled_task_frees_the_server(
    llm: LLM, model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.MAX_TOKENS", 2048)

    async def cancel() -> None:
        asked = llm.acomplete(request("Count from one to a thousand, in words.", schema=False))
        task = asyncio.create_task(asked)
        while not await asyncio.to_thread(busy, model):
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while await asyncio.to_thread(busy, model):
            await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(cancel(), 30))


def busy(model: ModelFile) -> bool:
    """Whether the server's one place is taken."""
    address = model.address().removesuffix("/v1")
    headers = {"Authorization": f"Bearer {model.key.reveal()}"}
    with urlopen(Request_(f"{address}/slots", headers=headers), timeout=10) as answer:
        (slot,) = json.load(answer)
    return bool(slot["is_processing"])


def test_nobody_else_may_ask_it(llm: LLM) -> None:
    llm.complete(request("Who left?", schema=False))
    stranger = LLM("smollm2", None, llm.server.address)
    with pytest.raises(LLMAuthenticationError):
        stranger.complete(request("Who left?", schema=False))


def test_a_crash_between_two_questions_is_mended(llm: LLM, model: ModelFile) -> None:
    llm.complete(request("Who left?", schema=False))
    process = model._process
    assert process
    process.kill()
    assert llm.complete(request("Who left?", schema=False)).text
    assert model._process is not process


def test_a_reply_is_cut_at_its_limit(llm: LLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.MAX_TOKENS", 3)
    reply = llm.complete(request("Who left?", schema=False))
    assert reply.cut
    assert reply.usage.completion_tokens <= 3
