"""Which sentences of the evidence answer the question, and does any?

Small logistic models over features that a person can name. Their weights, and the data they were
fitted on, stand in ``assistant/data/*.json``; ``benchmarks/calibrate.py`` fits them anew. The one
called *likely* chooses which sentences a cross-encoder reads together with the question, to tell
what answers from what only speaks of the same; what it says is a feature of the two others.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.evidence import Evidence, EvidenceSentence
from assistant.names import names
from assistant.parts import parts
from assistant.words import ASKING_WORDS, FUNCTION_WORDS, content_stems, question_words, stem, words
from index import cross_encoder
from index.embedding import WordsInContext, words_in_context

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LIKELY_FEATURES = ("closeness", "words", "alike", "passage", "expected")
"""Of one sentence. closeness: cosine of question and sentence; words: share of the question's words
that stand in it, in the sentence before it, or in its heading and its article's title, authors,
date and publisher, rare words counting more; alike: the same, a word that does not stand there
counting as much as its cosine with the nearest word of the sentence; passage: cosine of question
and passage, the best of those that hold it; expected: 1 if it holds the kind of thing asked for (a
date, a number), -1 if the question asks for one and it holds none."""

SENTENCE_FEATURES = (*LIKELY_FEATURES, "answers")
"""answers: the log odds that it answers the question, as the cross-encoder reads the two."""

QUESTION_FEATURES = ("best", "three", "closeness", "weakest", "stranger", "answers")
"""Of a question and its evidence. best: log odds of the best sentence; three: their mean for the
best three; closeness: cosine of question and best sentence; weakest: how well the best sentence
matches that word of the question which it matches least; stranger: 1 if the question names, with a
capital, what stands nowhere in the corpus; answers: the highest such value of all sentences."""

READ = 12
"""So many sentences, the likeliest, are read together with the question."""

UNREAD = -6.0
"""What counts as the log odds of the others, and as the least of any: surely not."""

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


NEARBY = 0.9
"""What a word of the question counts that stands not in the sentence but before or above it."""

_ACTS = re.compile(r"\b(?:did|does|do|has|have|had|according to)\s+$", re.IGNORECASE)

CACHED_SENTENCES = 3_000
"""Sentences kept in memory with the vectors of their words: some 60 MB."""

CACHED_PAIRS = 10_000
"""Questions with a sentence whose log odds are kept in memory."""


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
        return np.asarray(1.0 / (1.0 + np.exp(-self.log_odds(features))), np.float32)

    def log_odds(self, features: Floats) -> Floats:
        """Their log odds."""
        return np.asarray(features @ np.asarray(self.weights, np.float32) + self.bias, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What the models are told about a question and its evidence."""

    sentences: Floats
    """Shape ``(sentences, len(SENTENCE_FEATURES))``."""
    matches: Floats
    """How well each sentence matches each word of the question: ``(sentences, words)``."""
    stranger: bool
    """Whether the question names what stands nowhere in the corpus."""

    def question_features(self, ranking: Logistic | None = None) -> Floats:
        """Shape ``(len(QUESTION_FEATURES),)``, given the model that ranks the sentences."""
        odds = (ranking or model("sentences")).log_odds(self.sentences)
        best = int(odds.argmax())
        three = np.sort(odds)[-3:].mean()
        closeness = self.sentences[best, SENTENCE_FEATURES.index("closeness")]
        weakest = self.matches[best].min(initial=1.0)
        answers = self.sentences[:, SENTENCE_FEATURES.index("answers")].max()
        found = [odds[best], three, closeness, weakest, self.stranger, answers]
        return np.asarray(found, np.float32)


@cache
def model(name: str) -> Logistic:
    """The fitted model ``assistant/data/<name>.json``."""
    stored = json.loads(files("assistant").joinpath("data", f"{name}.json").read_text("utf-8"))
    return Logistic(tuple(stored["weights"].values()), stored["bias"], stored["threshold"])


class Ranker:
    """Ranks the sentences of evidence for a question, on one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._read: OrderedDict[str, WordsInContext] = OrderedDict()
        self._pairs: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = Lock()

    def rank(self, question: str, evidence: Evidence) -> list[Ranked]:
        """All sentences of the evidence, best first; ties in the order shown."""
        if not evidence.sentences:
            return []
        probabilities = model("sentences")(self.observe(question, evidence).sentences)
        ranked = [
            Ranked(sentence, float(probability))
            for sentence, probability in zip(evidence.sentences, probabilities, strict=True)
        ]
        return sorted(ranked, key=lambda one: (-one.probability, one.sentence.number))

    def answerable(self, question: str, evidence: Evidence) -> float:
        """The estimated probability that the evidence answers the question, 0 to 1.

        Of a question with parts, that it answers one of them. What somebody said or did whom no
        passage knows is not answered. A name or phrase alone asks for what is said of it.
        """
        if not evidence.sentences or self._acts_unknown(question):
            return 0.0
        if _stands_alone(question, evidence):
            return 1.0
        asked = [self.observe(part, evidence).question_features() for part in parts(question)]
        return float(model("answerable")(np.stack(asked)).max())

    def observe(self, question: str, evidence: Evidence) -> Observed:
        """What the models are told about a question and its evidence."""
        in_mind = _stems_in_mind(evidence)
        matches = self._matches(question, evidence, in_mind)
        seen = self._likely_features(question, evidence, in_mind, matches)
        answers = self._answers(question, evidence, model("likely").log_odds(seen))
        strange = bool(self.strangers(question))
        return Observed(np.column_stack([seen, answers]), matches, strange)

    def _likely_features(
        self,
        question: str,
        evidence: Evidence,
        in_mind: Sequence[Set[str]],
        matches: Floats,
    ) -> Floats:
        weights = self.weights(question)
        columns = (
            self.closeness(question, evidence.sentences),
            [coverage(weights, stems) for stems in in_mind],
            average(weights, matches),
            _passage_closeness(evidence),
            [expected(question, sentence.text) for sentence in evidence.sentences],
        )
        return np.asarray(columns, np.float32).T

    def _answers(self, question: str, evidence: Evidence, likely: Floats) -> Floats:
        found = np.full(len(likely), UNREAD, np.float32)
        likeliest = np.argsort(-likely, kind="stable")[:READ]
        texts = [evidence.sentences[place].text for place in likeliest]
        found[likeliest] = np.maximum(self._read_together(question, texts), UNREAD)
        return found

    def _read_together(self, question: str, texts: Sequence[str]) -> list[float]:
        """The cross-encoder's log odds that each text answers; those of late are remembered."""
        pairs = [(question, text) for text in texts]
        with self._lock:
            missing = [pair for pair in dict.fromkeys(pairs) if pair not in self._pairs]
            odds = cross_encoder.answers(question, [text for _, text in missing])
            self._pairs.update(zip(missing, map(float, odds), strict=True))
            found = [self._pairs[pair] for pair in pairs]
            while len(self._pairs) > CACHED_PAIRS:
                self._pairs.popitem(last=False)
        return found

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

    def strangers(self, question: str) -> list[str]:
        """What the question names, with a capital, and no passage holds.

        Its first word has a capital whatever it is.
        """
        return [
            name
            for name in names(question.partition(" ")[2])
            if any(
                word.isalpha() and word not in FUNCTION_WORDS and not self._corpus.frequency(word)
                for word in words(name)
            )
        ]

    def _acts_unknown(self, question: str) -> bool:
        """Whether the question asks what a stranger did: "did Angela Merkel say"."""
        return any(
            _ACTS.search(question[: question.find(name)])
            and not self._corpus.frequency(words(name)[-1])
            for name in self.strangers(question)
        )

    def closeness(self, text: str, sentences: Sequence[EvidenceSentence]) -> Floats:
        """Cosine of a text and each sentence, shape ``(len(sentences),)``."""
        (asked, *read) = self.in_context([text, *(sentence.text for sentence in sentences)])
        return np.asarray([one.vector @ asked.vector for one in read], np.float32)

    def matches(self, question: str, evidence: Evidence) -> Floats:
        """How well each sentence matches each word of the question: ``(sentences, words)``."""
        return self._matches(question, evidence, _stems_in_mind(evidence))

    def _matches(self, question: str, evidence: Evidence, in_mind: Sequence[Set[str]]) -> Floats:
        """How well each sentence matches each of the question's stems, in order: shape
        ``(sentences, stems)``; 1 where the word stands there, else its cosine with the nearest.
        """
        stems = list(question_words(question))
        texts = [sentence.text for sentence in evidence.sentences]
        (asked, *read) = self.in_context([question, *texts])
        found = np.zeros((len(texts), len(stems)), np.float32)
        for row, one, near, text in zip(found, read, in_mind, texts, strict=True):
            own = _stems(text)
            row[:] = [1.0 if s in own else NEARBY if s in near else 0.0 for s in stems]
            np.maximum(row, _nearest(asked, one, stems), out=row)
        return found

    def in_context(self, texts: Sequence[str]) -> list[WordsInContext]:
        """The texts with the vectors of their words; those read of late are remembered."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._read]
            if missing:
                self._read.update(zip(missing, words_in_context(missing), strict=True))
            read = [self._read[text] for text in texts]
            while len(self._read) > CACHED_SENTENCES:
                self._read.popitem(last=False)
        return read


def _stands_alone(question: str, evidence: Evidence) -> bool:
    """Whether it is no question but a name or phrase that a sentence holds: "marie harf"."""
    said = words(question)
    if not said or not FUNCTION_WORDS.isdisjoint(said) or not ASKING_WORDS.isdisjoint(said):
        return False
    sought = f" {' '.join(said)} "
    return any(sought in f" {' '.join(words(one.text))} " for one in evidence.sentences)


def _nearest(asked: WordsInContext, read: WordsInContext, stems: Sequence[str]) -> Floats:
    """For each stem the cosine of the word asked and the nearest word read; 0 where none is."""
    places = {stem(part): place for place, word in enumerate(asked.words) for part in words(word)}
    known = [(column, places[one]) for column, one in enumerate(stems) if one in places]
    found = np.zeros(len(stems), np.float32)
    if known and read.words:
        columns, rows = zip(*known, strict=True)
        cosines = asked.vectors[list(rows)].astype(np.float32) @ read.vectors.T.astype(np.float32)
        found[list(columns)] = cosines.max(axis=1)
    return found


def average(weights: Mapping[str, float], matches: Floats) -> Floats:
    """Each sentence's mean match, weighted: ``(sentences, stems)`` → ``(sentences,)``."""
    shares = np.asarray(list(weights.values()), np.float32)
    total = shares.sum()
    return np.asarray(matches @ shares / total if total else matches.sum(axis=1), np.float32)


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


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


def _stems_in_mind(evidence: Evidence) -> list[frozenset[str]]:
    """For each sentence, the stems that a reader has in mind when reading it."""
    found: list[frozenset[str]] = []
    for article, sentences in evidence.articles():
        before: frozenset[str] = frozenset()
        date = f"{article.published:%d %B %Y}" if article.published else ""
        head = " ".join((article.title or "", *article.authors, date, article.site or ""))
        for sentence in sentences:
            own = _stems(sentence.text)
            found.append(own.union(before, _stems(f"{head} {sentence.heading}")))
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
