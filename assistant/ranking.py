"""Which sentences of the evidence answer the question, and does any?

Two small logistic models over features that a person can name. Their weights, and the data they
were fitted on, stand in ``assistant/data/*.json``; ``benchmarks/calibrate.py`` fits them anew.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.evidence import Evidence, EvidenceSentence
from assistant.words import content_stems, question_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embedding import Embedder

    Floats = NDArray[np.float32]

SENTENCE_FEATURES = ("closeness", "words", "passage", "expected")
"""Of one sentence. closeness: cosine of question and sentence; words: share of the question's words
that stand in it, in the sentence before it, or in its heading and its article's title, authors,
date and publisher, rare words counting more; passage: cosine of question and passage, the best of
those that hold it; expected: 1 if it holds the kind of thing asked for (a date, a number), -1 if
the question asks for one and it holds none."""

QUESTION_FEATURES = ("closeness", "words", "passage", "unknown")
"""Of a question and its evidence: the best of each of its sentences' features, and the share of the
question's words that stand nowhere in the corpus, rare words counting more."""

_DATE = re.compile(
    r"\b(?:(?:1[89]|20)\d\d|\d{1,2}(?:st|nd|rd|th)?)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|several|couple|half|third|twice|once)\b",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(r"\b(?:when|(?:what|which) (?:date|day|month|year|time))\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|often|large|big)\b|\bwhat (?:number|share|percentage)\b",
    re.IGNORECASE,
)


CACHED_SENTENCES = 20_000
"""Vectors of sentences kept in memory: some 30 MB."""


class Corpus(Protocol):
    """What ranking asks of a library."""

    def frequency(self, word: str) -> int:
        """In how many passages the word stands."""

    def passage_count(self) -> int:
        """How many passages there are."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence and the estimated probability that it belongs in the answer."""

    sentence: EvidenceSentence
    probability: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """``P = 1 / (1 + exp(-(bias + weights · features)))`` and where to cut it."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def __call__(self, features: Floats) -> Floats:
        """Probabilities of shape ``(n,)`` for features of shape ``(n, len(weights))``."""
        logits = features @ np.asarray(self.weights, np.float32) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)


@cache
def model(name: str) -> Logistic:
    """The fitted model ``assistant/data/<name>.json``."""
    stored = json.loads(files("assistant").joinpath("data", f"{name}.json").read_text("utf-8"))
    return Logistic(tuple(stored["weights"].values()), stored["bias"], stored["threshold"])


class Ranker:
    """Ranks the sentences of evidence for a question, on one corpus."""

    def __init__(self, embedder: Embedder, corpus: Corpus) -> None:
        self._embedder = embedder
        self._corpus = corpus
        self._vectors: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def rank(self, question: str, evidence: Evidence) -> list[Ranked]:
        """All sentences of the evidence, best first; ties in the order shown."""
        if not evidence.sentences:
            return []
        probabilities = model("sentences")(self.sentence_features(question, evidence))
        ranked = [
            Ranked(sentence, float(probability))
            for sentence, probability in zip(evidence.sentences, probabilities, strict=True)
        ]
        return sorted(ranked, key=lambda one: (-one.probability, one.sentence.number))

    def answerable(self, question: str, evidence: Evidence) -> float:
        """The estimated probability that the evidence answers the question, 0 to 1."""
        if not evidence.sentences:
            return 0.0
        features = self.question_features(question, evidence)
        return float(model("answerable")(features[np.newaxis, :])[0])

    def sentence_features(self, question: str, evidence: Evidence) -> Floats:
        """Shape ``(sentences, len(SENTENCE_FEATURES))``."""
        weights = self.weights(question)
        columns = (
            self.closeness(question, evidence.sentences),
            [coverage(weights, stems) for stems in _stems_in_mind(evidence)],
            _passage_closeness(evidence),
            [expected(question, sentence.text) for sentence in evidence.sentences],
        )
        return np.asarray(columns, np.float32).T

    def question_features(self, question: str, evidence: Evidence) -> Floats:
        """Shape ``(len(QUESTION_FEATURES),)``."""
        best = self.sentence_features(question, evidence)[:, :3].max(axis=0)
        weights = self.weights(question)
        unknown = 1.0 - coverage(weights, weights.keys() - self.unknown(question).keys())
        return np.asarray([*best, unknown], np.float32)

    def weights(self, question: str) -> dict[str, float]:
        """The question's stems with their inverse document frequency."""
        total = self._corpus.passage_count()
        return {
            stem: math.log(1.0 + total / (1.0 + self._corpus.frequency(word)))
            for stem, word in question_words(question).items()
        }

    def unknown(self, question: str) -> dict[str, str]:
        """The question's words that no passage holds: stem → word."""
        return {
            stem: word
            for stem, word in question_words(question).items()
            if not self._corpus.frequency(word)
        }

    def closeness(self, text: str, sentences: Sequence[EvidenceSentence]) -> Floats:
        """Cosine of a text and each sentence, shape ``(len(sentences),)``."""
        vectors = np.stack(self._sentence_vectors([sentence.text for sentence in sentences]))
        return np.asarray(vectors @ self._embedder.query(text), np.float32)

    def _sentence_vectors(self, texts: Sequence[str]) -> list[Floats]:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
            if missing:
                self._vectors.update(zip(missing, self._embedder.passages(missing), strict=True))
            vectors = [self._vectors[text] for text in texts]
            while len(self._vectors) > CACHED_SENTENCES:
                self._vectors.popitem(last=False)
        return vectors


def coverage(weights: Mapping[str, float], stems: Set[str]) -> float:
    """The share of the weights whose stems are among ``stems``; 0 where there are none."""
    total = sum(weights.values())
    return (
        sum(weight for stem, weight in weights.items() if stem in stems) / total if total else 0.0
    )


def expected(question: str, text: str) -> float:
    """1 if ``text`` holds the date or number asked for, -1 if it lacks it, 0 if none is asked."""
    for asks, holds in ((_ASKS_DATE, _DATE), (_ASKS_NUMBER, _NUMBER)):
        if asks.search(question):
            return 1.0 if holds.search(text) else -1.0
    return 0.0


def _stems_in_mind(evidence: Evidence) -> list[frozenset[str]]:
    """For each sentence, the stems that a reader has in mind when reading it."""
    found: list[frozenset[str]] = []
    for article, sentences in evidence.articles():
        before: frozenset[str] = frozenset()
        date = f"{article.published:%d %B %Y}" if article.published else ""
        head = " ".join((article.title or "", *article.authors, date, article.site or ""))
        for sentence in sentences:
            own = frozenset(content_stems(sentence.text))
            found.append(own.union(before, content_stems(f"{head} {sentence.heading}")))
            before = own
    return found


def _passage_closeness(evidence: Evidence) -> list[float]:
    """For each sentence, the best cosine of the passages that hold it; 0 if none has one."""
    closeness = [0.0] * len(evidence.sentences)
    for hit in evidence.hits:
        for i, sentence in enumerate(evidence.sentences):
            same = sentence.article.id == hit.passage.article.id
            if same and hit.passage.span.contains(sentence.span):
                closeness[i] = max(closeness[i], hit.dense or 0.0)
    return closeness
