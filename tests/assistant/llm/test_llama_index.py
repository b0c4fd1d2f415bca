"""Any LlamaIndex LLM as a language model of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import Any

import pytest
from llama_index.core.llms import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
    MockLLM,
)

from assistant.answer import Outcome, Usage
from assistant.answerers.writer import Writer
from assistant.draft import Conclusion, Draft
from assistant.errors import LLMError, LLMReplyError, SettingsError
from assistant.llm import Request, as_chat_model
from assistant.understanding.question import Question
from tests.assistant.makers import evidence
from tests.llm_server import sentences

ASKED = Question("Who left?", "Who left?")
SHOWN = evidence("Kerry left on Monday. Lavrov stayed.", title="Talks")
REQUEST = Request([ChatMessage(role="user", content="Why?")])


class Said(CustomLLM):
    """Says what it is told to, word by word, and remembers what it was asked."""

    words: Sequence[str]
    error: str = ""
    pause: float = 0.0
    window: int = 8192
    tokens: dict[str, int] = {}  # noqa: RUF012 (pydantic copies it)
    asked: list[str] = []  # noqa: RUF012

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="said", context_window=self.window)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        self.asked.append(prompt)
        said = ""
        for word in self.words:
            time.sleep(self.pause)
            said += word
            yield CompletionResponse(text=said, delta=word, additional_kwargs=self.tokens)
        if self.error:
            raise OSError(self.error)


class Whole(Said):
    """One that does not stream."""

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text="".join(self.words))

    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        raise NotImplementedError


def test_a_reply_comes_piece_by_piece() -> None:
    model = as_chat_model(Said(words=["It ", "is ", "so."]))
    pieces = [piece.text for piece in model.stream(REQUEST)]
    assert pieces == ["It ", "is ", "so.", ""]


def test_one_that_does_not_stream_replies_at_once() -> None:
    assert as_chat_model(Whole(words=["It ", "is."])).complete(REQUEST).text == "It is."


def test_usage_is_told_where_it_is_known() -> None:
    told = as_chat_model(Said(words=["Well."], tokens={"prompt_tokens": 3, "completion_tokens": 2}))
    assert told.complete(REQUEST).usage == Usage(3, 2)
    usage = as_chat_model(Said(words=["Well."])).complete(REQUEST).usage
    assert (usage.prompt_tokens, usage.calls) == (0, 1)
    assert usage.seconds > 0


def test_its_name_and_context() -> None:
    model = as_chat_model(Said(words=[]))
    assert (model.name, model.context(), model.on_this_machine) == ("said", 8192, False)
    assert model.describe() == "said through LlamaIndex (custom_llm)"
    assert as_chat_model(MockLLM()).context() is None
    assert as_chat_model(model) is model
    with pytest.raises(SettingsError, match="PINCITE_JUDGE_MODEL needs a model at a server"):
        model.named("other")


def test_what_it_raises_is_an_error_of_ours_and_nothing_is_no_reply() -> None:
    with pytest.raises(LLMError, match="said failed: OSError: no way") as caught:
        as_chat_model(Said(words=["It "], error="no way.")).complete(REQUEST)
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(LLMReplyError, match="said replied nothing"):
        as_chat_model(Said(words=[])).complete(REQUEST)


def test_a_closed_reply_is_over_at_once_and_the_model_stops() -> None:
    llm = Said(words=["word "] * 100, pause=0.05)
    reply = as_chat_model(llm).stream(REQUEST)
    threading.Timer(0.2, reply.close).start()
    started = time.monotonic()
    with pytest.raises(CancelledError):
        list(reply)
    assert time.monotonic() - started < 1
    time.sleep(0.2)
    assert not [one for one in threading.enumerate() if one.name.startswith("said")]


def test_it_writes_answers() -> None:
    reply = sentences(("Kerry left on Monday.", [1]), outcome="partial", missing="Who came back.")
    llm = Said(words=[reply[at : at + 7] for at in range(0, len(reply), 7)])
    *drafts, conclusion = Writer(as_chat_model(llm)).answer(ASKED, SHOWN)
    assert drafts == [Draft("Kerry left on Monday.", (1,))]
    assert isinstance(conclusion, Conclusion)
    assert (conclusion.outcome, conclusion.missing) == (Outcome.PARTIAL, "Who came back.")
    (asked,) = llm.asked
    assert "[s1] Kerry left on Monday." in asked
    assert "JSON" in asked
