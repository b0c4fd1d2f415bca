"""How long indexing takes, where the time goes, and how much memory it needs.

    python benchmarks/indexing.py --data FOLDER [FOLDER…]   # articles, the bundled model
    python benchmarks/indexing.py --generate 2000           # small made-up articles and vectors

The first says what share of the time goes by outside the embedding model; the second, how long it
takes to find that nothing has changed. ``--every N`` takes every N-th article only, ``--made-up``
vectors that cost nothing. Peak memory is that of this process, model included.

On a busy machine the share of the wall time says little. The processor's time does: the model
keeps all cores busy, the rest keeps one, so that the share on a quiet machine of C cores is
``rest / (rest + model / C)``.
"""

from __future__ import annotations

import argparse
import os
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
        self.busy = 0.0
        """Seconds of processor time, of all threads."""
        self.counting_seconds = 0.0

    def count(self, texts: Sequence[str]) -> list[int]:
        started = time.perf_counter()
        counts = self._embedder.count(texts)
        self.counting_seconds += time.perf_counter() - started
        return counts

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        started, busy = time.perf_counter(), time.process_time()
        vectors = self._embedder.passages(texts)
        self.seconds += time.perf_counter() - started
        self.busy += time.process_time() - busy
        return vectors

    def query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.query(text)


class MadeUp(OfflineEmbedder):
    """Random vectors that cost nothing, no two alike."""

    name = "made-up"

    def __init__(self) -> None:
        self._draw = np.random.default_rng(1)

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._draw.normal(size=(len(texts), self.dimensions))
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit.astype(np.float32)


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        if options.data:
            _link(corpus, options.data, options.every)
        else:
            _generate(corpus, options.generate)
        made_up = options.made_up or not options.data
        _measure(corpus, Path(folder) / "home", Timed(MadeUp() if made_up else OfflineEmbedder()))


def _measure(corpus: Path, home: Path, embedder: Timed) -> None:
    started, busy = time.perf_counter(), time.process_time()
    with Library.open(corpus, home, options=Options(embedder=embedder)) as library:
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        _print_first(library, embedder, seconds)
        _print_processor(embedder.busy, busy - embedder.busy)
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


def _print_processor(model: float, rest: float) -> None:
    share = rest / (rest + model / (os.cpu_count() or 1))
    print(f"processor: model {model:.1f} s, rest {rest:.1f} s; alone on it, {share:.1%} outside")


def _timed_sync(library: Library) -> float:
    started = time.perf_counter()
    report = library.sync()
    seconds = time.perf_counter() - started
    assert (report.added, report.changed) == (0, 0)
    return seconds


def _link(folder: Path, sources: Sequence[Path], every: int) -> None:
    """Links to every so-many-th file of the folders, by name."""
    for source in sources:
        into = folder / source.resolve().parent.name
        into.mkdir(parents=True)
        for path in sorted(source.iterdir())[::every]:
            (into / path.name).symlink_to(path.resolve())


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
    corpus.add_argument("--data", type=Path, nargs="+", metavar="FOLDER", help="articles")
    corpus.add_argument("--generate", type=int, metavar="N", help="make N small articles up")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every N-th only (1)")
    parser.add_argument("--made-up", action="store_true", help="vectors that cost nothing")
    return parser


if __name__ == "__main__":
    main()
