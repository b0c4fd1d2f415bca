"""Our figures against those of scikit-learn and SciPy, which compute them in their own ways."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as elsewhere

from assistant.evaluation import metrics
from assistant.evaluation.cases import Gold, Quote, Stretch
from assistant.evaluation.intervals import Statistic, estimate, sign_flip
from assistant.evaluation.metrics import Floats

RANDOM = np.random.default_rng(7)
PAIRS = RANDOM.integers(0, 2, (40, 2)).astype(float)


@pytest.mark.parametrize("seed", range(20))
def test_ndcg_is_that_of_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    grades = random.integers(0, 4, 30)
    order = random.permutation(30)  # the documents as they are ranked
    relevant = np.nonzero(grades)[0]
    place = {document: rank for rank, document in enumerate(order, start=1)}
    ranks = [place[document] for document in relevant]
    scores = np.empty(30)
    scores[order] = np.arange(30, 0, -1)
    # scikit-learn too takes the gain for the grade itself, as trec_eval does.
    for k in (1, 5, 10, 30):
        theirs = elsewhere.ndcg_score([grades], [scores], k=k)
        assert metrics.ndcg_at(k, ranks, list(grades[relevant])) == pytest.approx(theirs)


def test_f1_precision_and_recall_are_those_of_scikit_learn() -> None:
    predicted, actual = PAIRS.T
    assert metrics.f1(PAIRS[None])[0] == pytest.approx(elsewhere.f1_score(actual, predicted))


def test_kappa_is_that_of_scikit_learn() -> None:
    theirs = elsewhere.cohen_kappa_score(*PAIRS.T)
    assert metrics.kappa(PAIRS[None])[0] == pytest.approx(theirs)


def test_citation_f1_is_that_of_sets_of_sentences() -> None:
    # Ten sentences of ten characters: four are gold, three are cited, two of them rightly.
    sentences = [Stretch("a", 10 * n, 10 * n + 10) for n in range(10)]
    gold = [Gold((Quote(sentences[n], "x" * 10),)) for n in (1, 3, 5, 7)]
    cited = [sentences[n] for n in (1, 2, 3)]
    theirs = elsewhere.f1_score(
        [n in (1, 3, 5, 7) for n in range(10)], [n in (1, 2, 3) for n in range(10)]
    )
    assert metrics.citation_f1(cited, gold) == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("values", "statistic", "theirs"),
    [
        (RANDOM.integers(0, 2, 80).astype(float), metrics.mean, np.mean),
        (RANDOM.exponential(100, 80), metrics.median, np.median),
    ],
)
def test_intervals_are_those_of_scipy(values: Floats, statistic: Statistic, theirs: object) -> None:
    found = estimate(values, statistic)
    interval = stats.bootstrap(
        (values,), theirs, n_resamples=4_000, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    width = interval.high - interval.low
    assert found.low == pytest.approx(interval.low, abs=0.12 * width)
    assert found.high == pytest.approx(interval.high, abs=0.12 * width)


@pytest.mark.parametrize("shift", [0.0, 0.15, 0.3])
def test_p_values_of_paired_differences_are_those_of_scipy(shift: float) -> None:
    differences = np.random.default_rng(11).normal(shift, 0.5, 40)
    theirs = stats.permutation_test(
        (differences, np.zeros(40)),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=4_000,
        rng=np.random.default_rng(5),
    ).pvalue
    assert sign_flip(differences) == pytest.approx(theirs, abs=0.03)


def test_a_grade_weighs_and_a_missing_piece_counts() -> None:
    # Gains 3 at rank 2, 1 at rank 1, and 2 not found; the ideal has 3, 2, 1 at ranks 1, 2, 3.
    gain = 1 / 1 + 3 / np.log2(3)
    ideal = 3 / 1 + 2 / np.log2(3) + 1 / 2
    assert metrics.ndcg_at(10, (2, 1, inf), (3, 1, 2)) == pytest.approx(gain / ideal)
