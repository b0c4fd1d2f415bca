"""What a question asks, without a language model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer import Scope
from assistant.understanding.question import Question
from index.filtering import Filter
from index.register import Register

if TYPE_CHECKING:
    from assistant.conversation import Turn


def understand_offline(
    text: str, turns: Sequence[Turn], within: Filter, register: Register, today: date
) -> Question:
    """The question as typed."""
    return Question(text, text, scope=Scope(within), queries=(text,))
