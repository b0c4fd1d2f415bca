"""A run's file may come from anywhere: whatever is wrong with it is one sentence, not a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import TestSetError
from assistant.evaluation.asking import evaluate
from assistant.evaluation.run import Run
from assistant.evaluation.schema import fits
from tests.assistant.evaluation.subject import CASES, Quoter

RUN = evaluate(Quoter(), CASES).as_dict()

Change = Callable[[Any], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.update(k=0),
        lambda run: run.update(k=10**9),
        lambda run: run.update(created=7),
        lambda run: run["corpus"].pop("embedding"),
        lambda run: run.update(texts=[]),
        lambda run: run["texts"].update({"a.txt": {"title": None, "excerpts": []}}),
        lambda run: run["texts"]["a.txt"]["excerpts"].append({"start": "0", "text": ""}),
        lambda run: run["records"].append(1),
        lambda run: run["records"][0].update(latency_ms=float("nan")),
        lambda run: run["records"][0].update(latency_ms=10**400),
        lambda run: run["records"][0].update(case=None),
        lambda run: run["records"][0].update(retrieved=[{"path": "a", "start": 5, "end": 5}]),
        lambda run: run["records"][0]["answer"].update(confidence=2),
        lambda run: run["records"][0]["answer"].update(confidence="high"),
        lambda run: run["records"][0]["answer"].update(outcome="abstained"),
        lambda run: run["records"][0]["answer"]["statements"][0].update(support="maybe"),
        lambda run: run["records"][0].update(without_gold={"outcome": "answered"}),
        lambda run: run["records"][0]["answer"]["statements"][0].update(citations=[9]),
        lambda run: run["records"][0]["answer"]["statements"][0].update(text=None),
        lambda run: run["records"][0]["answer"]["citations"][0].update(published="yesterday"),
        lambda run: run["records"][0]["answer"]["citations"][0].update(start=-1),
        lambda run: run["records"][0]["answer"]["citations"][0].update(number=True),
        lambda run: run["records"][0]["answer"]["consulted"].append({"path": "a"}),
    ],
)
def test_a_run_that_would_break_its_report_is_refused(tmp_path: Path, change: Change) -> None:
    data = json.loads(json.dumps(RUN))
    change(data)
    path = tmp_path / "run.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TestSetError, match="cannot be read as a run"):
        Run.load(path)


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(TestSetError, match="cannot be read as a run"):
        Run.load(path)


def test_a_run_made_before_texts_were_kept_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({k: v for k, v in RUN.items() if k != "texts"}), encoding="utf-8")
    assert Run.load(path).texts == {}


def test_forms() -> None:
    assert fits({"a": [1, 2]}, {"a": [int]})
    assert not fits({"a": [1, "2"]}, {"a": [int]})
    assert not fits({}, {"a": int})
    assert fits(None, (str, None))
    assert not fits(0, (str, None))
    assert fits(1, float)
    assert not fits(True, int)
    assert fits(True, bool)
