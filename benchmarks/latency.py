"""How a library of many passages does: to build, to open, to search.

::

    python -m benchmarks.latency --passages 100000

Articles and vectors are made up: words as frequent as in a language, vectors that lie in clusters
of some fifty dimensions, as those of texts do. They are put into a catalogue without reading or
embedding anything; from there on all is as with real ones. Prints how long it takes to build the
search indexes, to add an article, to open the library in a process of its own, and to search
beside the embedding of the query, alone and with eight callers at a time; how many of the ten
nearest are found; and what stands on the disk. ``--home`` keeps the library for another run.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Library
from index.article import Metadata, Span, article_id
from index.catalogue import Catalogue
from index.corpus import Corpus
from index.cutting import Cutter
from index.derived import Derived
from index.embedding import OfflineEmbedder
from index.library import Options
from index.library import _folder as index_folder
from index.reading import READER_VERSION
from index.records import Cut, Draft, FileRecord, Location
from index.sync import digest
from index.writer import CatalogueWriter

DIMENSIONS = 384
INTRINSIC = 48
CLUSTERS = 500
WORDS_IN_SENTENCE = 16
SENTENCES_IN_PASSAGE = 10
PASSAGES_IN_ARTICLE = 20
VOCABULARY = 60_000
QUERIES = 200
CALLERS = 8
K = 12
"""Passages asked for: what an answer is written from."""

Array = NDArray[np.float32]


class MadeUp:
    """Vectors of passages that mean nothing, and of queries near to them."""

    name = "made-up"
    dimensions = DIMENSIONS
    max_tokens = 10_000

    def __init__(self, count: int) -> None:
        chance = np.random.default_rng(0)
        self._centres = chance.normal(size=(CLUSTERS, INTRINSIC))
        self._spread = chance.normal(size=(INTRINSIC, DIMENSIONS))
        self.passage_count = count
        self.known: dict[str, Array] = {}
        """Queries whose vectors are at hand."""

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def passages(self, texts: Sequence[str]) -> Array:
        return np.stack([self.vector(_seed(text)) for text in texts])

    def query(self, text: str) -> Array:
        if text in self.known:
            return self.known[text]
        chance = np.random.default_rng(_seed(text))
        near = self.vector(int(chance.integers(self.passage_count)))
        noise = chance.normal(size=DIMENSIONS) / np.sqrt(DIMENSIONS)
        return _unit(near + 0.5 * noise)

    def vector(self, number: int) -> Array:
        """Of the passage with this number."""
        chance = np.random.default_rng(number)
        point = self._centres[chance.integers(CLUSTERS)] + 0.7 * chance.normal(size=INTRINSIC)
        return _unit(point @ self._spread + chance.normal(size=DIMENSIONS))


def _unit(vector: NDArray[np.floating]) -> Array:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def words_of(seed: int, count: int) -> str:
    ranks = np.random.default_rng(seed).zipf(1.15, count) % VOCABULARY
    return " ".join(f"{chr(97 + rank % 26)}w{rank:x}" for rank in ranks.tolist())


def stock(corpus: Path, home: Path, embedder: MadeUp) -> None:
    """Write the articles' files and a catalogue that has read them."""
    corpus.mkdir(parents=True)
    cutter = Cutter(embedder, Options().passage_tokens, Options().overlap_tokens)
    catalogue = Catalogue(index_folder(home, Corpus.of(corpus)) / "catalogue.sqlite")
    writer = CatalogueWriter(catalogue)
    writer.restart(cutter.fingerprint())
    with catalogue.database.writing():
        for number in range(embedder.passage_count // PASSAGES_IN_ARTICLE):
            _put(writer, corpus, number, cutter)
    catalogue.close()


def _put(writer: CatalogueWriter, corpus: Path, number: int, cutter: Cutter) -> None:
    sentences = PASSAGES_IN_ARTICLE * SENTENCES_IN_PASSAGE
    words = words_of(number, sentences * WORDS_IN_SENTENCE).split()
    cuts: list[Cut] = []
    paragraphs: list[str] = []
    at = 0
    for start in range(0, len(words), WORDS_IN_SENTENCE * SENTENCES_IN_PASSAGE):
        passage = words[start : start + WORDS_IN_SENTENCE * SENTENCES_IN_PASSAGE]
        spans = []
        for first in range(0, len(passage), WORDS_IN_SENTENCE):
            sentence = " ".join(passage[first : first + WORDS_IN_SENTENCE]).capitalize() + "."
            spans.append(Span(at, at + len(sentence)))
            paragraphs.append(sentence)
            at += len(sentence) + 1
        id = f"{number * PASSAGES_IN_ARTICLE + len(cuts):032x}"
        cuts.append(Cut("", tuple(spans), "", id))
    text = " ".join(paragraphs)
    metadata = Metadata(title=" ".join(words[:6]))
    file = corpus / f"{number // 1000:03}" / f"{number:06}.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    embedder = cutter.embedder
    assert isinstance(embedder, MadeUp)
    writer.put_vectors({cut.embedding: embedder.vector(int(cut.embedding, 16)) for cut in cuts})
    draft = Draft(article_id(text), text, metadata, (), tuple(cuts), cutter.settings())
    record = _record(corpus, file)
    writer.put_file(record, [Location(record.path, draft.article_id, metadata)], [draft])


def _record(corpus: Path, file: Path) -> FileRecord:
    status = file.stat()
    # As if it had been read a while after it was written.
    seen = status.st_ctime_ns + 10**10
    times = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, seen)
    path = file.relative_to(corpus).as_posix()
    return FileRecord(path, status.st_size, *times, digest(file), READER_VERSION)


def main() -> None:
    options = _parser().parse_args()
    embedder = MadeUp(options.passages)
    settings = Options(embedder=embedder)
    if options.reopen:
        return _reopen(options.home, settings)
    with _home(options.home) as home:
        corpus = home / "corpus"
        if not corpus.exists():
            with timed(f"make up {options.passages} passages"):
                stock(corpus, home, embedder)
        with timed("build the search indexes"):
            library = Library.open(corpus, home, options=settings)
        with library:
            print(f"{library.passage_count()} passages of {library.catalogue.article_count()}")
            with timed("add an article"):
                library.add(f"{time.time_ns()} words.", Metadata(), "added.txt")
            _report_disk(home)
            _report_search(library, embedder)
        for _ in range(2):
            _in_process_of_its_own(home, options.passages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:.0f} MB")


def _in_process_of_its_own(home: Path, passages: int) -> None:
    command = [sys.executable, "-m", "benchmarks.latency", "--reopen"]
    command += ["--home", str(home), "--passages", str(passages)]
    subprocess.run(command, check=True)


def _reopen(home: Path, settings: Options) -> None:
    import chromadb
    import tantivy

    del chromadb, tantivy  # what it costs to load them is no matter of size
    with timed("open"):
        library = Library.open(home / "corpus", home, options=settings)
    with library:
        assert not library.report.added
        for number in range(2):
            with timed(f"search number {number + 1}"):
                library.search(words_of(10**9, 12), K)


def _report_disk(home: Path) -> None:
    published = max(home.glob("*/derived/*/vectors"))
    for part in sorted(published.parent.iterdir()):
        print(f"{part.name} on disk: {_size(part) / 1e6:.0f} MB")
    [catalogue] = home.glob("*/catalogue.sqlite")
    print(f"catalogue on disk: {catalogue.stat().st_size / 1e6:.0f} MB")


def _report_search(library: Library, embedder: MadeUp) -> None:
    texts = [words_of(10**9 + number, 12) for number in range(QUERIES)]
    offline = OfflineEmbedder()
    offline.query("the first one loads the model")
    queries = {text: embedder.query(text) for text in texts}
    embedder.known = queries
    library.search(texts[0], K)
    for name, callers, work in (
        ("embedding of the query, apart", 1, offline.query),
        (f"search for {K}", 1, lambda text: library.search(text, K)),
        (f"search for {K}, {CALLERS} callers", CALLERS, lambda text: library.search(text, K)),
    ):
        _report(name, callers, texts, work)
    vectors = np.stack([embedder.vector(number) for number in range(embedder.passage_count)])
    shares = []
    for query in queries.values():
        found = library.use(partial(_nearest, query))[:10]
        true = np.argsort(-(vectors @ query))[:10]
        shares.append(len({id - 1 for id, _ in found} & set(true.tolist())) / 10)
    print(f"recall of the ten nearest: {np.mean(shares):.4f}, worst query {min(shares)}")


def _nearest(query: Array, derived: Derived) -> list[tuple[int, float]]:
    return derived.nearest(query, 300)


def _report(name: str, callers: int, texts: Sequence[str], work: Callable[[str], object]) -> None:
    def once(text: str) -> float:
        begun = time.perf_counter()
        work(text)
        return time.perf_counter() - begun

    begun = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        seconds = list(pool.map(once, texts))
    rate = len(texts) / (time.perf_counter() - begun)
    p50, p95 = 1000 * np.quantile(seconds, [0.5, 0.95])
    print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {rate:.0f} a second", flush=True)


@contextmanager
def timed(name: str) -> Iterator[None]:
    begun, busy = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - begun, time.process_time() - busy
    print(f"{name}: {wall:.2f} s ({cpu:.2f} s of processor)", flush=True)


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="keeps the library for another run")
    parser.add_argument("--reopen", action="store_true", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()
