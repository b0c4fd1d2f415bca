"""The assistant's branch of the error tree (its root is ``index.errors``).

::

    AssistantError
    ├── SettingsError         a setting is unknown, malformed or missing
    ├── QuestionError         a question, or a text to check, is blank or not text
    ├── SavedAnswerError      a saved answer cannot be read
    ├── TestSetError          a test set or run cannot be read; names the line
    └── LLMError              the model's server
        ├── LLMAuthenticationError   no key or a wrong one
        ├── LLMModelError            no such model there
        ├── LLMUnavailableError      unreachable, timed out, overloaded or broken off
        ├── LLMContextError          the prompt is longer than the model's context
        └── LLMReplyError            an empty, cut or unreadable reply
"""

from __future__ import annotations

from index.errors import PinciteError


class AssistantError(PinciteError):
    """Something about asking, answering or evaluating."""


class SettingsError(AssistantError):
    """A setting is unknown, malformed or missing."""


class QuestionError(AssistantError):
    """A question, or a text to check, is blank or not text."""


class SavedAnswerError(AssistantError):
    """A saved answer cannot be read."""


class TestSetError(AssistantError):
    """A test set or a run cannot be read."""

    __test__ = False  # pytest would take the name for a test class


class LLMError(AssistantError):
    """The language model did not answer as it should."""


class LLMAuthenticationError(LLMError):
    """No key, or one that the server refuses."""


class LLMModelError(LLMError):
    """The server does not have the model."""


class LLMUnavailableError(LLMError):
    """The server is unreachable, too slow, overloaded, or broke off."""


class LLMContextError(LLMError):
    """The prompt is longer than the model's context."""


class LLMReplyError(LLMError):
    """The reply is empty, cut off or unreadable."""
