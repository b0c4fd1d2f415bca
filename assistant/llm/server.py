"""The one seam to a language model: any OpenAI-compatible server, through LlamaIndex.

A model in a file is served by :mod:`assistant.gguf`, and asked like any other.

A reply is always streamed. What a server turns out not to take (a JSON schema, a temperature, …)
is found out once and left out from then on.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI

from assistant.answer import Usage
from assistant.context import ask_context
from assistant.errors import LLMModelError
from assistant.failures import (
    FAILURES,
    LONGEST_WAIT,
    Server,
    is_refusal,
    is_too_long,
    no_reply,
    said,
    translate,
    wait_before_retry,
)
from assistant.gguf import ModelFile, model_file
from assistant.meter import count
from assistant.settings import Secret, Settings

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage, ChatResponse
    from llama_index.llms.openai_like import OpenAILike

OPENAI = "https://api.openai.com/v1"
MAX_TOKENS = 2_048
"""Longest reply: a small model that falls into a loop would otherwise not end."""
ATTEMPTS = 3
_CONNECT = 5.0
"""Seconds to wait for a connection, where the timeout allows as much."""
_SCHEMA = "response_format"
_WEIGHTS = {"logprobs": True, "top_logprobs": 20}
_LARGEST = 32
"""Context of a model in a file, in thousands of tokens: its memory is taken at once."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model."""

    messages: Sequence[ChatMessage]
    schema: Mapping[str, Any] | None = None
    """JSON schema of the reply."""
    messages_without_schema: Sequence[ChatMessage] = ()
    """Sent instead of ``messages`` to a server that takes no schema."""
    shorter: Callable[[], Request] | None = None
    """Makes what is sent instead, once, where this is longer than the model can read."""
    weighs: bool = False
    """Only the first token is wanted, with the probability of every likely one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply."""

    text: str
    usage: Usage = field(default_factory=Usage)
    """Of the request so far; zeros until the server tells, which is at the end."""
    cut: bool = False
    """The reply ended here without having come to its end."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Probability of each likely first token, where they were asked for and the server tells."""


class LLM:
    """A language model at a server. Sound in threads and in any event loop."""

    def __init__(
        self,
        model: str,
        api_key: Secret | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        self.model = model
        self.server = Server(base_url or OPENAI, model, api_key, timeout)
        self._file: ModelFile | None = None
        self.refused: frozenset[str] = frozenset()
        """Names of arguments that the server was found not to take."""
        self._asked_context = False
        self._context: int | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The model that ``settings`` name. Raises ``SettingsError`` for a file that is none."""
        if settings.llm_file is not None:
            return cls.of_file(model_file(settings.llm_file, _room(settings)), settings.timeout)
        return cls(
            settings.model, settings.openai_api_key, settings.openai_base_url, settings.timeout
        )

    @classmethod
    def of_file(cls, file: ModelFile, timeout: float = 60.0) -> Self:
        """A model of this machine, which is started when it is first asked."""
        llm = cls(file.name, timeout=timeout)
        llm.server = Server("", file.name, file.key, timeout, on_this_machine=True)
        llm._file = file
        return llm

    @property
    def on_this_machine(self) -> bool:
        """Whether it is a model in a file."""
        return self._file is not None

    def describe(self) -> str:
        """Which model it is, and where."""
        if self._file is not None:
            return f"{self.model} on this machine ({self._file.path})"
        return f"{self.model} at {self.server.address}"

    def complete(self, request: Request) -> Piece:
        """The whole reply. Raises ``LLMError``."""
        return _joined(list(self.stream(request)))

    async def acomplete(self, request: Request) -> Piece:
        """:meth:`complete` for asyncio."""
        return _joined([piece async for piece in self.astream(request)])

    def can_weigh(self) -> bool:
        """Whether the server tells probabilities, as far as is known."""
        return not self.refused & _WEIGHTS.keys()

    def context(self) -> int | None:
        """Tokens of prompt and reply together that the model has room for, where its server tells.

        Asked once. Raises ``LLMError`` where a model in a file does not start.
        """
        if not self._asked_context and self.server.address != OPENAI:
            with self._client() as client:
                self._asked_context, self._context = ask_context(client, self.model)
        return self._context

    def longest(self) -> int:
        """Tokens that a reply may take."""
        return min(MAX_TOKENS, (self._context or MAX_TOKENS * 4) // 4)

    def stream(self, request: Request) -> Generator[Piece, None, None]:
        """The reply as it comes. Raises ``LLMError``. Closing it closes the connection."""
        attempt = _Attempt(self, request)
        while True:
            try:
                with self._client() as client:
                    chunks = self._model(openai_client=client).stream_chat(
                        attempt.messages(), **attempt.arguments()
                    )
                    with closing(chunks):
                        for chunk in chunks:
                            yield attempt.take(chunk)
                yield attempt.end()
                return
            except FAILURES as failure:
                pause = attempt.pause_after(failure)
            time.sleep(pause)

    async def astream(self, request: Request) -> AsyncGenerator[Piece, None]:
        """:meth:`stream` for asyncio."""
        attempt = _Attempt(self, request)
        while True:
            try:
                async with await asyncio.to_thread(self._async_client) as client:
                    chunks = await self._model(async_openai_client=client).astream_chat(
                        attempt.messages(), **attempt.arguments()
                    )
                    async with aclosing(chunks):
                        async for chunk in chunks:
                            yield attempt.take(chunk)
                yield attempt.end()
                return
            except FAILURES as failure:
                pause = attempt.pause_after(failure)
            await asyncio.sleep(pause)

    # A client for each request: one belongs to the event loop in which it was first used, and
    # closing it is what ends a reply that nobody reads any more.

    def _client(self) -> OpenAI:
        connection = self._connection()
        trusts = not _is_loopback(self.server.address)
        return OpenAI(http_client=DefaultHttpxClient(trust_env=trusts), **connection)

    def _async_client(self) -> AsyncOpenAI:
        connection = self._connection()
        trusts = not _is_loopback(self.server.address)
        return AsyncOpenAI(http_client=DefaultAsyncHttpxClient(trust_env=trusts), **connection)

    def _connection(self) -> dict[str, Any]:
        if self._file is not None:
            self.server = replace(self.server, address=self._file.address())
        timeout, key = self.server.timeout, self.server.key
        return {
            "api_key": key.reveal() if key else "none",  # none is needed, but the client insists
            "base_url": self.server.address,
            "timeout": httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
            "max_retries": 0,
        }

    def _model(
        self, openai_client: OpenAI | None = None, async_openai_client: AsyncOpenAI | None = None
    ) -> OpenAILike:
        from llama_index.llms.openai_like import OpenAILike

        try:
            return OpenAILike(
                model=self.model,
                api_key="none",  # and base: else LlamaIndex looks for them in the environment
                api_base=self.server.address,
                is_chat_model=True,
                max_retries=0,
                openai_client=openai_client,
                async_openai_client=async_openai_client,
            )
        except ValueError as error:
            raise LLMModelError(
                f"{self.model} is not a chat model: set PINCITE_MODEL to one that is."
            ) from error


class _Attempt:
    """One request, through all its tries."""

    def __init__(self, llm: LLM, request: Request) -> None:
        self._llm = llm
        self._request = request
        self._refused = llm.refused
        self._failed = 0
        self._heard = False
        self._begun = False
        self._usage = Usage()
        self._finish: str | None = None
        self._weights: Mapping[str, float] = {}
        self._started = time.perf_counter()

    def messages(self) -> Sequence[ChatMessage]:
        if _SCHEMA in self._refused and self._request.messages_without_schema:
            return self._request.messages_without_schema
        return self._request.messages

    def arguments(self) -> dict[str, Any]:
        """What is sent beside the messages."""
        return {"temperature": 1.0, **self._optional()}  # LlamaIndex cannot leave it out

    def _optional(self) -> dict[str, Any]:
        limit = "max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"
        wanted: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "temperature": 0.0,
            limit: 1 if self._request.weighs else self._llm.longest(),
        }
        if self._request.weighs:
            wanted |= _WEIGHTS
        if self._request.schema is not None:
            form = {"name": "reply", "strict": True, "schema": self._request.schema}
            wanted[_SCHEMA] = {"type": "json_schema", "json_schema": form}
        return {name: value for name, value in wanted.items() if name not in self._refused}

    def take(self, chunk: ChatResponse) -> Piece:
        """What a chunk of the stream adds."""
        self._heard = True
        self._llm.refused |= self._refused
        text = chunk.delta or ""
        self._begun = self._begun or bool(text)
        tokens = chunk.additional_kwargs
        if tokens.get("prompt_tokens"):
            self._usage = Usage(tokens["prompt_tokens"], tokens["completion_tokens"] or 0)
        for choice in getattr(chunk.raw, "choices", None) or ():
            self._finish = choice.finish_reason or self._finish
            self._weights = self._weights or _weights(choice)
        return Piece(text, self._usage)

    def end(self) -> Piece:
        """The last piece. Raises ``LLMReplyError`` if there was none before it."""
        if not self._heard:
            raise no_reply(self._llm.server)
        if self._request.weighs and not self._weights:
            self._llm.refused |= _WEIGHTS.keys()
        usage = replace(self._usage, calls=1, seconds=time.perf_counter() - self._started)
        return Piece("", usage, self._finish != "stop", self._weights)

    def pause_after(self, failure: Exception) -> float:
        """Seconds until the next try. Raises ``LLMError`` where there is to be none."""
        if self._adapt(failure) or self._shorten(failure):
            return 0.0
        self._failed += 1
        pause = wait_before_retry(failure, self._failed)
        if self._begun or self._failed >= ATTEMPTS or pause > LONGEST_WAIT:
            raise translate(failure, self._llm.server) from failure
        return pause

    def _shorten(self, failure: Exception) -> bool:
        """Whether there is a shorter request to make of a model that found this one too long."""
        if self._begun or self._request.shorter is None or not is_too_long(failure):
            return False
        self._request = self._request.shorter()
        return True

    def _adapt(self, failure: Exception) -> bool:
        """Whether there is an argument to leave out that the server may have refused."""
        if not is_refusal(failure):
            return False
        sent, words = self._optional(), said(failure)
        named = [name for name in sent if name in words]
        if not named:  # servers are vague about what they do not know
            named = [name for name in (_SCHEMA, *_WEIGHTS) if name in sent]
        if _WEIGHTS.keys() & set(named[:1]):
            self._llm.refused |= _WEIGHTS.keys()
            return False  # nothing is left to ask for
        self._refused |= set(named[:1])
        return bool(named)


def _weights(choice: Any) -> dict[str, float]:
    """Probability of each token that might have come first; none where the server does not tell."""
    told = getattr(getattr(choice, "logprobs", None), "content", None) or ()
    return {one.token: math.exp(one.logprob) for first in told[:1] for one in first.top_logprobs}


def _joined(pieces: Sequence[Piece]) -> Piece:
    whole = replace(pieces[-1], text="".join(piece.text for piece in pieces))
    count(whole.usage)
    return whole


def _room(settings: Settings) -> int:
    """Tokens of context for what is read, our instructions and the reply, in whole thousands."""
    # Other models' tokens are up to a quarter shorter than those that the settings count.
    wanted = math.ceil((1.25 * settings.context_tokens + 2 * MAX_TOKENS) / 1024)
    return 1024 * min(wanted, _LARGEST)


def _is_loopback(address: str) -> bool:
    """Whether it is this machine, to which no proxy of the environment leads."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
