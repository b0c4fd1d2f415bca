from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.errors import LLMUnavailableError, TestSetError
from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record
from index.filtering import EVERYTHING, Filter
from tests.assistant.evaluation.subject import CASES, Quoter, Settled


@dataclass(frozen=True)
class Counting(Quoter):
    """Notes what it is asked; stops the whole run at ``last``."""

    asked: list[str] = field(default_factory=list)
    last: str = ""

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        self.asked.append(question)
        if question == self.last:
            raise KeyboardInterrupt
        return super().ask(question, within)


def interrupted(out: Path, at: int = 3) -> None:
    with pytest.raises(KeyboardInterrupt):
        evaluate(Counting(last=CASES[at].question), CASES, out=out)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    interrupted(out)
    assert not out.exists()
    again = Counting()
    seen: list[Record] = []
    run = evaluate(again, CASES, seen.append, out=out)
    assert again.asked == [case.question for case in CASES[3:]]
    assert [record.case for record in run.records] == list(CASES)
    assert len(seen) == len(CASES)
    assert Run.load(out) == run
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_run_keeps_the_time_at_which_it_began(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    interrupted(out)
    part = tmp_path / "run.json.part"
    head, *records = part.read_text("utf-8").splitlines(keepends=True)
    early = json.loads(head) | {"created": "2016-04-21T00:00:00+00:00"}
    part.write_text(json.dumps(early) + "\n" + "".join(records), "utf-8")
    assert evaluate(Quoter(), CASES, out=out).created == "2016-04-21T00:00:00+00:00"


def test_a_finished_run_is_measured_anew(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    evaluate(Quoter(), CASES, out=out)
    again = Counting()
    evaluate(again, CASES, out=out)
    assert len(again.asked) == len(CASES)


def test_a_run_of_something_else_is_not_gone_on_with(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    interrupted(out)
    other = Counting(settings=Settled({"model": "another"}))
    assert evaluate(other, CASES, out=out).settings == {"model": "another"}
    assert len(other.asked) == len(CASES)


def test_a_changed_question_is_asked_again_and_so_is_one_that_failed(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    failing = replace(CASES[5], id="first")
    cases = (failing, *CASES)
    with pytest.raises(KeyboardInterrupt):
        evaluate(Counting(last=CASES[2].question), cases, out=out)
    again = Counting()
    mended = (failing, replace(CASES[0], answer="On 21 April."), *CASES[1:2])
    evaluate(again, mended, out=out)
    assert again.asked == [failing.question, CASES[0].question]


def test_a_line_that_was_cut_is_asked_again(tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    interrupted(out)
    part = tmp_path / "run.json.part"
    part.write_text(part.read_text("utf-8")[:-40], "utf-8")
    again = Counting()
    run = evaluate(again, CASES, out=out)
    assert again.asked == [case.question for case in CASES[2:]]
    assert [record.case for record in run.records] == list(CASES)


def test_what_is_no_journal_is_not_overwritten(tmp_path: Path) -> None:
    part = tmp_path / "run.json.part"
    part.write_text("my notes\n", "utf-8")
    with pytest.raises(TestSetError, match="remove it"):
        evaluate(Quoter(), CASES, out=tmp_path / "run.json")
    assert part.read_text("utf-8") == "my notes\n"


def test_several_at_a_time_make_the_same_run(tmp_path: Path) -> None:
    one, many = (
        evaluate(Quoter(), CASES),
        evaluate(Quoter(), CASES, method=Method(jobs=4), out=tmp_path / "run"),
    )

    def timeless(run: Run) -> list[Record]:
        return [replace(record, latency_ms=0) for record in run.records]

    assert timeless(one) == timeless(many)


def test_a_bug_in_one_answer_does_not_cost_the_others(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Quoter):
        def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
            if "planes" in question:
                raise IndexError("list index out of range")
            return super().ask(question, within)

    records = evaluate(Buggy(), CASES[:3]).records
    assert [record.error for record in records] == [
        "",
        "Unexpected IndexError: list index out of range",
        "",
    ]
    assert "could not be answered" in caplog.text


def test_a_follow_up_is_asked_and_searched_as_it_is_understood() -> None:
    case = replace(CASES[0], question="And when?", turns=("Who of the delegates walked out?",))
    (record,) = evaluate(Quoter(), [case]).records
    assert record.answer["question"] == "And when?"
    assert record.answer["standalone"] == "Who of the delegates walked out? And when?"
    assert record.retrieved == evaluate(Quoter(), CASES[:1]).records[0].retrieved
    (alone,) = evaluate(Quoter(), [case], method=Method(answers=False)).records
    assert (alone.answer, alone.retrieved) == ({}, record.retrieved)


def test_a_turn_before_that_fails_fails_the_question() -> None:
    (record,) = evaluate(Quoter(), [replace(CASES[0], turns=("Will it fail?",))]).records
    assert record.error == str(LLMUnavailableError("The server does not answer: start it."))
