"""Fit how sure the quoter is that it answers (``assistant/data/quoter.json``).

    python -m benchmarks.calibrate --set QUESTIONS ARTICLES [--set …] [--seeds] [--home FOLDER]
        [--features FILE] [--clear P] [--far P] [--write]

``QUESTIONS`` is a JSONL file (``question``, ``articles``: the files that answer, ``gold``: the
sentence that does, ``answer``) over the folder ``ARTICLES``; ``--seeds`` adds the tune split of the
seeds. Each question is asked of the whole corpus and of the corpus without the files that answer
it. Features are kept in ``--features`` and used again. Prints cross-validated figures; ``--write``
writes the weights of ``answered`` and the two bounds. Those by which sentences are ranked stay:
fitted anew to the same questions they ranked no better (docs/experiments/second-edition.md).
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answer import Scope
from assistant.answerers.relevance import QUESTION_FEATURES, Relevance
from assistant.answerers.units import Unit
from assistant.retrieval import retrieve
from assistant.settings import Settings
from assistant.understanding.question import Question
from index import Library
from index.filtering import Filter
from index.plain import plain

TOP = 3
"""So many units may answer: as many as are quoted at most."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked once, with or without its gold articles."""

    question: str
    source: str
    with_gold: bool
    features: tuple[float, ...]
    """:data:`QUESTION_FEATURES`."""
    right: tuple[bool, ...]
    """Of the best units, whether each answers."""


def main() -> None:
    options = _parser().parse_args()
    if options.features and options.features.exists():
        asked = pickle.loads(options.features.read_bytes())
    else:
        asked = list(_asked(options))
        if options.features:
            options.features.write_bytes(pickle.dumps(asked))
    _report(asked, options.folds)
    if options.write:
        _write(_fit(asked), options)


def _asked(options: argparse.Namespace) -> Iterator[Asked]:
    for file, articles in options.set or ():
        rows = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]
        with Library.open(articles, options.home) as library:
            for row in rows:
                yield from _both(library, row, Path(file).stem)
    if options.seeds:
        with Library.open("seeds/articles", options.home) as library:
            for line in Path("seeds/questions.jsonl").read_text("utf-8").splitlines():
                case = json.loads(line)
                if case["split"] == "tune" and not case.get("turns"):
                    yield _of_seeds(library, case)


def _both(library: Library, row: dict[str, Any], source: str) -> Iterator[Asked]:
    gold = frozenset(row["articles"])

    def right(unit: Unit) -> bool:
        return _answers(row, unit.text, of_gold=unit.core.article.path in gold)

    yield _ask(library, row["question"], Filter(), (source, True), right)
    without = Filter(excluded=tuple(gold))
    yield _ask(library, row["question"], without, (source, False), right)


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

    return _ask(library, case["question"], Filter(), ("seeds", bool(case["answerable"])), right)


def _ask(
    library: Library,
    text: str,
    within: Filter,
    about: tuple[str, bool],
    right: Callable[[Unit], bool],
) -> Asked:
    settings = Settings()
    question = Question(text, text, scope=Scope(within), queries=(text,))
    evidence = retrieve(question, library, settings.passages, settings.context_tokens)
    relevance = Relevance(library)
    ranked = relevance.rank(text, evidence)
    features = tuple(map(float, relevance.question_features(text, ranked))) if ranked else ()
    return Asked(text, *about, features, tuple(right(one.unit) for one in ranked[:TOP]))


def _answers(row: dict[str, Any], text: str, *, of_gold: bool) -> bool:
    """Whether a unit's text answers: it holds the gold sentence, or the answer's words."""
    said = _words(text)
    gold, answer = _words(plain(row["gold"])), _words(plain(row["answer"]))
    return (of_gold and len(gold & said) >= 0.8 * len(gold)) or answer <= said


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _fit(asked: Sequence[Asked]) -> LogisticRegression:
    known = [one for one in asked if one.features]
    rows = np.asarray([one.features for one in known])
    right = np.asarray([one.with_gold and any(one.right) for one in known])
    return LogisticRegression(C=1.0, max_iter=5000).fit(rows, right)


def _report(asked: Sequence[Asked], folds: int) -> None:
    """Cross-validated by question."""
    questions = sorted({one.question for one in asked})
    found: list[tuple[Asked, float]] = []
    for fold in range(folds):
        held = set(questions[fold::folds])
        model = _fit([one for one in asked if one.question not in held])
        for one in asked:
            if one.question in held and one.features:
                found.append((one, float(model.predict_proba([one.features])[0, 1])))
    for source in sorted({one.source for one in asked}):
        gold = [row for row in found if row[0].source == source and row[0].with_gold]
        none = [row for row in found if row[0].source == source and not row[0].with_gold]
        best, three = (np.mean([any(one.right[:n]) for one, _ in gold]) for n in (1, TOP))
        area = _auc([p for _, p in gold], [p for _, p in none])
        print(
            f"{source}: {len(gold)} with gold, {len(none)} without; best right {best:.3f}, "
            f"of three {three:.3f}; AUC {area:.3f}"
        )
        for bar in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
            answered = [one for one, p in gold if p >= bar]
            share = np.mean([float(any(one.right)) for one in answered] or [0.0])
            print(
                f"  {bar:.2f}: answered with gold {len(answered) / len(gold):.2f} (right "
                f"{share:.2f}), without {np.mean([p >= bar for _, p in none]):.2f}"
            )


def _auc(high: Sequence[float], low: Sequence[float]) -> float:
    more = np.subtract.outer(np.asarray(high), np.asarray(low))
    return float((more > 0).mean() + 0.5 * (more == 0).mean())


def _write(model: LogisticRegression, options: argparse.Namespace) -> None:
    path = Path(str(files("assistant").joinpath("data", "quoter.json")))
    told = json.loads(path.read_text("utf-8"))
    weights = zip(QUESTION_FEATURES, model.coef_[0], strict=True)
    told["answered"] = {
        "weights": {name: round(float(weight), 4) for name, weight in weights},
        "bias": round(float(model.intercept_[0]), 4),
    }
    told |= {"clear": options.clear, "far": options.far}
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", metavar=("QUESTIONS", "ARTICLES"))
    parser.add_argument("--seeds", action="store_true")
    parser.add_argument("--home", type=Path, default=Path(".pincite"))
    parser.add_argument("--features", type=Path)
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--clear", type=float, default=0.32)
    parser.add_argument("--far", type=float, default=0.12)
    parser.add_argument("--write", action="store_true")
    return parser


if __name__ == "__main__":
    main()
