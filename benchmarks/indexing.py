"""How long indexing takes, where the time goes, and how much memory it needs.

    python benchmarks/indexing.py --data FOLDER      # any folder of articles, the bundled model
    python benchmarks/indexing.py --generate 2000    # small made-up articles, made-up vectors

The first says what share of the time goes by outside the embedding model. The second says how long
it takes to find that nothing has changed. Peak memory is that of this process, model included.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Library
from index.embedding import Embedder, OfflineEmbedder
from index.library import Options
from index.sync import SyncReport


class Timed:
    """An embedding model with a stopwatch."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.max_tokens = embedder.max_tokens
        self.seconds = 0.0
        self.counting_seconds = 0.0

    def count(self, texts: Sequence[str]) -> list[int]:
        started = time.perf_counter()
        counts = self._embedder.count(texts)
        self.counting_seconds += time.perf_counter() - started
        return counts

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        started = time.perf_counter()
        vectors = self._embedder.passages(texts)
        self.seconds += time.perf_counter() - started
        return vectors

    def query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.query(text)


class MadeUp(OfflineEmbedder):
    """Random vectors that cost nothing."""

    name = "made-up"

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimensions))
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit.astype(np.float32)


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.data:
            _measure(options.data, Path(folder) / "home", Timed(OfflineEmbedder()))
        else:
            corpus = Path(folder) / "corpus"
            _generate(corpus, options.generate)
            _measure(corpus, Path(folder) / "home", Timed(MadeUp()))


def _measure(corpus: Path, home: Path, embedder: Timed) -> None:
    started = time.perf_counter()
    with Library.open(corpus, home, options=Options(embedder=embedder)) as library:
        seconds = time.perf_counter() - started
        _print_first(library, embedder, seconds)
        for name in ("unchanged, at once", "unchanged"):
            print(f"{name}: {_timed_sync(library):.3f} s")


def _print_first(library: Library, embedder: Timed, seconds: float) -> None:
    report: SyncReport = library.report
    passages = library.passage_count()
    print(f"files {report.added}, failed {len(report.failed)}, passages {passages}")
    print(f"indexed in {seconds:.1f} s, {passages / seconds:.1f} passages/s")
    print(f"  embedding model {embedder.seconds:.1f} s")
    print(f"  outside it {100 * (1 - embedder.seconds / seconds):.1f} %")
    print(f"  of which tokens were counted for {embedder.counting_seconds:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _timed_sync(library: Library) -> float:
    started = time.perf_counter()
    report = library.sync()
    seconds = time.perf_counter() - started
    assert (report.added, report.changed) == (0, 0)
    return seconds


def _generate(folder: Path, number: int) -> None:
    """So many articles of a few sentences."""
    folder.mkdir()
    draw = random.Random(1)
    words = [f"word{n}" for n in range(2000)]
    for n in range(number):
        sentences = [" ".join(draw.choices(words, k=12)).capitalize() + "." for _ in range(8)]
        (folder / f"{n:06}.txt").write_text(f"Article {n}\n\n{' '.join(sentences)}\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus = parser.add_mutually_exclusive_group(required=True)
    corpus.add_argument("--data", type=Path, help="a folder of articles")
    corpus.add_argument("--generate", type=int, metavar="N", help="make N small articles up")
    return parser


if __name__ == "__main__":
    main()
