"""Small corpora and a small embedding model, for tests of the library."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue

DIMENSIONS = 32


class WordEmbedder:
    """Texts that share words have near vectors. Remembers what it was asked to embed."""

    dimensions = DIMENSIONS
    max_tokens = 1000

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.seen: list[str] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(DIMENSIONS, 0.01, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            seed = zlib.crc32(f"{self.name} {word}".encode())
            vector += np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files, making their folders."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def contents(catalogue: Catalogue) -> list[object]:
    """All that a search could show, in a form that does not depend on how it came to be."""
    found: list[object] = []
    for article in catalogue.articles():
        passages = [(one.heading, one.sentences) for one in catalogue.passages_of(article)]
        found.append((article, catalogue.boilerplate(article.id), passages))
    return [found, sorted(_records(catalogue))]


def _records(catalogue: Catalogue) -> list[tuple[str, str, str, bytes]]:
    return [
        (record.article_id, record.title, record.body, record.vector.tobytes())
        for batch in catalogue.passages_since(0)
        for record in batch
    ]
