from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import SettingsError, TestSetError
from assistant.evaluation.asking import evaluate
from assistant.evaluation.compare import compare
from assistant.evaluation.gate import Gate, beyond, bounds, fallen
from assistant.evaluation.run import Run
from assistant.evaluation.summary import summarise
from assistant.evaluation.testset import TestCase
from tests.assistant.evaluation.subject import PLANES, WALKED, Quoter, Shelf, gold

MANY = tuple(
    TestCase(f"q{n:02d}", "When did the delegates walk out?", gold=(gold(WALKED),))
    for n in range(20)
) + tuple(TestCase(f"n{n}", "What is the recipe?", answerable=False) for n in range(5))


def run_of(*cases: TestCase) -> Run:
    return evaluate(Quoter(), cases or MANY)


def worse(run: Run, count: int) -> Run:
    """The same run, with the first questions answered by a quote of something else."""
    wrong = Quoter(Shelf()).ask("How many planes stayed?").as_dict()
    spoilt = [replace(record, answer=wrong) for record in run.records[:count]]
    return replace(run, records=(*spoilt, *run.records[count:]))


def test_a_run_does_not_differ_from_itself() -> None:
    run = run_of()
    found = compare(run, run)
    assert (found.won, found.lost, found.questions) == ((), (), 25)
    assert all(change.difference.value == 0 for change in found.changes.values())
    assert all(change.p == 1 for change in found.changes.values())
    assert found.verdict.startswith("No telling")


def test_what_was_lost_is_named_and_what_is_lost_one_way_is_won_the_other() -> None:
    run = run_of()
    found = compare(run, worse(run, 8))
    assert found.lost == tuple(f"q{n:02d}" for n in range(8))
    assert found.verdict.startswith("Worse: 0 questions won, 8 lost of 25 (p = 0.0")
    change = found.changes["right"]
    assert (change.before, change.after) == (1, 17 / 25)
    assert change.difference.value == pytest.approx(-8 / 25)
    assert change.difference.low < -8 / 25 < change.difference.high < 0
    back = compare(worse(run, 8), run)
    assert back.won == found.lost
    assert back.verdict.startswith("Better: 8 questions won")


def test_few_differences_may_be_chance() -> None:
    run = run_of()
    # Of the 4 ways to flip two signs half are as extreme.
    assert compare(run, worse(run, 2)).changes["right"].p == pytest.approx(0.5, abs=0.05)
    assert compare(run, worse(run, 2)).verdict.startswith("No telling")


def test_only_questions_that_both_asked_alike_are_compared() -> None:
    mended = replace(MANY[0], gold=(gold(PLANES),))
    found = compare(run_of(*MANY[:4]), run_of(mended, *MANY[2:9]))
    assert found.questions == 2
    with pytest.raises(TestSetError, match="share no question"):
        compare(run_of(MANY[0]), run_of(mended))


def test_a_comparison_reads_as_text_and_as_json() -> None:
    run = run_of()
    found = compare(run, worse(run, 8))
    text = list(found.lines())
    assert text[0] == found.verdict == found.as_dict()["verdict"]
    assert text[-1] == "Lost: q00 q01 q02 q03 q04 q05 q06 q07"
    (row,) = (line for line in text if line.startswith("right "))
    assert row.split()[:4] == ["right", "1.000", "0.680", "-0.320"]
    assert found.as_dict()["changes"]["right"]["after"] == 17 / 25


def test_bounds_are_read() -> None:
    assert bounds("recall@10=0.9, false_refusal=.1") == {"recall@10": 0.9, "false_refusal": 0.1}
    assert bounds("") == {}


def test_bounds_are_read_from_a_file_with_remarks(tmp_path: Path) -> None:
    file = tmp_path / "bounds.txt"
    file.write_text("# what holds\nright = 0.5\n\nfailed=0  # none\n", "utf-8")
    assert bounds(str(file)) == {"right": 0.5, "failed": 0}
    file.write_text("right\n", "utf-8")
    with pytest.raises(SettingsError, match="not 'right'"):
        bounds(str(file))


@pytest.mark.parametrize("text", ["recall@10", "right=high", "right=0.9;failed=0"])
def test_what_is_no_bound_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="FIGURE=NUMBER"):
        bounds(text)


def test_a_figure_beyond_its_bound_is_named() -> None:
    run = worse(run_of(), 5)
    assert (
        beyond(summarise(run.records, 10), {"correctness": 0.75, "right": 0.8, "failed": 0}) == ()
    )
    assert beyond(summarise(run.records, 10), {"right": 0.85, "correctness": 0.8}) == (
        "right is 0.800, worse than 0.85.",
        "correctness is 0.750, worse than 0.8.",
    )


def test_where_less_is_better_the_bound_is_the_most() -> None:
    refused = run_of(replace(MANY[0], question="What is the recipe?"), *MANY[1:])
    assert beyond(summarise(refused.records, 10), {"false_refusal": 0.05}) == ()
    assert beyond(summarise(refused.records, 10), {"false_refusal": 0.04}) == (
        "false_refusal is 0.050, worse than 0.04.",
    )


def test_a_bound_on_a_figure_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"no figure 'recal@10'; it has .*recall@10"):
        beyond(summarise(run_of().records, 10), {"recal@10": 0.9})


def test_only_a_fall_that_is_no_chance_is_told() -> None:
    run = run_of()
    assert fallen(run, run) == ()
    assert fallen(run, worse(run, 2)) == ()
    assert fallen(worse(run, 12), run) == ()
    told = fallen(run, worse(run, 12))
    assert any(line.startswith("right went from 1.000 to 0.520") for line in told)


def test_testing_many_figures_at_once_does_not_make_chance_a_fall() -> None:
    # Six lost questions: p is near 2 / 2 ** 6 = 0.03, enough for one figure, not for seven.
    run = run_of()
    assert compare(run, worse(run, 6)).changes["right"].p < 0.05
    assert fallen(run, worse(run, 6)) == ()


def test_a_gate_gives_every_reason() -> None:
    run = run_of()
    spoilt = worse(run, 12)
    assert Gate({"right": 0.9}, run).reasons(run) == []
    assert len(Gate({"right": 0.9}, run).reasons(spoilt)) > 1
    assert Gate({"right": 0.9}).reasons(spoilt) == ["right is 0.520, worse than 0.9."]
