from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from assistant import Assistant
from assistant.answer import Event
from index.errors import PinciteError
from index.filtering import Filter


def test_a_conversation_says_how_it_understood(assistant: Assistant) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")
    answer = chat.ask("And what does he say about Aleppo?")
    assert answer.question == "And what does he say about Aleppo?"
    assert answer.standalone == "And what does Yury Barmin say about Aleppo?"
    assert [turn.question for turn in chat.turns][1] == answer.question
    assert [turn.standalone for turn in chat.turns][1] == answer.standalone


def test_asyncio_takes_turns_too(assistant: Assistant) -> None:
    async def talk() -> list[str]:
        chat = assistant.conversation()
        await chat.aask("Who is Yury Barmin?")
        await chat.aask("Where did he study?")
        return [turn.standalone for turn in chat.turns]

    assert asyncio.run(talk()) == ["Who is Yury Barmin?", "Where did Yury Barmin study?"]


def test_a_restriction_holds_for_its_turn(assistant: Assistant) -> None:
    chat = assistant.conversation()
    path = next(iter(assistant.library.register().entries)).paths[0]
    answer = chat.ask("What is said about Assad?", Filter(articles=(path,)))
    assert {citation.article.path for citation in answer.citations} <= {path}


def test_a_turn_that_is_stopped_midway_leaves_the_conversation_as_it_was(
    assistant: Assistant,
) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")
    events = chat.stream("What does Frolov say about Assad?")
    assert isinstance(next(events), str)
    events.close()
    assert [turn.question for turn in chat.turns] == ["Who is Yury Barmin?"]
    assert "Yury Barmin" in chat.ask("What does he say about Aleppo?").standalone


def test_a_turn_that_fails_midway_leaves_the_conversation_as_it_was(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")

    def failing(*_: object, **__: object) -> Generator[Event, None, None]:
        yield "It begins "
        raise PinciteError("and breaks.")

    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "stream", failing)
        with pytest.raises(PinciteError):
            chat.ask("And what does he say about Aleppo?")
    assert len(chat.turns) == 1
    chat.ask("And what does he say about Aleppo?")
    assert len(chat.turns) == 2
