"""Drafts: exact, new, spread, the same every time; by rule and with a language model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.evaluation.drafting import draft
from assistant.evaluation.llm_draft import LLMDrafter
from assistant.evaluation.metrics import contains_all
from assistant.evaluation.testset import TestCase, check, load
from assistant.llm import LLM
from index import Library
from tests.conftest import SEEDS
from tests.llm_server import ModelServer, fails, says


@pytest.fixture(scope="module")
def drafts(library: Library) -> tuple[TestCase, ...]:
    return tuple(draft(library, 20))


def test_drafts_are_exact_and_answer_themselves(
    library: Library, drafts: tuple[TestCase, ...]
) -> None:
    assert len(drafts) == 20
    assert check(drafts, library) == ()
    for case in drafts:
        quoted = " ".join(piece.any_of[0].text for piece in case.gold)
        assert case.draft
        assert case.question.endswith("?")
        assert contains_all(quoted, case.must_contain)
        assert not contains_all(case.question, case.must_contain)


def test_drafts_lie_outside_boilerplate(library: Library, drafts: tuple[TestCase, ...]) -> None:
    marked = {article.path: library.boilerplate(article.id) for article in library.articles()}
    for case in drafts:
        at = case.gold[0].any_of[0].at
        assert not any(at.start < span.end and span.start < at.end for span in marked[at.path])


def test_drafts_are_spread_and_differ(drafts: tuple[TestCase, ...]) -> None:
    assert len({case.gold[0].any_of[0].at.path for case in drafts}) == 5
    assert len({case.question for case in drafts}) == len({case.id for case in drafts}) == 20
    assert len({case.gold for case in drafts}) == 20
    assert len({case.tags for case in drafts}) >= 4


def test_drafts_are_the_same_every_time_and_never_what_is_known(
    library: Library, drafts: tuple[TestCase, ...]
) -> None:
    assert tuple(draft(library, 20)) == drafts
    known = [case.question for case in drafts[:10]]
    more = list(draft(library, 10, [question.upper() for question in known]))
    assert not {case.question for case in more} & set(known)


def test_drafts_on_the_command_line_are_added_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PINCITE_CORPUS", str(SEEDS))
    out = tmp_path / "mine.jsonl"
    assert main(["evaluate", "--draft", "2", "--out", str(out)]) == 0
    assert "2 drafts were added" in capsys.readouterr().out
    out.write_text(out.read_text("utf-8").rstrip("\n"), "utf-8")  # as some editors leave it
    assert main(["evaluate", "--draft", "3", "--out", str(out)]) == 0
    cases = load(out)
    assert len({case.question for case in cases}) == 5
    capsys.readouterr()
    assert main(["evaluate", "--check", str(out)]) == 0
    assert capsys.readouterr().out == "5 questions; 5 of 5 gold quotes resolve.\n"
    confirmed = [replace(case, draft=False).as_dict() for case in cases]
    out.write_text("".join(json.dumps(case) + "\n" for case in confirmed), "utf-8")
    assert main(["evaluate", str(out), "--limit", "2", "--fail-under", "failed=0"]) == 0
    assert main(["evaluate", "--draft", "1"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["draft"] is True


GOOD = {"question": "Who spoke of Aleppo?", "answer": "Somebody did.", "key": "", "lines": [1, 2]}


def drafter(server: ModelServer) -> LLMDrafter:
    return LLMDrafter(LLM("little", base_url=server.url, timeout=5))


def shown(server: ModelServer) -> list[str]:
    """The lines that the model was shown last."""
    content = server.asked[-1].body["messages"][-1]["content"]
    return [line.partition("] ")[2] for line in content.splitlines() if line.startswith("[s")]


def test_a_model_proposes_and_the_gold_is_exact(library: Library) -> None:
    with ModelServer(says(json.dumps(GOOD | {"key": "the"}))) as server:
        (case,) = draft(library, 1, propose=drafter(server))
        assert check([case], library) == ()
        lines = shown(server)
    assert (case.question, case.answer, case.tags) == (GOOD["question"], GOOD["answer"], ("llm",))
    assert len(case.gold) == 2
    assert [" ".join(piece.any_of[0].text.split())[:20] for piece in case.gold] == [
        line[:20] for line in lines[:2]
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"key": "no such words there"},
        {"key": "Aleppo"},  # stands in the question
        {"key": ""},
        {"lines": [99]},
        {"lines": []},
        {"lines": ["one"]},
        {"question": "Tell me."},
        {"answer": ""},
    ],
)
def test_what_a_model_proposes_amiss_is_dropped(library: Library, change: object) -> None:
    reply = json.dumps({**GOOD, "key": "the", **change})  # type: ignore[dict-item]
    with ModelServer(says(reply)) as server:
        assert list(draft(library, 1, propose=drafter(server))) == []


def test_a_reply_that_is_no_json_is_dropped(library: Library) -> None:
    with ModelServer(says("I would rather not.")) as server:
        assert list(draft(library, 1, propose=drafter(server))) == []


def test_drafts_before_a_failure_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.jsonl"
    with ModelServer(says(json.dumps(GOOD | {"key": "the"})), fails(401, "no")) as server:
        for name, value in {
            "PINCITE_HOME": str(tmp_path / "home"),
            "PINCITE_CORPUS": str(SEEDS),
            "OPENAI_BASE_URL": server.url,
            "PINCITE_MODEL": "little",
        }.items():
            monkeypatch.setenv(name, value)
        assert main(["evaluate", "--draft", "3", "--out", str(out)]) == 1
    assert [case.question for case in load(out)] == [GOOD["question"]]
    assert "key" in capsys.readouterr().err
