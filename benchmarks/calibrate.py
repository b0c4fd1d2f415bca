"""Fit the weights by which sentences are quoted offline (``assistant/data/quoter.json``).

    python -m benchmarks.calibrate --set QUESTIONS ARTICLES [--set …] [--seeds] [--home FOLDER]
        [--features FILE] [--write]

``QUESTIONS`` is a JSONL file (``question``, ``articles``: the files that answer, and ``gold``: the
sentence that does, or ``answer``) over the folder ``ARTICLES``; ``--seeds`` adds the tune split of
the seeds. Each question is asked of the whole corpus and of the corpus without the files that
answer it. Features are kept in ``--features`` and used again. Prints cross-validated figures, and
with ``--write`` the weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answer import Scope
from assistant.answerers import relevance
from assistant.answerers.relevance import (
    FEATURES,
    LIKELY_FEATURES,
    QUESTION_FEATURES,
    READ,
    Relevance,
    of_question,
)
from assistant.answerers.units import Unit
from assistant.evidence import Evidence
from assistant.retrieval import retrieve
from assistant.settings import Settings
from assistant.understanding.question import Question
from index import Library
from index.filtering import Filter
from index.plain import plain

DEEP = 30
"""Units read by the cross-encoder while features are collected: more than when answering."""

ENOUGH = 0.3
"""Share of the answer's words that make a sentence right where no gold sentence is known."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked once, with or without its gold articles."""

    question: str
    source: str
    with_gold: bool
    features: Any
    """``(units, len(FEATURES))``, best first by the weights in use."""
    covers: tuple[frozenset[str], ...]
    right: Any
    """Of each unit, whether it answers."""
    texts: tuple[tuple[str, str], ...]
    """Of each unit, its article's path and its text."""
    weighed: dict[str, float] = field(default_factory=dict)
    unknown: float = 0.0


def main() -> None:
    options = _parser().parse_args()
    if options.features and options.features.exists():
        asked = pickle.loads(options.features.read_bytes())
    else:
        asked = list(_asked(options))
        if options.features:
            options.features.write_bytes(pickle.dumps(asked))
    likely, relevant, answered = _fit(asked)
    _report(asked, options.folds)
    if options.write:
        _write(likely, relevant, answered, options)


# Features


def _asked(options: argparse.Namespace) -> Iterator[Asked]:
    relevance.READ = DEEP
    for file, articles in options.set or ():
        rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]
        with Library.open(articles, options.home) as library:
            paths = {path for entry in library.register().entries for path in entry.paths}
            for row in rows:
                if set(row["articles"]) <= paths and row.get("lexical_support", 1.0) >= 0.6:
                    yield from _both(library, row, Path(file).stem)
    if options.seeds:
        with Library.open("seeds/articles", options.home) as library:
            for line in Path("seeds/questions.jsonl").read_text("utf-8").splitlines():
                case = json.loads(line)
                if case["split"] == "tune" and not case.get("turns"):
                    yield _of_seeds(library, case)


def _both(library: Library, row: dict[str, Any], source: str) -> Iterator[Asked]:
    gold = frozenset(row["articles"])
    for with_gold in (True, False):
        within = Filter() if with_gold else Filter(excluded=tuple(gold))
        yield _ask(
            library,
            row["question"],
            within,
            source,
            with_gold,
            lambda unit: _answers(row, unit.text, of_gold=unit.core.article.path in gold),
        )


def _of_seeds(library: Library, case: dict[str, Any]) -> Asked:
    places = [
        (one["path"], one["start"], one["end"])
        for piece in case.get("gold", ())
        for one in piece.get("any_of", [piece])
    ]

    def right(unit: Unit) -> bool:
        core = unit.core
        return any(
            path == core.article.path and start < core.span.end and core.span.start < end
            for path, start, end in places
        )

    return _ask(library, case["question"], Filter(), "seeds", bool(case["answerable"]), right)


def _ask(
    library: Library,
    text: str,
    within: Filter,
    source: str,
    with_gold: bool,
    right: Callable[[Unit], bool],
) -> Asked:
    settings = Settings()
    question = Question(text, text, scope=Scope(within), queries=(text,))
    evidence: Evidence = retrieve(question, library, settings.passages, settings.context_tokens)
    of = Relevance(library)
    ranked = of.rank(text, evidence)
    weighed = of.words(text)
    total = sum(weighed.values()) or 1.0
    unknown = sum(weight for stem, weight in weighed.items() if not library.frequency(stem))
    return Asked(
        text,
        source,
        with_gold,
        np.asarray([one.features for one in ranked], np.float32).reshape(-1, len(FEATURES)),
        tuple(one.covers for one in ranked),
        np.asarray([right(one.unit) for one in ranked], bool),
        tuple((one.unit.core.article.path, one.unit.text) for one in ranked),
        weighed,
        unknown / total,
    )


def _answers(row: dict[str, Any], text: str, *, of_gold: bool) -> bool:
    """Whether a unit's text answers: it holds the gold sentence, or the answer's words."""
    said = _words(text)
    if "gold" in row:
        gold, answer = _words(plain(row["gold"])), _words(plain(row["answer"]))
        return (of_gold and len(gold & said) >= 0.8 * len(gold)) or answer <= said
    wanted = _words(row["answer"]) - _words(row["question"])
    return of_gold and bool(wanted) and len(wanted & said) >= ENOUGH * len(wanted)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


# Fitting


def _fit(asked: Sequence[Asked]) -> tuple[Any, Any, Any]:
    of_gold = [one for one in asked if one.with_gold and len(one.features)]
    rows = np.vstack([one.features for one in of_gold])
    right = np.concatenate([one.right for one in of_gold])
    # Each question counts alike, however many sentences it has.
    shares = np.concatenate([np.full(len(one.right), 1 / len(one.right)) for one in of_gold])
    likely = _logistic(rows[:, : len(LIKELY_FEATURES)], right, shares)
    relevant = _logistic(rows, right, shares)
    told = [_told(one, likely, relevant) for one in asked if len(one.features)]
    told = [(row, right and one.with_gold) for (row, right), one in zip(told, asked, strict=True)]
    answered = _logistic(np.asarray([row for row, _ in told]), [right for _, right in told])
    return likely, relevant, answered


def _logistic(rows: Any, right: Any, shares: Any = None) -> LogisticRegression:
    model = LogisticRegression(C=1.0, max_iter=5000)
    weight = None if shares is None else shares * len(shares) / shares.sum()
    return model.fit(rows, right, sample_weight=weight)


def _order(one: Asked, likely: Any, relevant: Any) -> tuple[Any, Any]:
    """Which units would be read, best first, and their log odds."""
    first = likely.decision_function(one.features[:, : len(LIKELY_FEATURES)])
    read = np.argsort(-first, kind="stable")[:READ]
    odds = relevant.decision_function(one.features[read])
    order = np.argsort(-odds, kind="stable")
    return read[order], odds[order]


def _told(one: Asked, likely: Any, relevant: Any) -> tuple[list[float], bool]:
    order, odds = _order(one, likely, relevant)
    features = of_question(one.features[order], odds, one.unknown)
    return [float(value) for value in features], bool(one.right[order[:3]].any())


def _report(asked: Sequence[Asked], folds: int) -> None:
    """Cross-validated by question."""
    questions = sorted({one.question for one in asked})
    found: list[tuple[Asked, float, bool, bool]] = []
    for fold in range(folds):
        held = set(questions[fold::folds])
        likely, relevant, answered = _fit([one for one in asked if one.question not in held])
        for one in asked:
            if one.question in held and len(one.features):
                row, right = _told(one, likely, relevant)
                order, _ = _order(one, likely, relevant)
                p = float(answered.predict_proba([row])[0, 1])
                found.append((one, p, bool(one.right[order[0]]), right))
    for source in sorted({one.source for one in asked}):
        rows = [row for row in found if row[0].source == source]
        gold = [row for row in rows if row[0].with_gold]
        none = [row for row in rows if not row[0].with_gold]
        best, three = (np.mean([row[at] for row in gold]) for at in (2, 3))
        area = _auc([row[1] for row in gold], [row[1] for row in none])
        print(
            f"{source}: {len(gold)} with gold, {len(none)} without; best right {best:.3f}, "
            f"of three {three:.3f}; AUC {area:.3f}"
        )
        for bar in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
            answered_gold = np.mean([row[1] >= bar for row in gold])
            answered_none = np.mean([row[1] >= bar for row in none])
            share = np.mean([float(row[2]) for row in gold if row[1] >= bar] or [0.0])
            print(
                f"  {bar:.1f}: answered with gold {answered_gold:.2f} (best right {share:.2f}), "
                f"without {answered_none:.2f}"
            )


def _auc(high: Sequence[float], low: Sequence[float]) -> float:
    more = np.subtract.outer(np.asarray(high), np.asarray(low))
    return float((more > 0).mean() + 0.5 * (more == 0).mean())


def _write(likely: Any, relevant: Any, answered: Any, options: argparse.Namespace) -> None:
    def stored(names: Sequence[str], model: Any) -> dict[str, Any]:
        pairs = zip(names, model.coef_[0], strict=True)
        return {
            "weights": {name: round(float(weight), 4) for name, weight in pairs},
            "bias": round(float(model.intercept_[0]), 4),
        }

    told = {
        "made by": "benchmarks/calibrate.py",
        "likely": stored(LIKELY_FEATURES, likely),
        "relevant": stored(FEATURES, relevant),
        "answered": stored(QUESTION_FEATURES, answered),
        "clear": options.clear,
        "near": options.near,
    }
    path = Path(str(files("assistant").joinpath("data", "quoter.json")))
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", metavar=("QUESTIONS", "ARTICLES"))
    parser.add_argument("--seeds", action="store_true")
    parser.add_argument("--home", type=Path, default=Path(".pincite"))
    parser.add_argument("--features", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--clear", type=float, default=0.5)
    parser.add_argument("--near", type=float, default=0.1)
    parser.add_argument("--write", action="store_true")
    return parser


if __name__ == "__main__":
    main()
