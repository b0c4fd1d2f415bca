"""What each open page has said: kept here, never read back from a browser."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from assistant.answer import Answer, Checked, Event, Statement
from assistant.conversation import Conversation
from assistant.web.markup import (
    answer_html,
    failure_html,
    progress_html,
    question_html,
    stopped_html,
)
from index.filtering import EVERYTHING, Filter

MOST_SESSIONS = 200
"""Pages remembered; the one that has been silent longest is forgotten first."""

MOST_TURNS = 100
"""Exchanges shown of a session; older ones leave the page."""

Message = dict[str, str]
"""``role`` and ``content``, as ``gr.Chatbot`` takes them."""


@dataclass(slots=True)
class Exchange:
    """A question and what there is of its answer, as they stand on the page."""

    question: str
    within: Filter = EVERYTHING
    """The articles it is asked of."""
    checking: bool = False
    """Whether its statements are going to be checked once they are written."""
    text: str = ""
    """The answer's plain text so far."""
    checked: dict[int, Statement | None] = field(default_factory=dict)
    """The statements that have been checked, by their place in it; ``None``: left out."""
    reply: str = field(default_factory=lambda: progress_html(""))
    """The answer as HTML."""
    running: bool = True
    claimed: bool = False
    """Whether somebody sees to the answer already."""

    def grow(self, event: Event) -> None:
        """Take in the next piece of the answer, or the whole of it."""
        if isinstance(event, Answer):
            return self._end(answer_html(event))
        if isinstance(event, Checked):
            self.checked[event.place] = event.statement
        else:
            self.text += event
        self.reply = progress_html(self.text, self.checked, checking=self.checking)

    def fail(self, message: str) -> None:
        """End with an error instead of an answer."""
        self._end(failure_html(message))

    def stop(self) -> None:
        """End with what there is."""
        self._end(stopped_html(self.text, self.checked))

    def _end(self, reply: str) -> None:
        self.reply, self.running = reply, False


@dataclass(slots=True)
class Session:
    """One open page: its conversation and its exchanges."""

    conversation: Conversation
    checking: bool = False
    """Whether what is written is checked by a language model."""
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def running(self) -> Exchange | None:
        """The exchange whose answer is awaited, if there is one."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last and last.running else None

    def claim(self) -> Exchange | None:
        """The running exchange, for whoever asks first to see to its answer."""
        exchange = self.running
        if exchange is None or exchange.claimed:
            return None
        exchange.claimed = True
        return exchange

    def begin(self, question: str, within: Filter = EVERYTHING) -> None:
        """A new exchange, about these articles; what is still running is stopped."""
        self.stop()
        exchange = Exchange(question, within, self.checking)
        self.exchanges = [*self.exchanges[1 - MOST_TURNS :], exchange]

    def stop(self) -> None:
        """Leave what is running as it stands."""
        if self.running:
            self.running.stop()

    def messages(self) -> list[Message]:
        """All exchanges, for the page."""
        return [
            message
            for one in self.exchanges
            for message in (
                {"role": "user", "content": question_html(one.question)},
                {"role": "assistant", "content": one.reply},
            )
        ]


class Sessions:
    """The sessions of all open pages, at most ``MOST_SESSIONS``. Threads may share it."""

    def __init__(self, converse: Callable[[], Conversation], *, checking: bool = False) -> None:
        self._converse = converse
        self._checking = checking
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._sessions)

    def of(self, page: str) -> Session:
        """The page's session; a new one for a page not known (any more)."""
        with self._lock:
            session = self._sessions.pop(page, None) or Session(self._converse(), self._checking)
            self._sessions[page] = session
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return session

    def forget(self, page: str) -> None:
        """Drop the page's session, if it has one."""
        with self._lock:
            self._sessions.pop(page, None)
