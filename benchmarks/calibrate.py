"""Fits the two models of ``assistant/ranking.py`` and prints how they do on each set.

    python -m benchmarks.calibrate --data FOLDER [--write]

``FOLDER`` holds ``clapnq/`` and ``wildgraph/technology``, ``wildgraph/culture``. Fitted on the
seeds' questions of the split "tune", on CLAP NQ, and on WildGraph with every second page left out
(a question whose pages are all left out is one that the corpus cannot answer). Some of one set's
questions are put to the others' corpora, which cannot answer them either. Sets weigh the same.
Each figure for a set comes from models fitted without it; ``--write`` keeps the models that are
fitted on all.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.evaluation.testset import load
from assistant.evidence import Evidence, gather
from assistant.ranking import QUESTION_FEATURES, SENTENCE_FEATURES
from assistant.settings import Settings
from benchmarks.wildgraph import questions
from index import Library

ROOT = Path(__file__).resolve().parent.parent
SETS = ("seeds", "clapnq", "technology", "culture")
FAR = {"seeds": "culture", "clapnq": "culture", "technology": "culture", "culture": "technology"}
FAR_QUESTIONS = 20
"""Of the set named: so many are put to this set's corpus."""

FALSE_REFUSALS = 0.04
"""The share of answerable questions that the threshold may refuse, on the average of the sets."""

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Features and labels of one set: a row each."""

    name: str
    features: Floats
    labels: Floats


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        sets = [_samples(name, options.data, home) for name in options.sets]
    sentences = [sentence for sentence, _ in sets if len(sentence.labels)]
    answerable = [question for _, question in sets]
    for name, samples, features in (
        ("sentences", sentences, SENTENCE_FEATURES),
        ("answerable", answerable, QUESTION_FEATURES),
    ):
        _report(name, samples)
        model, threshold = _fit(samples), _threshold(samples, _fit(samples))
        _print_weights(model, threshold, features)
        if options.write:
            _write(name, samples, model, threshold, features)


def _samples(name: str, data: Path, home: Path) -> tuple[Sample, Sample]:
    far = [case.text for case in questions(data / "wildgraph" / FAR[name])[:FAR_QUESTIONS]]
    if name == "seeds":
        return _seeds(home, far)
    if name == "clapnq":
        return _clapnq(data / "clapnq", home, far)
    return _wildgraph(data / "wildgraph" / name, home, far)


def _seeds(home: Path, far: list[str]) -> tuple[Sample, Sample]:
    cases = [case for case in load(ROOT / "seeds" / "questions.jsonl") if case.split == "tune"]
    cases = [case for case in cases if case.type not in ("metadata", "false-premise")]
    with Library.open(ROOT / "seeds" / "articles", home) as library:
        reader = _Reader(library, far)
        for case in tqdm(cases, "seeds"):
            evidence = reader.take(case.question, case.answerable)
            gold = [one for piece in case.gold for one in piece.stretches]
            if case.answerable:
                reader.sentences(
                    case.question,
                    evidence,
                    [
                        any(
                            one.path in sentence.article.paths
                            and min(one.end, sentence.span.end)
                            > max(one.start, sentence.span.start)
                            for one in gold
                        )
                        for sentence in evidence.sentences
                    ],
                )
        return reader.samples("seeds")


def _clapnq(folder: Path, home: Path, far: list[str]) -> tuple[Sample, Sample]:
    cases = [
        json.loads(line)
        for name in ("answerable", "unanswerable")
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    articles = [{"title": case["title"], "text": "\n\n".join(case["sentences"])} for case in cases]
    file = home / "clapnq.jsonl"
    file.write_text("\n".join(map(json.dumps, articles)), "utf-8")
    with Library.open(file, home) as library:
        reader = _Reader(library, far)
        for case in tqdm(cases, "clapnq"):
            evidence = reader.take(case["question"], bool(case["selected"]))
            if case["selected"]:
                wanted = {" ".join(text.split()) for text in case["selected"]}
                labels = [
                    " ".join(one.span.of(one.article.text).split()) in wanted
                    for one in evidence.sentences
                ]
                reader.sentences(case["question"], evidence, labels)
        return reader.samples("clapnq")


def _wildgraph(folder: Path, home: Path, far: list[str]) -> tuple[Sample, Sample]:
    pages = sorted((folder / "articles").iterdir())[::2]
    there = {page.name for page in pages}
    with Library.open(pages, home) as library:
        reader = _Reader(library, far)
        for case in tqdm(questions(folder), folder.name):
            if case.articles <= there or not case.articles & there:
                reader.take(case.text, bool(case.articles & there))
        return reader.samples(folder.name)


class _Reader:
    """Collects features over one library."""

    def __init__(self, library: Library, far: list[str]) -> None:
        settings = Settings()
        self._library = library
        self._ranker = Assistant(library, settings).ranker
        self._settings = settings
        self._questions: list[tuple[Floats, bool]] = []
        self._sentences: list[tuple[Floats, bool]] = []
        for question in far:
            self.take(question, False)

    def take(self, question: str, answerable: bool) -> Evidence:
        hits = self._library.search(question, self._settings.passages)
        evidence = gather(hits, self._settings.context_tokens)
        self._questions.append((self._ranker.question_features(question, evidence), answerable))
        return evidence

    def sentences(self, question: str, evidence: Evidence, labels: list[bool]) -> None:
        features = self._ranker.sentence_features(question, evidence)
        self._sentences += zip(features, labels, strict=True)

    def samples(self, name: str) -> tuple[Sample, Sample]:
        return _sample(name, self._sentences), _sample(name, self._questions)


def _sample(name: str, rows: list[tuple[Floats, bool]]) -> Sample:
    features = np.asarray([features for features, _ in rows], float)
    return Sample(name, features, np.asarray([label for _, label in rows], float))


def _fit(samples: list[Sample]) -> LogisticRegression:
    """Every set weighs the same."""
    weights = [np.full(len(one.labels), 1.0 / len(one.labels)) for one in samples]
    everything = np.concatenate(weights)
    model = LogisticRegression(C=10.0)
    model.fit(
        np.concatenate([one.features for one in samples]),
        np.concatenate([one.labels for one in samples]),
        sample_weight=everything * len(everything) / everything.sum(),
    )
    return model


def _threshold(samples: list[Sample], model: LogisticRegression) -> float:
    """The highest at which the sets refuse ``FALSE_REFUSALS`` of their positives on average."""
    scores = [_scores(model, one)[one.labels == 1] for one in samples]
    candidates = np.linspace(0.0, 1.0, 1001)
    refused = [np.mean([(score < one).mean() for score in scores]) for one in candidates]
    return float(candidates[np.nonzero(np.asarray(refused) <= FALSE_REFUSALS)[0][-1]])


def _scores(model: LogisticRegression, sample: Sample) -> Floats:
    return np.asarray(model.predict_proba(sample.features)[:, 1])


def _report(name: str, samples: list[Sample]) -> None:
    print(f"\n{name}: each set by a model fitted on the others")
    for held in samples:
        others = [one for one in samples if one is not held] or samples
        model = _fit(others)
        threshold = _threshold(others, model)
        scores = _scores(model, held)
        positive, negative = scores[held.labels == 1], scores[held.labels == 0]
        print(
            f"  {held.name:12} {len(positive):5} yes, {len(negative):5} no, "
            f"AUC {roc_auc_score(held.labels, scores):.3f}; at {threshold:.3f} "
            f"{(positive < threshold).mean():.3f} of yes and "
            f"{(negative < threshold).mean():.3f} of no refused"
        )


def _print_weights(model: LogisticRegression, threshold: float, features: tuple[str, ...]) -> None:
    weights = dict(zip(features, model.coef_[0].round(3), strict=True))
    print(f"  weights {weights}, bias {model.intercept_[0]:.3f}, threshold {threshold:.3f}")


def _write(
    name: str,
    samples: list[Sample],
    model: LogisticRegression,
    threshold: float,
    features: tuple[str, ...],
) -> None:
    stored = {
        "data": [f"{one.name}: {int(one.labels.sum())} of {len(one.labels)}" for one in samples],
        "made by": "benchmarks/calibrate.py",
        "weights": {f: round(float(w), 4) for f, w in zip(features, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 4),
        "threshold": round(threshold, 4),
    }
    file = ROOT / "assistant" / "data" / f"{name}.json"
    file.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path, help="keeps the indexes for another run")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--write", action="store_true", help="keep the models")
    return parser


if __name__ == "__main__":
    main()
