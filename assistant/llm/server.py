"""A model at an OpenAI-compatible server; one in a file is served by :mod:`assistant.llm.gguf`.

Requests run in one event loop, in a thread of its own: asyncio can end a request in every state it
may be in (connecting, waiting for its first token or for the next try), and one pool of connections
serves all threads. A reply is always streamed. What a server turns out not to take (a JSON schema,
a temperature, …) is found out once and left out from then on.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx
from openai import APIConnectionError, APIError, AsyncOpenAI, DefaultAsyncHttpxClient

from assistant.answer import Usage
from assistant.errors import SettingsError
from assistant.llm.context import ask_context
from assistant.llm.failures import (
    FAILURES,
    Server,
    forbid_vain_retries,
    is_refusal,
    is_too_long,
    no_reply,
    said,
    translate,
)
from assistant.llm.gguf import ModelFile, model_file
from assistant.llm.loop import submit
from assistant.llm.model import MAX_TOKENS, Piece, Reply, Request, reply_tokens, whole

if TYPE_CHECKING:
    from assistant.settings import Settings

OPENAI = "https://api.openai.com/v1"
RETRIES = 2
"""Made by OpenAI's client, before a reply has begun."""
_CONNECT = 5.0
"""Seconds to wait for a connection, where the timeout allows as much."""
_DRAIN = 0.1
"""Seconds that the end of a connection's reply may come after the reply's own end."""
_SCHEMA = "response_format"
_LARGEST = 32
"""Context of a model in a file, in thousands of tokens: its memory is taken at once."""


class ServerModel:
    """A language model at a server. Sound in threads."""

    def __init__(
        self,
        name: str,
        key: str | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        file: ModelFile | None = None,
    ) -> None:
        """``timeout``: seconds of silence. ``file``: who serves it, where we do that."""
        self.name = name
        address = "http://127.0.0.1/v1" if file else base_url or OPENAI
        self.server = Server(address, name, key, timeout, on_this_machine=bool(file))
        self.refused: frozenset[str] = frozenset()
        """Names of arguments that the server was found not to take."""
        self._file = file
        self._asked_context = False
        self._context: int | None = None
        self._client = AsyncOpenAI(
            api_key=key or "none",  # none is needed, but the client insists
            base_url=address,
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
            max_retries=RETRIES,
            http_client=DefaultAsyncHttpxClient(
                trust_env=not _is_loopback(address), event_hooks={"response": [forbid_vain_retries]}
            ),
        )
        weakref.finalize(self, _close, self._client).atexit = False

    @classmethod
    def of_file(cls, file: ModelFile, timeout: float = 60.0) -> Self:
        """A model of this machine, which is started when it is first asked."""
        return cls(file.name, file.key, timeout=timeout, file=file)

    @property
    def on_this_machine(self) -> bool:
        return self._file is not None

    def describe(self) -> str:
        """Which model it is, and where."""
        if self._file is not None:
            return f"{self.name} on this machine ({self._file.path})"
        return f"{self.name} at {self.server.address}"

    def named(self, name: str) -> ServerModel:
        if self._file is not None:
            raise SettingsError(
                f"PINCITE_JUDGE_MODEL is {name}, but PINCITE_LLM is a model in a file: unset it."
            )
        return ServerModel(name, self.server.key, self.server.address, self.server.timeout)

    def context(self) -> int | None:
        """As the server tells; asked once. Raises ``LLMError`` for a file that does not start."""
        if not self._asked_context and self.server.address != OPENAI:
            self._asked_context, self._context = submit(self._ask_context()).result()
        return self._context

    def complete(self, request: Request) -> Piece:
        return whole(self.stream(request))

    def stream(self, request: Request) -> Reply:
        reply = Reply()
        producing = submit(self._produce(request, reply))
        reply.on_close(producing.cancel)
        producing.add_done_callback(
            lambda done: reply.put(None if done.cancelled() else done.exception())
        )
        return reply

    async def _ask_context(self) -> tuple[bool, int | None]:
        return await ask_context(await self._located(), self.name)

    async def _located(self) -> AsyncOpenAI:
        """The client, for where the server is now: one of ours is started, or started anew."""
        if self._file is None:
            return self._client
        address = await asyncio.to_thread(self._file.address)
        self.server = replace(self.server, address=address)
        return self._client.with_options(base_url=address)

    async def _produce(self, request: Request, reply: Reply) -> None:
        """Put the pieces of the reply, once it is known what the server accepts."""
        left_out, begun, restarted = self.refused, False, self._file is None
        client = await self._located()
        while True:
            try:
                async for piece in self._attempt(client, request, left_out):
                    self.refused |= left_out  # without it, it was accepted
                    begun = begun or bool(piece.text)
                    reply.put(piece)
                return
            except FAILURES as failure:
                if not begun and request.shorter and is_too_long(failure):
                    request = request.shorter()
                elif not begun and (name := _refused(failure, self._arguments(request, left_out))):
                    left_out |= {name}
                elif not begun and not restarted and isinstance(failure, APIConnectionError):
                    restarted, client = True, await self._located()
                else:
                    raise translate(failure, self.server) from failure

    async def _attempt(
        self, client: AsyncOpenAI, request: Request, left_out: frozenset[str]
    ) -> AsyncIterator[Piece]:
        started, usage, finish, heard = time.perf_counter(), Usage(), None, False
        # The client's own stream closes the connection at the end instead of giving it back.
        create = client.chat.completions.with_streaming_response.create
        async with AsyncExitStack() as stack:
            # The client would wait for as long again at each of its tries.
            async with asyncio.timeout(self.server.timeout):
                response = await stack.enter_async_context(
                    create(
                        model=self.name,
                        messages=_messages(request, left_out),
                        stream=True,
                        **self._arguments(request, left_out),
                    )
                )
            async for data in _events(response.iter_bytes()):
                heard = True
                text, usage, ends = self._read(data, usage, response.http_request)
                finish = ends or finish
                yield Piece(text, usage)
        if not heard:
            raise no_reply(self.server)
        usage = replace(usage, calls=1, seconds=time.perf_counter() - started)
        yield Piece("", usage, cut=finish != "stop")

    def _read(
        self, data: bytes, usage: Usage, request: httpx.Request
    ) -> tuple[str, Usage, str | None]:
        """What an event adds: text, the usage so far, why the reply ends. Servers leave out any.

        Raises ``LLMReplyError`` for what is not of the protocol.
        """
        try:
            told = json.loads(data)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise no_reply(self.server) from error
        if broken := _at(told, "error"):
            raise APIError(str(_at(broken, "message") or broken), request, body=broken)
        choices = _at(told, "choices")
        if not isinstance(choices, list):
            raise no_reply(self.server)
        choice = choices[0] if choices else None
        text, finish = _at(_at(choice, "delta"), "content"), _at(choice, "finish_reason")
        prompt, completion = (
            _at(_at(told, "usage"), f"{kind}_tokens") for kind in ("prompt", "completion")
        )
        if isinstance(prompt, int):
            usage = Usage(prompt, completion if isinstance(completion, int) else 0)
        return text if isinstance(text, str) else "", usage, finish

    def _arguments(self, request: Request, left_out: frozenset[str]) -> dict[str, Any]:
        """What is sent beside the messages."""
        limit = "max_completion_tokens" if "max_tokens" in left_out else "max_tokens"
        wanted: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "temperature": 0.0,
            limit: request.max_tokens or reply_tokens(self._context),
        }
        if request.schema is not None:
            form = {"name": "reply", "strict": True, "schema": request.schema}
            wanted[_SCHEMA] = {"type": "json_schema", "json_schema": form}
        return {name: value for name, value in wanted.items() if name not in left_out}


def from_settings(settings: Settings) -> ServerModel:
    """See :func:`assistant.llm.chat_model`."""
    if settings.llm_file is not None:
        file = model_file(settings.llm_file, _room(settings.context_tokens))
        return ServerModel.of_file(file, settings.timeout)
    secret = settings.openai_api_key
    key = secret.get_secret_value() if secret else None
    return ServerModel(settings.model, key, settings.openai_base_url, settings.timeout)


def _messages(request: Request, left_out: frozenset[str]) -> Any:
    messages = request.messages
    if _SCHEMA in left_out and request.messages_without_schema:
        messages = request.messages_without_schema
    return [{"role": one.role.value, "content": one.content or ""} for one in messages]


async def _events(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What server-sent events say, up to ``[DONE]``; each is one line in this protocol."""
    rest = b""
    async for part in body:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue  # a comment: the server is alive
            if (data := line[5:].strip()) == b"[DONE]":
                await _drain(body)
                return
            yield data
    if rest.startswith(b"data:"):
        yield rest[5:].strip()


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Read to the end, without which the connection cannot be used again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN):
            async for _ in body:
                pass


def _at(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _refused(failure: Exception, sent: dict[str, Any]) -> str | None:
    """The argument that the server may have refused. Servers are vague: if none is named, it is
    the schema."""
    if not is_refusal(failure):
        return None
    words = said(failure)
    named = [name for name in sent if name in words]
    return named[0] if named else (_SCHEMA if _SCHEMA in sent else None)


def _room(context_tokens: int) -> int:
    """Tokens of context for what is read, our instructions and the reply, in whole thousands."""
    # Other models' tokens are up to a quarter shorter than those that the settings count.
    wanted = math.ceil((1.25 * context_tokens + 2 * MAX_TOKENS) / 1024)
    return 1024 * min(wanted, _LARGEST)


def _is_loopback(address: str) -> bool:
    """Whether it is this machine, to which no proxy of the environment leads."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _close(client: AsyncOpenAI) -> None:
    submit(client.close())
