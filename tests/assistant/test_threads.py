"""A generator that computes, for asyncio: who stops waiting ends what is waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator

import pytest

from assistant.threads import in_threads, on_cancel


def test_each_step_runs_in_a_thread() -> None:
    def steps() -> Generator[int, None, None]:
        yield threading.get_ident()
        yield threading.get_ident()

    async def run() -> list[int]:
        return [thread async for thread in in_threads(steps())]

    threads = asyncio.run(run())
    assert len(threads) == 2
    assert threading.get_ident() not in threads


def test_what_goes_wrong_in_a_step_goes_wrong_for_who_waits() -> None:
    def steps() -> Generator[int, None, None]:
        yield 1
        raise LookupError("a bug")

    async def run() -> None:
        async for _ in in_threads(steps()):
            pass

    with pytest.raises(LookupError, match="a bug"):
        asyncio.run(run())


def test_what_begins_once_nobody_waits_any_more_is_closed_at_once() -> None:
    began, goes_on, closed = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Generator[int, None, None]:
        on_cancel(goes_on.set)
        began.set()
        assert goes_on.wait(10)
        on_cancel(closed.set)
        assert closed.is_set()
        yield 1

    async def stop() -> None:
        task = asyncio.ensure_future(anext(in_threads(steps())))
        while not began.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    assert closed.is_set()


def test_what_the_same_task_does_afterwards_goes_on() -> None:
    goes_on, later = threading.Event(), threading.Event()

    def steps() -> Generator[int, None, None]:
        on_cancel(goes_on.set)
        assert goes_on.wait(10)
        yield 1

    async def run() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await anext(in_threads(steps()))
        on_cancel(later.set)

    asyncio.run(run())
    assert goes_on.is_set()
    assert not later.is_set()


def test_without_asyncio_nothing_is_registered() -> None:
    closed = threading.Event()
    on_cancel(closed.set)
    assert not closed.is_set()
