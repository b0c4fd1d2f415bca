"""What goes wrong between us and a model's server: what it means, and what to say.

Every failure becomes an error of :mod:`assistant.errors`, in a sentence or two, without the key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx
import openai

from assistant.errors import (
    LLMAuthenticationError,
    LLMContextError,
    LLMError,
    LLMModelError,
    LLMReplyError,
    LLMUnavailableError,
)

FAILURES = (openai.OpenAIError, httpx.HTTPError, TimeoutError)
"""What the client raises, and the limit on its tries."""
LONGEST_WAIT = 10.0
"""Seconds. A server that asks for more is reported instead of waited for."""

_CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model[^.]{0,80}(?:not found|not exist|unknown|not available)|model_not_found|"
    r"(?:unknown|invalid|no such) model",
    re.IGNORECASE,
)
_NO_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Server:
    """Whom we talk to, as far as a message must name it."""

    address: str
    model: str
    key: str | None = field(repr=False)
    timeout: float
    """Seconds."""
    on_this_machine: bool = False
    """A model in a file, whose server is ours."""

    @property
    def name(self) -> str:
        """As a person knows it."""
        return f"The model {self.model}" if self.on_this_machine else self.address


async def forbid_vain_retries(response: httpx.Response) -> None:
    """Tell OpenAI's client, which heeds this header, where trying again is vain or takes long."""
    if response.status_code < 400:
        return
    await response.aread()
    if _asked_wait(response) > LONGEST_WAIT or _NO_QUOTA.search(response.text):
        response.headers["x-should-retry"] = "false"


def _asked_wait(response: httpx.Response) -> float:
    """Seconds that the server asks to wait; 0 for none, or a date, which models' servers do not
    send."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return 0.0


def is_refusal(failure: Exception) -> bool:
    """Whether the server refuses what the request says, rather than who asks, or which model."""
    return (
        isinstance(failure, openai.APIStatusError)
        and failure.status_code in (400, 415, 422, 501)
        and not is_too_long(failure)
        and not _NO_MODEL.search(said(failure))
    )


def is_too_long(failure: Exception) -> bool:
    """Whether the prompt is longer than the model's context."""
    return isinstance(failure, openai.APIError) and bool(_CONTEXT.search(said(failure)))


def said(failure: Exception) -> str:
    """The server's own words: code, parameter and message."""
    parts = (getattr(failure, name, None) for name in ("code", "param", "message"))
    return " ".join(str(part) for part in parts if part)


def translate(failure: Exception, server: Server) -> LLMError:
    """The error to raise for ``failure``."""
    if is_too_long(failure):
        return LLMContextError(
            f"The question and its sources are longer than {server.model} can read: "
            "lower PINCITE_CONTEXT_TOKENS."
        )
    if isinstance(failure, openai.APIStatusError):
        return _translate_status(failure, server)
    if isinstance(failure, openai.APIConnectionError):
        failure = failure.__cause__ if isinstance(failure.__cause__, Exception) else failure
    if isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout):
        return LLMUnavailableError(_unreached(server))
    if isinstance(failure, TimeoutError | httpx.TimeoutException):
        return LLMUnavailableError(
            f"{server.name} was silent for {server.timeout:g} seconds: "
            "try again, or raise PINCITE_TIMEOUT."
        )
    return LLMUnavailableError(
        f"{server.name} broke off its reply{_reason(failure, server)}: try again."
    )


def _unreached(server: Server) -> str:
    if server.on_this_machine:
        return f"{server.name} ended while it was asked, and again when started anew: take another."
    return f"{server.name} cannot be reached: start the server or correct OPENAI_BASE_URL."


def no_reply(server: Server) -> LLMReplyError:
    """The error for an answer that is no model's reply at all."""
    return LLMReplyError(
        f"{server.name} does not answer as a model's server does: correct OPENAI_BASE_URL "
        "(it often ends in /v1)."
    )


def _translate_status(failure: openai.APIStatusError, server: Server) -> LLMError:
    status, reason = failure.status_code, _reason(failure, server)
    if status in (401, 403):
        remedy = "correct OPENAI_API_KEY" if server.key else "set OPENAI_API_KEY"
        return LLMAuthenticationError(f"{server.name} refuses the key: {remedy}.")
    if status == 404 or (status < 500 and _NO_MODEL.search(said(failure))):
        return LLMModelError(
            f"{server.name} has no model {server.model}: set PINCITE_MODEL to one it has, "
            "or correct OPENAI_BASE_URL (it often ends in /v1)."
        )
    if status == 429 and _NO_QUOTA.search(said(failure)):
        return LLMUnavailableError(f"The quota at {server.name} is used up: see to its billing.")
    if status == 429:
        wait = _asked_wait(failure.response)
        later = f"in {wait:.0f} seconds" if wait else "later"
        return LLMUnavailableError(f"{server.name} has too many requests: try again {later}.")
    if status >= 500:
        return LLMUnavailableError(f"{server.name} failed (HTTP {status}{reason}): try again.")
    return LLMError(
        f"{server.name} refused the request (HTTP {status}{reason}): "
        "set PINCITE_MODEL or OPENAI_BASE_URL to what it accepts."
    )


def _reason(failure: Exception, server: Server) -> str:
    """The server's own words, short and without the key it may repeat; empty if it has none."""
    text = getattr(failure, "message", "") or ""
    body = getattr(failure, "body", None)
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        text = body["message"]
    if server.key:
        text = text.replace(server.key, "…")
    text = " ".join(text.split())[:160].rstrip(" .")
    return f": {text}" if text and "<" not in text else ""
