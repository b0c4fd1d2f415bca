"""Models of the Hugging Face hub, run on this machine by sentence-transformers, through LlamaIndex.

They come with the extra ``huggingface`` (PyTorch among it). A name is looked for in the hub's cache
and fetched where it is not there; a folder needs no network.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import HUGGINGFACE
from index.errors import EmbeddingError, RerankingError
from index.llama import LlamaEmbedder

if TYPE_CHECKING:
    from llama_index.core.postprocessor import SentenceTransformerRerank

EXTRA = "run `pip install 'pincite[huggingface]'`"


def huggingface_embedder(model: str) -> LlamaEmbedder:
    """The embedding model of this name or in this folder, loaded. Raises ``EmbeddingError``."""
    try:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    except ImportError as error:
        raise EmbeddingError(
            f"The embedding model {model} needs {error.name or 'PyTorch'}: {EXTRA}."
        ) from error
    try:
        embedding = HuggingFaceEmbedding(model_name=_place(model), trust_remote_code=False)
    except Exception as error:  # whatever a file or the hub may lead to
        raise EmbeddingError(_unloaded("embedding", model, error)) from error
    return LlamaEmbedder(embedding, f"{HUGGINGFACE}{_identity(model)}", embedding.max_length)


def huggingface_reranker(model: str, most: int) -> SentenceTransformerRerank:
    """The cross-encoder of this name or in this folder, loaded, which keeps the ``most`` best.

    Raises ``RerankingError``.
    """
    from llama_index.core.postprocessor import SentenceTransformerRerank

    try:
        import sentence_transformers  # noqa: F401
    except ImportError as error:
        raise RerankingError(f"The reranker {model} needs {error.name}: {EXTRA}.") from error
    try:
        return SentenceTransformerRerank(model=_place(model), top_n=most, trust_remote_code=False)
    except Exception as error:  # whatever a file or the hub may lead to
        raise RerankingError(_unloaded("reranker", model, error)) from error


def _place(model: str) -> str:
    """A folder's path, or the name as it is."""
    folder = Path(model).expanduser()
    return str(folder) if folder.is_dir() else model


def _identity(model: str) -> str:
    """The model's name; of a folder, its own name and a digest of what it holds, so that it may be
    moved, and another model in its place is noticed."""
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return model
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(folder).as_posix()} {file.stat().st_size}\n".encode())
            if file.suffix == ".json":
                digest.update(file.read_bytes())
    return f"{folder.resolve().name}:{digest.hexdigest()[:8]}"


def _unloaded(kind: str, model: str, error: Exception) -> str:
    cause = (str(error).strip().splitlines() or [""])[0][:200]
    return (
        f"The {kind} model {model} cannot be loaded ({type(error).__name__}: {cause}): give the "
        "name of a model of the Hugging Face hub, which needs the network once, or the folder of "
        "one."
    )
