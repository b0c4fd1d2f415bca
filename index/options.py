"""How a library is made: what a caller may choose beside the corpus and the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.embedding import Embedder, embedder_of
from index.passages import DEFAULT_BUDGET, DEFAULT_OVERLAP
from index.vectors import ChromaServer

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor


@dataclass(frozen=True, slots=True)
class Options:
    """How a library is indexed and where its vectors lie."""

    embedder: Embedder | None = None
    """``None``: the bundled model, offline."""
    passage_tokens: int = DEFAULT_BUDGET
    """The longest passage, in the embedding model's tokens."""
    overlap_tokens: int = DEFAULT_OVERLAP
    """How much of a passage the next one may repeat, in whole sentences."""
    chroma_url: str | None = field(default=None, repr=False)
    """A Chroma server; ``None``: vectors lie in the index folder."""
    chroma_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    lock_timeout: float = 10.0
    """Seconds to wait for another process that is writing."""
    rerankers: Sequence[BaseNodePostprocessor] = ()
    """LlamaIndex postprocessors through which every search sends what it found, in turn."""
    rebuild: bool = False
    """Accept settings other than those the index was made with, and make it anew with them."""

    index_at_most: int | None = None
    """Where more files than these are new or changed when a library is opened, they are left to
    ``pincite index``, and what is indexed already is used. Of a corpus of which nothing is indexed,
    so many are. ``None``: all are indexed, however long it takes."""
    allow_empty: bool = False
    """Whether a corpus without any file makes a library of no articles, not an error."""

    def using(
        self,
        embedding: BaseEmbedding | Embedder | None,
        rerankers: Sequence[BaseNodePostprocessor],
        allow_empty: bool,
    ) -> Options:
        """These, with what is given in place of what they say."""
        return replace(
            self,
            embedder=self.embedder if embedding is None else embedder_of(embedding),
            rerankers=tuple(rerankers) or self.rerankers,
            allow_empty=allow_empty or self.allow_empty,
        )

    @property
    def server(self) -> ChromaServer | None:
        """The Chroma server; ``None`` where vectors lie in the index folder."""
        if self.chroma_url is None:
            return None
        return ChromaServer(self.chroma_url, self.chroma_headers)


DEFAULTS = Options()
