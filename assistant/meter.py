"""What language models consume on the way to one answer, whoever asks them.

The drafts of an answer tell their own usage, as it grows. Beside them a question may be rewritten,
weighed or judged: what those requests consume is counted by the meter that runs around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from assistant.answer import Usage

_running: ContextVar[Meter | None] = ContextVar("running meter", default=None)


@dataclass(slots=True)
class Meter:
    """Counts while it runs, also in threads that are begun meanwhile."""

    usage: Usage = field(default_factory=Usage)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count every whole reply from here to the end of the block."""
        before = _running.set(self)
        try:
            yield
        finally:
            _running.reset(before)


def count(usage: Usage) -> None:
    """A request is done."""
    meter = _running.get()
    if meter is not None:
        meter.usage += usage
