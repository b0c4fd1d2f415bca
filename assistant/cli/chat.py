"""``pincite chat``: questions line by line, answers as they are written."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.cli import terminal
from assistant.cli.streams import OutputError, flush, put, put_lines, say
from index.errors import PinciteError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.conversation import Conversation

HELP = """\
Type a question; follow-ups are understood.
/new    begin a new conversation
/help   show this
/exit   end (Ctrl-D does, too)"""


def talk(assistant: Assistant) -> int:
    """Answer each line of standard input; 1 if one of them could not be answered."""
    is_terminal = sys.stdin.isatty()
    if is_terminal:
        put(f"{assistant.describe()}. /help shows what can be typed.")
    conversation, status = assistant.conversation(), 0
    while (line := _line("> " if is_terminal else "")) is not None:
        match line.strip():
            case "":
                continue
            case "/exit":
                break
            case "/help":
                put(HELP)
            case "/new":
                conversation = assistant.conversation()
            case unknown if unknown.startswith("/"):
                say(f"There is no command {unknown}: /help shows what can be typed.")
            case question:
                status = max(status, _answer(assistant, conversation, question))
    return status


def _line(prompt: str) -> str | None:
    """The next line; ``None`` at the end. Pipes are shown no prompt."""
    if not prompt:
        return sys.stdin.readline() or None
    try:
        return input(prompt)
    except EOFError:
        put("")
        return None


def _answer(assistant: Assistant, conversation: Conversation, question: str) -> int:
    try:
        if assistant.model is None:  # all of it comes at once
            put_lines([*terminal.answer_lines(conversation.ask(question)), ""])
        else:
            _stream(conversation, question)
    except OutputError:
        raise
    except PinciteError as error:
        say(f"pincite: {error}")
        return 1
    return 0


def _stream(conversation: Conversation, question: str) -> None:
    """Show the text as it is written, then what the answer says besides."""
    with closing(conversation.stream(question)) as events:
        for event in events:
            if isinstance(event, str):
                put(event, end="")
                flush()
            elif isinstance(event, Answer):
                gap = ["", ""] if event.statements else []
                put_lines([*gap, *terminal.closing_lines(event), ""])
