"""Any LlamaIndex ``LLM`` as a :class:`~assistant.llm.model.ChatModel`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer import Usage
from assistant.errors import LLMError, LLMReplyError, SettingsError
from assistant.llm.model import ChatModel, Piece, Reply, Request, whole

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatResponse

_ONE_MODEL = "There is no other model {}: PINCITE_JUDGE_MODEL needs a model at a server."


class LlamaIndexModel:
    """A LlamaIndex ``LLM``, asked through ``stream_chat`` in a thread of its own.

    No schema is sent, for LlamaIndex has no common way to: the prompts describe it in words.
    A closed reply is over for whoever reads it at once, and for the LLM at its next piece.
    """

    on_this_machine = False

    def __init__(self, llm: LLM) -> None:
        self._llm = llm

    @property
    def name(self) -> str:
        told = self._llm.metadata.model_name
        return told if told != "unknown" else self._llm.class_name()

    def describe(self) -> str:
        """Which model it is, and of which LlamaIndex class."""
        return f"{self.name} through LlamaIndex ({self._llm.class_name()})"

    def named(self, name: str) -> ChatModel:
        raise SettingsError(_ONE_MODEL.format(name))

    def context(self) -> int | None:
        """As the LLM's metadata tell; LlamaIndex's default is what is told where nobody knows."""
        from llama_index.core.constants import DEFAULT_CONTEXT_WINDOW

        told = self._llm.metadata.context_window
        return told if told not in (DEFAULT_CONTEXT_WINDOW, 0, -1) else None

    def complete(self, request: Request) -> Piece:
        return whole(self.stream(request))

    def stream(self, request: Request) -> Reply:
        reply, closed = Reply(), threading.Event()
        reply.on_close(closed.set)
        work = (request, reply, closed)
        threading.Thread(target=self._produce, args=work, name=self.name, daemon=True).start()
        return reply

    def _produce(self, request: Request, reply: Reply, closed: threading.Event) -> None:
        started, said, used = time.perf_counter(), False, Usage()
        try:
            for chunk in self._chunks(request):
                if closed.is_set():
                    return
                said = said or bool(chunk.delta)
                used = _usage(chunk) or used
                reply.put(Piece(chunk.delta or ""))
            if not said:
                raise LLMReplyError(f"{self.name} replied nothing: ask again, or another model.")
            used = replace(used, calls=1, seconds=time.perf_counter() - started)
            reply.put(Piece("", used))
            reply.put(None)
        except BaseException as error:  # noqa: BLE001 (whoever reads the reply raises it)
            reply.put(error)

    def _chunks(self, request: Request) -> Iterator[ChatResponse]:
        messages = list(request.messages)
        try:
            try:
                yield from self._llm.stream_chat(messages)
            except NotImplementedError:  # not every LLM streams
                told = self._llm.chat(messages)
                told.delta = told.message.content
                yield told
        except Exception as error:  # what an LLM that was plugged in raises cannot be named
            said = " ".join(str(error).split())[:160].rstrip(" .")
            raise LLMError(f"{self.name} failed: {type(error).__name__}: {said}.") from error


def as_chat_model(llm: ChatModel | LLM) -> ChatModel:
    """``llm`` itself, or the LlamaIndex ``LLM`` as one of ours."""
    from llama_index.core.llms import LLM

    return LlamaIndexModel(llm) if isinstance(llm, LLM) else llm


def _usage(chunk: ChatResponse) -> Usage | None:
    """The usage so far, where the LLM tells it as OpenAI's do."""
    told = {**chunk.message.additional_kwargs, **chunk.additional_kwargs}
    if not isinstance(told.get("prompt_tokens"), int):
        return None
    return Usage(told["prompt_tokens"], told.get("completion_tokens") or 0)
