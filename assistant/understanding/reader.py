"""The bundled reader: what an English question asks, told by a small model.

all-MiniLM-L6-v2 reads the question; linear heads over its word vectors, fitted by
``benchmarks/understanding.py`` to the examples in ``benchmarks/questions``, tell the role of each
word (what is asked about, what must not be mentioned, what stands for something said before), and
then, of the whole question, the intent and what a question about the collection asks for. Names of
the register and periods have been replaced by :data:`AUTHORS`, :data:`PUBLISHERS` and
:data:`PERIOD` before: what they are called does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from index.embedding import WordsInContext, words_in_context

Matrix = NDArray[np.float32]

AUTHORS = ("Smith", "Jones")
PUBLISHERS = ("Reuters", "Guardian")
PERIOD = "in 2015"
ARTICLE = "this article"

_REMEMBERED = 256
"""Readings that are kept: those of a conversation's earlier turns are needed again."""


class Role(StrEnum):
    """What a word does in a question."""

    FRAME = "O"
    """It says how the question is put."""
    TOPIC = "T"
    EXCLUDED = "X"
    """Of a topic that articles must not mention."""
    RESTRICTS = "F"
    """Whose articles, or from when, are asked for."""
    PREFERRED = "P"
    """Whose view, or which time, is asked about."""
    REFERS = "R"
    """It stands for something said before: "it", "the other one"."""
    PERSON = "H"
    """It stands for somebody: "he", "her"."""
    POSSESSIVE = "G"
    """It stands for what is somebody's or something's: "his", "their"."""
    ARTICLES = "A"
    """It stands for the articles spoken of: "this article", "those"."""
    LIMIT = "L"
    """How many are wanted."""
    JOINS = "S"
    """It joins two questions."""


SURE = 1.15
"""By so much the log odds of a question about the collection must exceed those of one about what
the articles say: a search finds something for either, a list of articles answers only one."""

HEADS: dict[str, tuple[str, ...]] = {
    "english": ("no", "yes"),
    "intent": ("content", "collection", "overview", "talk"),
    "show": ("articles", "count", "authors", "publishers", "dates"),
    "group": ("", "author", "publisher", "year", "month", "day"),
    "order": ("", "newest", "oldest"),
    "single": ("no", "yes"),
    "compared": ("no", "yes"),
    "follows": ("", "refers", "fragment"),
    "number": ("no", "yes"),
    "date": ("no", "yes"),
    "duration": ("no", "yes"),
}
"""What is told of a whole question: each head's classes, in the order of its weights."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A question as the reader understands it."""

    spans: tuple[tuple[int, int], ...]
    """Of the words: characters of the text that was read."""
    roles: tuple[Role, ...]
    """Of each word."""
    vectors: Matrix
    """Of each word in its context, ``(words, 384)``."""
    heads: dict[str, str]
    """The class of each of :data:`HEADS`."""


class Reader:
    """The heads' weights. Any number of threads may use it."""

    def __init__(self, words: Sequence[str], roles: Matrix, heads: dict[str, Matrix]) -> None:
        """``words``: what is known by itself; ``roles``, ``heads``: weights, the bias last."""
        self.places = {word: at for at, word in enumerate(words)}
        self._roles = roles
        self._heads = heads
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)
        """Text → reading. Raises ``EmbeddingError``."""

    def _read(self, text: str) -> Reading:
        (read,) = words_in_context([text])
        roles = self.roles(read)
        features = sentence_features(read, [role.value for role in roles], self.places)
        scores = {name: _scores(features, weights) for name, weights in self._heads.items()}
        told = {name: HEADS[name][int(np.argmax(found))] for name, found in scores.items()}
        content, collection, *_ = np.ravel(scores["intent"])
        if told["intent"] == "collection" and collection - content < SURE:
            told["intent"] = "content"
        vectors = np.asarray(read.vectors, np.float32)
        return Reading(tuple(spans(text, read.words)), tuple(roles), vectors, told)

    def roles(self, read: WordsInContext) -> list[Role]:
        """The role of each word."""
        scores = _scores(word_features(read, self.places), self._roles)
        return [list(Role)[int(best)] for best in np.argmax(scores, axis=-1)]


@cache
def reader() -> Reader:
    """The bundled one."""
    with (
        as_file(files("assistant").joinpath("data/reader.npz")) as path,
        np.load(path, allow_pickle=False) as data,
    ):
        heads = {name: data[name].astype(np.float32) for name in HEADS}
        return Reader(data["words"].tolist(), data["roles"].astype(np.float32), heads)


def spans(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand in the text they are of, in order."""
    end = 0
    for word in words:
        start = max(text.find(word, end), end)
        end = start + len(word)
        yield start, end


def word_features(read: WordsInContext, places: dict[str, int]) -> Matrix:
    """Of each word: its vector, its neighbours', the mean before it and that of all; which words
    it and those before it are, whether it is unknown, and whether it has a capital letter.
    ``(words, 5 * 384 + 2 * len(places) + 2)``."""
    vectors = np.asarray(read.vectors, np.float32)
    count, width = vectors.shape
    padded = np.vstack(
        [np.zeros((1, width), np.float32), vectors, np.zeros((1, width), np.float32)]
    )
    before = np.cumsum(padded[:-2], axis=0) / np.maximum(np.arange(count), 1)[:, None]
    own = _bag(read.words, places)
    earlier = np.minimum(np.cumsum(own, axis=0) - own, 1)
    whole = np.broadcast_to(read.vector, vectors.shape)
    is_unknown = 1 - own.sum(axis=1, keepdims=True)
    is_capital = np.array([[at > 0 and word[0].isupper()] for at, word in enumerate(read.words)])
    signs = [is_unknown, is_capital.reshape(count, 1).astype(np.float32)]
    return np.hstack([vectors, padded[:-2], padded[2:], before, whole, own, earlier, *signs])


def sentence_features(read: WordsInContext, roles: Sequence[str], places: dict[str, int]) -> Matrix:
    """Of the question: its vector, that of its frame, the first and the last word's, and which
    words its frame has. ``(4 * 384 + len(places),)``."""
    vectors = np.asarray(read.vectors, np.float32)
    if not len(vectors):
        vectors = np.zeros((1, read.vector.shape[0]), np.float32)
    is_frame = np.array([role not in "TX" for role in roles], bool)
    frame = vectors[is_frame].mean(axis=0) if is_frame.any() else np.zeros_like(vectors[0])
    frame = frame / max(float(np.linalg.norm(frame)), 1e-6)
    kept = [word for word, is_kept in zip(read.words, is_frame, strict=True) if is_kept]
    bag = 0.3 * _bag(kept, places).max(axis=0, initial=0)
    return np.concatenate([read.vector, frame, vectors[0], vectors[-1], bag])


def _bag(words: Sequence[str], places: dict[str, int]) -> Matrix:
    """Which of the known words each word is: ``(words, len(places))``."""
    bag = np.zeros((len(words), len(places)), np.float32)
    for at, word in enumerate(words):
        if (place := places.get(word.lower())) is not None:
            bag[at, place] = 1
    return bag


def _scores(features: Matrix, weights: Matrix) -> Matrix:
    scores: Matrix = features @ weights[:-1] + weights[-1]
    return scores
