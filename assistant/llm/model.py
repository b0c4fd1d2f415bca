"""What a language model is to the rest of the program: a request in, a reply in pieces out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from assistant.answer import Usage
from assistant.threads import on_cancel

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

MAX_TOKENS = 2_048
"""Longest reply: a small model that falls into a loop would otherwise not end."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model."""

    messages: Sequence[ChatMessage]
    schema: Mapping[str, Any] | None = None
    """JSON schema of the reply; the messages describe it too, as not every model is held to it."""
    messages_without_schema: Sequence[ChatMessage] = ()
    """Sent instead of ``messages`` to a server that was found to take no schema."""
    shorter: Callable[[], Request] | None = None
    """Makes what is sent instead, once, where this is longer than the model can read."""
    max_tokens: int | None = None
    """Longest reply; ``None``: a quarter of the context, at most :data:`MAX_TOKENS`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply, or (from :meth:`ChatModel.complete`) the whole."""

    text: str
    usage: Usage = field(default_factory=Usage)
    """Of the request so far; zeros until the server tells, which is at the end."""
    cut: bool = False
    """The reply ended here without having come to its end."""


class Reply:
    """The pieces of one reply as they come, the last with the usage. Raises ``LLMError``.

    One thread reads it; any thread may close it, which ends the request at once, also while its
    first piece is waited for. Whoever goes on reading gets ``CancelledError``.
    """

    def __init__(self) -> None:
        self._items: SimpleQueue[Piece | BaseException | None] = SimpleQueue()
        self._cancel: Callable[[], object] = lambda: None
        self._closed = Event()
        on_cancel(self.close)

    def put(self, item: Piece | BaseException | None) -> None:
        """For whoever makes the reply: a piece, what went wrong, or ``None`` at the end."""
        self._items.put(item)

    def on_close(self, cancel: Callable[[], object]) -> None:
        """For whoever makes the reply: what ends the making of it, from any thread."""
        self._cancel = cancel

    def close(self) -> None:
        """End the request, if it has not ended."""
        self._closed.set()
        self._cancel()
        self._items.put(None)  # wakes whoever is waiting

    def __iter__(self) -> Iterator[Piece]:
        while not self._closed.is_set():
            item = self._items.get()
            if self._closed.is_set():
                break
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
        raise CancelledError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class ChatModel(Protocol):
    """A language model that chats. Threads may share it."""

    @property
    def name(self) -> str:
        """The model's name at its server."""

    @property
    def on_this_machine(self) -> bool:
        """Whether nothing that is asked leaves this machine: a model in a file."""

    def describe(self) -> str:
        """Which model it is, and where, for a person."""

    def named(self, name: str) -> ChatModel:
        """Another model at the same server. Raises ``SettingsError`` where there is none."""

    def context(self) -> int | None:
        """Tokens of prompt and reply together that the model has room for, where it is known.

        Raises ``LLMError`` where a model in a file does not start.
        """

    def stream(self, request: Request) -> Reply:
        """The reply as it comes. Returns at once; reading the reply raises ``LLMError``."""

    def complete(self, request: Request) -> Piece:
        """The whole reply. Raises ``LLMError``."""


def whole(reply: Reply) -> Piece:
    """All the pieces of a reply as one. Raises ``LLMError``."""
    with reply:
        pieces = list(reply)
    return replace(pieces[-1], text="".join(piece.text for piece in pieces))


def reply_tokens(context: int | None) -> int:
    """Tokens that a reply may take in a context of this length."""
    return min(MAX_TOKENS, (context or MAX_TOKENS * 4) // 4)
