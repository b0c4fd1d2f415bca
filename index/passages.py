"""Sentences → passages within a token budget.

The number of passages of a run is chosen first, as few as the budget allows; then they are filled
evenly, by the smallest limit under which filling one after the other needs no more of them. So no
run ends in a passage of one left-over sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from index.article import Span
from index.plain import plain
from index.sentences import Run

DEFAULT_BUDGET = 220
"""Tokens of a passage at most, where nobody says otherwise."""

DEFAULT_OVERLAP = 40
"""Tokens that neighbouring passages share at most, where nobody says otherwise."""

Counter = Callable[[Sequence[str]], list[int]]
"""The tokens of each of some texts, without special tokens."""


def split(
    text: str, runs: Sequence[Run], count: Counter, budget: int, overlap: int
) -> tuple[Run, ...]:
    """The passages of ``text``: runs of whole consecutive sentences, each of one run in ``runs``.

    The plain text of a passage, its sentences' joined by spaces, has at most ``budget`` tokens. A
    passage begins with as many of the last sentences of the one before as have at most
    ``overlap`` tokens together, but never with all of them. A sentence over the budget is replaced
    by its parts, cut at clauses where it can be.

    ``count`` is called in few, large batches; the tokens of texts joined by a space must be the
    sum of theirs, as they are where a tokenizer splits at white space first. Raises ``ValueError``
    unless ``0 <= overlap < budget``.
    """
    if not 0 <= overlap < budget:
        raise ValueError(f"no overlap of {overlap} tokens in a budget of {budget}")
    sizes = _fitting(text, [span for run in runs for span in run.sentences], count, budget)
    order = sorted(sizes)
    return tuple(
        Run(run.heading, sentences[start:end])
        for run in runs
        for sentences in [_parts(order, run)]
        for start, end in _balanced([sizes[span] for span in sentences], budget, overlap)
    )


# Sentences that fit.

_CUTS = (re.compile(r"[;:,](?=\s)|--(?=\s)|[—–،؛、，；：]"), re.compile(r"\s"))


def _fitting(text: str, sentences: Sequence[Span], count: Counter, budget: int) -> dict[Span, int]:
    """The sentences that fit, and the parts of those that do not, with their tokens."""
    fitting: dict[Span, int] = {}
    pending = list(sentences)
    while pending:
        counted = zip(pending, count([plain(span.of(text)) for span in pending]), strict=True)
        pending = []
        for span, tokens in counted:
            if tokens <= budget or len(span) == 1:
                fitting[span] = tokens
            else:
                pending.extend(_cut(text, span, -(-tokens // budget)))
    return fitting


def _cut(text: str, span: Span, parts: int) -> Iterator[Span]:
    """``span`` in about ``parts`` (at least two) of like length, without white space around."""
    length = len(span) / parts
    targets = [span.start + round(length * part) for part in range(1, parts)]
    places = [_cut_near(text, target, int(length * 0.45)) for target in targets]
    for start, end in pairwise([span.start, *places, span.end]):
        words = text[start:end].strip()
        if words:
            begin = text.index(words, start)
            yield Span(begin, begin + len(words))


def _cut_near(text: str, target: int, reach: int) -> int:
    """The best place for a cut at most ``reach`` characters from ``target``."""
    for pattern in _CUTS:
        matches = pattern.finditer(text, target - reach, target + reach)
        if places := [match.end() for match in matches]:
            return min(places, key=lambda place: abs(place - target))
    return target


def _parts(order: Sequence[Span], run: Run) -> tuple[Span, ...]:
    """Those spans of ``order`` that lie within the sentences of ``run``."""
    first = bisect_left(order, run.sentences[0].start, key=lambda span: span.start)
    last = bisect_left(order, run.sentences[-1].end, key=lambda span: span.start)
    return tuple(order[first:last])


# Passages, as ranges of sentences.


def _balanced(sizes: Sequence[int], budget: int, overlap: int) -> list[tuple[int, int]]:
    """The fewest ranges of ``sizes`` within ``budget``, filled as evenly as that allows."""
    best = _fill(sizes, budget, overlap, limit=budget)
    low, high = 0, budget
    while low < high:
        limit = (low + high) // 2
        ranges = _fill(sizes, budget, overlap, limit)
        if len(ranges) <= len(best):
            best, high = ranges, limit
        else:
            low = limit + 1
    return best


def _fill(sizes: Sequence[int], budget: int, overlap: int, limit: int) -> list[tuple[int, int]]:
    """Ranges filled one after the other up to ``limit``, over it only for their first new one."""
    ranges: list[tuple[int, int]] = []
    end = 0
    while end < len(sizes):
        shared = min(overlap, budget - sizes[end])
        start = _overlap_start(sizes, end, ranges[-1][0] + 1 if ranges else 0, shared)
        load = sum(sizes[start : end + 1])
        end += 1
        while end < len(sizes) and load + sizes[end] <= limit:
            load += sizes[end]
            end += 1
        ranges.append((start, end))
    return ranges


def _overlap_start(sizes: Sequence[int], end: int, first: int, most: int) -> int:
    """The smallest start, ``first`` or later, with at most ``most`` tokens from it to ``end``."""
    start = end
    while start > first and sizes[start - 1] <= most:
        start -= 1
        most -= sizes[start]
    return start
