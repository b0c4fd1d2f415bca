"""Small corpora and a small embedding model, for tests of the library."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Library
from index.catalogue import Catalogue
from index.corpus import Corpus
from index.cutting import Cutter
from index.indexing import Indexer
from index.library import Options
from index.sync import SyncReport

WHEAT = "Wheat\n\nThe harvest of wheat was poor in May. Prices of bread rose in the capital."
STEEL = "Steel\n\nThe mill of the north made less steel. Its owners dismissed forty workers."
TRAIN = "Trains\n\nThe night train to the coast runs again. It leaves at nine in the evening."

FILES = {
    "wheat.txt": "Wheat\n\nThe harvest of wheat was poor in May. Bread is dear in the capital.",
    "steel.txt": "Steel\n\nThe mill of the north made less steel. Forty workers were dismissed.",
    "more/trains.txt": "Trains\n\nThe night train to the coast runs again, at nine in the evening.",
}

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


def _records(catalogue: Catalogue) -> list[tuple[str | bytes, ...]]:
    return [
        (record.article_id, record.title, *record.sentences, record.vector.tobytes())
        for batch in catalogue.passages_since(0)
        for record in batch
    ]


class Bench:
    """A corpus and its catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "corpus"
        self.folder.mkdir(parents=True)
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.embedder = WordEmbedder()
        self.steps: list[tuple[int, int, int, str]] = []

    def sync(self, path: Path | None = None, *, passage_tokens: int = 30) -> SyncReport:
        self.embedder.seen.clear()
        cutter = Cutter(self.embedder, passage_tokens, 5)
        return Indexer(Corpus.of(self.folder), self.catalogue, cutter, self._step).run(path)

    def _step(self, *step: object) -> None:
        self.steps.append(step)  # type: ignore[arg-type]

    def write(self, **files: str) -> None:
        write(self.folder, {name.replace("_", "."): text for name, text in files.items()})

    def paths(self) -> list[tuple[str, ...]]:
        return [article.paths for article in self.catalogue.articles()]


def counts(report: SyncReport) -> dict[str, int]:
    names = ("added", "changed", "removed", "unchanged", "moved")
    found = {name: getattr(report, name) for name in names}
    return {name: count for name, count in found.items() if count} | (
        {"failed": len(report.failed)} if report.failed else {}
    )


def options(name: str = "words", **others: object) -> Options:
    return Options(embedder=WordEmbedder(name), lock_timeout=0.2, **others)  # type: ignore[arg-type]


def best(library: Library, query: str) -> str:
    return library.search(query, 1)[0].passage.article.path


def embedder_of(library: Library) -> WordEmbedder:
    assert isinstance(library.embedder, WordEmbedder)
    return library.embedder


def folder_of(home: Path) -> Path:
    """The one library under ``home``."""
    (folder,) = home.iterdir()
    return folder
