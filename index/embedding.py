"""Text → vectors: the bundled model, a server's, or any that LlamaIndex knows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from index.bundled import EMBEDDING_NAME, embedding_model, sayable, token_ids, tokenizer
from index.errors import EmbeddingError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

Vectors = NDArray[np.float32]

HUGGINGFACE = "huggingface:"
"""How a model of the Hugging Face hub, or in a folder of its layout, is named."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that a dot product is a cosine.

    Indexing calls ``passages`` in a thread while ``count`` is called in another.
    """

    @property
    def name(self) -> str:
        """Which model, exactly: two embedders of one name give the same vectors."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The longest text that is read to its end, in tokens as :meth:`count` counts them."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the special tokens a model puts around it."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Texts to be found, as an array ``(len(texts), dimensions)``.

        A text over ``max_tokens`` is cut. Raises ``EmbeddingError``.
        """

    def query(self, text: str) -> Vectors:
        """A text to find others with, as a read-only array ``(dimensions,)``.

        Raises ``EmbeddingError``.
        """


class OfflineEmbedder:
    """all-MiniLM-L6-v2 with int8 weights, on this machine's processor, without any network.

    Mean over the last hidden states, then unit length: Reimers & Gurevych, *Sentence-BERT*, 2019.
    The same text gives the same vector bit for bit, whatever it is embedded together with.
    The model is loaded at the first vector and shared by all embedders of the process; any
    number of threads may call.
    """

    name = f"offline:{EMBEDDING_NAME}"
    dimensions = 384
    max_tokens = 254  # the model reads 256 (it was trained on 128), two of them special

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        return [len(ids) for ids in token_ids(texts)]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, ``(len(texts), 384)``. Raises ``EmbeddingError``."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        # One text a run needs no padding, which is as fast as small batches, takes the least
        # memory, and keeps a text's vector independent of its neighbours.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for row, vector in enumerate(pool.map(_vector, token_ids(texts))):
                vectors[row] = vector
        return vectors

    def query(self, text: str) -> Vectors:
        """Vector of the text, ``(384,)``, read-only. Raises ``EmbeddingError``."""
        return _query_vector(text)


def embedder_of(embedding: BaseEmbedding | Embedder) -> Embedder:
    """An embedder: the one given, or one that asks LlamaIndex's ``embedding``."""
    if not hasattr(embedding, "get_text_embedding_batch"):
        return embedding
    from index.llama import LlamaEmbedder

    return LlamaEmbedder.of(cast("BaseEmbedding", embedding))


def open_embedder(
    kind: str, model: str = "text-embedding-3-small", api_key: str = "", base_url: str = ""
) -> Embedder:
    """The embedder of this kind: ``offline``; ``openai`` with its model, key and server; or
    ``huggingface:`` and the name or the folder of a model, which is loaded now.

    ``base_url`` names a server other than OpenAI's that speaks its protocol; such a one may
    need no key, and is not called yet. Raises ``EmbeddingError``.
    """
    if kind == "offline":
        return OfflineEmbedder()
    if kind.startswith(HUGGINGFACE):
        from index.huggingface import huggingface_embedder

        return huggingface_embedder(kind.removeprefix(HUGGINGFACE))
    if kind != "openai":
        raise EmbeddingError(
            f"There is no embedding {kind!r}: choose 'offline', 'openai' or "
            "'huggingface:NAME-or-folder'."
        )
    from index.llama import openai_embedder

    return openai_embedder(model, api_key, base_url)


@dataclass(frozen=True, slots=True, eq=False)
class WordsInContext:
    """A text's vector, and one for each of its words, in the light of the whole text."""

    vector: Vectors
    """Of the text: ``(384,)``, unit length."""
    words: tuple[str, ...]
    """Runs of letters and digits as written."""
    vectors: NDArray[np.float16]
    """Of the words: ``(len(words), 384)``, unit length, so that a dot product is a cosine."""


def words_in_context(texts: Sequence[str]) -> list[WordsInContext]:
    """Each text read by the bundled model, whatever model the index is made with.

    A word's vector is the mean of its tokens' last hidden states; matching texts word by word
    follows Khattab & Zaharia, *ColBERT*, 2020. Raises ``EmbeddingError``.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_words_in_context, texts))


def _words_in_context(text: str) -> WordsInContext:
    clean = sayable(text)
    encoding = tokenizer().encode(clean, add_special_tokens=False)
    states = _states(encoding.ids)
    tokens: dict[int, list[int]] = {}
    for place, word in enumerate(encoding.word_ids[: OfflineEmbedder.max_tokens]):
        tokens.setdefault(-1 if word is None else word, []).append(place)
    places = {
        (encoding.offsets[own[0]][0], encoding.offsets[own[-1]][1]): own for own in tokens.values()
    }
    spans = [span for span in places if any(map(str.isalnum, clean[slice(*span)]))]
    # The first state is that of the token before the text.
    vectors = [_unit(states[[place + 1 for place in places[span]]].mean(axis=0)) for span in spans]
    return WordsInContext(
        _unit(states.mean(axis=0)),
        tuple(clean[start:end] for start, end in spans),
        np.asarray(vectors, np.float16).reshape(len(spans), OfflineEmbedder.dimensions),
    )


@lru_cache(maxsize=256)
def _query_vector(text: str) -> Vectors:
    vector = _vector(token_ids([text])[0])
    vector.flags.writeable = False  # the cache hands it out again
    return vector


def _vector(ids: list[int]) -> Vectors:
    return _unit(_states(ids).mean(axis=0))


def _unit(vector: Vectors) -> Vectors:
    scaled: Vectors = vector / np.linalg.norm(vector)
    return scaled


def _states(ids: list[int]) -> Vectors:
    """The last hidden states, ``(tokens + 2, 384)``: a special token stands at either end."""
    first, last = tokenizer().token_to_id("[CLS]"), tokenizer().token_to_id("[SEP]")
    row = np.array([[first, *ids[: OfflineEmbedder.max_tokens], last]], np.int64)
    inputs = {
        "input_ids": row,
        "attention_mask": np.ones_like(row),
        "token_type_ids": np.zeros_like(row),
    }
    states: Vectors = embedding_model().run(None, inputs)[0][0]
    return states
