"""What each open page has said."""

from __future__ import annotations

from typing import Any, cast

import pytest

from assistant.answer import Answer, Checked, Outcome, Statement, Support
from assistant.conversation import Conversation
from assistant.web import sessions
from assistant.web.sessions import Session, Sessions

DONE = Answer("q", "q", (), (), Outcome.ANSWERED)
FIRST = Statement("First.", (1,), Support.SUPPORTED)


def new() -> Conversation:
    return Conversation(cast("Any", None))


def test_a_page_keeps_its_session_and_shares_it_with_none() -> None:
    all_pages = Sessions(new)
    assert all_pages.of("a") is all_pages.of("a")
    assert all_pages.of("a") is not all_pages.of("b")
    assert all_pages.of("a").conversation is not all_pages.of("b").conversation


def test_the_page_silent_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    all_pages = Sessions(new)
    kept, gone = all_pages.of("kept"), all_pages.of("gone")
    all_pages.of("kept")
    all_pages.of("new")
    assert len(all_pages) == 2
    assert all_pages.of("kept") is kept
    assert all_pages.of("gone") is not gone


def test_a_closed_page_is_forgotten() -> None:
    all_pages = Sessions(new)
    all_pages.of("a")
    all_pages.forget("a")
    all_pages.forget("never seen")
    assert len(all_pages) == 0


def test_an_exchange_grows_to_its_answer() -> None:
    session = Session(new())
    session.begin("Who?")
    exchange = session.running
    assert exchange
    exchange.grow("First. [1]")
    exchange.grow("\n\nSecond. [1]")
    assert exchange.text == "First. [1]\n\nSecond. [1]"
    exchange.grow(DONE)
    assert session.running is None
    assert [message["role"] for message in session.messages()] == ["user", "assistant"]


def test_a_verdict_takes_the_place_of_the_statement_it_is_on() -> None:
    session = Sessions(new, checking=True).of("a")
    session.begin("Who?")
    exchange = session.running
    assert exchange
    exchange.grow("First. [1]\n\nSecond. [1]")
    assert exchange.reply.count("checking") == 2
    exchange.grow(Checked(0, FIRST))
    assert exchange.reply.count("checking") == 1
    exchange.stop()
    assert "checking" not in exchange.reply
    assert ">checked<" in exchange.reply


def test_stopping_keeps_what_there_is_and_leaves_a_finished_answer_alone() -> None:
    session = Session(new())
    session.stop()
    session.begin("Who?")
    assert session.running
    session.running.grow("First.")
    session.stop()
    stopped = session.messages()
    assert "First" in stopped[1]["content"]
    assert "not complete" in stopped[1]["content"]
    session.stop()
    assert session.messages() == stopped


def test_a_new_question_stops_the_one_before() -> None:
    session = Session(new())
    session.begin("Who?")
    session.begin("When?")
    assert [exchange.running for exchange in session.exchanges] == [False, True]


def test_only_the_last_exchanges_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_TURNS", 3)
    session = Session(new())
    for number in range(5):
        session.begin(f"q{number}")
    assert [exchange.question for exchange in session.exchanges] == ["q2", "q3", "q4"]


def test_an_exchange_is_answered_by_one_only() -> None:
    session = Session(new())
    assert session.claim() is None
    session.begin("Who?")
    assert session.claim() is session.running
    assert session.claim() is None
    session.begin("When?")
    assert session.claim() is session.running
