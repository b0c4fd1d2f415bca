"""Articles in, hits out: the public names of the index.

Each is imported on first use, so that ``import index`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.article import Article, Hit, Metadata, Passage, Span
    from index.errors import (
        CatalogueError,
        ClosedError,
        CorpusError,
        EmbeddingError,
        FilterError,
        FingerprintError,
        IndexingError,
        LockedError,
        PinciteError,
        QueryError,
        ReadingError,
        RerankingError,
        StorageError,
        VectorServerError,
    )
    from index.filtering import Filter
    from index.library import Library
    from index.options import Options
    from index.sync import SyncReport

__all__ = [
    "Article",
    "CatalogueError",
    "ClosedError",
    "CorpusError",
    "EmbeddingError",
    "Filter",
    "FilterError",
    "FingerprintError",
    "Hit",
    "IndexingError",
    "Library",
    "LockedError",
    "Metadata",
    "Options",
    "Passage",
    "PinciteError",
    "QueryError",
    "ReadingError",
    "RerankingError",
    "Span",
    "StorageError",
    "SyncReport",
    "VectorServerError",
]

_MODULES = {
    "Article": "article",
    "Filter": "filtering",
    "Hit": "article",
    "Library": "library",
    "Metadata": "article",
    "Options": "options",
    "Passage": "article",
    "Span": "article",
    "SyncReport": "sync",
}
"""Where a public name is defined; the others are errors."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"index.{_MODULES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
