"""Article retrieval on a set of scraped pages: dense, keywords, both fused, and other systems.

    python -m benchmarks.retrieval --data FOLDER [--home FOLDER] [--with FILE] [--keep-boilerplate]

``FOLDER`` holds ``articles/`` and ``questions.jsonl``. Prints hit@1/4/10, recall@10, MRR@10 and
nDCG@10 over articles (each article ranked by its best passage), the means with 95 % intervals
(bootstrap), and by how much nDCG@10 differs from that of both fused, question by question. "asked"
is what an answer searches for: fused, with articles of the time, author or publisher preferred or
alone, as far as the question names one.
``--with`` takes rankings that ``benchmarks.baselines`` wrote; ``--keep-boilerplate`` indexes the
pages as if they had none; an index that stands in ``--home`` is used again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from tqdm import tqdm

from assistant.evaluation import metrics
from assistant.evaluation.intervals import estimate
from assistant.finding import find, scope_of
from assistant.terminal import progress_bar
from benchmarks.wildgraph import Question, questions
from index import Library
from index.article import Hit
from index.filtering import EVERYTHING
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


def main() -> None:
    options = _parser().parse_args()
    if options.keep_boilerplate:
        _keep_boilerplate()
    with _corpus(options) as articles, tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary)
        settings = Options(
            passage_tokens=options.passage_tokens, overlap_tokens=options.overlap_tokens
        )
        with progress_bar() as progress:
            library = Library.open(articles, home, options=settings, progress=progress)
        with library:
            cases = _answerable(options.data, articles, options.questions)
            _measure(library, cases, _searches(library) | _others(options.others))


def _measure(library: Library, cases: list[Question], searches: Mapping[str, Search]) -> None:
    print(f"{library.passage_count()} passages, {len(cases)} questions")
    width = max(map(len, searches)) + 2
    print(" " * width + "".join(f"{name:>24}" for name in [*MEASURES, "nDCG@10 - fused"]))
    found = {
        name: [_ranks(case, search(case.text)) for case in tqdm(cases, name, leave=False)]
        for name, search in searches.items()
    }
    best = [metrics.ndcg_at(10, ranks) for ranks in found[FUSED]]
    for name, ranks in found.items():
        values = [[measure(one) for one in ranks] for measure in MEASURES.values()]
        values.append([one - ours for one, ours in zip(values[-1], best, strict=True)])
        print(f"{name:{width}}" + "".join(f"{_cell(column):>24}" for column in values))


def _cell(values: Sequence[float]) -> str:
    mean = estimate(values)
    return f"{mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]"


def _others(file: Path | None) -> dict[str, Search]:
    """Other systems' searches, as they were written down."""
    rankings = json.loads(file.read_text("utf-8")) if file else {}
    return {name: ranking.__getitem__ for name, ranking in rankings.items()}


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

    def keywords(query: str) -> list[str]:
        return paths(library.use(lambda derived: derived.matching(query, DEPTH)))

    def fused(query: str) -> list[str]:
        return of_hits(library.search(query, DEPTH))

    def asked(query: str) -> list[str]:
        scope = scope_of(query, EVERYTHING, library, date.today())
        return of_hits(find(query, scope, library, DEPTH))

    def of_hits(hits: Iterable[Hit]) -> list[str]:
        return [path for hit in hits for path in hit.passage.article.paths]

    return {"dense": dense, "keywords": keywords, FUSED: fused, "asked": asked}


def _answerable(data: Path, articles: Path, limit: int | None) -> list[Question]:
    """The questions whose articles are all in the corpus."""
    there = {path.name for path in articles.iterdir()}
    return [case for case in questions(data) if case.articles <= there][:limit]


@contextmanager
def _corpus(options: argparse.Namespace) -> Iterator[Path]:
    """The set's articles, or a folder with the first ``--pages`` of them."""
    articles = options.data / "articles"
    if options.pages is None:
        yield articles
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(articles.iterdir())[: options.pages]:
            shutil.copy(path, folder)
        yield Path(folder)


def _keep_boilerplate() -> None:
    from index import cutting

    cutting.boilerplate = lambda text: ()  # type: ignore[attr-defined]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--with", type=Path, dest="others", metavar="FILE")
    parser.add_argument("--pages", type=int)
    parser.add_argument("--questions", type=int)
    parser.add_argument("--passage-tokens", type=int, default=Options().passage_tokens)
    parser.add_argument("--overlap-tokens", type=int, default=Options().overlap_tokens)
    parser.add_argument("--keep-boilerplate", action="store_true")
    return parser


if __name__ == "__main__":
    main()
