"""Rankings of what people would use instead, for ``python -m benchmarks.retrieval --with FILE``.

    python -m venv others
    others/bin/pip install -e . llama-index-vector-stores-chroma llama-index-retrievers-bm25 \\
        haystack-ai txtai
    others/bin/python -m benchmarks.baselines --data FOLDER --out FILE [--cache FILE]

Every system reads the same files as plain text, uses the bundled embedding model, and otherwise
its documented defaults; where a default is no choice (how many to bring), so many are brought that
the ranking of articles is full. ``--cache`` keeps vectors for another run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.wildgraph import questions
from index.embedding import OfflineEmbedder

DEPTH = 300
"""How many pieces each system is asked for."""

KEPT = 100
"""How many articles of a ranking are written."""

Pages = dict[str, str]
"""File name → text."""

Search = Callable[[str], Iterable[str]]
"""Question → the file of each piece found, best first."""


class Model:
    """The bundled model, with a file of what it has embedded before."""

    def __init__(self, cache: str) -> None:
        self._embedder = OfflineEmbedder()
        # A framework may embed in a thread of its own.
        self._cache = sqlite3.connect(cache, isolation_level=None, check_same_thread=False)
        self._cache.execute("CREATE TABLE IF NOT EXISTS vectors (id PRIMARY KEY, vector BLOB)")

    def texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), 384)``."""
        vectors = [self._known(text) for text in texts]
        missing = [at for at, vector in enumerate(vectors) if vector is None]
        for start in tqdm(range(0, len(missing), 64), "embedding", leave=False, disable=None):
            batch = missing[start : start + 64]
            made = self._embedder.passages([texts[at] for at in batch])
            for at, vector in zip(batch, made, strict=True):
                vectors[at] = vector
                self._keep(texts[at], vector)
        return np.stack([vector for vector in vectors if vector is not None])

    def query(self, text: str) -> list[float]:
        return [float(value) for value in self._embedder.query(text)]

    def _known(self, text: str) -> NDArray[np.float32] | None:
        found = self._cache.execute("SELECT vector FROM vectors WHERE id = ?", (_id(text),))
        return next((np.frombuffer(row[0], np.float32) for row in found), None)

    def _keep(self, text: str, vector: NDArray[np.float32]) -> None:
        row = (_id(text), vector.astype(np.float32).tobytes())
        self._cache.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", row)


def _id(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def llama_index(pages: Pages, model: Model) -> dict[str, Search]:
    """``VectorStoreIndex`` over Chroma, and fused with BM25 by ``QueryFusionRetriever``.

    Pieces are those of the default ``SentenceSplitter``. The default mode of fusion compares
    scores that have no common scale; the two others are taken. No model writes further queries.
    """
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class Bundled(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[float(value) for value in row] for row in model.texts(texts)]

        def _get_query_embedding(self, query: str) -> list[float]:
            return model.query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return model.query(query)

    documents = [Document(text=text, id_=name) for name, text in pages.items()]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    collection = chromadb.EphemeralClient().create_collection("pages", embedding_function=None)
    storage = StorageContext.from_defaults(
        vector_store=ChromaVectorStore(chroma_collection=collection)
    )
    index = VectorStoreIndex(nodes, storage_context=storage, embed_model=Bundled())
    near = index.as_retriever(similarity_top_k=DEPTH)
    words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)

    def fused(mode: FUSION_MODES) -> Any:
        return QueryFusionRetriever(
            [near, words],
            llm=MockLLM(),
            mode=mode,
            similarity_top_k=DEPTH,
            num_queries=1,
            use_async=False,
        )

    def search(retriever: Any) -> Search:
        return lambda query: (str(hit.node.ref_doc_id) for hit in retriever.retrieve(query))

    name = f"LlamaIndex {version('llama-index-core')}"
    return {
        f"{name}, VectorStoreIndex over Chroma": search(near),
        f"{name}, fusion with BM25 by rank": search(fused(FUSION_MODES.RECIPROCAL_RANK)),
        f"{name}, fusion with BM25 by score": search(fused(FUSION_MODES.RELATIVE_SCORE)),
    }


def haystack(pages: Pages, model: Model) -> dict[str, Search]:
    """Vectors and BM25 in its in-memory store, joined by rank; pieces of 200 words, its default."""
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    pieces = _haystack_pieces(pages)
    vectors = model.texts([piece.content for piece in pieces])
    for piece, vector in zip(pieces, vectors, strict=True):
        piece.embedding = [float(value) for value in vector]
    store = InMemoryDocumentStore()
    store.write_documents(pieces)
    words = InMemoryBM25Retriever(store, top_k=DEPTH)
    near = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(query: str) -> Iterable[str]:
        lists = [
            words.run(query=query)["documents"],
            near.run(query_embedding=model.query(query))["documents"],
        ]
        return (hit.meta["file"] for hit in joiner.run(documents=lists)["documents"])

    return {f"Haystack {version('haystack-ai')}, hybrid by rank": search}


def _haystack_pieces(pages: Pages) -> list[Any]:
    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter

    splitter = DocumentSplitter()
    splitter.warm_up()
    documents = [Document(content=text, meta={"file": name}) for name, text in pages.items()]
    pieces = splitter.run(documents=documents)["documents"]
    return [piece for piece in pieces if piece.content and piece.content.strip()]


def txtai(pages: Pages, model: Model) -> dict[str, Search]:
    """``Embeddings(hybrid=True)``. It cuts nothing by itself: it gets the pieces of Haystack."""
    from txtai import Embeddings

    pieces = _haystack_pieces(pages)
    files = [str(piece.meta["file"]) for piece in pieces]

    def transform(texts: Sequence[str]) -> NDArray[np.float32]:
        return model.texts(texts)  # a bound method would be taken for a class to be made

    embeddings = Embeddings(method="external", transform=transform, hybrid=True)
    embeddings.index((at, piece.content, None) for at, piece in enumerate(pieces))

    def search(query: str) -> Iterable[str]:
        return (files[int(at)] for at, _ in embeddings.search(query, DEPTH))

    return {f"txtai {version('txtai')}, hybrid": search}


SYSTEMS = {"llama-index": llama_index, "haystack": haystack, "txtai": txtai}


def main() -> None:
    options = _parser().parse_args()
    files = sorted((options.data / "articles").iterdir())[: options.pages]
    pages = {file.name: file.read_text("utf-8", "replace") for file in files}
    model = Model(str(options.cache or ":memory:"))
    asked = [case.text for case in questions(options.data)]
    rankings: dict[str, dict[str, list[str]]] = {}
    for name in options.systems:
        begun = time.perf_counter()
        for system, search in SYSTEMS[name](pages, model).items():
            rankings[system] = {
                query: list(dict.fromkeys(search(query)))[:KEPT]
                for query in tqdm(asked, system, disable=None)
            }
        print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
        options.out.write_text(json.dumps(rankings), "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    return parser


if __name__ == "__main__":
    main()
