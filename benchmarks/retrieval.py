"""Article retrieval on sets of scraped pages: dense, words, both fused, and other systems.

    python -m benchmarks.retrieval --data FOLDER [--data FOLDER ...] [--home FOLDER] [--with FILE]
        [--reranker KIND] [--embedding KIND] [--rebuild] [--keep-boilerplate]

A ``FOLDER`` holds ``articles/`` and ``questions.jsonl``. Prints for each hit@1/4/10, recall@10,
MRR@10 and nDCG@10 over articles (each article ranked by its best passage), the means with 95 %
intervals (bootstrap), and by how much nDCG@10 differs from that of both fused, question by
question; of several folders, nDCG@10 and recall@10 side by side with their means over the folders.
``--with`` takes rankings that ``benchmarks.baselines`` wrote, of one folder; ``--keep-boilerplate``
indexes the pages as if they had none; an index that stands in ``--home`` is used again, and with
``--rebuild`` its search indexes are built again from its vectors.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.cli.terminal import progress_bar
from assistant.evaluation import metrics
from assistant.evaluation.intervals import estimate
from benchmarks.wildgraph import Question, questions
from index import Library
from index.embedding import open_embedder
from index.library import Options
from index.search import Ranking

DEPTH = 300
FUSED = "fused"

Search = Callable[[str], Sequence[str]]
"""Question → paths of articles, best first; one may come again."""

MEASURES: dict[str, Callable[[Sequence[float]], float]] = {
    "hit@1": lambda ranks: metrics.hit_at(1, ranks),
    "hit@4": lambda ranks: metrics.hit_at(4, ranks),
    "hit@10": lambda ranks: metrics.hit_at(10, ranks),
    "recall@10": lambda ranks: metrics.recall_at(10, ranks),
    "MRR@10": lambda ranks: metrics.reciprocal_rank(10, ranks),
    "nDCG@10": lambda ranks: metrics.ndcg_at(10, ranks),
}


Ranks = dict[str, list[list[float]]]
"""Search → the ranks of the gold articles, for each question."""


def main() -> None:
    options = _parser().parse_args()
    if options.keep_boilerplate:
        _keep_boilerplate()
    found = {data.name: _of_folder(data, options) for data in options.data}
    if len(found) > 1:
        _print_summary(found)


def _of_folder(data: Path, options: argparse.Namespace) -> Ranks:
    with _corpus(data, options.pages) as articles, tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary)
        with progress_bar() as progress:
            library = Library.open(articles, home, options=_options(options), progress=progress)
        with library:
            cases = _answerable(data, articles, options.questions)
            print(f"{data.name}: {library.passage_count()} passages, {len(cases)} questions")
            found = _ranked(cases, _searches(library) | _others(options.others))
    _print(found)
    return found


def _options(options: argparse.Namespace) -> Options:
    rerankers: Sequence[Any] = ()
    if options.reranker != "none":
        from index.reranking import open_rerankers

        rerankers = open_rerankers(options.reranker)
    return Options(
        embedder=open_embedder(options.embedding),
        rerankers=rerankers,
        passage_tokens=options.passage_tokens,
        overlap_tokens=options.overlap_tokens,
        rebuild=options.rebuild,
    )


def _ranked(cases: list[Question], searches: Mapping[str, Search]) -> Ranks:
    return {
        name: [
            _ranks(case, search(case.text)) for case in tqdm(cases, name, leave=False, disable=None)
        ]
        for name, search in searches.items()
    }


def _print(found: Ranks) -> None:
    width = max(map(len, found)) + 2
    print(" " * width + "".join(f"{name:>24}" for name in [*MEASURES, "nDCG@10 - fused"]))
    best = [metrics.ndcg_at(10, ranks) for ranks in found[FUSED]]
    for name, ranks in found.items():
        values = [[measure(one) for one in ranks] for measure in MEASURES.values()]
        values.append([one - ours for one, ours in zip(values[-1], best, strict=True)])
        print(f"{name:{width}}" + "".join(f"{_cell(column):>24}" for column in values))
    print()


def _print_summary(found: Mapping[str, Ranks]) -> None:
    """nDCG@10 and recall@10 of every search on every set, and their means over the sets."""
    names = [
        name for name in next(iter(found.values())) if all(name in one for one in found.values())
    ]
    width = max(map(len, names)) + 2
    print("nDCG@10 recall@10" + "".join(f"{data:>16}" for data in [*found, "mean"]))
    for name in names:
        cells = np.array(
            [[_mean(measure, one[name]) for measure in _SUMMED] for one in found.values()]
        )
        shown = [f"{ndcg:.3f} {recall:.3f}" for ndcg, recall in [*cells, cells.mean(axis=0)]]
        print(f"{name:{max(width, 17)}}" + "".join(f"{cell:>16}" for cell in shown))


def _mean(measure: str, ranks: Sequence[Sequence[float]]) -> float:
    return float(np.mean([MEASURES[measure](one) for one in ranks]))


def _cell(values: Sequence[float]) -> str:
    mean = estimate(values)
    return f"{mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]"


def _others(file: Path | None) -> dict[str, Search]:
    """Other systems' searches, as they were written down."""
    rankings = json.loads(file.read_text("utf-8")) if file else {}
    return {name: ranking.__getitem__ for name, ranking in rankings.items()}


_SUMMED = ("nDCG@10", "recall@10")


def _ranks(case: Question, paths: Sequence[str]) -> list[float]:
    order = list(dict.fromkeys(paths))
    return [order.index(path) + 1 if path in order else np.inf for path in case.articles]


def _searches(library: Library) -> dict[str, Search]:
    def paths(ranking: Ranking) -> list[str]:
        passages = library.catalogue.passages([id for id, _ in ranking])
        there = [passages[id] for id, _ in ranking if id in passages]
        return [path for passage in there for path in passage.article.paths]

    def dense(query: str) -> list[str]:
        vector = library.embedder.query(query)
        return paths(library.use(lambda derived: derived.nearest(vector, DEPTH)))

    def words(query: str) -> list[str]:
        return paths(library.use(lambda derived: derived.matching(query, DEPTH)))

    def fused(query: str) -> list[str]:
        hits = library.search(query, DEPTH)
        return [path for hit in hits for path in hit.passage.article.paths]

    return {"dense": dense, "words": words, FUSED: fused}


def _answerable(data: Path, articles: Path, limit: int | None) -> list[Question]:
    """The questions whose articles are all in the corpus."""
    there = {path.name for path in articles.iterdir()}
    return [case for case in questions(data) if case.articles <= there][:limit]


@contextmanager
def _corpus(data: Path, pages: int | None) -> Iterator[Path]:
    """The set's articles, or a folder with the first ``pages`` of them."""
    articles = data / "articles"
    if pages is None:
        yield articles
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(articles.iterdir())[:pages]:
            shutil.copy(path, folder)
        yield Path(folder)


def _keep_boilerplate() -> None:
    from index import cutting

    cutting.boilerplate = lambda text: ()  # type: ignore[attr-defined]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, action="append", metavar="FOLDER")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--with", type=Path, dest="others", metavar="FILE")
    parser.add_argument("--pages", type=int)
    parser.add_argument("--questions", type=int)
    parser.add_argument("--passage-tokens", type=int, default=Options().passage_tokens)
    parser.add_argument("--overlap-tokens", type=int, default=Options().overlap_tokens)
    parser.add_argument("--embedding", default="offline", metavar="KIND")
    parser.add_argument("--reranker", default="none", metavar="KIND")
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--keep-boilerplate", action="store_true")
    return parser


if __name__ == "__main__":
    main()
