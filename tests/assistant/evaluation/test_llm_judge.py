"""The language model as judge: what it is shown, what its words count for, how it may fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.errors import LLMError, SettingsError
from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.llm_judge import LLMJudge
from assistant.evaluation.scoring import Record
from assistant.evaluation.summary import summarise
from assistant.llm.server import ServerModel
from assistant.settings import Settings
from tests.assistant.evaluation.subject import CASES, WALKED, Quoter, record
from tests.llm_server import ModelServer, fails, says


def judge(server: ModelServer) -> LLMJudge:
    return LLMJudge(ServerModel("little", base_url=server.url, timeout=5))


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("RIGHT", "right"),
        ("wrong.", "wrong"),
        ("**RIGHT**: it says so", "right"),
        ("RIGHT or WRONG", ""),
        ("It is neither", ""),
        ("", ""),
    ],
)
def test_one_word_counts(reply: str, verdict: str) -> None:
    with ModelServer(says(reply)) as server:
        assert judge(server)(record(CASES[0])) == verdict


def test_it_is_shown_question_reference_and_answer() -> None:
    with ModelServer(says("RIGHT")) as server:
        judge(server)(record(CASES[0]))
        judge(server)(record(replace(CASES[0], answer="")))
        first, second = (one.body["messages"][-1]["content"] for one in server.asked)
    assert f"<question>\n{CASES[0].question}\n</question>" in first
    assert f"<reference>\n{CASES[0].answer}\n</reference>" in first
    assert f"<answer>\n{WALKED}\n</answer>" in first
    assert f"<reference>\n{WALKED}\n</reference>" in second  # the gold, without a reference


def test_verdicts_are_compared_with_what_is_computed() -> None:
    def say(one: Record) -> str:
        return "right" if one.case.id in ("date", "planes") else "wrong"

    class Opinion:
        @property
        def model(self) -> str:
            return "somebody"

        def __call__(self, record: Record) -> str:
            return say(record)

    run = evaluate(Quoter(), CASES, method=Method(judge=Opinion()))
    # Judged are the answers to answerable questions that did not fail: "date", which is correct,
    # and "planes", which is not.
    assert [one.judged for one in run.records] == ["right", "right", "", "", "", ""]
    found = summarise(run.records, run.k)
    assert (found["judged_right"].value, found["judge_agreement"].value) == (1, 0.5)
    assert found["judge_kappa"].value == 0  # no better than chance
    assert found["judge_kappa"].count == 2
    assert run.method["judge"] == "somebody"


def test_a_judge_that_fails_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    with ModelServer(fails(401, "no")) as server:
        run = evaluate(Quoter(), CASES[:1], method=Method(judge=judge(server)))
        with pytest.raises(LLMError):
            judge(server)(run.records[0])
    assert run.records[0].answer
    assert (run.records[0].error, run.records[0].judged) == ("", "")
    assert "date was not judged" in caplog.text


def test_without_a_model_there_is_no_judge() -> None:
    with pytest.raises(SettingsError, match="leave out --judge"):
        LLMJudge.from_settings(Settings())
