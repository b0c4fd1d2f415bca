"""The one seam to a language model: :class:`ChatModel`.

It is an OpenAI-compatible server (which serves a model in a file, too), or any LlamaIndex ``LLM``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.llm.llama_index import LlamaIndexModel, as_chat_model
from assistant.llm.model import ChatModel, Piece, Reply, Request
from assistant.llm.reading import read_json

if TYPE_CHECKING:
    from assistant.settings import Settings

__all__ = [
    "ChatModel",
    "LlamaIndexModel",
    "Piece",
    "Reply",
    "Request",
    "as_chat_model",
    "chat_model",
    "read_json",
]


def chat_model(settings: Settings) -> ChatModel | None:
    """The model that ``settings`` name; ``None`` where they name none.

    Raises ``SettingsError`` for a file that is no model.
    """
    if not settings.uses_llm:
        return None
    from assistant.llm.server import from_settings

    return from_settings(settings)
