from __future__ import annotations

from collections.abc import Generator

import pytest

from assistant import Assistant
from assistant.answer import Event
from index.errors import PinciteError


def test_a_conversation_says_how_it_understood(assistant: Assistant) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")
    answer = chat.ask("And what does he say about Aleppo?")
    assert answer.question == "And what does he say about Aleppo?"
    assert answer.note is not None
    assert "Yury Barmin" in answer.note
    assert [one.question for one in chat.turns][1] == answer.question
    assert "[1]" not in chat.turns[1].standalone


def test_a_turn_that_is_stopped_midway_leaves_the_conversation_as_it_was(
    assistant: Assistant,
) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")
    events = chat.stream("What does Frolov say about Assad?")
    assert isinstance(next(events), str)
    events.close()
    assert [turn.question for turn in chat.turns] == ["Who is Yury Barmin?"]
    assert "Yury Barmin" in str(chat.ask("What does he say about Aleppo?").note)


def test_a_turn_that_fails_midway_leaves_the_conversation_as_it_was(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = assistant.conversation()
    chat.ask("Who is Yury Barmin?")

    def failing(*_: object) -> Generator[Event, None, None]:
        yield "It begins "
        raise PinciteError("and breaks.")

    with monkeypatch.context() as patched:
        patched.setattr(Assistant, "stream", failing)
        with pytest.raises(PinciteError):
            chat.ask("And what does he say about Aleppo?")
    assert len(chat.turns) == 1
    assert not chat.ask("And what does he say about Aleppo?").abstained
    assert len(chat.turns) == 2
