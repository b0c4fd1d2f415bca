"""Is an index that was killed while it was written as good as one that was not?

::

    python benchmarks/soundness.py --kills 100            # Chroma embedded
    python benchmarks/soundness.py --kills 100 --server   # against a Chroma server

Each round starts a process that indexes (builds, grows, changes or rebuilds an index, in turn),
kills it with SIGKILL at a random moment (half of them while it writes the search indexes), opens
the index again, which finishes the work, and compares both rankings, by meaning and by words, with
those of a clean build of the same articles. Exits with 1 if any differs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.library import Library, Options

KINDS = ("build", "grow", "change", "rebuild")
DEPTH = 300
COMPARED = 20

_processes = multiprocessing.get_context("forkserver")


class HashingEmbedder:
    """Texts that share words have near vectors. Costs next to nothing, so that writing counts."""

    name = "hashing"
    dimensions = 64
    max_tokens = 1000

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> NDArray[np.float32]:
        total = np.full(self.dimensions, 0.01)
        for word in re.findall(r"\w+", text.lower()):
            total += np.random.default_rng(zlib.crc32(word.encode())).normal(size=self.dimensions)
        return np.asarray(total / np.linalg.norm(total), np.float32)


@dataclass(frozen=True)
class Work:
    """What a process is to index, and where to."""

    corpus: Path
    home: Path
    url: str | None = None
    rebuild: bool = False

    @property
    def derived(self) -> Path | None:
        return next(self.home.glob("*/derived"), None)

    def open(self) -> Library:
        options = Options(HashingEmbedder(), chroma_url=self.url, rebuild=self.rebuild)
        return Library.open(self.corpus, self.home, options=options)


Ranking = list[tuple[float, list[tuple[str, int, int]]]]


def index(work: Work) -> None:
    work.open().close()


def write_rankings(work: Work, queries: Sequence[str], out: Path) -> None:
    """Open (which finishes what is unfinished), search, and write down what is found."""
    with work.open() as library:
        problems = library.check()
        found = [_rankings(library, query) for query in queries]
    out.write_text(json.dumps({"problems": problems, "rankings": found}))


def _rankings(library: Library, query: str) -> list[Ranking]:
    vector = library.embedder.query(query)
    dense = library.use(lambda derived: derived.nearest(vector, DEPTH))
    words = library.use(lambda derived: derived.matching(query, DEPTH))
    return [_told(library, dense), _told(library, words)]


def _told(library: Library, ranking: Sequence[tuple[int, float]]) -> Ranking:
    """Each score with the places that have it: ids, and so the order of equals, may differ."""
    passages = library.catalogue.passages([id for id, _ in ranking])
    places: dict[float, list[tuple[str, int, int]]] = {}
    for id, score in ranking:
        passage = passages[id]
        place = (passage.article.path, passage.start, passage.end)
        places.setdefault(round(score, 4), []).append(place)
    return [(score, sorted(equals)) for score, equals in list(places.items())[:COMPARED]]


# The articles


def articles(count: int, version: int = 0) -> dict[str, str]:
    return {f"article{number:04d}.txt": _article(number, version) for number in range(count)}


def _article(number: int, version: int) -> str:
    chance = random.Random(f"{number} {version}")
    paragraphs = [
        " ".join(_sentence(chance) for _ in range(chance.randint(4, 9)))
        for _ in range(chance.randint(3, 12))
    ]
    return f"Title of article {number}\n\n" + "\n\n".join(paragraphs) + "\n"


def _sentence(chance: random.Random) -> str:
    words = [_word(chance) for _ in range(chance.randint(6, 16))]
    return " ".join(words).capitalize() + "."


def _word(chance: random.Random) -> str:
    # Some words are much more common than others, as in any language.
    rank = int(chance.paretovariate(0.7)) % 5000
    return "".join(
        "bcdfglmnprst"[rank // 5**place % 12] + "aeiou"[rank // 5**place % 5] for place in range(4)
    )


def write_articles(corpus: Path, texts: Mapping[str, str]) -> None:
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir(parents=True)
    for name, text in texts.items():
        (corpus / name).write_text(text, encoding="utf-8")


def states(count: int) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """For each kind of work, the articles that are indexed and those that are to be."""
    target = articles(count)
    few = dict(list(target.items())[: count * 2 // 3])
    other = articles(count + count // 10, version=1)
    kept = dict(list(target.items())[count // 3 :])
    return {
        "build": ({}, target),
        "grow": (few, target),
        "change": ({**other, **kept}, target),
        "rebuild": (target, target),
    }


# The rounds


class Rounds:
    """Kills and comparisons, in one folder."""

    def __init__(self, folder: Path, count: int, url: str | None, seed: int) -> None:
        self._folder = folder
        self._states = states(count)
        self._work = Work(folder / "corpus", folder / "home", url)
        self._chance = random.Random(seed)
        self._queries = [_sentence(random.Random(f"query {number}")) for number in range(12)]
        self._seconds: dict[tuple[str, bool], float] = {}
        """Of each kind of work: all of it, and (``True``) the writing of search indexes."""
        self.killed = Counter[str]()
        """Of the processes that did not end by themselves, how many had got how far."""

    def reference(self) -> str:
        """The rankings of a clean build."""
        write_articles(self._work.corpus, self._states["build"][1])
        return self._rankings(replace(self._work, home=self._folder / "clean"))

    def measure(self) -> None:
        """How long each kind of work takes when nobody kills it."""
        for kind in KINDS:
            work = self._prepared(kind)
            begun = time.monotonic()
            process = _started(work)
            building = _wait_for_folder(process, work)
            process.join()
            ended = time.monotonic()
            self._seconds[kind, False] = ended - begun
            self._seconds[kind, True] = ended - building

    def run(self, kind: str, *, late: bool) -> str:
        """Prepare, kill, finish: the rankings. ``late``: kill while search indexes are written."""
        work = self._prepared(kind)
        folders = _folders(work)
        begun = time.monotonic()
        process = _started(work)
        if late:
            begun = _wait_for_folder(process, work)
        process.join(self._chance.uniform(0, self._seconds[kind, late]))
        process.kill()
        process.join()
        if process.exitcode != -signal.SIGKILL:  # the machine has become quicker
            self._seconds[kind, late] = time.monotonic() - begun
        elif _folders(work) - folders:
            self.killed["writing search indexes"] += 1
        else:
            self.killed["before that"] += 1
        return self._rankings(replace(work, rebuild=False))

    def _prepared(self, kind: str) -> Work:
        """The index as it is before the work, and the articles as they are to be indexed."""
        before, after = self._states[kind]
        work, saved = self._work, self._folder / f"before-{kind}"
        shutil.rmtree(work.home, ignore_errors=True)
        if before and not saved.exists():
            write_articles(work.corpus, before)
            _run(index, work)
            # What a server holds cannot be put back: there, each round makes it anew.
            if work.url is None:
                shutil.copytree(work.home, saved)
        elif before:
            shutil.copytree(saved, work.home)
        write_articles(work.corpus, after)
        return replace(work, rebuild=kind == "rebuild")

    def _rankings(self, work: Work) -> str:
        out = self._folder / "rankings.json"
        out.unlink(missing_ok=True)
        _run(write_rankings, work, self._queries, out)
        return out.read_text()


def _started(work: Work) -> BaseProcess:
    process = _processes.Process(target=index, args=(work,))
    process.start()
    return process


def _run(function: object, *arguments: object) -> None:
    process = _processes.Process(target=function, args=arguments)  # type: ignore[arg-type]
    process.start()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"a process ended with {process.exitcode}")


def _folders(work: Work) -> set[str]:
    derived = work.derived
    return {path.name for path in derived.iterdir() if path.is_dir()} if derived else set()


def _wait_for_folder(process: BaseProcess, work: Work) -> float:
    """The moment a new folder of search indexes appears, or the process ends."""
    before = _folders(work)
    while process.is_alive() and not _folders(work) - before:
        time.sleep(0.001)
    return time.monotonic()


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main() -> None:
    options = _parser().parse_args()
    _processes.set_forkserver_preload(["chromadb", "tantivy", "index.library"])
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        server = chroma_server(folder / "server") if options.server else nullcontext()
        url = stack.enter_context(server)
        rounds = Rounds(folder, options.articles, url, options.seed)
        different = _run_rounds(rounds, options.kills)
    how_far = ", ".join(f"{count} {what}" for what, count in rounds.killed.items())
    print(f"{options.kills} kills ({how_far}): {different} different from a clean build")
    sys.exit(1 if different else 0)


def _run_rounds(rounds: Rounds, kills: int) -> int:
    expected = rounds.reference()
    if json.loads(expected)["problems"]:
        raise SystemExit(f"the clean build is not sound: {expected[:500]}")
    rounds.measure()
    different = number = 0
    while rounds.killed.total() < kills:
        kind = KINDS[number % len(KINDS)]
        found = rounds.run(kind, late=number // len(KINDS) % 2 == 0)
        if found != expected:
            different += 1
            print(f"round {number} ({kind}): {json.loads(found)['problems'] or 'other rankings'}")
        number += 1
    return different


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--server", action="store_true", help="vectors on a Chroma server")
    return parser


if __name__ == "__main__":
    main()
