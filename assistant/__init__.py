"""Question in, cited answer out: the public API.

Every name here is imported on first use, so that ``import assistant`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import (
        Answer,
        Checked,
        Citation,
        Consulted,
        Event,
        Finding,
        Location,
        Outcome,
        Scope,
        Statement,
        Support,
        Usage,
    )
    from assistant.assistant import Assistant
    from assistant.conversation import Conversation, Turn
    from assistant.errors import (
        AssistantError,
        LLMAuthenticationError,
        LLMContextError,
        LLMError,
        LLMModelError,
        LLMReplyError,
        LLMUnavailableError,
        QuestionError,
        SavedAnswerError,
        SettingsError,
        TestSetError,
    )
    from assistant.llm import ChatModel
    from assistant.saved import verify_citations
    from assistant.settings import Settings
    from assistant.verification import Source, Verdict, check
    from index.errors import PinciteError
    from index.filtering import Filter

    __version__: str

_HOMES = {
    "assistant.answer": (
        "Answer Checked Citation Consulted Event Finding Location Outcome Scope Statement Support "
        "Usage"
    ),
    "assistant.assistant": "Assistant",
    "assistant.conversation": "Conversation Turn",
    "assistant.errors": (
        "AssistantError LLMAuthenticationError LLMContextError LLMError LLMModelError "
        "LLMReplyError LLMUnavailableError QuestionError SavedAnswerError SettingsError "
        "TestSetError"
    ),
    "assistant.llm": "ChatModel",
    "assistant.saved": "verify_citations",
    "assistant.settings": "Settings",
    "assistant.verification": "Source Verdict check",
    "index.errors": "PinciteError",
    "index.filtering": "Filter",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "ChatModel",
    "Checked",
    "Citation",
    "Consulted",
    "Conversation",
    "Event",
    "Filter",
    "Finding",
    "LLMAuthenticationError",
    "LLMContextError",
    "LLMError",
    "LLMModelError",
    "LLMReplyError",
    "LLMUnavailableError",
    "Location",
    "Outcome",
    "PinciteError",
    "QuestionError",
    "SavedAnswerError",
    "Scope",
    "Settings",
    "SettingsError",
    "Source",
    "Statement",
    "Support",
    "TestSetError",
    "Turn",
    "Usage",
    "Verdict",
    "__version__",
    "check",
    "verify_citations",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("pincite")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
