"""The measures, as pure functions. ``docs/evaluation.md`` says what each is good for.

Retrieval is measured on *ranks*: for each piece of gold the rank (1 and up) of the first hit that
brings it, infinity if none does. A passage can bring two pieces, two passages the same one: ranks
count each piece once, however often it comes.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from math import inf, log2

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.cases import Gold, Stretch
from index.plain import plain

Ranks = Sequence[float]
Floats = NDArray[np.float64]


def span_ranks(gold: Iterable[Gold], hits: Sequence[Stretch]) -> tuple[float, ...]:
    """Rank of the first hit that covers more than half of the characters of a piece of gold."""
    return tuple(
        _first(any(hit.covers(one) for one in piece.stretches) for hit in hits) for piece in gold
    )


def article_ranks(gold: Iterable[Gold], hits: Sequence[Stretch]) -> tuple[float, ...]:
    """Rank, among the articles in the order of their first hit, of a piece's article."""
    paths = list(dict.fromkeys(hit.path for hit in hits))
    return tuple(
        _first(path in {one.path for one in piece.stretches} for path in paths) for piece in gold
    )


def _first(found: Iterable[bool]) -> float:
    return next((rank for rank, is_found in enumerate(found, start=1) if is_found), inf)


def hit_at(k: int, ranks: Ranks) -> float:
    """1 if any piece is among the first ``k``, else 0 (also called success@k)."""
    return float(min(ranks) <= k)


def recall_at(k: int, ranks: Ranks) -> float:
    """Share of the pieces among the first ``k``.

    Manning, Raghavan and Schütze, Introduction to Information Retrieval (2008), 8.3.
    """
    return sum(rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(k: int, ranks: Ranks) -> float:
    """``1 / rank`` of the first piece, 0 beyond ``k``: its mean is MRR@k.

    Voorhees, The TREC-8 Question Answering Track Report (1999).
    """
    best = min(ranks)
    return 1 / best if best <= k else 0.0


def ndcg_at(k: int, ranks: Ranks, grades: Sequence[float] = ()) -> float:
    """Normalised discounted cumulative gain; the gain of a piece is its grade, 1 if none is given.

    ``Σ grade / log2(rank + 1)`` over the pieces among the first ``k``, divided by the same sum for
    the pieces at ranks 1, 2, 3, … in the order of their grades (Järvelin and Kekäläinen, TOIS
    20(4), 2002). At most 1: one passage that brings two pieces would exceed that ideal.
    """
    grades = grades or [1.0] * len(ranks)
    gain = sum(
        grade / log2(rank + 1) for rank, grade in zip(ranks, grades, strict=True) if rank <= k
    )
    best = enumerate(sorted(grades, reverse=True)[:k], start=1)
    return min(1.0, gain / sum(grade / log2(rank + 1) for rank, grade in best))


def citation_precision(citations: Sequence[Stretch], gold: Sequence[Gold]) -> float:
    """Share of the citations that overlap a span of gold. There must be a citation."""
    spans = [one for piece in gold for one in piece.stretches]
    right = sum(any(cited.overlap(one) for one in spans) for cited in citations)
    return right / len(citations)


def citation_recall(citations: Sequence[Stretch], gold: Sequence[Gold]) -> float:
    """Share of the pieces of gold that a citation overlaps. There must be a piece."""
    return sum(_is_cited(piece, citations) for piece in gold) / len(gold)


def citation_f1(citations: Sequence[Stretch], gold: Sequence[Gold]) -> float:
    """Harmonic mean of :func:`citation_precision` and :func:`citation_recall`; 0 if nothing is
    cited. There must be a piece."""
    if not citations:
        return 0.0
    precision, recall = citation_precision(citations, gold), citation_recall(citations, gold)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _is_cited(piece: Gold, citations: Sequence[Stretch]) -> bool:
    return any(cited.overlap(one) for cited in citations for one in piece.stretches)


def contains_all(text: str, groups: Iterable[Sequence[str]]) -> bool:
    """Whether ``text`` has at least one alternative of every group, as whole words.

    Compared without case, accents, Markdown, and differences of quotes, dashes and spaces. An
    alternative that ends in ``*`` matches any ending.
    """
    read = _normalised(plain(text))
    return all(any(_contains(read, alternative) for alternative in group) for group in groups)


def _contains(read: str, alternative: str) -> bool:
    wanted = re.escape(_normalised(alternative.removesuffix("*")))
    end = "" if alternative.endswith("*") else r"(?!\w)"
    return re.search(rf"(?<!\w){wanted}{end}", read) is not None


def _normalised(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.translate(_PLAIN).casefold().split())


_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def share_of_words(text: str, reference: str, beside: str) -> float | None:
    """Share of the reference's words that ``text`` has too; ``None`` if none is left to look for.

    Those that stand in ``beside`` (the question) do not count. Each word counts once.
    """
    wanted = words(reference) - words(beside)
    return len(wanted & words(text)) / len(wanted) if wanted else None


def words(text: str) -> frozenset[str]:
    """The normalised words of a text: those of four letters or more, and numbers."""
    found = _WORD.findall(_normalised(plain(text)))
    return frozenset(word for word in found if len(word) > 3 or word[0].isdigit())


def token_f1(text: str, reference: str) -> float:
    """Harmonic mean of token precision and recall, articles and punctuation left out.

    Rajpurkar, Zhang, Lopyrev and Liang, SQuAD (EMNLP 2016). Two texts without a token agree.
    """
    said, wanted = Counter(_tokens(text)), Counter(_tokens(reference))
    if not said or not wanted:
        return float(said == wanted)
    return 2 * (said & wanted).total() / (said.total() + wanted.total())


def rouge_l(text: str, reference: str) -> float:
    """F1 of the longest common subsequence of words: its length over the words of each.

    Lin, ROUGE (ACL workshop Text Summarization Branches Out, 2004), with equal weight to
    precision and recall, words as here normalised and without stemming. 0 if a side is empty.
    """
    said, wanted = _WORD.findall(_normalised(plain(text))), _WORD.findall(_normalised(reference))
    if not said or not wanted:
        return 0.0
    return 2 * longest_common(said, wanted) / (len(said) + len(wanted))


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, row by row of the usual table."""
    above = [0] * (len(other) + 1)
    for word in one:
        row = [0]
        for column, candidate in enumerate(other):
            row.append(above[column] + 1 if word == candidate else max(row[-1], above[column + 1]))
        above = row
    return above[-1]


_WORD = re.compile(r"\w+")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _tokens(text: str) -> list[str]:
    bare = _normalised(plain(text)).translate(_PUNCTUATION)
    return [token for token in bare.split() if token not in ("a", "an", "the")]


# Statistics of a sample, for intervals: rows are samples, the result has one value a row.


def mean(samples: Floats) -> Floats:
    """Mean of each row: shape (samples, cases) → (samples,)."""
    return np.asarray(samples.mean(axis=1))


def median(samples: Floats) -> Floats:
    """50th percentile of each row, interpolated linearly: (samples, cases) → (samples,)."""
    return np.asarray(np.percentile(samples, 50, axis=1))


def percentile_95(samples: Floats) -> Floats:
    """95th percentile of each row, interpolated linearly: (samples, cases) → (samples,)."""
    return np.asarray(np.percentile(samples, 95, axis=1))


def f1(samples: Floats) -> Floats:
    """``2 TP / (predicted + actual)`` of each row: (samples, cases, 2) → (samples,).

    The last axis holds predicted and actual, each 0 or 1. Van Rijsbergen, Information Retrieval
    (1979), chapter 7. A row without a positive counts as 1: nothing was missed, nothing mistaken.
    """
    both = samples.prod(axis=2).sum(axis=1)
    all_positives = samples.sum(axis=(1, 2))
    return np.where(all_positives > 0, 2 * both / np.maximum(all_positives, 1), 1.0)


def kappa(samples: Floats) -> Floats:
    """Cohen's kappa of each row: (samples, cases, 2) → (samples,).

    The last axis holds two judges' verdicts, each 0 or 1. Agreement beyond what their shares of
    ones would bring by chance: ``(agreed - chance) / (1 - chance)`` (Cohen, Educational and
    Psychological Measurement 20(1), 1960). 1 where both always say the same one thing.
    """
    agreed = (samples[..., 0] == samples[..., 1]).mean(axis=1)
    one, other = samples[..., 0].mean(axis=1), samples[..., 1].mean(axis=1)
    chance = one * other + (1 - one) * (1 - other)
    return np.where(chance < 1, (agreed - chance) / np.where(chance < 1, 1 - chance, 1), 1.0)
