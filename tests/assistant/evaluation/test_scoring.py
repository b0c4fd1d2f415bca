from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evaluation.scoring import Record, Result, cutoffs, measures, result
from assistant.evaluation.summary import by_result, by_type, summarise
from assistant.evaluation.testset import Stretch
from tests.assistant.evaluation.subject import CASES, KERRY, PLANES, WALKED, gold, record

DATE, PLANES_CASE, RECIPE, THREAT, PREMISE, ERROR = CASES
RECORDS = tuple(record(case, latency_ms=10.0 * n) for n, case in enumerate(CASES, start=1))


def of(case_id: str) -> Record:
    (found,) = (one for one in RECORDS if one.case.id == case_id)
    return found


@pytest.mark.parametrize(
    ("case_id", "expected"),
    [
        ("date", Result.CORRECT),
        ("planes", Result.CITED),  # says six where seven is wanted
        ("recipe", Result.RIGHTLY_REFUSED),
        ("threat", Result.ANSWERED),
        ("premise", Result.PREMISE_ACCEPTED),
        ("error", Result.FAILED),
    ],
)
def test_what_became_of_a_question(case_id: str, expected: Result) -> None:
    assert result(of(case_id)) is expected


def test_what_went_wrong_is_laid_where_it_went_wrong() -> None:
    planes = of("planes")
    elsewhere = replace(PLANES_CASE, gold=(gold(KERRY),))
    assert result(replace(planes, case=elsewhere)) is Result.NOT_CITED
    here = [one for one in planes.answer["consulted"] if one["path"] == "a.txt"]
    blind = replace(planes, answer={**planes.answer, "consulted": here})
    assert result(replace(blind, case=elsewhere)) is Result.NOT_READ
    both = replace(PLANES_CASE, gold=(gold(PLANES), gold(KERRY)))
    assert result(replace(blind, case=both)) is Result.NOT_READ
    assert result(blind) is Result.CITED


def test_a_refusal_is_wrong_where_there_is_an_answer_and_right_for_a_false_premise() -> None:
    refused = of("recipe").answer
    assert result(Record(DATE, (), refused, 1.0)) is Result.REFUSED
    assert result(Record(PREMISE, (), refused, 1.0)) is Result.RIGHTLY_REFUSED


def test_without_must_contain_an_answer_is_right_that_cites_all_gold() -> None:
    case = replace(PLANES_CASE, must_contain=())
    assert result(record(case)) is Result.CORRECT
    assert result(record(replace(case, gold=(gold(KERRY),)))) is Result.NOT_CITED


ANSWERED = dict.fromkeys("partial closest not_found unclear refused".split(), 0.0) | {"answered": 1}
REFUSED = {**ANSWERED, "answered": 0, "not_found": 1, "refused": 1}
QUOTED = dict.fromkeys("supported partly unsupported unchecked findings replaced".split(), 0.0) | {
    "quoted": 1,
    "statements": 1,
}


def test_the_measures_of_a_right_answer() -> None:
    found = measures(of("date"), 10)
    assert found == ANSWERED | QUOTED | {
        "right": 1,
        "failed": 0,
        "latency_ms": 10,
        "quoted_characters": len(WALKED),
        "false_refusal": 0,
        "citation_precision": 1,
        "citation_recall": 1,
        "citation_f1": 1,
        "gold_cited": 1,
        "gold_cited_answered": 1,
        "correctness": 1,
        "correctness_answered": 1,
        "correct_and_cited": 1,
        "token_f1": pytest.approx(2 * 3 / (6 + 3)),  # on april 21, of six words without "the"
        "rouge_l": pytest.approx(2 * 3 / (7 + 3)),
        "answer_quoted": 1,  # "april" and "21"
        "answer_quoted_answered": 1,
    } | {
        f"{level}{name}": 1
        for level in ("", "article_")
        for name in "hit@1 hit@4 hit@10 recall@1 recall@4 recall@10 mrr@10 ndcg@10".split()
    }


@pytest.mark.parametrize("outcome", ["closest", "unclear", "not_found"])
def test_what_does_not_claim_to_answer_is_a_refusal(outcome: str) -> None:
    told = replace(of("date"), answer={**of("date").answer, "outcome": outcome})
    found = measures(told, 10)
    assert (found["refused"], found["false_refusal"], found[outcome]) == (1, 1, 1)
    assert (found["answered"], found["correctness"], found["gold_cited"]) == (0, 0, 1)
    assert "gold_cited_answered" not in found
    assert result(told) is Result.REFUSED
    nearest = replace(of("threat"), answer={**of("threat").answer, "outcome": outcome})
    assert result(nearest) is Result.RIGHTLY_REFUSED


def test_a_partial_answer_is_an_answer() -> None:
    partial = replace(of("date"), answer={**of("date").answer, "outcome": "partial"})
    found = measures(partial, 10)
    assert (found["answered"], found["partial"], found["correctness"]) == (1, 1, 1)


def test_supports_and_findings_are_shares_of_the_statements() -> None:
    said = of("date").answer["statements"][0]
    wrong = {"kind": "date", "start": 0, "end": 2, "message": "“21” is not there.", "instead": None}
    statements = [
        said,
        {**said, "support": "supported"},
        {**said, "support": "unsupported", "findings": [wrong, wrong]},
        {**said, "support": "quoted", "replaced": "They left on 12 May."},
    ]
    answer = {**of("date").answer, "statements": statements}
    found = measures(replace(of("date"), answer=answer), 10)
    assert (found["quoted"], found["supported"], found["unsupported"]) == (0.5, 0.25, 0.25)
    assert (found["findings"], found["replaced"], found["statements"]) == (0.5, 0.25, 4)


def test_the_right_words_from_the_wrong_place_are_correct_but_not_cited() -> None:
    found = measures(replace(of("date"), case=replace(DATE, gold=(gold(KERRY),))), 10)
    assert (found["correctness"], found["correct_and_cited"]) == (1, 0)


def test_a_failed_answer_has_no_latency_and_cites_nothing() -> None:
    found = measures(of("error"), 10)
    assert (found["failed"], found["right"], found["correctness"]) == (1, 0, 0)
    assert (found["citation_recall"], found["correct_and_cited"]) == (0, 0)
    assert found["recall@10"] == 1
    assert not {"latency_ms", "citation_precision", "abstention_precision"} & set(found)


def test_questions_without_an_answer_count_for_refusals_only() -> None:
    asked = {"right", "failed", "latency_ms"} | set(ANSWERED)
    shown = {"quoted_characters"} | set(QUOTED)
    assert set(measures(of("recipe"), 10)) == asked | {"abstention_recall", "abstention_precision"}
    assert REFUSED.items() <= measures(of("recipe"), 10).items()
    assert set(measures(of("threat"), 10)) == asked | shown | {"abstention_recall"}
    assert set(measures(of("premise"), 10)) == asked | shown | {"premise_refused"}


def test_tokens_count_where_a_model_answered() -> None:
    answer = {**of("date").answer, "model": "m"}
    answer["usage"] = {"prompt_tokens": 9, "completion_tokens": 2}
    found = measures(replace(of("date"), answer=answer), 10)
    assert (found["prompt_tokens"], found["completion_tokens"]) == (9, 2)


def test_the_depth_of_the_search_is_the_last_cutoff() -> None:
    assert [cutoffs(k) for k in (1, 3, 4, 10, 50)] == [
        (1,), (1, 3), (1, 4), (1, 4, 10), (1, 4, 10, 50)
    ]  # fmt: skip
    assert {"hit@1", "hit@3", "mrr@3"} <= set(measures(of("date"), 3))
    assert "hit@4" not in measures(of("date"), 3)


def test_the_summary_over_all_questions() -> None:
    summary = summarise(RECORDS, 10)
    assert summary["right"].value == pytest.approx(2 / 6)
    assert summary["correctness"].value == pytest.approx(1 / 3)
    assert summary["abstention_recall"].value == 1 / 2
    assert summary["abstention_precision"].value == 1
    assert summary["abstention_f1"].value == pytest.approx(2 / 3)
    assert summary["false_refusal"].value == 0
    assert summary["premise_refused"].value == 0
    assert summary["failed"].value == pytest.approx(1 / 6)
    assert summary["latency_p50_ms"].value == 30  # 10, 20, 30, 40, 50; the failed one is left out
    assert summary["latency_p95_ms"].value == pytest.approx(48)
    assert summary["latency_p50_ms"].count == 5


def test_what_is_defined_for_no_record_has_no_figure() -> None:
    assert "abstention_f1" not in summarise([of("date")], 10)
    assert "citation_recall" not in summarise([of("recipe")], 10)
    assert summarise([], 10) == {}


def test_groups_keep_every_record_once() -> None:
    assert list(by_type(RECORDS)) == ["date", "single-fact", "unanswerable", "false-premise"]
    assert sum(len(group) for group in by_type(RECORDS).values()) == len(RECORDS)
    assert sum(len(group) for group in by_result(RECORDS).values()) == len(RECORDS)
    assert Result.REFUSED not in by_result(RECORDS)


def test_a_hit_on_another_article_is_none() -> None:
    lost = replace(of("date"), retrieved=(Stretch("b.txt", 0, 500),))
    assert measures(lost, 10)["recall@10"] == 0
    assert measures(lost, 10)["article_recall@10"] == 0
