"""Fits the model of ``assistant/support.py`` and prints how the support check does on WiCE.

    python -m benchmarks.support --data FOLDER [--vectors FILE] [--write]

``FOLDER`` holds ``dev.jsonl``. Sentences of a page's evidence are chosen as for a statement without
markers (``assistant/verify.py``), and the claim is checked against them. Figures of fitted models
are of ten folds, each by a model (and a threshold for F1) fitted on the other nine. The model that
is kept (``--write``) is fitted on WiCE and on the paraphrases of the split "tune", each once with
the sentences it says again and once with the nearest others of its article; both sets weigh the
same. Its threshold is the highest that calls at most ``FALSE_ALARMS`` of these paraphrases
unverified. ``--vectors`` keeps the sentences' vectors for another run.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.evidence import EvidenceSentence
from assistant.settings import Settings
from assistant.support import SUPPORT_FEATURES, Source, examine, shared
from assistant.verify import choose
from benchmarks.alterations import ROOT, content, paraphrases
from benchmarks.wice import Case, cases
from index import Library
from index.embedding import open_embedder

FALSE_ALARMS = 0.0
THRESHOLDS = np.linspace(0.02, 0.98, 97)
Floats = NDArray[np.floating]
Near = dict[EvidenceSentence, float]


@dataclass(frozen=True, slots=True)
class Read:
    """A claim with the sentences chosen for it."""

    case: Case
    near: Near
    chosen: list[EvidenceSentence]
    features: tuple[float, ...]
    refuted: bool


def main() -> None:
    options = _parser().parse_args()
    read = [_read(case, near) for case, near in _near(cases(options.data), options.vectors)]
    _report_choice(read)
    _report_support(read)
    rows, labels = _paraphrase_rows()
    model, threshold = _kept(read, rows, labels)
    weights = dict(zip(SUPPORT_FEATURES, model.coef_[0].round(4).tolist(), strict=True))
    bias = round(float(model.intercept_[0]), 4)
    print(f"\nkept: {weights}, bias {bias}, threshold {threshold:.3f}")
    _report_kept(read, model, threshold)
    if options.write:
        sets = [f"wice: {sum(one.case.supported for one in read)} of {len(read)}"]
        sets.append(f"paraphrases (tune): {int(labels.sum())} of {len(labels)}")
        stored: dict[str, object] = {"data": sets, "made by": "benchmarks/support.py"}
        stored["weights"] = weights
        stored |= {"bias": bias, "threshold": round(threshold, 4)}
        file = ROOT / "assistant" / "data" / "support.json"
        file.write_text(json.dumps(stored, indent=2) + "\n", "utf-8")


def _near(found: Sequence[Case], file: Path | None) -> list[tuple[Case, Near]]:
    texts = sorted({one.text for case in found for one in case.sentences})
    embedder = open_embedder("offline")
    if file is not None and file.is_file():
        matrix = np.load(file)["vectors"]
    else:
        parts = [embedder.passages(texts[i : i + 256]) for i in tqdm(range(0, len(texts), 256))]
        matrix = np.concatenate(parts)
        if file is not None:
            np.savez(file, vectors=matrix)
    places = {text: place for place, text in enumerate(texts)}
    result = []
    for case in tqdm(found):
        query = embedder.query(case.claim)
        near = {one: float(matrix[places[one.text]] @ query) for one in case.sentences}
        result.append((case, near))
    return result


def _read(case: Case, near: Near) -> Read:
    chosen = sorted(choose(case.claim, near), key=lambda one: one.number)
    verdict = examine(case.claim, chosen)
    features = (max(near[one] for one in chosen), verdict.words)
    return Read(case, near, chosen, features, bool(verdict.refuted_by))


def _report_choice(read: Sequence[Read]) -> None:
    """Against the gold set with the best F1; claims for which nothing at all is right left out."""
    scored = [one for one in read if all(one.case.gold)]
    ways: dict[str, Callable[[Read], list[EvidenceSentence]]] = {
        "chosen": lambda one: one.chosen,
        "words, best 1": lambda one: _best(one, 1, by_words=True),
        "words, best 2": lambda one: _best(one, 2, by_words=True),
        "cosine, best 1": lambda one: _best(one, 1, by_words=False),
        "cosine, best 2": lambda one: _best(one, 2, by_words=False),
    }
    print(f"\nwhich sentences support the claim ({len(scored)} claims)")
    for name, way in ways.items():
        figures = np.mean([_overlap(way(one), one.case.gold) for one in scored], axis=0)
        print(f"  {name:16} P {figures[0]:.3f}  R {figures[1]:.3f}  F1 {figures[2]:.3f}")


def _best(one: Read, count: int, by_words: bool) -> list[EvidenceSentence]:
    def score(sentence: EvidenceSentence) -> float:
        return shared(one.case.claim, sentence.text) if by_words else one.near[sentence]

    return sorted(one.case.sentences, key=lambda sentence: (-score(sentence), sentence.number))[
        :count
    ]


def _overlap(
    chosen: Sequence[EvidenceSentence], gold: Sequence[frozenset[int]]
) -> tuple[float, float, float]:
    numbers = {one.number for one in chosen}
    found = []
    for wanted in gold:
        right = len(numbers & wanted)
        found.append(
            (2 * right / (len(numbers) + len(wanted)), right / len(numbers), right / len(wanted))
        )
    f1, precision, recall = max(found)
    return precision, recall, f1


def _report_support(read: Sequence[Read]) -> None:
    labels = np.asarray([one.case.supported for one in read], int)
    features = np.asarray([one.features for one in read])
    refuted = np.asarray([[one.refuted] for one in read], float)
    print(f"\nsupported or not: {labels.sum()} of {len(labels)} claims are, ten folds")
    _line("always supported", labels, np.ones(len(labels)), None)
    for name, columns in (
        ("words alone", features[:, 1:]),
        ("cosine alone", features[:, :1]),
        ("words, cosine", features),
        ("words, cosine, rules", np.hstack([features, refuted])),
    ):
        scores, said = _folds(columns, labels)
        _line(name, labels, said, scores)


def _folds(features: Floats, labels: Floats) -> tuple[Floats, Floats]:
    scores, said = np.zeros(len(labels)), np.zeros(len(labels))
    for fit, held in StratifiedKFold(10, shuffle=True, random_state=0).split(features, labels):
        model = LogisticRegression(C=10.0).fit(features[fit], labels[fit])
        inner = model.predict_proba(features[fit])[:, 1]
        threshold = max(THRESHOLDS, key=lambda one: f1_score(labels[fit], inner >= one))
        scores[held] = model.predict_proba(features[held])[:, 1]
        said[held] = scores[held] >= threshold
    return scores, said


def _line(name: str, labels: Floats, said: Floats, scores: Floats | None) -> None:
    auc = "" if scores is None else f"  AUC {roc_auc_score(labels, scores):.3f}"
    accuracy, f1 = accuracy_score(labels, said), f1_score(labels, said)
    print(f"  {name:22} accuracy {accuracy:.3f}  F1 {f1:.3f}{auc}")


def _paraphrase_rows() -> tuple[Floats, Floats]:
    rows, labels = [], []
    with tempfile.TemporaryDirectory() as home:
        library = Library.open(ROOT / "seeds" / "articles", Path(home))
        ranker = Assistant(library, Settings()).ranker
        for claim in paraphrases(library, "tune"):
            others = [
                one
                for one in content(library, claim.cited[0].article)
                if one.number not in {cited.number for cited in claim.cited}
            ]
            near = dict(zip(others, ranker.closeness(claim.text, others).tolist(), strict=True))
            for cited, label in ((claim.cited, 1), (choose(claim.text, near), 0)):
                words = shared(claim.text, Source(tuple(cited)).known)
                rows.append((float(ranker.closeness(claim.text, cited).max()), words))
                labels.append(label)
        library.close()
    return np.asarray(rows), np.asarray(labels, int)


def _kept(read: Sequence[Read], rows: Floats, labels: Floats) -> tuple[LogisticRegression, float]:
    features = np.concatenate([[one.features for one in read], rows])
    everything = np.concatenate([[int(one.case.supported) for one in read], labels])
    weights = np.concatenate(
        [np.full(len(read), 1.0 / len(read)), np.full(len(labels), 1.0 / len(labels))]
    )
    model = LogisticRegression(C=10.0)
    model.fit(features, everything, sample_weight=weights * len(weights) / weights.sum())
    true = model.predict_proba(rows[labels == 1])[:, 1]
    return model, float(max(one for one in THRESHOLDS if (true < one).mean() <= FALSE_ALARMS))


def _report_kept(read: Sequence[Read], model: LogisticRegression, threshold: float) -> None:
    """The check as answers use it: rules refute, the rest is weighed."""
    labels = np.asarray([one.case.supported for one in read], int)
    scores = model.predict_proba(np.asarray([one.features for one in read]))[:, 1]
    said = (scores >= threshold) & ~np.asarray([one.refuted for one in read])
    _line("as answers use it", labels, said, None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--write", action="store_true", help="keep the model")
    return parser


if __name__ == "__main__":
    main()
