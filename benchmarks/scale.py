"""How the search indexes do with many passages.

::

    python benchmarks/scale.py --passages 100000

Passages and vectors are made up: words as frequent as in a language, vectors that lie in clusters
of some fifty dimensions, as those of texts do. Prints how long it takes to build, grow and reopen
the indexes, how long a search takes beside the embedding of its query, how many of the ten
nearest it finds, and what stands on the disk.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, PassageRecord, Published
from index.derived import Derived, DerivedStore
from index.embedding import OfflineEmbedder

DIMENSIONS = 384
INTRINSIC = 48
CLUSTERS = 500
WORDS_IN_PASSAGE = 160
VOCABULARY = 60_000
GROWTH = 100
DEPTH = 300
QUERIES = 200

Array = NDArray[np.float32]


@dataclass
class MadeUp:
    """What a catalogue says of passages that do not exist."""

    vectors: Array
    visible: int
    generation: int = 1
    current: Published | None = None

    @classmethod
    def of(cls, count: int) -> MadeUp:
        chance = np.random.default_rng(0)
        centres = chance.normal(size=(CLUSTERS, INTRINSIC))
        points = centres[chance.integers(0, CLUSTERS, count)]
        points = points + 0.7 * chance.normal(size=points.shape)
        spread = (points @ chance.normal(size=(INTRINSIC, DIMENSIONS))).astype(np.float32)
        spread += chance.normal(size=spread.shape).astype(np.float32)
        return cls(_unit(spread), count - GROWTH)

    def grow(self) -> None:
        self.visible, self.generation = len(self.vectors), 2

    def passages_since(self, generation: int, batch: int = 1000) -> Iterator[list[PassageRecord]]:
        first = len(self.vectors) - GROWTH if generation else 0
        for start in range(first, self.visible, batch):
            yield [self._record(row) for row in range(start, min(start + batch, self.visible))]

    def removed_since(self, _generation: int) -> list[int]:
        return []

    def passage_count(self) -> int:
        return self.visible

    def published(self) -> Published | None:
        return self.current

    def publish(self, published: Published) -> None:
        self.current = published

    def _record(self, row: int) -> PassageRecord:
        words = text_of(row, WORDS_IN_PASSAGE).split()
        return PassageRecord(
            id=row + 1,
            article_id=str(row // 20),
            title=" ".join(words[:6]),
            heading=" ".join(words[6:9]),
            sentences=(" ".join(words),),
            vector=self.vectors[row],
            published=None,
            authors=(),
            publisher=None,
        )


def text_of(seed: int, words: int) -> str:
    ranks = np.random.default_rng(seed).zipf(1.15, words) % VOCABULARY
    return " ".join(f"{chr(97 + rank % 26)}w{rank:x}" for rank in ranks.tolist())


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def main() -> None:
    options = _parser().parse_args()
    made_up = MadeUp.of(options.passages)
    catalogue = cast(Catalogue, made_up)
    with tempfile.TemporaryDirectory() as name:
        store = DerivedStore(Path(name), DIMENSIONS)
        with timed(f"build {made_up.visible} passages"):
            store.update(catalogue)
        made_up.grow()
        with timed(f"add {GROWTH} more"):
            store.update(catalogue)
        assert made_up.current is not None
        folder = Path(name) / made_up.current.name
        for part in ("vectors", "keywords"):
            print(f"{part} on disk: {_size(folder / part) / 1e6:.0f} MB")
        for _ in range(2):
            with timed("reopen, checksums included"), store.open(catalogue):
                pass
        with store.open(catalogue) as derived:
            _search(derived, made_up.vectors)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:.0f} MB, {made_up.vectors.nbytes / 2**20:.0f} of it made up")


def _search(derived: Derived, vectors: Array) -> None:
    chance = np.random.default_rng(1)
    sources = vectors[chance.integers(0, len(vectors), QUERIES)]
    noise = chance.normal(size=sources.shape) / np.sqrt(DIMENSIONS)
    queries = _unit(np.asarray(sources + 0.5 * noise, np.float32))
    texts = [text_of(10**9 + number, 12) for number in range(QUERIES)]
    embedder = OfflineEmbedder()
    embedder.query("the first one loads the model")
    for name, work in (
        ("embedding of the query", lambda at: embedder.query(texts[at])),
        (f"nearest {DEPTH}", lambda at: derived.nearest(queries[at], DEPTH)),
        (f"matching {DEPTH}", lambda at: derived.matching(texts[at], DEPTH)),
    ):
        _report(name, work)
    found = [[id - 1 for id, _ in derived.nearest(query, DEPTH)[:10]] for query in queries]
    true = [np.argsort(-(vectors @ query))[:10].tolist() for query in queries]
    shares = [len(set(a) & set(b)) / 10 for a, b in zip(found, true, strict=True)]
    print(f"recall of the ten nearest: {np.mean(shares):.4f}, worst query {min(shares)}")


def _report(name: str, work: Callable[[int], object]) -> None:
    seconds = []
    for at in range(QUERIES):
        begun = time.perf_counter()
        work(at)
        seconds.append(time.perf_counter() - begun)
    p50, p95 = 1000 * np.quantile(seconds, [0.5, 0.95])
    print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


@contextmanager
def timed(name: str) -> Iterator[None]:
    begun, busy = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - begun, time.process_time() - busy
    print(f"{name}: {wall:.1f} s ({cpu:.1f} s of processor)", flush=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=100_000)
    return parser


if __name__ == "__main__":
    main()
