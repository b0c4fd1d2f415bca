"""Standard input, output and error.

Articles and models are not trusted: control characters, with which a text could rewrite the
screen, are shown as ``�``. Output may be a closed pipe or a full disk.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import AssistantError

STDIN = "-"
"""How standard input is named where a file is asked for."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class InputError(AssistantError):
    """A file, or standard input, cannot be read as text."""


class OutputError(AssistantError):
    """Standard output cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"The output cannot be written ({error.strerror}): free some space, or write it "
            "elsewhere."
        )
        self.has_reader = not isinstance(error, BrokenPipeError)
        """Whether anybody is to be told: a reader that closed its pipe has read enough."""


def read_text(name: str) -> str:
    """The text of a file, or of standard input. Raises ``InputError``."""
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise InputError(
            f"{name} cannot be read ({error.strerror}): name a text file, or - for standard input."
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text: save it as that.") from error


def safe(text: str) -> str:
    """``text`` without what a terminal would obey."""
    return _CONTROL.sub("�", text)


def put(text: str, end: str = "\n") -> None:
    """Write a text. Raises ``OutputError``."""
    _write(safe(text) + end)


def put_lines(lines: Iterable[str]) -> None:
    """Write each line. Raises ``OutputError``."""
    for line in lines:
        put(line)


def put_json(value: object) -> None:
    """Write a value as JSON. Raises ``OutputError``."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=2)
    # What is left of control characters stands in strings, where it may be escaped.
    _write(_CONTROL.sub(_escaped, text) + "\n")


def flush() -> None:
    """Let everything written be seen. Raises ``OutputError``."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise OutputError(error) from error


def say(text: str) -> None:
    """Tell the person something beside the output."""
    sys.stderr.write(f"{safe(text)}\n")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
    except OSError as error:
        raise OutputError(error) from error


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
