"""Which sentences answer a question, and how likely the best of them do."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answerers.relevance import (
    FEATURES,
    LIKELY,
    LIKELY_FEATURES,
    NEAR_FEATURES,
    QUESTION_FEATURES,
    READ,
    UNREAD,
    Logistic,
    Relevance,
    weights,
)
from assistant.evidence import Evidence
from index import Library
from tests.assistant.makers import evidence

SHOWN = evidence(
    "The cat sat on the mat beside the stove. Lawmakers authorised the use of force abroad. "
    "It rained on 3 May in all of the valley."
)


@pytest.fixture(scope="module")
def relevance(library: Library) -> Relevance:
    return Relevance(library)


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Did Congress allow military action in other countries?", "Lawmakers"),
        ("Where did the kitten sit?", "The cat"),
        ("On which day was there rain?", "It rained"),
    ],
)
def test_the_sentence_that_answers_comes_first(
    relevance: Relevance, question: str, start: str
) -> None:
    ranked = relevance.rank(question, SHOWN)
    assert ranked[0].unit.text.startswith(start)
    odds = [one.odds for one in ranked]
    assert odds == sorted(odds, reverse=True)


def test_what_a_sentence_covers_are_the_questions_words_in_it(relevance: Relevance) -> None:
    ranked = relevance.rank("Did lawmakers authorise rain?", SHOWN)
    held = {one.unit.core.number: one.covers for one in ranked}
    assert not held[1]
    assert len(held[2]) == 2
    assert len(held[3]) == 1
    assert held[2] | held[3] == frozenset(relevance.words("Did lawmakers authorise rain?"))


def test_rare_words_weigh_more(relevance: Relevance) -> None:
    weighed = relevance.words("Syria Latakia")
    rare, common = max(weighed, key=weighed.__getitem__), min(weighed, key=weighed.__getitem__)
    assert rare.startswith("lata")
    assert common.startswith("syria")


def test_only_the_likeliest_are_read(relevance: Relevance) -> None:
    many = evidence(" ".join(f"Sentence number {n} is about the harbour." for n in range(60)))
    ranked = relevance.rank("What is said about the harbour?", many)
    assert len(ranked) == LIKELY
    assert sum(one.answers > UNREAD for one in ranked) <= READ


def test_a_question_that_is_answered_is_likelier_than_one_that_is_not(
    relevance: Relevance,
) -> None:
    def confidence(question: str) -> float:
        return relevance.confidence(question, relevance.rank(question, SHOWN))

    answered = confidence("Where did the cat sit?")
    unanswered = confidence("Which team won the cup?")
    assert 0 <= unanswered < weights().clear < answered <= 1


@pytest.mark.parametrize("question", ["", "?!", "the of and", "猫はどこに座りましたか"])
def test_any_question_can_be_ranked(relevance: Relevance, question: str) -> None:
    ranked = relevance.rank(question, SHOWN)
    assert len(ranked) == 3
    assert np.isfinite([one.odds for one in ranked]).all()
    assert 0 <= relevance.confidence(question, ranked) <= 1


def test_without_evidence_nothing_is_ranked(relevance: Relevance) -> None:
    assert relevance.rank("Where did the cat sit?", Evidence()) == []
    assert relevance.confidence("Where did the cat sit?", []) == 0.0


def test_a_question_is_judged_by_its_best_sentences(relevance: Relevance) -> None:
    ranked = relevance.rank("Where did the cat sit?", SHOWN)
    found = relevance.question_features("Where did the cat sit?", ranked)
    told = dict(zip(QUESTION_FEATURES, found.tolist(), strict=True))
    assert told["best"] == pytest.approx(ranked[0].odds)
    assert told["three"] == pytest.approx(np.mean([one.odds for one in ranked]))
    assert told["answers"] == pytest.approx(max(one.answers for one in ranked))
    assert 0 <= told["unknown"] <= 1


def test_the_log_odds_are_linear() -> None:
    odds = Logistic((2.0, -1.0), 0.5).odds(np.array([[1, 1], [0, 3]], np.float32))
    assert odds.tolist() == [1.5, -2.5]


def test_what_was_fitted_has_a_weight_for_each_feature() -> None:
    fitted = weights()
    assert len(fitted.likely.weights) == len(LIKELY_FEATURES)
    assert len(fitted.near.weights) == len(NEAR_FEATURES)
    assert len(fitted.relevant.weights) == len(FEATURES)
    assert len(fitted.answered.weights) == len(QUESTION_FEATURES)
    assert 0 < fitted.far < fitted.clear < 1
