"""Every error of Pincite that is not a bug.

::

    PinciteError
    ├── IndexingError
    │   ├── CorpusError           no such folder, nothing to read in it
    │   ├── ReadingError          one file cannot be read; the rest goes on
    │   ├── EmbeddingError        the embedding model cannot be loaded or reached
    │   ├── CatalogueError        the index's truth is damaged or of an unknown version
    │   ├── FingerprintError      the index was made with other settings
    │   ├── LockedError           another process is writing
    │   ├── StorageError          disk full, folder read-only
    │   ├── VectorServerError     the Chroma server does not answer as one
    │   ├── QueryError            nothing to search for
    │   ├── FilterError           a filter that no article could pass
    │   ├── ClosedError           the library has been closed
    │   └── RerankingError        a reranker cannot be loaded, or failed
    ├── PromptError               a prompt's file or its variables (``prompts``)
    └── AssistantError            the branch of ``assistant.errors``

Each message gives the cause and the next step in one sentence or two, names no secret,
and is fit to be shown to a person as it is.
"""

from __future__ import annotations


class PinciteError(Exception):
    """Root of the tree."""


class IndexingError(PinciteError):
    """Something about articles or their index."""


class CorpusError(IndexingError):
    """The corpus does not exist or holds nothing that can be read."""


class ReadingError(IndexingError):
    """A file cannot be read as an article."""


class EmbeddingError(IndexingError):
    """Texts cannot be turned into vectors."""


class CatalogueError(IndexingError):
    """The catalogue is damaged or was made by an unknown version."""


class FingerprintError(IndexingError):
    """The index was made with another embedding model or other passage settings."""


class LockedError(IndexingError):
    """Another process is writing to the index."""


class StorageError(IndexingError):
    """The disk is full or the folder cannot be written."""


class VectorServerError(IndexingError):
    """The Chroma server cannot be reached or refuses."""


class QueryError(IndexingError):
    """What is searched for is empty, or is no text."""


class ClosedError(IndexingError):
    """A library is used after it has been closed."""


class FilterError(IndexingError):
    """A filter that no article could pass, such as a period that ends before it begins."""


class RerankingError(IndexingError):
    """A reranker cannot be loaded, or failed."""
