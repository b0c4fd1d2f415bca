"""A language model that says what a test wants it to."""

from __future__ import annotations

import json
from collections.abc import Mapping

from assistant.answer import Usage
from assistant.errors import LLMError
from assistant.llm import ChatModel, Piece, Reply, Request

Said = Mapping[str, object]


class SaysModel:
    """Replies what it was given, one reply a request; the last one again and again."""

    name = "judge"

    def __init__(self, *replies: str | LLMError, on_this_machine: bool = False) -> None:
        self.replies = list(replies)
        self.on_this_machine = on_this_machine
        self.asked: list[Request] = []

    def describe(self) -> str:
        return self.name

    def named(self, name: str) -> ChatModel:
        return self

    def context(self) -> int | None:
        return None

    def stream(self, request: Request) -> Reply:
        raise NotImplementedError

    def complete(self, request: Request) -> Piece:
        self.asked.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, LLMError):
            raise reply
        return Piece(reply, Usage(10, 5, 1))

    @property
    def prompt(self) -> str:
        """What the last request said."""
        return "\n".join(str(message.content) for message in self.asked[-1].messages)


def verdicts(*supports: str | tuple[str, str, str]) -> str:
    """A reply with a verdict on each claim, in order: support, or support, wrong words, why."""
    listed = []
    for number, said in enumerate(supports, start=1):
        support, wrong, why = (said, "", "") if isinstance(said, str) else said
        listed.append({"statement": number, "support": support, "wrong": wrong, "why": why})
    return json.dumps({"verdicts": listed})
