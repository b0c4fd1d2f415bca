"""The Evaluation page beside the chat."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.evaluation.asking import evaluate
from assistant.evaluation.run import Run
from assistant.web import evaluation
from assistant.web.evaluation import routes, stored
from assistant.web.security import middleware
from index import Library
from tests.assistant.evaluation.subject import CASES, Quoter
from tests.assistant.web.test_chat import Scripted, served

HOSTILE = "<img src=x onerror=alert(1)> & ?#.json"


@pytest.fixture(scope="module")
def run() -> Run:
    return evaluate(Quoter(), CASES)


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """Two runs of the same questions, the later one newer."""
    fails = replace(run.records[0], answer={}, error="Down.")
    replace(run, records=(fails, *run.records[1:])).save(tmp_path / "before.json")
    run.save(tmp_path / "after.json")
    os.utime(tmp_path / "before.json", ns=(0, 10**18))
    return tmp_path


def client(folder: Path) -> TestClient:
    app = Starlette(routes=list(routes(folder)), middleware=middleware("127.0.0.1"))
    return TestClient(app, base_url="http://127.0.0.1")


def test_without_a_run_it_says_how_to_make_one(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        text = client(place).get("/evaluation").text
        assert "There are no runs yet" in text
        assert f"pincite evaluate seeds/questions.jsonl --out {place}/first.json" in text


def test_runs_are_listed_the_newest_first_with_their_figures(folder: Path) -> None:
    (folder / "run.json.part").write_text("{}")
    (folder / ".run.json").write_text("{}")
    (folder / "folder.json").mkdir()
    assert [one.name for one in stored(folder)] == ["after.json", "before.json"]
    text = client(folder).get("/evaluation").text
    assert "<td>6</td><td>quoter</td>" in text
    assert "<td>0.333</td>" in text


def test_a_broken_run_is_one_line_and_the_rest_is_shown(folder: Path) -> None:
    (folder / HOSTILE).write_text("{}")
    text = client(folder).get("/evaluation").text
    assert "cannot be read as a run" in text
    assert "after.json" in text
    assert "<img" not in text
    answer = client(folder).get("/evaluation", params={"run": HOSTILE})
    assert answer.status_code == 404
    assert "cannot be read as a run" in answer.text


@pytest.mark.parametrize("name", ["gone.json", "../outside.json", "/etc/passwd", "\0", "after"])
def test_only_what_is_listed_is_opened(folder: Path, run: Run, name: str) -> None:
    inside = folder / "inside"
    inside.mkdir()
    run.save(folder / "outside.json")
    for asked in ({"run": name}, {"run": "after.json", "before": name}):
        answer = client(inside if name.startswith("..") else folder).get(
            "/evaluation", params=asked
        )
        assert answer.status_code == 404
        assert "There is no run" in answer.text


def test_a_run_too_large_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "LARGEST", 10)
    os.utime(folder / "after.json", ns=(0, 10**18 + 1))  # not the one remembered
    answer = client(folder).get("/evaluation", params={"run": "after.json"})
    assert "too large for this page" in answer.text


def test_a_report_may_do_nothing(folder: Path) -> None:
    answer = client(folder).get("/evaluation", params={"run": "after.json"})
    assert "6 questions to 2 articles" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_run_made_anew_is_read_anew(folder: Path, run: Run) -> None:
    assert "<td>6</td>" in client(folder).get("/evaluation").text
    replace(run, records=run.records[:2]).save(folder / "after.json")
    assert "<td>2</td>" in client(folder).get("/evaluation").text


def test_runs_that_share_no_question_cannot_be_compared(folder: Path, run: Run) -> None:
    replace(run, records=run.records[:1]).save(folder / "one.json")
    replace(run, records=run.records[1:2]).save(folder / "other.json")
    asked = {"run": "one.json", "before": "other.json"}
    assert "share no question" in client(folder).get("/evaluation", params=asked).text


@pytest.mark.browser
def test_from_the_chat_to_a_comparison_and_back(page: Page, library: Library, folder: Path) -> None:
    with served(Scripted(library), folder) as url:
        page.goto(url)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Evaluation").click()
        shown = opened.value
        shown.get_by_label("Show after.json").check()
        shown.get_by_label("Compare with before.json").check()
        shown.get_by_role("button", name="Show the report").click()
        expect(shown.locator(".verdict")).to_contain_text("1 questions won, 0 lost of 6")
        expect(shown.locator(".tiles strong").first).to_have_text("0.333")
        shown.get_by_role("link", name="All runs").click()
        expect(shown.get_by_role("heading", name="Evaluation")).to_be_visible()
        shown.get_by_role("link", name="Chat").click()
        expect(shown.get_by_label("Your question")).to_be_visible()
        shown.close()
