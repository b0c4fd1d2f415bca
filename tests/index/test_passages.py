"""Sentences → passages within a token budget."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Span
from index.passages import split
from index.records import body
from index.sentences import Run, runs

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    """As a tokenizer that knows no word: longer than the words it counts."""
    return [sum(len(word) for word in text.split()) for text in texts]


def sized(*sizes: int) -> tuple[str, Run]:
    """A text of sentences with so many words each, and its run."""
    spans: list[Span] = []
    text = ""
    for size in sizes:
        sentence = " ".join(["Word"] + ["word"] * (size - 1)) + "."
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + " "
    return text, Run("", tuple(spans))


def passages(sizes: Sequence[int], budget: int, overlap: int) -> list[list[int]]:
    """The sizes of the sentences of each passage."""
    text, run = sized(*sizes)
    found = split(text, [run], words, budget, overlap)
    return [words([span.of(text) for span in passage.sentences]) for passage in found]


@pytest.mark.parametrize(
    ("sizes", "budget", "overlap", "expected"),
    [
        ([3, 4], 10, 0, [[3, 4]]),
        ([5, 5], 10, 0, [[5, 5]]),
        ([4, 4, 3], 10, 0, [[4], [4, 3]]),
        # 129 tokens at 128: two halves, not 128 and 1
        ([32, 32, 32, 32, 1], 128, 0, [[32, 32], [32, 32, 1]]),
        ([1] * 11, 10, 0, [[1] * 6, [1] * 5]),
        ([9, 1, 1], 10, 0, [[9], [1, 1]]),
        # the overlap is whole sentences, as many as fit, and never all of a passage
        ([4, 4, 4], 10, 4, [[4, 4], [4, 4]]),
        ([4, 4, 4], 10, 3, [[4, 4], [4]]),
        ([5, 2, 2, 5], 10, 4, [[5, 2, 2], [2, 2, 5]]),
        ([4, 9], 10, 5, [[4], [9]]),
        ([5, 3, 9], 10, 5, [[5, 3], [9]]),
    ],
)
def test_passages_are_few_and_even(
    sizes: list[int], budget: int, overlap: int, expected: list[list[int]]
) -> None:
    assert passages(sizes, budget, overlap) == expected


def test_no_passage_crosses_a_heading() -> None:
    text = "Lead.\n\n# One\n\nFirst. Second.\n\n# Two\n\nThird."
    found = split(text, runs(text), words, 100, 10)
    assert [(run.heading, body(text, run.sentences)) for run in found] == [
        ("", "Lead."),
        ("One", "First. Second."),
        ("Two", "Third."),
    ]


def test_only_words_that_are_read_count() -> None:
    text = "See **[the report](http://a.b/with/a/long/target.html)** now. Then go."
    (found,) = split(text, runs(text), characters, 26, 0)
    assert body(text, found.sentences) == "See the report now. Then go."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b c d; e f g h", ["a b c d;", "e f g h"]),
        ("a b c, d e f g h i", ["a b c,", "d e f g h i"]),
        ("a b c d e f g h i j", ["a b c d e", "f g h i j"]),
        ("a b c -- d e f g", ["a b c --", "d e f g"]),
    ],
)
def test_a_long_sentence_is_cut_at_a_clause(text: str, expected: list[str]) -> None:
    found = split(text, [Run("", (Span(0, len(text)),))], words, 6, 0)
    assert [body(text, run.sentences) for run in found] == expected


def test_marks_of_list_items_do_not_count() -> None:
    text = "\n".join(["- word"] * 10)
    (found,) = split(text, runs(text), words, 10, 0)
    assert words([body(text, found.sentences)]) == [10]


def test_a_long_word_is_cut_anywhere() -> None:
    text = "x" * 100
    found = split(text, [Run("", (Span(0, 100),))], characters, 30, 0)
    assert [run.sentences for run in found] == [
        (Span(start, start + 25),) for start in range(0, 100, 25)
    ]


def test_a_character_over_the_budget_stands_alone() -> None:
    found = split("ab", [Run("", (Span(0, 2),))], lambda texts: [9 for _ in texts], 4, 0)
    assert [run.sentences for run in found] == [(Span(0, 1),), (Span(1, 2),)]


@pytest.mark.parametrize(("budget", "overlap"), [(0, 0), (10, 10), (10, -1)])
def test_impossible_budgets(budget: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap"):
        split("", [], words, budget, overlap)


PIECES = (
    'word§Word§. §! §, §; §: § §\xa0§\n\n§# §- §**§[a b](c.d)§「§。§字§—§longerword§" §x'.split("§")
)
articles = st.lists(st.sampled_from(PIECES), max_size=80).map("".join)
budgets = st.integers(1, 12).flatmap(
    lambda most: st.tuples(st.just(most), st.integers(0, most - 1))
)


@given(articles, budgets)
def test_every_sentence_is_in_a_passage_and_none_is_over_the_budget(
    text: str, limits: tuple[int, int]
) -> None:
    found = split(text, runs(text), characters, *limits)
    kept = {place for run in found for span in run.sentences for place in range(*bounds(span))}
    given_places = {
        place
        for run in runs(text)
        for span in run.sentences
        for place in range(*bounds(span))
        if not text[place].isspace()
    }
    assert given_places <= kept
    for run in found:
        assert characters([body(text, run.sentences)])[0] <= limits[0]


def bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


@given(articles, budgets)
def test_passages_are_in_order_trimmed_and_each_of_one_run(
    text: str, limits: tuple[int, int]
) -> None:
    sources = runs(text)
    for passage in split(text, sources, characters, *limits):
        first, last = passage.sentences[0], passage.sentences[-1]
        homes = [run for run in sources if run.sentences[0].start <= first.start <= last.end]
        home = [run for run in homes if last.end <= run.sentences[-1].end]
        assert [run.heading for run in home] == [passage.heading]
        assert all(one.end <= other.start for one, other in pairwise(passage.sentences))
        for span in passage.sentences:
            assert span.of(text) == span.of(text).strip() != ""


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40), st.integers(0, 15))
def test_overlap_is_whole_sentences_and_every_passage_adds_some(
    sizes: list[int], overlap: int
) -> None:
    text, run = sized(*sizes)
    found = split(text, [run], words, 20, overlap)
    assert tuple(dict.fromkeys(span for one in found for span in one.sentences)) == run.sentences
    for one, other in pairwise(found):
        shared = [span for span in other.sentences if span in one.sentences]
        assert list(one.sentences[len(one.sentences) - len(shared) :]) == shared
        assert words([body(text, shared)])[0] <= overlap
        assert len(shared) < min(len(one.sentences), len(other.sentences))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=40))
def test_as_few_passages_as_the_budget_allows(sizes: list[int]) -> None:
    needed, load = 1, 0
    for size in sizes:
        needed, load = (needed, load + size) if load + size <= 20 else (needed + 1, size)
    assert len(passages(sizes, 20, 0)) == needed


def test_the_counter_is_called_in_few_batches_and_the_result_is_the_same_again() -> None:
    calls: list[int] = []

    def count(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return words(texts)

    text = (SEEDS / "003_9a74d1ad98e9c1b3.txt").read_bytes().decode()
    first = split(text, runs(text), count, 30, 10)
    assert len(calls) <= 3
    assert first == split(text, runs(text), words, 30, 10)


@pytest.mark.parametrize("unit", ["a", "a ", "a, ", "A b. ", "[a](b) ", "字。", "- a\n"])
def test_linear_time_on_hostile_text(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    found = runs(text)
    started = time.process_time()
    split(text, found, words, 128, 32)
    assert time.process_time() - started < 5
