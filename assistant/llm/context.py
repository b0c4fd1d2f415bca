"""How long a model's context is, asked of its server: each kind tells it in its own way.

OpenAI's protocol has no field for it. llama.cpp tells it in the model's ``meta`` and in ``/props``,
vLLM as ``max_model_len``, others as ``context_length`` or ``context_window``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from assistant.llm.failures import FAILURES

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_WAIT = 5.0
"""Seconds: an answer without this knowledge is better than a long wait for it."""
_FIELDS = ("n_ctx", "n_ctx_train", "max_model_len", "context_length", "context_window")


async def ask_context(client: AsyncOpenAI, model: str) -> tuple[bool, int | None]:
    """Whether the server answered at all; and the context's length in tokens, if it told."""
    server = client.with_options(timeout=_WAIT, max_retries=0)
    try:
        listed = await server.get("/models", cast_to=httpx.Response)
    except FAILURES as failure:
        return hasattr(failure, "status_code"), None
    entries = _entries(listed)
    if any(entry.get("owned_by") == "llamacpp" for entry in entries):
        entries += _entries(await _props(server))
    named = [entry for entry in entries if entry.get("id", model) == model]
    chosen = named or (entries if len(entries) == 1 else [])
    return True, min((size for entry in chosen for size in _sizes(entry)), default=None)


async def _props(client: AsyncOpenAI) -> httpx.Response | None:
    address = str(client.base_url).rstrip("/").removesuffix("/v1")
    try:
        return await client.get(f"{address}/props", cast_to=httpx.Response)
    except FAILURES:
        return None


def _entries(response: httpx.Response | None) -> list[Mapping[str, Any]]:
    """The models listed, or the one thing told."""
    try:
        told = response.json() if response is not None else None
    except (json.JSONDecodeError, UnicodeDecodeError):
        return []
    listed = told.get("data", [told]) if isinstance(told, dict) else told
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _sizes(entry: Mapping[str, Any]) -> Iterator[int]:
    for place in (entry, entry.get("meta"), entry.get("default_generation_settings")):
        if isinstance(place, dict):
            told = (place.get(name) for name in _FIELDS)
            yield from (size for size in told if isinstance(size, int) and size > 0)
