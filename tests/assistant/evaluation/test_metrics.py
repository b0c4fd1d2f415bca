"""Every figure here was worked out by hand."""

from __future__ import annotations

from itertools import combinations
from math import inf, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.testset import Gold, Quote, Stretch


def piece(*places: tuple[str, int, int]) -> Gold:
    return Gold(tuple(Quote(Stretch(*place), "x" * (place[2] - place[1])) for place in places))


HITS = (
    Stretch("b", 0, 100),
    Stretch("a", 0, 100),
    Stretch("a", 60, 160),
    Stretch("c", 0, 100),
)


def test_a_piece_has_the_rank_of_the_first_hit_that_covers_it() -> None:
    gold = (
        piece(("a", 10, 30)),  # in the second hit
        piece(("a", 80, 130)),  # 20 of 50 characters in the second hit, all in the third
        piece(
            ("a", 150, 180), ("c", 0, 10)
        ),  # 10 of 30 in the third; the alternative in the fourth
        piece(("d", 0, 5)),
    )
    assert metrics.span_ranks(gold, HITS) == (2, 3, 4, inf)


def test_articles_rank_in_the_order_of_their_first_hit() -> None:
    gold = (piece(("a", 900, 910)), piece(("c", 0, 5), ("b", 0, 5)), piece(("d", 0, 5)))
    assert metrics.article_ranks(gold, HITS) == (2, 1, inf)


@pytest.mark.parametrize(
    ("k", "ranks", "hit", "recall", "reciprocal"),
    [
        (1, (1,), 1, 1, 1),
        (4, (3,), 1, 1, 1 / 3),
        (2, (3,), 0, 0, 0),
        (4, (2, inf), 1, 1 / 2, 1 / 2),
        (4, (5, 4, 9), 1, 1 / 3, 1 / 4),
        (10, (inf, inf), 0, 0, 0),
    ],
)
def test_hit_recall_and_reciprocal_rank(
    k: int, ranks: tuple[float, ...], hit: float, recall: float, reciprocal: float
) -> None:
    assert metrics.hit_at(k, ranks) == hit
    assert metrics.recall_at(k, ranks) == recall
    assert metrics.reciprocal_rank(k, ranks) == reciprocal


@pytest.mark.parametrize(
    ("k", "ranks", "expected"),
    [
        (10, (1,), 1.0),
        (10, (3,), 0.5),  # 1 / log2(4)
        (10, (1, 2), 1.0),
        (10, (1, 3), (1 + 1 / 2) / (1 + 1 / log2(3))),  # 1.5 / 1.6309 = 0.9197
        (10, (1, 1), 1.0),  # one passage with both pieces: better than the ideal, counted as 1
        (10, (2, inf), (1 / log2(3)) / (1 + 1 / log2(3))),  # 0.6309 / 1.6309 = 0.3869
        (2, (7,), 0.0),
        (1, (1, 2), 1.0),  # at k = 1 only one piece can be had
    ],
)
def test_ndcg(k: int, ranks: tuple[float, ...], expected: float) -> None:
    assert metrics.ndcg_at(k, ranks) == pytest.approx(expected)


ranked = st.lists(st.one_of(st.integers(1, 20), st.just(inf)), min_size=1, max_size=6)


@given(ranked, st.integers(1, 20))
def test_measures_lie_between_0_and_1_and_agree_on_nothing_found(
    ranks: list[float], k: int
) -> None:
    of = (metrics.hit_at, metrics.recall_at, metrics.reciprocal_rank, metrics.ndcg_at)
    values = [measure(k, ranks) for measure in of]
    assert all(0 <= value <= 1 for value in values)
    assert len({value > 0 for value in values}) == 1


@given(ranked, st.integers(1, 20))
def test_a_deeper_search_recalls_no_less(ranks: list[float], k: int) -> None:
    assert metrics.recall_at(k, ranks) <= metrics.recall_at(k + 1, ranks)
    assert metrics.hit_at(k, ranks) <= metrics.hit_at(k + 1, ranks)


def test_citations_against_gold() -> None:
    gold = (piece(("a", 10, 30)), piece(("a", 80, 130), ("c", 0, 10)))
    cited = (Stretch("a", 29, 40), Stretch("c", 5, 9), Stretch("a", 30, 80), Stretch("b", 10, 30))
    assert metrics.citation_precision(cited, gold) == 2 / 4
    assert metrics.citation_recall(cited, gold) == 1
    assert metrics.citation_recall(cited[:1], gold) == 1 / 2
    assert metrics.citation_recall((), gold) == 0


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("They left on 21\u00a0April.", [["21 April", "April 21"]]),
        ("**R**ussia\u2019s men", [["Russia's"]]),
        ("on January 26\u201329", [["January 26-29"]]),
        ("the Geneva Communiqu\u00e9", [["geneva communique"]]),
        ("It was withdrawn.", [["withdr*"]]),
        ("a [link](http://x/April) in\nMay", [["link in May"]]),
        ("six and thirty", [["6", "six"], ["30", "thirty"]]),
        ("anything", []),
        ("a.b", [["a.b"]]),
    ],
)
def test_a_text_that_has_all_it_must(text: str, groups: list[list[str]]) -> None:
    assert metrics.contains_all(text, groups)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("They left on 121 April.", [["21 April"]]),
        ("on August 31", [["August 3"]]),
        ("six", [["six"], ["thirty"]]),
        ("sixty", [["six"]]),
        ("unwithdrawn", [["withdr*"]]),
        ("axb", [["a.b"]]),
        ("[a](http://x/April)", [["April"]]),
        ("", [["x"]]),
    ],
)
def test_a_text_that_lacks_something(text: str, groups: list[list[str]]) -> None:
    assert not metrics.contains_all(text, groups)


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("The talks, in Geneva!", "talks in geneva", 1.0),
        # 2 of 4 tokens said, 2 of 3 wanted: 2 * 2 / (4 + 3)
        ("talks in Geneva failed", "Geneva talks began", 4 / 7),
        ("talks talks", "talks", 2 / 3),
        ("nothing", "talks", 0.0),
        ("", "talks", 0.0),
        ("the", "a", 1.0),
    ],
)
def test_token_f1(text: str, reference: str, expected: float) -> None:
    assert metrics.token_f1(text, reference) == pytest.approx(expected)


def test_statistics_are_taken_row_by_row() -> None:
    rows = np.array([[1.0, 2.0, 3.0, 10.0], [0.0, 0.0, 0.0, 4.0]])
    assert metrics.mean(rows).tolist() == [4.0, 1.0]
    assert metrics.median(rows).tolist() == [2.5, 0.0]
    assert metrics.percentile_95(rows) == pytest.approx([8.95, 3.4])  # 3 + .85 * 7; .85 * 4


def test_f1_of_refusals() -> None:
    both, predicted, actual, neither = (1, 1), (1, 0), (0, 1), (0, 0)
    rows = np.array(
        [
            [both, both, predicted, actual],  # 2 * 2 / (3 + 3)
            [predicted, predicted, actual, actual],
            [neither, neither, neither, neither],
        ],
        dtype=float,
    )
    assert metrics.f1(rows) == pytest.approx([2 / 3, 0.0, 1.0])


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("police killed the gunman", "police kill the gunman", 3 / 4),  # Lin's own example
        ("the gunman kill police", "police kill the gunman", 2 / 4),
        ("On April 21", "April 21", 2 * 2 / (3 + 2)),
        ("", "April 21", 0),
        ("April 21", "...", 0),
    ],
)
def test_rouge_l_by_hand(text: str, reference: str, expected: float) -> None:
    assert metrics.rouge_l(text, reference) == pytest.approx(expected)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_longest_common_subsequence_is_the_longest(one: str, other: str) -> None:
    def subsequences(text: str) -> set[tuple[str, ...]]:
        return {picked for n in range(len(text) + 1) for picked in combinations(text, n)}

    longest = max(map(len, subsequences(one) & subsequences(other)))
    assert metrics.longest_common(one, other) == longest


def test_kappa_by_hand() -> None:
    # Of 10 verdicts 8 agree; one judge says yes 6 times, the other 6: chance .36 + .16 = .52.
    rows = np.array([[(1, 1)] * 5 + [(0, 0)] * 3 + [(1, 0), (0, 1)]], dtype=float)
    assert metrics.kappa(rows) == pytest.approx([(0.8 - 0.52) / 0.48])
    assert metrics.kappa(np.ones((1, 4, 2))).tolist() == [1.0]


def test_citation_f1_by_hand() -> None:
    gold = (piece(("a", 10, 30)), piece(("a", 80, 130)))
    assert metrics.citation_f1((Stretch("a", 0, 20), Stretch("b", 0, 9)), gold) == 1 / 2
    assert metrics.citation_f1((Stretch("a", 0, 20),), gold) == pytest.approx(2 / 3)
    assert metrics.citation_f1((Stretch("b", 0, 20),), gold) == 0
    assert metrics.citation_f1((), gold) == 0


def test_a_whole_article_is_brought_and_cited_by_any_part_of_it() -> None:
    gold = (Gold((Quote(Stretch.all_of("a"), ""),)), Gold((Quote(Stretch.all_of("d"), ""),)))
    assert metrics.span_ranks(gold, HITS) == metrics.article_ranks(gold, HITS) == (2, inf)
    assert metrics.citation_recall((Stretch("a", 5, 6), Stretch("b", 0, 9)), gold) == 1 / 2
    assert metrics.citation_precision((Stretch("a", 5, 6), Stretch("b", 0, 9)), gold) == 1 / 2
