"""A generator that computes, for asyncio: each of its steps runs in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextvars import ContextVar, copy_context
from functools import partial
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

_END: Any = object()


class _Closers:
    """What is closed where whoever waits goes away. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._closers: list[Callable[[], object]] = []
        self._cancelled = False

    def add(self, close: Callable[[], object]) -> None:
        with self._lock:
            if not self._cancelled:
                self._closers.append(close)
                return
        close()

    def cancel(self) -> None:
        with self._lock:
            self._cancelled = True
        for close in self._closers:
            close()


_closers: ContextVar[_Closers | None] = ContextVar("closers", default=None)


def on_cancel(close: Callable[[], object]) -> None:
    """Have ``close`` called, from another thread, where whoever waits for this step goes away; at
    once where they have gone already.

    For what a step may wait for long, such as a model's server. Does nothing outside asyncio.
    """
    closers = _closers.get()
    if closers is not None:
        closers.add(close)


async def in_threads(steps: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """What ``steps`` yields. Cancelled, or closed early, it ends what a step is waiting for."""
    closers, context = _Closers(), copy_context()
    context.run(_closers.set, closers)  # for the steps alone: the caller goes on to other things
    loop = asyncio.get_running_loop()
    try:
        while True:
            step = loop.run_in_executor(None, partial(context.run, next, steps, _END))
            try:
                value = await asyncio.shield(step)
            except asyncio.CancelledError:
                closers.cancel()
                await asyncio.wait([step])
                step.exception()  # it is nobody's any more
                raise
            if value is _END:
                return
            yield value
    finally:
        steps.close()
