"""Drafts of test cases: exact, new, spread over the articles; what a model proposes amiss goes."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import LLMError, SettingsError
from assistant.evaluation import command
from assistant.evaluation.drafting import draft
from assistant.evaluation.testset import check, load
from assistant.llm.server import ServerModel
from assistant.settings import Settings
from index import Library
from tests.llm_server import ModelServer, fails, says

GOOD = {"question": "Who spoke of Aleppo?", "answer": "Somebody did.", "key": "", "lines": [1, 2]}


def model(server: ModelServer) -> ServerModel:
    return ServerModel("little", base_url=server.url, timeout=5)


def reply(**change: object) -> str:
    return json.dumps({**GOOD, "key": "the", **change})


def shown(server: ModelServer) -> list[str]:
    """The lines that the model was shown last."""
    content = server.asked[-1].body["messages"][-1]["content"]
    return [line.partition("] ")[2] for line in content.splitlines() if line.startswith("[s")]


def test_a_model_proposes_and_the_gold_is_exact(library: Library) -> None:
    with ModelServer(says(reply())) as server:
        (case,) = draft(library, 1, model(server))
        lines = shown(server)
    assert check([case], library) == ()
    assert (case.question, case.answer, case.draft) == (GOOD["question"], GOOD["answer"], True)
    assert case.must_contain == (("the",),)
    assert [" ".join(piece.any_of[0].text.split())[:20] for piece in case.gold] == [
        line[:20] for line in lines[:2]
    ]


def test_drafts_are_spread_over_the_articles_outside_boilerplate(library: Library) -> None:
    replies = [says(reply(question=f"Who spoke, {number}?")) for number in range(5)]
    with ModelServer(*replies) as server:
        cases = list(draft(library, 5, model(server)))
    places = [piece.any_of[0].at for case in cases for piece in case.gold]
    assert len({at.path for at in places}) >= 4
    marked = {article.path: library.boilerplate(article.id) for article in library.articles()}
    for at in places:
        assert not any(at.start < span.end and span.start < at.end for span in marked[at.path])


def test_what_is_known_is_not_proposed_again(library: Library) -> None:
    with ModelServer(says(reply())) as server:
        assert list(draft(library, 1, model(server), [str(GOOD["question"]).upper()])) == []


@pytest.mark.parametrize(
    "change",
    [
        {"key": "no such words there"},
        {"key": "Aleppo"},  # stands in the question
        {"key": ""},
        {"lines": [99]},
        {"lines": []},
        {"lines": ["one"]},
        {"question": " "},
        {"answer": ""},
    ],
)
def test_what_a_model_proposes_amiss_is_dropped(
    library: Library, change: dict[str, object]
) -> None:
    with ModelServer(says(reply(**change))) as server:
        assert list(draft(library, 1, model(server))) == []


def test_a_reply_that_is_no_json_is_dropped(library: Library) -> None:
    with ModelServer(says("I would rather not.")) as server:
        assert list(draft(library, 1, model(server))) == []


def configured(server: ModelServer) -> Settings:
    return Settings(openai_base_url=server.url, model="little")


def test_drafts_are_added_to_a_file_and_can_be_confirmed(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "mine.jsonl"
    told: list[str] = []
    options = Namespace(draft=1, out=str(out))
    with ModelServer(says(reply())) as server:
        assert command.draft(library, configured(server), options, told.extend) == 0
    assert "1 drafts were added" in told[0]
    out.write_text(out.read_text("utf-8").rstrip("\n"), "utf-8")  # as some editors leave it
    with ModelServer(says(reply(question="Who else?"))) as server:
        assert command.draft(library, configured(server), options, told.extend) == 0
    first, second = load(out)
    assert (first.question, second.question) == (GOOD["question"], "Who else?")
    assert replace(first, draft=False).gold


def test_drafts_before_a_failure_are_kept(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "mine.jsonl"
    with (
        ModelServer(says(reply()), fails(401, "no")) as server,
        pytest.raises(LLMError, match="OPENAI_API_KEY"),
    ):
        command.draft(library, configured(server), Namespace(draft=3, out=str(out)), print)
    assert [case.question for case in load(out)] == [GOOD["question"]]


def test_without_a_language_model_there_are_no_drafts(library: Library) -> None:
    with pytest.raises(SettingsError, match="Drafts of test questions need a language model"):
        command.draft(library, Settings(), Namespace(draft=1, out=None), print)
