"""Which sentences answer a question, and how likely the best of them do: two small fitted models.

Words are weighed by how rare they are in the corpus; the likeliest sentences are read together
with the question by the bundled cross-encoder. ``benchmarks/calibrate.py`` fits the weights.
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.article import Article, Hit
    from index.library import Library

    Floats = NDArray[np.float32]

READ = 12
"""So many sentences, the likeliest, are read together with the question."""

UNREAD = -8.0
"""What counts as the cross-encoder's log odds of the others, and as the least of any."""

LIKELY_FEATURES = ("words", "context", "passage", "dense", "keyword", "place", "length")
"""Of a sentence. words, context, passage: the share of the question's words, by weight, that stand
in it; in it, the sentence before and the article's head; in its passage and the head. dense:
cosine of its passage and the question. keyword: BM25 of its passage, as a share of the best.
place: 1 for the first passage, 1/2 for the second, … length: of 400 characters."""

FEATURES = (*LIKELY_FEATURES, "answers")
"""answers: the cross-encoder's log odds that the sentence answers the question."""

QUESTION_FEATURES = ("best", "answers", "context", "passage", "rarest", "dense", "unknown")
"""Of a question and its best sentence. best: its log odds; answers, context, passage, dense: as
above; rarest: whether the rarest word of the question stands in its passage; unknown: the share of
the question's words, by weight, that no article has."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit and the log odds that it belongs in the answer."""

    unit: Unit
    odds: float
    features: tuple[float, ...]
    """:data:`FEATURES`."""
    covers: frozenset[str]
    """Which of the question's words stand in it."""


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
    relevant: Logistic
    answered: Logistic
    clear: float
    """The confidence from which a question counts as answered."""
    near: float
    """The confidence under which nothing is worth showing."""


@cache
def weights() -> Weights:
    """The fitted weights (``assistant/data/quoter.json``)."""
    stored = json.loads(files("assistant").joinpath("data", "quoter.json").read_text("utf-8"))

    def model(name: str) -> Logistic:
        return Logistic(tuple(stored[name]["weights"].values()), stored[name]["bias"])

    return Weights(
        model("likely"), model("relevant"), model("answered"), stored["clear"], stored["near"]
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
        """All units of the evidence, best first; ties in the order shown."""
        found = units(evidence)
        if not found:
            return []
        weighed = self.words(question)
        features, covers = _likely_features(weighed, found, evidence)
        likely = weights().likely.odds(features)
        answers = np.full(len(found), UNREAD, np.float32)
        read = np.argsort(-likely, kind="stable")[:READ]
        odds = cross_encoder.answers(question, [found[at].text for at in read])
        answers[read] = np.maximum(odds, UNREAD)
        whole = np.column_stack([features, answers])
        scored = [
            Scored(unit, float(odds), tuple(map(float, row)), cover)
            for unit, odds, row, cover in zip(
                found, weights().relevant.odds(whole), whole, covers, strict=True
            )
        ]
        return sorted(scored, key=lambda one: -one.odds)

    def question_features(self, question: str, ranked: Sequence[Scored]) -> Floats:
        """Shape ``(len(QUESTION_FEATURES),)``."""
        weighed = self.words(question)
        best = ranked[0]
        known = dict(zip(FEATURES, best.features, strict=True))
        total = sum(weighed.values()) or 1.0
        frequency = self._library.frequency
        unknown = sum(weight for stem, weight in weighed.items() if not frequency(stem))
        rarest = max(weighed, key=weighed.__getitem__, default="")
        found = [
            best.odds,
            max(one.features[-1] for one in ranked),
            known["context"],
            known["passage"],
            float(any(rarest in one.covers for one in ranked[:3])),
            known["dense"],
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
