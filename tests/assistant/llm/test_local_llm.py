"""The way of a request against a real model's server: llama.cpp with a very small model.

What such a model says is worthless; that it is asked, streamed, read, cut and cancelled rightly
is what is tested.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from importlib.util import find_spec
from urllib.request import Request as Request_
from urllib.request import urlopen

import pytest
from llama_index.core.llms import ChatMessage

from assistant.answerers.selector import Selector
from assistant.answerers.writer import SCHEMA, Writer
from assistant.draft import Conclusion, Draft
from assistant.errors import LLMAuthenticationError, LLMContextError, LLMReplyError
from assistant.llm import Request
from assistant.llm.gguf import ModelFile
from assistant.llm.server import ServerModel
from assistant.understanding.question import Question
from tests import local_llm
from tests.assistant.makers import evidence

pytestmark = pytest.mark.llm

SHOWN = evidence("John Kerry left Geneva on Monday.", "Sergei Lavrov stayed.", title="Talks")


CONTEXT = 2048


@pytest.fixture(autouse=True)
def _short_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    """This model seldom comes to an end by itself."""
    monkeypatch.setattr("assistant.llm.model.MAX_TOKENS", 48)


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
def llm(model: ModelFile) -> ServerModel:
    return ServerModel.of_file(model)


def request(question: str, schema: bool) -> Request:
    return Request([ChatMessage(role="user", content=question)], SCHEMA if schema else None)


def test_a_schema_is_kept_to_and_the_usage_told(llm: ServerModel) -> None:
    reply = llm.complete(request("Who left?", schema=True))
    if not reply.cut:
        assert list(json.loads(reply.text)) == SCHEMA["required"]
    assert reply.text.lstrip().startswith("{")
    assert reply.usage.prompt_tokens > 10
    assert reply.usage.completion_tokens > 2
    assert llm.refused == frozenset()


def test_the_same_question_has_the_same_reply(llm: ServerModel) -> None:
    asked = request("Who left?", schema=False)
    llm.complete(asked)  # how much of a prompt the server has read before changes its rounding
    reply = llm.complete(asked)
    assert reply.text
    assert llm.complete(asked).text == reply.text


@pytest.mark.parametrize("answerer", [Writer, Selector])
def test_drafts(llm: ServerModel, answerer: type[Writer | Selector]) -> None:
    question = Question("Who left Geneva?", "Who left Geneva?")
    try:
        *drafts, conclusion = answerer(llm).answer(question, SHOWN)
    except LLMReplyError:
        return  # this model may well fall into a loop within its first sentence
    assert isinstance(conclusion, Conclusion)
    assert all(isinstance(draft, Draft) and draft.text for draft in drafts)


def test_a_prompt_over_the_context(llm: ServerModel) -> None:
    long = "Geneva " * (2 * CONTEXT)
    with pytest.raises(LLMContextError, match="lower PINCITE_CONTEXT_TOKENS"):
        llm.complete(request(long, schema=True))


def test_a_closed_stream_frees_the_server(
    llm: ServerModel, model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.model.MAX_TOKENS", 2048)
    with llm.stream(request("Count from one to a thousand, in words.", schema=False)) as reply:
        assert next(piece.text for piece in reply if piece.text)
        assert busy(model)
    wait_until_idle(model)


def test_a_reply_closed_while_the_prompt_is_read_frees_the_server(
    llm: ServerModel, model: ModelFile
) -> None:
    with ThreadPoolExecutor(1) as pool:
        reply = llm.stream(request("Geneva " * 1000, schema=False))
        reading = pool.submit(list, reply)
        while not busy(model):
            time.sleep(0.02)
        reply.close()
        with pytest.raises(CancelledError):
            reading.result(timeout=1)
    wait_until_idle(model)


def wait_until_idle(model: ModelFile) -> None:
    end = time.monotonic() + 60  # a batch of the prompt is read to its end, on a busy machine
    while busy(model):
        assert time.monotonic() < end
        time.sleep(1)  # who asks more often keeps the server from looking after its clients


def busy(model: ModelFile) -> bool:
    """Whether the server's one place is taken."""
    address = model.address().removesuffix("/v1")
    headers = {"Authorization": f"Bearer {model.key}"}
    with urlopen(Request_(f"{address}/slots", headers=headers), timeout=10) as answer:
        (slot,) = json.load(answer)
    return bool(slot["is_processing"])


def test_nobody_else_may_ask_it(llm: ServerModel) -> None:
    llm.complete(request("Who left?", schema=False))
    stranger = ServerModel("smollm2", None, llm.server.address)
    with pytest.raises(LLMAuthenticationError):
        stranger.complete(request("Who left?", schema=False))


def test_a_crash_between_two_questions_is_mended(llm: ServerModel, model: ModelFile) -> None:
    llm.complete(request("Who left?", schema=False))
    process = model._process
    assert process
    process.kill()
    assert llm.complete(request("Who left?", schema=False)).text
    assert model._process is not process


def test_a_reply_is_cut_at_its_limit(llm: ServerModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.model.MAX_TOKENS", 3)
    reply = llm.complete(request("Who left?", schema=False))
    assert reply.cut
    assert reply.usage.completion_tokens <= 3
