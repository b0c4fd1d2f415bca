from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.errors import TestSetError
from assistant.evaluation.command import again, compare, evaluate
from assistant.evaluation.run import Run
from assistant.evaluation.testset import TestCase
from index.errors import StorageError
from index.filtering import EVERYTHING, Filter
from tests.assistant.evaluation.subject import CASES, KERRY, Quoter, Shelf, article


class Screen:
    """Keeps what is shown."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, lines: Iterable[str]) -> None:
        self.lines += lines


def options(folder: Path, cases: Iterable[TestCase] = CASES, **given: object) -> Namespace:
    testset = folder / "set.jsonl"
    testset.write_text("".join(json.dumps(c.as_dict()) + "\n" for c in cases), encoding="utf-8")
    defaults = dict.fromkeys(
        ("out", "report", "limit", "sample", "type", "split", "fail_under", "baseline")
    )
    switches = dict.fromkeys(("json", "check", "retrieval", "without_gold"), False)
    return Namespace(testset=str(testset), **{**defaults, **switches, "jobs": 1, **given})


def test_the_report_has_every_figure_the_types_and_who_went_wrong(tmp_path: Path) -> None:
    screen = Screen()
    assert evaluate(Quoter(), options(tmp_path), screen) == 1  # one answer failed
    text = "\n".join(screen.lines)
    for label in ("recall@10", "MRR@10", "nDCG@10", "latency p95", "answerable questions refused"):
        assert label in text
    assert "  date " in text
    assert "false premise accepted" in text
    assert screen.lines[-1].strip() == "planes"
    assert "recipe" not in text  # rightly refused: counted, not named
    assert max(len(line) for line in screen.lines) <= 100


def test_of_retrieval_alone_no_figures_of_answers_are_shown(tmp_path: Path) -> None:
    screen = Screen()
    assert evaluate(Quoter(), options(tmp_path, retrieval=True), screen) == 0
    text = "\n".join(screen.lines)
    assert "By type" in text
    for label in ("refused", "right", "cit.recall", "Result"):
        assert label not in text


def test_json_is_one_object_with_the_same_figures(tmp_path: Path) -> None:
    screen = Screen()
    evaluate(Quoter(), options(tmp_path, json=True), screen)
    found = json.loads("\n".join(screen.lines))
    assert found["questions"] == len(CASES)
    assert found["summary"]["correctness"]["value"] == pytest.approx(1 / 3)
    assert found["types"]["unanswerable"]["abstention_recall"]["count"] == 2
    assert found["results"]["failed"] == ["error"]
    assert found["answerers"] == ["quoter"]


def test_the_run_is_kept_where_asked(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    status = evaluate(Quoter(), options(tmp_path, CASES[:3], out=str(out), limit=2), Screen())
    assert status == 0
    assert [record.case.id for record in Run.load(out).records] == ["date", "planes"]


@pytest.mark.parametrize("out", ["no/deeper/run.json", "."])
def test_a_place_that_cannot_be_written_is_noticed_before_anything_is_asked(
    tmp_path: Path, out: str
) -> None:
    class Unasked(Quoter):
        def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
            raise AssertionError(f"asked {question}")

    with pytest.raises(StorageError, match="cannot be written"):
        evaluate(Unasked(), options(tmp_path, out=str(tmp_path / out)), Screen())


def test_the_gate_is_shut_with_its_reasons(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    evaluate(Quoter(), options(tmp_path, CASES[:4], out=str(out)), Screen())
    screen = Screen()
    given = options(tmp_path, CASES[:4], fail_under="right=0.6,failed=0", baseline=str(out))
    assert evaluate(Quoter(), given, screen) == 1
    assert screen.lines[-1] == "right is 0.500, worse than 0.6."
    screen = Screen()
    given = options(tmp_path, CASES[:4], fail_under="right=0.5", baseline=str(out), json=True)
    assert evaluate(Quoter(), given, screen) == 0
    assert json.loads("\n".join(screen.lines))["gate"] == []


def test_two_runs_are_compared_as_text_and_as_json(tmp_path: Path) -> None:
    out = str(tmp_path / "run.json")
    evaluate(Quoter(), options(tmp_path, out=out), Screen())
    screen = Screen()
    assert compare(Namespace(compare=[out, out], json=False, report=None), screen) == 0
    assert screen.lines[0].startswith("No telling: 0 questions won, 0 lost of 6")
    screen = Screen()
    assert compare(Namespace(compare=[out, out], json=True, report=None), screen) == 0
    assert json.loads("\n".join(screen.lines))["questions"] == 6


def test_only_what_was_chosen_is_asked(tmp_path: Path) -> None:
    screen = Screen()
    evaluate(Quoter(), options(tmp_path, json=True, type="unanswerable", limit=1), screen)
    assert json.loads("\n".join(screen.lines))["results"] == {"rightly refused": ["recipe"]}


def test_a_check_says_what_does_not_resolve(tmp_path: Path) -> None:
    screen = Screen()
    assert evaluate(Quoter(), options(tmp_path, check=True), screen) == 0
    assert screen.lines == ["6 questions; 4 of 4 gold quotes resolve."]
    screen = Screen()
    other = Quoter(Shelf((article("b.txt", "New.", KERRY),)))
    assert evaluate(other, options(tmp_path, check=True), screen) == 1
    assert screen.lines[-1] == "6 questions; 0 of 4 gold quotes resolve."
    assert "error: b.txt 0-31: the quote stands at 5-36 now" in screen.lines


def test_gold_that_does_not_resolve_stops_an_evaluation(tmp_path: Path) -> None:
    other = Quoter(Shelf((article("b.txt", "New.", KERRY),)))
    with pytest.raises(TestSetError, match=r"4 gold quotes do not stand in the corpus.*--check"):
        evaluate(other, options(tmp_path), Screen())


def test_a_report_is_written_of_what_was_asked_and_of_what_was_kept(tmp_path: Path) -> None:
    out, report = str(tmp_path / "run.json"), tmp_path / "report.html"
    asked = options(tmp_path, CASES[:3], out=out, report=str(report))
    first = Screen()
    evaluate(Quoter(), asked, first)
    written = report.read_text("utf-8")
    assert "3 questions to 2 articles" in written
    report.unlink()
    screen = Screen()
    kept = options(tmp_path, kept=out, report=str(report), baseline=out, fail_under="right=0.9")
    assert again(kept, screen) == 1
    assert screen.lines[:-1] == first.lines
    assert screen.lines[-1] == "right is 0.667, worse than 0.9."
    assert "Compared with the earlier run" in report.read_text("utf-8")


def test_a_comparison_has_a_report(tmp_path: Path) -> None:
    out, report = str(tmp_path / "run.json"), tmp_path / "report.html"
    evaluate(Quoter(), options(tmp_path, CASES[:1], out=out), Screen())
    compare(Namespace(compare=[out, out], json=False, report=str(report)), Screen())
    assert "Compared with the earlier run" in report.read_text("utf-8")


def test_of_a_kept_run_questions_can_be_chosen(tmp_path: Path) -> None:
    out = str(tmp_path / "run.json")
    evaluate(Quoter(), options(tmp_path, out=out), Screen())
    screen = Screen()
    again(options(tmp_path, kept=out, type="unanswerable", json=True), screen)
    assert json.loads("\n".join(screen.lines))["questions"] == 2


def test_a_new_folder_is_made_for_a_run(tmp_path: Path) -> None:
    evaluate(
        Quoter(), options(tmp_path, CASES[:1], out=str(tmp_path / "runs" / "a.json")), Screen()
    )
    assert (tmp_path / "runs" / "a.json").is_file()


def test_without_gold_tells_how_many_are_still_answered(tmp_path: Path) -> None:
    class Sure(Quoter):
        def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
            answer = super().ask(question, within)
            return replace(answer, confidence=0.4 if within else 0.8)

    given = options(tmp_path, CASES[:2], without_gold=True)
    screen = Screen()
    assert evaluate(Sure(), given, screen) == 0
    text = "\n".join(screen.lines)
    assert re.search(r"still answered without gold articles +0\.000", text)
    heads = re.search(r"Answering from a confidence of +(.*)", text)
    assert heads
    assert heads[1].split() == ["coverage", "risk", "answered", "without", "gold"]
    assert re.search(r"^  0\.5 +0\.500 +0\.000 +1\.000 +0\.000$", text, re.MULTILINE)
    screen = Screen()
    evaluate(Sure(), options(tmp_path, CASES[:2], without_gold=True, json=True), screen)
    points = json.loads("\n".join(screen.lines))["risk_coverage"]
    assert [(one["threshold"], one["coverage"], one["risk"]) for one in points] == [
        (0.8, 0.5, 0.0), (0.4, 1.0, 0.5)
    ]  # fmt: skip
