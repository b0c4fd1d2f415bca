"""How long a filtered search takes, by how much of the corpus the filter admits.

::

    python -m benchmarks.filters --passages 100000

Passages, vectors and dates are made up as in :mod:`benchmarks.scale`; catalogue, Chroma and
Tantivy are real. Prints the latency of ``library.search`` for periods that admit 0.1 to 100 % of
the passages: the first search with a filter, which looks up what it admits, and those after it
(p50, p95), beside the embedding of the query; and how many of the ten nearest admitted passages
the restricted dense search finds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np

from benchmarks.scale import DEPTH, DIMENSIONS, WORDS_IN_PASSAGE, Array, MadeUp, text_of, timed
from index import Library
from index import statements as sql
from index.article import Metadata, Span, article_id
from index.derived import Derived
from index.filtering import Filter, Period
from index.library import Options
from index.records import pack_metadata, pack_spans
from index.restricted import Admitted, Restricted

PASSAGES_OF_ARTICLE = 20
SHARES = (0.001, 0.04, 0.5, 0.96, 1.0)
SEARCHES = 50
FIRST_DAY = date(2000, 1, 1)


class Known:
    """Gives texts the vectors they were given: what embedding takes is not measured here."""

    name = "made up"
    dimensions = DIMENSIONS
    max_tokens = 1000

    def __init__(self) -> None:
        self.vectors: dict[str, Array] = {}

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def passages(self, texts: Sequence[str]) -> Array:
        return np.stack([self.vectors[text] for text in texts])

    def query(self, text: str) -> Array:
        return self.vectors[text]


def main() -> None:
    options = _parser().parse_args()
    vectors = MadeUp.of(options.passages).vectors
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "corpus"
        corpus.mkdir()
        embedder = Known()
        chosen = Options(embedder=embedder)
        with Library.open(corpus, Path(name) / "home", options=chosen, sync=False) as library:
            with timed(f"catalogue of {len(vectors)} passages"):
                _fill(library, vectors)
            with timed("search indexes"):
                library._store.update(library.catalogue)
            _queries(embedder, vectors)
            with timed("register of all articles"):
                library.register()
            for share in SHARES:
                _measure(library, embedder, vectors, share)


def _fill(library: Library, vectors: Array) -> None:
    """One article after the other, in a random order of dates."""
    count = -(-len(vectors) // PASSAGES_OF_ARTICLE)
    days = np.random.default_rng(3).permutation(count).tolist()
    database = library.catalogue.database
    with database.writing():
        for number, day in enumerate(days):
            rows = range(number * PASSAGES_OF_ARTICLE, (number + 1) * PASSAGES_OF_ARTICLE)
            rows = range(rows.start, min(rows.stop, len(vectors)))
            texts = [text_of(row, WORDS_IN_PASSAGE) for row in rows]
            starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
            text = " ".join(texts)
            id, path = article_id(text), f"{number:06}.txt"
            known = pack_metadata(Metadata(published=FIRST_DAY + timedelta(days=day)))
            database.run(sql.ARTICLE_INSERT, id, text, known, pack_spans([]), "")
            database.run(sql.LOCATION_INSERT, path, path, id, known)
            for at, row in enumerate(rows):
                packed, key = vectors[row].tobytes(), f"{row:032}"
                database.run(sql.EMBEDDING_INSERT, key, packed, crc32(packed), key)
                span = pack_spans([Span(starts[at], starts[at] + len(texts[at]))])
                database.run(sql.PASSAGE_INSERT, row + 1, id, "", span, key, 1)
        library.catalogue.set_meta("generation", "1")


def _queries(embedder: Known, vectors: Array) -> None:
    chance = np.random.default_rng(1)
    near = vectors[chance.integers(0, len(vectors), SEARCHES + 1)]
    noisy = near + 0.5 * chance.normal(size=near.shape) / np.sqrt(DIMENSIONS)
    unit = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
    for number, vector in enumerate(unit.astype(np.float32)):
        embedder.vectors[text_of(10**9 + number, 12)] = vector


def _measure(library: Library, embedder: Known, vectors: Array, share: float) -> None:
    count = len(library.register().entries)
    last = FIRST_DAY + timedelta(days=max(0, round(share * count) - 1))
    period: Period = (None, None) if share == 1 else (None, last)
    admitted = library.register().admitted(Filter(period))
    first, *others = (_seconds(library, query, period) for query in embedder.vectors)
    p50, p95 = 1000 * np.quantile(others, [0.5, 0.95])
    found = _recall(library, embedder, vectors, Filter(period))
    print(
        f"{share:6.1%} ({len(admitted):6} passages): first {1000 * first:6.1f} ms, "
        f"then p50 {p50:5.1f} ms, p95 {p95:5.1f} ms; {found:.3f} of the ten nearest"
    )


def _seconds(library: Library, query: str, period: Period) -> float:
    begun = time.perf_counter()
    library.search(query, published=period)
    return time.perf_counter() - begun


def _recall(library: Library, embedder: Known, vectors: Array, wanted: Filter) -> float:
    admitted = library.register().admitted(wanted)
    allowed = vectors[admitted.ids - 1]
    shares = []
    for query in embedder.vectors.values():
        true = set(admitted.ids[np.argsort(-(allowed @ query))[:10]].tolist())
        found = library.use(partial(_nearest, admitted, query))
        shares.append(len(true & set(found[:10])) / len(true))
    return float(np.mean(shares))


def _nearest(admitted: Admitted, query: Array, derived: Derived) -> list[int]:
    return [id for id, _ in Restricted(derived, admitted).nearest(query, DEPTH)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=100_000)
    return parser


if __name__ == "__main__":
    main()
