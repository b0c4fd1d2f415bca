"""The event loop in which all requests run: one, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: list[asyncio.AbstractEventLoop] = []


def submit(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Run ``work`` there; cancelling what is returned cancels it, whatever it waits for."""
    return asyncio.run_coroutine_threadsafe(work, _loop())


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        if not _loops:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
            _loops.append(loop)
        return _loops[0]
