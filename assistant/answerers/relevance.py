"""Which sentences answer a question, and how likely the best of them do: small fitted models.

Words are weighed by how rare they are in the corpus. The likeliest sentences are compared with the
question by meaning, and the nearest of these are read together with it by the bundled
cross-encoder. Where the weights are from stands in ``assistant/data/quoter.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from assistant.answerers.units import Unit, units
from assistant.evidence import Evidence
from index import cross_encoder
from index.analysis import query_words, stems
from index.embedding import words_in_context

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.article import Article
    from index.library import Library

    Floats = NDArray[np.float32]

LIKELY = 40
"""So many sentences, the likeliest by their words and passages, are compared by meaning."""

READ = 10
"""So many of these, the nearest in meaning, are read together with the question."""

UNREAD = -6.0
"""What counts as the cross-encoder's log odds of the others, and as the least of any."""

NEARBY = 0.9
"""What a word of the question counts that stands not in the sentence but before or above it."""

LIKELY_FEATURES = ("words", "context", "passage", "dense", "keyword", "place", "length")
"""Of a sentence. words, context, passage: the share of the question's words, by weight, that stand
in it; in it, the sentence before and the article's head; in its passage and the head. dense:
cosine of its passage and the question. keyword: BM25 of its passage, as a share of the best.
place: 1 for the first passage, 1/2 for the second, … length: of 400 characters."""

NEAR_FEATURES = ("words", "dense", "close", "alike")
"""close: cosine of sentence and question. alike: how well the sentence matches each word of the
question, by weight."""

FEATURES = (*NEAR_FEATURES, "answers")
"""answers: the cross-encoder's log odds that the sentence answers the question."""

QUESTION_FEATURES = ("best", "three", "close", "weakest", "answers", "unknown")
"""Of a question and its best sentence. best: its log odds; three: the mean of the best three's;
close: as above; weakest: how well it matches the word that it matches least; answers: the highest
of all; unknown: the share of the question's words, by weight, that no article has."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit and the log odds that it belongs in the answer."""

    unit: Unit
    covers: frozenset[str]
    """Which of the question's words stand in it, or above it."""
    odds: float
    close: float
    weakest: float
    answers: float
    """As in :data:`FEATURES` and :data:`QUESTION_FEATURES`."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """``P = 1 / (1 + exp(-(bias + weights · features)))``."""

    weights: tuple[float, ...]
    bias: float

    def odds(self, features: Floats) -> Floats:
        """Log odds of shape ``(n,)`` for features of shape ``(n, len(weights))``."""
        return np.asarray(features @ np.asarray(self.weights, np.float32) + self.bias, np.float32)


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted."""

    likely: Logistic
    near: Logistic
    relevant: Logistic
    answered: Logistic
    clear: float
    """The confidence from which a question counts as answered."""
    far: float
    """The confidence under which nothing is worth showing."""


@cache
def weights() -> Weights:
    """The fitted weights (``assistant/data/quoter.json``)."""
    stored = json.loads(files("assistant").joinpath("data", "quoter.json").read_text("utf-8"))

    def model(name: str) -> Logistic:
        return Logistic(tuple(stored[name]["weights"].values()), stored[name]["bias"])

    return Weights(
        model("likely"),
        model("near"),
        model("relevant"),
        model("answered"),
        stored["clear"],
        stored["far"],
    )


class Relevance:
    """Scores the sentences of evidence for questions, on one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def words(self, question: str) -> dict[str, float]:
        """The question's stems with their inverse document frequency, the rarer the higher."""
        total = self._library.passage_count()
        return {
            stem: math.log(1.0 + total / (1.0 + self._library.frequency(stem)))
            for stem in query_words(question)
        }

    def rank(self, question: str, evidence: Evidence) -> list[Scored]:
        """The likeliest units of the evidence, best first; at most :data:`LIKELY`."""
        found = units(evidence)
        if not found:
            return []
        weighed = self.words(question)
        likely, covers = _likely_features(weighed, found, evidence)
        chosen = np.argsort(-weights().likely.odds(likely), kind="stable")[:LIKELY]
        found, covers = [found[at] for at in chosen], [covers[at] for at in chosen]
        close, alike, weakest = _meaning(question, weighed, found, covers).T
        words, dense = (likely[chosen, LIKELY_FEATURES.index(name)] for name in ("words", "dense"))
        near = np.column_stack([words, dense, close, alike])
        answers = _answers(question, found, weights().near.odds(near))
        odds = weights().relevant.odds(np.column_stack([near, answers]))
        scored = [
            Scored(unit, cover, float(odd), float(near), float(least), float(read))
            for unit, cover, odd, near, least, read in zip(
                found, covers, odds, close, weakest, answers, strict=True
            )
        ]
        return sorted(scored, key=lambda one: -one.odds)

    def question_features(self, question: str, ranked: Sequence[Scored]) -> Floats:
        """Shape ``(len(QUESTION_FEATURES),)``."""
        weighed = self.words(question)
        total = sum(weighed.values()) or 1.0
        frequency = self._library.frequency
        unknown = sum(weight for stem, weight in weighed.items() if not frequency(stem))
        best = ranked[0]
        found = [
            best.odds,
            float(np.mean([one.odds for one in ranked[:3]])),
            best.close,
            best.weakest,
            max(one.answers for one in ranked),
            unknown / total,
        ]
        return np.asarray(found, np.float32)

    def confidence(self, question: str, ranked: Sequence[Scored]) -> float:
        """The estimated probability, 0 to 1, that the best unit answers the question."""
        if not ranked:
            return 0.0
        features = self.question_features(question, ranked)
        odds = float(weights().answered.odds(features[np.newaxis])[0])
        return 1.0 / (1.0 + math.exp(-odds))


def _answers(question: str, found: Sequence[Unit], near: Floats) -> Floats:
    """The cross-encoder's log odds that each unit answers: of those that are nearest."""
    answers = np.full(len(found), UNREAD, np.float32)
    read = np.argsort(-near, kind="stable")[:READ]
    odds = cross_encoder.answers(question, [found[at].text for at in read])
    answers[read] = np.maximum(odds, UNREAD)
    return answers


def _meaning(
    question: str,
    weighed: Mapping[str, float],
    found: Sequence[Unit],
    covers: Sequence[frozenset[str]],
) -> Floats:
    """``close``, ``alike`` and ``weakest`` of each unit: shape ``(len(found), 3)``.

    ``covers``: the question's words that stand in each unit, or above it.
    """
    texts = [unit.text for unit in found]
    asked, *read = words_in_context([question, *texts])
    wanted = list(weighed)
    places = {
        stem: at for at, word in enumerate(asked.words) for stem in stems(word) if stem in weighed
    }
    shares = np.asarray([weighed[stem] for stem in wanted], np.float32)
    shares = shares / (shares.sum() or 1.0)
    known = [at for at, stem in enumerate(wanted) if stem in places]
    vectors = asked.vectors[[places[wanted[at]] for at in known]].astype(np.float32)
    rows = []
    for one, text, cover in zip(read, texts, covers, strict=True):
        own = frozenset(stems(text))
        standing = [1.0 if s in own else NEARBY if s in cover else 0.0 for s in wanted]
        matches = np.asarray(standing, np.float32)
        if known and one.words:
            nearest = (vectors @ one.vectors.T.astype(np.float32)).max(axis=1)
            matches[known] = np.maximum(matches[known], nearest)
        close = float(one.vector @ asked.vector)
        rows.append((close, float(matches @ shares), float(matches.min(initial=1.0))))
    return np.asarray(rows, np.float32)


def _likely_features(
    weighed: Mapping[str, float], found: Sequence[Unit], evidence: Evidence
) -> tuple[Floats, list[frozenset[str]]]:
    """Shape ``(units, len(LIKELY_FEATURES))``; and which of the question's words each holds."""
    wanted, total = frozenset(weighed), sum(weighed.values()) or 1.0
    most = max((hit.keyword or 0.0 for hit in evidence.hits), default=0.0) or 1.0
    hits = {
        (hit.passage.article.id, span): (place, hit)
        for place, hit in reversed(list(enumerate(evidence.hits)))
        for span in hit.passage.sentences
    }
    heads: dict[str, frozenset[str]] = {}
    passages: dict[int, frozenset[str]] = {}
    before: frozenset[str] = frozenset()
    rows, covers = [], []
    for unit in found:
        core = unit.core
        place, hit = hits[core.article.id, core.span]
        if core.article.id not in heads:
            heads[core.article.id] = wanted & frozenset(stems(_head(core.article)))
            before = frozenset()
        if hit.passage.id not in passages:
            passages[hit.passage.id] = wanted & frozenset(stems(hit.passage.text))
        own = wanted & frozenset(stems(unit.text))
        head = heads[core.article.id] | (wanted & frozenset(stems(core.heading)))

        def share(held: frozenset[str]) -> float:
            return sum(weighed[stem] for stem in held) / total

        rows.append(
            (
                share(own),
                share(own | before | head),
                share(passages[hit.passage.id] | head),
                hit.dense or 0.0,
                (hit.keyword or 0.0) / most,
                1.0 / (1.0 + place),
                min(len(unit.text), 400) / 400,
            )
        )
        covers.append(own | head)
        before = own
    return np.asarray(rows, np.float32), covers


def _head(article: Article) -> str:
    published = f"{article.published:%d %B %Y}" if article.published else ""
    return " ".join((article.title or "", *article.authors, article.site or "", published))
