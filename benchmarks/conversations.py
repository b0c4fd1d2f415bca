"""Is a follow-up found better once it stands alone?

    python -m benchmarks.conversations [TESTSET] [--corpus FOLDER] [--home FOLDER]

Searches for the last question of each conversation of a test set (``seeds/conversations.jsonl``)
in three forms: as it is understood without a language model, as it was asked, and joined to all
turns before it. Recall, MRR and nDCG are those of ``docs/evaluation.md``, of spans and at 10.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.evaluation.metrics import ndcg_at, recall_at, reciprocal_rank, span_ranks
from assistant.evaluation.testset import Stretch, TestCase, load
from assistant.settings import Settings
from assistant.understanding import understand
from index import Library
from index.filtering import EVERYTHING

ROOT = Path(__file__).resolve().parent.parent
K = 10


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        with Library.open(options.corpus, home) as library:
            cases = [case for case in load(options.testset, library) if case.turns]
            _compare(Assistant(library, Settings()), cases, options.verbose)


def _compare(assistant: Assistant, cases: list[TestCase], verbose: bool) -> None:
    found: dict[str, list[tuple[float, ...]]] = {}
    for case in cases:
        for form, query in _forms(assistant, case).items():
            found.setdefault(form, []).append(_measured(assistant.library, case, query))
            if verbose:
                print(f"{case.id} {form}: {query}  {found[form][-1]}")
    print(f"{len(cases)} conversations    recall@1  recall@4  recall@10  MRR@10  nDCG@10")
    for form, rows in found.items():
        print(f"  {form:18}" + "".join(f"{value:10.3f}" for value in np.mean(rows, axis=0)))


def _forms(assistant: Assistant, case: TestCase) -> dict[str, str]:
    chat = assistant.conversation()
    for question in case.turns:
        chat.ask(question)
    understood = understand(case.question, chat.turns, EVERYTHING, assistant.library)
    return {
        "understood": understood.question.standalone,
        "last turn alone": case.question,
        "all turns joined": " ".join((*case.turns, case.question)),
    }


def _measured(library: Library, case: TestCase, query: str) -> tuple[float, ...]:
    passages = [hit.passage for hit in library.search(query, K)]
    hits = [Stretch(one.article.path, one.start, one.end) for one in passages]
    ranks = span_ranks(case.gold, hits)
    recalls = (recall_at(k, ranks) for k in (1, 4, K))
    return (*recalls, reciprocal_rank(K, ranks), ndcg_at(K, ranks))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "testset", type=Path, nargs="?", default=ROOT / "seeds" / "conversations.jsonl"
    )
    parser.add_argument("--corpus", type=Path, default=ROOT / "seeds" / "articles")
    parser.add_argument("--home", type=Path, help="keeps the index for another run")
    parser.add_argument("--verbose", action="store_true", help="each query and its figures")
    return parser


if __name__ == "__main__":
    main()
