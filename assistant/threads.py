"""A generator that computes, for asyncio: each of its steps runs in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

_closers: ContextVar[list[Callable[[], object]] | None] = ContextVar("closers", default=None)
_END: Any = object()


def on_cancel(close: Callable[[], object]) -> None:
    """Have ``close`` called, from another thread, where whoever waits for this step goes away.

    For what a step may wait for long, such as a model's server. Does nothing outside asyncio.
    """
    closers = _closers.get()
    if closers is not None:
        closers.append(close)


async def in_threads(steps: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """What ``steps`` yields. Cancelled, or closed early, it ends what a step is waiting for."""
    closers: list[Callable[[], object]] = []
    _closers.set(closers)
    context = copy_context()
    loop = asyncio.get_running_loop()
    try:
        while True:
            step = loop.run_in_executor(None, partial(context.run, next, steps, _END))
            try:
                value = await asyncio.shield(step)
            except asyncio.CancelledError:
                for close in closers:
                    close()
                await asyncio.wait([step])
                step.exception()  # it is nobody's any more
                raise
            if value is _END:
                return
            yield value
    finally:
        steps.close()
