"""How a library is made: what a caller may choose beside the corpus and the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.embedding import Embedder
from index.passages import DEFAULT_BUDGET, DEFAULT_OVERLAP
from index.vectors import ChromaServer

if TYPE_CHECKING:
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

    @property
    def server(self) -> ChromaServer | None:
        """The Chroma server; ``None`` where vectors lie in the index folder."""
        if self.chroma_url is None:
            return None
        return ChromaServer(self.chroma_url, self.chroma_headers)


DEFAULTS = Options()
