from __future__ import annotations

import numpy as np
import pytest

from assistant import Assistant
from assistant.evidence import Evidence
from assistant.ranking import (
    QUESTION_FEATURES,
    SENTENCE_FEATURES,
    Logistic,
    Observed,
    Ranker,
    average,
    coverage,
    expected,
)
from tests.assistant.makers import evidence


class Corpus:
    """A corpus of a hundred passages in which every word but one stands once."""

    def __init__(self, unknown: str = "") -> None:
        self.unknown = unknown

    def frequency(self, word: str) -> int:
        return int(word != self.unknown)

    def passage_count(self) -> int:
        return 100


FOUND = evidence("The cat sat on the mat. Lawmakers authorised force. It rained on 3 May.")


def test_the_sentence_that_answers_comes_first() -> None:
    ranked = Ranker(Corpus()).rank("Did Congress allow the use of force?", FOUND)
    assert ranked[0].sentence.text == "Lawmakers authorised force."
    assert all(0.0 <= one.probability <= 1.0 for one in ranked)


def test_a_word_matches_what_means_nearly_the_same_better_than_what_does_not() -> None:
    matches = Ranker(Corpus()).observe("kitten", FOUND).matches[:, 0]
    assert matches.argmax() == 0
    assert matches[0] < 1.0


def test_a_word_that_stands_there_matches_fully_and_in_the_next_sentence_nearly() -> None:
    matches = Ranker(Corpus()).observe("cats", FOUND).matches[:, 0]
    assert matches[0] == 1.0
    assert matches[1] == pytest.approx(0.9)
    assert matches[2] < 0.9


def test_what_is_observed_has_a_column_for_each_feature() -> None:
    seen = Ranker(Corpus()).observe("When did it rain?", FOUND)
    assert seen.sentences.shape == (3, len(SENTENCE_FEATURES))
    assert seen.question_features().shape == (len(QUESTION_FEATURES),)


def test_the_question_is_judged_by_its_best_sentence() -> None:
    sentences = np.zeros((4, len(SENTENCE_FEATURES)), np.float32)
    sentences[:, 0] = [0.1, 0.9, 0.5, 0.4]
    matches = np.array([[1.0, 1.0], [0.7, 0.2], [0, 0], [0, 0]], np.float32)
    sentences[:, 5] = [1.0, -2.0, 3.0, -6.0]
    ranking = Logistic((1.0, 0.0, 0.0, 0.0, 0.0, 0.0), -1.0, 0.5)
    found = Observed(sentences, matches, True).question_features(ranking)
    assert found == pytest.approx([-0.1, -0.4, 0.9, 0.2, 1.0, 3.0])


def test_a_name_that_stands_nowhere_is_a_stranger_and_a_first_word_is_none() -> None:
    ranker = Ranker(Corpus("merkel"))
    assert ranker.strangers("What did Merkel say?") == ["Merkel"]
    assert ranker.strangers("Merkel said what?") == []
    assert ranker.strangers("What did Kerry say?") == []


def test_what_a_stranger_did_is_not_answered() -> None:
    ranker = Ranker(Corpus("merkel"))
    assert ranker.answerable("What did Angela Merkel say about the cat on the mat?", FOUND) == 0.0
    assert ranker.answerable("What did Kerry say about Merkel?", FOUND) > 0.0


def test_a_phrase_alone_is_answered_where_a_sentence_holds_it() -> None:
    assert Ranker(Corpus()).answerable("lawmakers authorised", FOUND) == 1.0
    assert Ranker(Corpus()).answerable("lawmakers force", FOUND) < 1.0
    assert Ranker(Corpus()).answerable("the cat sat", FOUND) < 1.0


def test_without_evidence_nothing_is_answered() -> None:
    ranker = Ranker(Corpus())
    assert ranker.rank("Why?", Evidence((), ())) == []
    assert ranker.answerable("Why?", Evidence((), ())) == 0.0


def test_a_question_with_parts_is_answered_if_one_of_them_is(assistant: Assistant) -> None:
    ranker = assistant.ranker
    found = evidence("Vladimir Frolov says that Moscow is stuck in Syria for good.")
    known = "What does Vladimir Frolov say about Moscow in Syria"
    both = ranker.answerable(f"{known}, and what is the recipe for kibbeh?", found)
    assert both == pytest.approx(ranker.answerable(known, found))


def test_coverage_counts_rare_words_more() -> None:
    weights = {"cat": 1.0, "mat": 3.0}
    assert coverage(weights, {"mat"}) == 0.75
    assert coverage({}, {"mat"}) == 0.0
    assert average(weights, np.array([[1.0, 0.5]], np.float32)) == pytest.approx([0.625])


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("When did it rain?", "It rained on 3 May.", 1.0),
        ("How many cats sat?", "The cat sat.", -1.0),
        ("Who sat?", "The cat sat.", 0.0),
    ],
)
def test_what_is_expected(question: str, text: str, value: float) -> None:
    assert expected(question, text) == value
