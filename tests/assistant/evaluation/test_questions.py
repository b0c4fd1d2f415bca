"""The committed test set: exact, fair and large enough."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.evaluation.gate import bounds
from assistant.evaluation.metrics import contains_all
from assistant.evaluation.scoring import Record
from assistant.evaluation.summary import summarise
from assistant.evaluation.testset import FALSE_PREMISE, TestCase, load

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
QUESTIONS = load(SEEDS / "questions.jsonl")
AS_ASKED = "as-asked"


def test_every_quote_stands_in_its_article_to_the_character() -> None:
    for case in QUESTIONS:
        for quote in (quote for gold in case.gold for quote in gold.any_of):
            text = (SEEDS / "articles" / quote.at.path).read_bytes().decode("utf-8")
            assert text[quote.at.start : quote.at.end] == quote.text, case.id


@pytest.mark.parametrize("case", [c for c in QUESTIONS if c.answerable], ids=lambda c: c.id)
def test_whoever_quotes_the_gold_or_the_reference_is_right(case: TestCase) -> None:
    # The first of each piece's alternatives: one suffices to answer.
    quoted = "\n".join(gold.any_of[0].text for gold in case.gold)
    assert contains_all(quoted, case.must_contain)
    assert contains_all(case.answer, case.must_contain)


def test_no_question_contains_its_own_answer() -> None:
    # Where it does, repeating the question would be right.
    for case in QUESTIONS:
        if case.answerable:
            assert not contains_all(case.question, case.must_contain), case.id


def test_there_are_enough_of_each_kind_and_both_splits_have_half() -> None:
    chosen = [case for case in QUESTIONS if AS_ASKED not in case.tags]
    types = Counter(case.type for case in chosen)
    assert len(chosen) >= 120
    assert types["unanswerable"] >= 30
    assert types[FALSE_PREMISE] >= 12
    for name, count in types.items():
        tune = sum(case.type == name and case.split == "tune" for case in chosen)
        assert abs(2 * tune - count) <= 1
    assert {case.split for case in chosen} == {"tune", "hold-out"}


def test_nothing_is_chosen_by_the_questions_as_people_ask_them() -> None:
    asked = [case for case in QUESTIONS if AS_ASKED in case.tags]
    assert sum(case.answerable for case in asked) >= 60
    assert sum(not case.answerable for case in asked) >= 60
    assert {case.split for case in asked} == {"hold-out"}


def test_questions_that_need_two_articles_have_gold_in_two() -> None:
    for case in QUESTIONS:
        if case.type == "two-articles":
            paths = [{quote.at.path for quote in gold.any_of} for gold in case.gold]
            assert len(paths) == 2, case.id
            assert not paths[0] & paths[1], case.id


def test_no_question_is_asked_twice() -> None:
    questions = Counter(case.question.casefold() for case in QUESTIONS)
    assert questions.most_common(1)[0][1] == 1


def test_the_committed_bounds_are_figures_that_a_run_of_these_questions_has() -> None:
    limits = bounds(str(SEEDS / "bounds.txt"))
    assert {"recall@10", "citation_precision", "right", "false_refusal", "failed"} <= set(limits)
    records = [Record(case, (), {}, 0.0, "not asked") for case in QUESTIONS]
    # These are had as soon as one of them is answered.
    answered = {"citation_precision", "correctness_answered", "gold_cited_answered"}
    assert set(limits) <= set(summarise(records, 10)) | answered
