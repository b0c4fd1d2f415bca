"""The seam to LlamaIndex's embeddings: any of them plugs into the library, ours into its engines.

Imports llama_index and openai: import it where it is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import openai
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.embeddings.openai_like import OpenAILikeEmbedding

from index.embedding import Embedder, OfflineEmbedder, Vectors
from index.errors import EmbeddingError
from index.tokens import count_tokens, cut

_Result = TypeVar("_Result")

_OPENAI_URL = "https://api.openai.com/v1"
_OPENAI_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
_OPENAI_MAX_TOKENS = 8191
# Most open models read 512 tokens of their own, which are up to a third shorter than OpenAI's.
_OTHER_MAX_TOKENS = 384
_ENCODING = "cl100k_base"
_WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries against a server that is asked too often."""
_QUOTA = "insufficient_quota"
"""OpenAI's code for an account with nothing left, which no waiting mends."""
_CAUSES = (
    (
        (openai.AuthenticationError, openai.PermissionDeniedError),
        "was refused for its key: check OPENAI_API_KEY",
    ),
    (
        openai.NotFoundError,
        "is not known to the server: check PINCITE_EMBEDDING_MODEL and OPENAI_BASE_URL",
    ),
    (openai.RateLimitError, "was refused for being asked too often"),
    (openai.APITimeoutError, "did not answer in time"),
    (
        openai.APIConnectionError,
        "cannot be reached: check OPENAI_BASE_URL and the network",
    ),
    (openai.InternalServerError, "failed on its server"),
    (openai.APIError, "was refused by its server"),
)


class LlamaEmbedder:
    """Any LlamaIndex embedding as an :class:`index.embedding.Embedder`.

    ``name`` must say which model it is: it goes into the index's fingerprint. Tokens are
    OpenAI's; for another model's ``max_tokens`` leave a margin. Without ``dimensions`` the
    model is asked for a vector to measure.
    """

    def __init__(
        self, embedding: BaseEmbedding, name: str, max_tokens: int, dimensions: int = 0
    ) -> None:
        self.name = name
        self.max_tokens = max_tokens
        self._embedding = embedding
        self._dimensions = dimensions
        self._remembered = lru_cache(maxsize=256)(self._query)

    @classmethod
    def of(cls, embedding: BaseEmbedding) -> LlamaEmbedder:
        """One that is named after the embedding's class and model."""
        name = f"{embedding.class_name()}:{embedding.model_name}"
        return cls(embedding, name, getattr(embedding, "max_length", None) or _OTHER_MAX_TOKENS)

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector. Raises ``EmbeddingError`` if the model has to be asked in vain."""
        return self._dimensions or len(self._vectors([self._ask_query("length")])[0])

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, as OpenAI's models count them."""
        return [count_tokens(text, _ENCODING) for text in texts]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, ``(len(texts), dimensions)``. Raises ``EmbeddingError``."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        fitting = [self._fit(text) for text in texts]
        rows = self._ask(lambda: self._embedding.get_text_embedding_batch(fitting))
        if len(rows) != len(texts):
            raise self._failure(f"returned {len(rows)} vectors for {len(texts)} texts")
        return self._checked(rows)

    def query(self, text: str) -> Vectors:
        """Vector of the text, ``(dimensions,)``, read-only. Raises ``EmbeddingError``."""
        return self._remembered(text)

    def _query(self, text: str) -> Vectors:
        vector: Vectors = self._checked([self._ask_query(text)])[0]
        vector.flags.writeable = False  # the cache hands it out again
        return vector

    def _ask_query(self, text: str) -> list[float]:
        fitting = self._fit(text)
        return self._ask(lambda: self._embedding.get_query_embedding(fitting))

    def _fit(self, text: str) -> str:
        # Servers refuse an empty text.
        return cut(text, self.max_tokens, _ENCODING).strip() or "-"

    def _checked(self, rows: Sequence[Sequence[float]]) -> Vectors:
        vectors = self._vectors(rows)
        if vectors.shape[1] != self.dimensions:
            raise self._failure(
                f"returned vectors of length {vectors.shape[1]}, not {self.dimensions}"
            )
        return vectors

    def _vectors(self, rows: Sequence[Sequence[float]]) -> Vectors:
        """Rows as an array, each of unit length."""
        try:
            vectors = np.array(rows, np.float32)
        except (TypeError, ValueError) as error:
            raise self._failure("returned something else than vectors") from error
        if vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise self._failure("returned something else than vectors")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise self._failure("returned a vector of length zero")
        unit: Vectors = vectors / lengths
        return unit

    def _ask(self, call: Callable[[], _Result]) -> _Result:
        try:
            return _patiently(call)
        except Exception as error:  # a plugged-in model may raise anything
            raise self._failure(_cause(error)) from error

    def _failure(self, what: str) -> EmbeddingError:
        return EmbeddingError(
            f"The embedding model {self.name} {what}. Try again once that is mended, "
            "or set PINCITE_EMBEDDING=offline, which needs no server."
        )


def openai_embedder(model: str, api_key: str, base_url: str) -> Embedder:
    """The embedder of OpenAI or, with a ``base_url``, of a server that speaks its protocol.

    Raises ``EmbeddingError`` where OpenAI would be called without a key.
    """
    if not (api_key or base_url):
        raise EmbeddingError(
            "OpenAI's embeddings need a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for "
            "another server, or PINCITE_EMBEDDING=offline."
        )
    embedding = OpenAILikeEmbedding(
        model_name=model,
        api_key=api_key or "none",
        api_base=base_url or _OPENAI_URL,
        embed_batch_size=32,  # times 8191 tokens stays under what one request may hold
        max_retries=1,  # the client and the adapter multiply their retries
        timeout=60.0,
    )
    known = model in _OPENAI_DIMENSIONS
    return LlamaEmbedder(
        embedding,
        name=f"openai:{model}",
        max_tokens=_OPENAI_MAX_TOKENS if known else _OTHER_MAX_TOKENS,
        dimensions=_OPENAI_DIMENSIONS.get(model, 0),
    )


class LibraryEmbedding(BaseEmbedding):
    """The library's embedder as a LlamaIndex embedding: by default the bundled offline model."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None) -> None:
        embedder = embedder or OfflineEmbedder()
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        return "LibraryEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.query(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.passages(texts).tolist()
        return vectors


def _patiently(call: Callable[[], _Result]) -> _Result:
    """The call's result, tried again while the server says that it is asked too often."""
    for wait in _WAITS:
        try:
            return call()
        except openai.RateLimitError as error:
            if error.code == _QUOTA:
                raise
            time.sleep(wait)
    return call()


def _cause(error: Exception) -> str:
    """What went wrong, without the server's own words: they may repeat the key or the text."""
    if isinstance(error, openai.RateLimitError) and error.code == _QUOTA:
        return "was refused, for the account's quota is used up"
    for kinds, words in _CAUSES:
        if isinstance(error, kinds):
            return words
    return f"failed ({type(error).__name__})"
