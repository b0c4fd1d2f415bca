"""The real assistant over the real articles: that it can be evaluated, not how well it does."""

from __future__ import annotations

from pathlib import Path

from assistant import Assistant
from assistant.evaluation import Method, Run, Selection, check, evaluate, load
from index import Library

QUESTIONS = load(Path(__file__).resolve().parents[3] / "seeds" / "questions.jsonl")


def test_all_gold_resolves_in_the_index(library: Library) -> None:
    assert check(QUESTIONS, library) == ()


def test_a_run_of_the_real_assistant(assistant: Assistant, tmp_path: Path) -> None:
    cases = Selection(type="date", limit=3).of(QUESTIONS)
    run = evaluate(assistant, cases, method=Method(k=5))
    assert [record.error for record in run.records] == ["", "", ""]
    assert all(len(record.retrieved) == 5 for record in run.records)
    assert run.corpus["articles"] == 5
    assert "all-MiniLM-L6-v2" in run.corpus["embedding"]
    assert run.settings["llm"] is None
    run.save(tmp_path / "run.json")
    assert Run.load(tmp_path / "run.json") == run
