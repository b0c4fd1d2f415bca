"""JSON in a model's reply, however it is wrapped, and however far it has come."""

from __future__ import annotations

import re
from typing import Any, Literal

import jiter

_OPENING = re.compile(r"[{\[]")
_CONTROLS = dict.fromkeys(range(32), " ")


def without_thought(text: str) -> str:
    """``text`` without the thinking aloud that some models begin with; empty while it lasts."""
    text = text.lstrip()
    if text.startswith("<think>"):
        text = text.partition("</think>")[2].lstrip()
    return text


def read_json(reply: str, partial: Literal[True, "trailing-strings"] = True) -> Any:
    """The first object or list in a reply, as far as it has come; ``None`` where there is none.

    What surrounds it (thoughts, a fence, a remark) is passed over, and so are line breaks in its
    strings, which JSON forbids and models write. ``partial``: whether a string that has not come
    to its end is left out (``True``) or given as far as it has come.
    """
    text = without_thought(reply)
    start = _OPENING.search(text)
    if start is None:
        return None
    sent = text[start.start() :].translate(_CONTROLS).encode("utf-8", "replace")
    try:
        return jiter.from_json(sent, partial_mode=partial)
    except ValueError:
        return None
