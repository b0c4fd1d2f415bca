"""The chat's page when its language model fails between two turns."""

from __future__ import annotations

import asyncio

from assistant import Assistant
from assistant.settings import Settings
from assistant.web.page import _answered
from assistant.web.sessions import Exchange, Session
from index import Library
from tests.llm_server import ModelServer, says, sentences

QUESTION = "On what date did the Syrian opposition walk out of the Geneva talks?"
TRUE = "Representatives of the Syrian opposition walked out of the Geneva talks on April 21."


def ask(session: Session, question: str) -> Exchange:
    async def answered() -> None:
        async for _ in _answered(session):
            pass

    session.begin(question)
    asyncio.run(answered())
    return session.exchanges[-1]


def test_a_server_that_goes_away_between_two_turns_is_told_and_the_page_goes_on(
    library: Library,
) -> None:
    with ModelServer(says(sentences((TRUE, [1])))) as server:
        settings = Settings(openai_base_url=server.url, model="m", timeout=5)
        session = Session(Assistant(library, settings).conversation())
        first = ask(session, QUESTION)
    second, third = ask(session, "And why did they leave?"), ask(session, QUESTION)
    assert "walked out of the Geneva talks" in first.reply
    for failed in (second, third):
        assert not failed.running
        assert 'role="alert"' in failed.reply
        assert "cannot be reached" in failed.reply
    assert len(session.messages()) == 6
