"""Offline answers with the gold articles in the corpus, and without them.

    python -m benchmarks.gold --data FOLDER [--home FOLDER] [--all] [--json]

``FOLDER`` is laid out as WildGraph: ``articles/`` and ``questions.jsonl``. Every question is asked
without a language model, and asked again with its gold articles excluded: the same as ``pincite
evaluate FOLDER --without-gold``, in one table. Questions whose gold pages may lack the answer
(``lexical_support`` under 0.6) are left out unless ``--all`` is given. Each question is asked of
the index for the first time, so that the times are those of new questions.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.evaluation import layouts
from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.cases import TestCase
from assistant.evaluation.report import number
from assistant.evaluation.run import Run
from assistant.evaluation.summary import Summary, summarise
from assistant.settings import Settings
from index import Library

FIGURES = {
    "gold_cited": "gold page cited",
    "gold_cited_answered": "  of those answered",
    "answer_quoted": "half of the answer's words quoted",
    "answer_quoted_answered": "  of those answered",
    "statements": "statements, where any are shown",
    "quoted_characters": "characters quoted, where any are",
    "answered": "answered",
    "false_refusal": "not answered",
    "answered_without_gold": "still answered without gold",
    "latency_p50_ms": "latency p50, ms",
    "latency_p95_ms": "latency p95, ms",
}


def main() -> None:
    options = _parser().parse_args()
    chosen = [
        case
        for case in layouts.read(options.data, options.data).cases
        if options.all or layouts.ANSWER_IN_PAGE in case.tags
    ]
    with _home(options.home) as home, Library.open(options.data / "articles", home) as library:
        cases = layouts.at_first_paths(chosen, library)
        assistant = Assistant(library, Settings(llm="none", home=home))
        assistant.ask("The first question loads the models.")
        run = _asked(assistant, cases)
    summary = summarise(run.records, run.k)
    outcomes = {
        "with": _counted([record.answer for record in run.records]),
        "without": _counted([record.without_gold for record in run.records]),
    }
    if options.json:
        figures = {name: summary[name].as_dict() for name in FIGURES if name in summary}
        print(json.dumps({"questions": len(cases), "summary": figures, "outcomes": outcomes}))
    else:
        _report(run, summary, outcomes)


def _asked(assistant: Assistant, cases: Sequence[TestCase]) -> Run:
    with tqdm(total=len(cases), disable=None) as bar:  # None: only on a terminal

        def advance(_: object) -> None:
            bar.update()

        return evaluate(assistant, cases, advance, Method(without_gold=True))


def _counted(answers: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return dict(Counter(answer["outcome"] for answer in answers if answer).most_common())


def _report(run: Run, summary: Summary, outcomes: dict[str, dict[str, int]]) -> None:
    print(f"{len(run.records)} questions, {run.corpus['articles']} articles")
    for name, label in FIGURES.items():
        if found := summary.get(name):
            interval = f"{number(found.low)} to {number(found.high)}"
            print(f"  {label:36}{number(found.value):>10}{interval:>20}{found.count:>6}")
    for which, counts in outcomes.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        print(f"  {which} gold: {told}")
    for record in run.records:
        if record.error:
            print(f"  {record.case.id} failed: {record.error}")


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="keeps the index")
    parser.add_argument("--all", action="store_true", help="also what the pages may not answer")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    main()
