"""The generative path against a real model's server: llama.cpp with a very small model.

What such a model says is worthless; that it is asked, streamed, read, cut and cancelled rightly
is what is tested.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import pytest

from assistant.errors import LLMContextError, LLMReplyError
from assistant.generative import SCHEMA, GenerativeAnswerer
from assistant.llm import LLM, Request
from assistant.settings import Settings
from prompts import load
from tests import local_llm
from tests.assistant.makers import evidence

pytestmark = pytest.mark.llm

SHOWN = evidence("John Kerry left Geneva on Monday.", "Sergei Lavrov stayed.", title="Talks")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    try:
        model, runtime = local_llm.fetch_model(), local_llm.fetch_runtime()
    except local_llm.UnreachableError as reason:
        pytest.skip(str(reason))
    with local_llm.serving(model, runtime) as address:
        yield address


@pytest.fixture
def llm(url: str) -> LLM:
    return LLM("smollm2", base_url=url, timeout=60)


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
    reply = llm.complete(asked)
    assert reply.text
    assert asyncio.run(llm.acomplete(asked)).text == reply.text


def test_drafts(url: str) -> None:
    settings = Settings(openai_base_url=url, model="smollm2")
    try:
        drafts = list(GenerativeAnswerer.from_settings(settings).draft("Who left Geneva?", SHOWN))
    except LLMReplyError:
        return  # this model may well fall into a loop within its first sentence
    assert all(draft.text for draft in drafts)
    assert len({draft.text for draft in drafts}) == len(drafts)


def test_a_prompt_over_the_context(llm: LLM) -> None:
    long = "Geneva " * (2 * local_llm.CONTEXT)
    with pytest.raises(LLMContextError, match="lower VERBATIM_CONTEXT_TOKENS"):
        llm.complete(request(long, schema=True))


def test_a_closed_stream_frees_the_server(llm: LLM) -> None:
    stream = llm.stream(request("Count from one to a thousand, in words.", schema=False))
    while not next(stream).text:
        pass
    stream.close()
    started = time.monotonic()
    next(llm.stream(request("Who left?", schema=False)))
    assert time.monotonic() - started < 20  # the server has one place only


def test_a_reply_is_cut_at_its_limit(llm: LLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.MAX_TOKENS", 3)
    reply = llm.complete(request("Who left?", schema=False))
    assert reply.cut
    assert reply.usage.completion_tokens <= 3
