"""A strong model's draft, replayed: what it wrote arrives whole, and what is lost is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import Assistant, Outcome, Support
from assistant.settings import Settings
from benchmarks.replay import ask
from index import Library
from tests.strong_model import StrongModel

QUESTION = "Which newspaper reported that Russian artillery was on the move?"
SOURCE = (
    "U.S. officials have expressed concern that Syrian President Bashar Assad is preparing a new "
    "assault on opposition territory, and The Wall Street Journal reported on April 20 that "
    "Russian artillery units were moving in, potentially to support a renewed offensive."
)
TRUE = "The Wall Street Journal reported on April 20 that Russian artillery was moving in."
FALSE = "The Wall Street Journal reported it on April 22."


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    sentences = [
        {"text": TRUE, "sources": [SOURCE]},
        {"text": FALSE, "sources": [SOURCE, "Nobody wrote this line."]},
        {"text": "Nobody can say this.", "sources": ["Nobody wrote this line."]},
    ]
    file = tmp_path / "drafts.jsonl"
    file.write_text(json.dumps({"question": QUESTION, "sentences": sentences}) + "\n", "utf-8")
    return file


def test_a_draft_is_replayed_and_compared_with_what_it_cites(
    library: Library, drafts: Path
) -> None:
    with StrongModel([drafts]) as server:
        settings = Settings(
            openai_base_url=server.url, model="strong", judge="off", unsupported="mark"
        )
        (recorded,) = server.recorded.values()
        asked = ask(Assistant(library, settings), recorded)
    assert asked.answer.outcome is Outcome.ANSWERED
    assert [one.text for one in asked.answer.statements] == [TRUE, FALSE]
    assert asked.answer.statements[0].support is Support.UNCHECKED
    assert (asked.refused, asked.lost) == (False, [])
    assert recorded.withheld == ["Nobody can say this."]
    assert [one.text for one in asked.doubted] == [FALSE]
    assert asked.first_text_ms is not None
    assert asked.first_text_ms > 0


def test_a_question_that_was_not_recorded_gets_no_answer(library: Library, drafts: Path) -> None:
    with StrongModel([drafts]) as server:
        settings = Settings(openai_base_url=server.url, model="strong", judge="off")
        answer = Assistant(library, settings).ask("Who is Lavrov?")
    assert answer.outcome is Outcome.NOT_FOUND
