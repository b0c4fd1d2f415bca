"""Fits the models of ``assistant/ranking.py`` and prints how they do on each set.

    python -m benchmarks.calibrate --data FOLDER [--write]

``FOLDER`` holds ``clapnq/`` and ``wildgraph/technology``, ``wildgraph/culture``. Fitted on the
seeds' questions of the split "tune", on CLAP NQ, and on WildGraph with every second page left out
(a question whose pages are all left out is one that the corpus cannot answer). Some of one set's
questions are put to the others' corpora, which cannot answer them either; and where the sentences
that answer are known, the same question with them left out is a near miss. Sets weigh the same.
Each figure for a set comes from models fitted without it; ``--write`` keeps the models that are
fitted on all. Which sentences are read is chosen by the model *likely* kept before: where that has
changed, run again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.evaluation.testset import Stretch, load
from assistant.evidence import Evidence, gather
from assistant.ranking import (
    LIKELY_FEATURES,
    QUESTION_FEATURES,
    SENTENCE_FEATURES,
    UNREAD,
    Logistic,
    Observed,
)
from assistant.settings import Settings
from assistant.words import content_stems, question_words
from benchmarks.wildgraph import questions
from index import Library

ROOT = Path(__file__).resolve().parent.parent
SETS = ("seeds", "clapnq", "technology", "culture")
FAR = {"seeds": "culture", "clapnq": "culture", "technology": "culture", "culture": "technology"}
FAR_QUESTIONS = 20
"""Of the set named: so many are put to this set's corpus."""

FALSE_REFUSALS = 0.05
"""The share of answerable questions that the threshold may refuse, in each of the sets."""

FOLDS = 5
DRAWS = 3

FEWEST_LEFT = 5
"""Sentences that must be left where the answer is left out."""

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Features and labels: a row each."""

    name: str
    features: Floats
    labels: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question of a set, as the models see it."""

    seen: Observed
    is_answerable: bool
    gold: NDArray[np.bool_]
    """Which sentences answer; empty where that is not known."""
    baselines: Floats
    """BM25 and cosine of each sentence: ``(2, sentences)``."""

    def unread(self) -> Asked:
        """The same, not read by the cross-encoder."""
        sentences = self.seen.sentences.copy()
        sentences[:, SENTENCE_FEATURES.index("answers")] = UNREAD
        return replace(self, seen=replace(self.seen, sentences=sentences))

    def without_gold(self) -> Asked | None:
        """The same question with its answer left out of the evidence, and with it the next
        sentence, which may take it up. ``None`` where too little is left."""
        if not self.gold.any():
            return None
        keep = ~self.gold
        keep[1:] &= ~self.gold[:-1]
        if keep.sum() < FEWEST_LEFT:
            return None
        seen = self.seen
        left = Observed(seen.sentences[keep], seen.matches[keep], seen.stranger)
        return Asked(left, False, self.gold[:0], self.baselines[:, keep])


@dataclass(frozen=True, slots=True)
class Set:
    """The questions of one corpus."""

    name: str
    asked: tuple[Asked, ...]

    def sentences(self, features: Sequence[str] = SENTENCE_FEATURES) -> Sample:
        """A row a sentence, of the questions whose gold is known."""
        known = [one for one in self.asked if one.gold.size]
        return Sample(
            self.name,
            np.concatenate([one.seen.sentences[:, : len(features)] for one in known]),
            np.concatenate([one.gold for one in known]).astype(float),
        )

    def questions(self, ranking: Logistic, *, with_gaps: bool) -> Sample:
        """A row a question; ``with_gaps``: those with the answer left out, too."""
        gaps = [one.without_gold() for one in self.asked] if with_gaps else []
        asked = [*self.asked, *(one for one in gaps if one)]
        return Sample(
            self.name,
            np.stack([one.seen.question_features(ranking) for one in asked]),
            np.asarray([one.is_answerable for one in asked], float),
        )

    def unread(self) -> Set:
        """The same where the cross-encoder is not asked: its feature tells nothing."""
        return Set(self.name, tuple(one.unread() for one in self.asked))

    def folds(self, draw: int) -> Iterator[tuple[Set, Set]]:
        """Four fifths, and the fifth that is left, five times."""
        order = np.random.default_rng(draw).permutation(len(self.asked))
        for fold in range(FOLDS):
            places = set(order[fold::FOLDS].tolist())
            learned = [one for place, one in enumerate(self.asked) if place not in places]
            left = [one for place, one in enumerate(self.asked) if place in places]
            yield Set(self.name, tuple(learned)), Set(self.name, tuple(left))

    @property
    def knows_gold(self) -> bool:
        return any(one.gold.size for one in self.asked)


def main() -> None:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        sets = [_read(name, options.data, home) for name in options.sets]
    _report_sentences(sets)
    _report_answerable(sets)
    _report_folds(sets)
    known = [one for one in sets if one.knows_gold]
    likely = _fit([one.sentences(LIKELY_FEATURES) for one in known])
    ranking, answerable = _fit_all(sets)
    asked = [one.questions(ranking, with_gaps=True) for one in sets]
    rows = [one.sentences() for one in known]
    for name, model, features, samples in (
        ("likely", likely, LIKELY_FEATURES, rows),
        ("sentences", ranking, SENTENCE_FEATURES, rows),
        ("answerable", answerable, QUESTION_FEATURES, asked),
    ):
        weights = dict(zip(features, np.round(model.weights, 3).tolist(), strict=True))
        print(f"{name}: {weights}, bias {model.bias:.3f}, threshold {model.threshold:.3f}")
        if options.write:
            _write(name, model, features, samples)


def _read(name: str, data: Path, home: Path) -> Set:
    far = [case.text for case in questions(data / "wildgraph" / FAR[name])[:FAR_QUESTIONS]]
    if name == "seeds":
        return _seeds(home, far)
    if name == "clapnq":
        return _clapnq(data / "clapnq", home, far)
    return _wildgraph(data / "wildgraph" / name, home, far)


def _seeds(home: Path, far: list[str]) -> Set:
    cases = [case for case in load(ROOT / "seeds" / "questions.jsonl") if case.split == "tune"]
    cases = [case for case in cases if case.type not in ("metadata", "false-premise")]
    with Library.open(ROOT / "seeds" / "articles", home) as library:
        reader = _Reader(library, far)
        for case in tqdm(cases, "seeds"):
            evidence = reader.evidence(case.question)
            gold = [one for piece in case.gold for one in piece.stretches]
            labels = [
                any(
                    Stretch(one.article.path, one.span.start, one.span.end).overlap(at)
                    for at in gold
                )
                for one in evidence.sentences
            ]
            reader.take(case.question, evidence, case.answerable, labels)
        return reader.set("seeds")


def _clapnq(folder: Path, home: Path, far: list[str]) -> Set:
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
            evidence = reader.evidence(case["question"])
            wanted = {" ".join(text.split()) for text in case["selected"]}
            labels = [
                " ".join(one.span.of(one.article.text).split()) in wanted
                for one in evidence.sentences
            ]
            reader.take(case["question"], evidence, bool(case["selected"]), labels)
        return reader.set("clapnq")


def _wildgraph(folder: Path, home: Path, far: list[str]) -> Set:
    pages = sorted((folder / "articles").iterdir())[::2]
    there = {page.name for page in pages}
    with Library.open(pages, home) as library:
        reader = _Reader(library, far)
        for case in tqdm(questions(folder), folder.name):
            if case.articles <= there or not case.articles & there:
                evidence = reader.evidence(case.text)
                reader.take(case.text, evidence, bool(case.articles & there))
        return reader.set(folder.name)


class _Reader:
    """Collects what the models see, over one library."""

    def __init__(self, library: Library, far: list[str]) -> None:
        self._library = library
        self._settings = Settings()
        self._ranker = Assistant(library, self._settings).ranker
        self._asked: list[Asked] = []
        for question in far:
            self.take(question, self.evidence(question), False)

    def evidence(self, question: str) -> Evidence:
        hits = self._library.search(question, self._settings.passages)
        return gather(hits, self._settings.context_tokens)

    def take(
        self, question: str, evidence: Evidence, is_answerable: bool, gold: list[bool] | None = None
    ) -> None:
        if not evidence.sentences:
            return
        seen = self._ranker.observe(question, evidence)
        known = np.asarray(gold if gold and is_answerable else [], bool)
        self._asked.append(Asked(seen, is_answerable, known, self._baselines(question, evidence)))

    def _baselines(self, question: str, evidence: Evidence) -> Floats:
        texts = [sentence.text for sentence in evidence.sentences]
        return np.stack(
            [bm25(question, texts), self._ranker.closeness(question, evidence.sentences)]
        )

    def set(self, name: str) -> Set:
        return Set(name, tuple(self._asked))


def bm25(question: str, texts: list[str]) -> Floats:
    """Of each text among the others, k1 = 1.2, b = 0.75 (Robertson and Zaragoza, 2009)."""
    found = [Counter(content_stems(text)) for text in texts]
    lengths = np.asarray([one.total() for one in found], float)
    scores = np.zeros(len(texts))
    for stem in question_words(question):
        counts = np.asarray([one[stem] for one in found], float)
        holding = (counts > 0).sum()
        idf = np.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        norm = 1.2 * (0.25 + 0.75 * lengths / max(lengths.mean(), 1.0))
        scores += idf * counts * 2.2 / (counts + norm)
    return scores


def _fit_all(sets: list[Set]) -> tuple[Logistic, Logistic]:
    """The ranking of sentences, and then, with it, the answerability of questions."""
    ranking = _fit([one.sentences() for one in sets if one.knows_gold])
    asked = [one.questions(ranking, with_gaps=True) for one in sets]
    real = [one.questions(ranking, with_gaps=False) for one in sets]
    answerable = _fit(asked)
    return ranking, replace(answerable, threshold=_threshold(real, answerable))


def _fit(samples: list[Sample]) -> Logistic:
    """On standardised features; every set weighs the same. The threshold is yet to be found."""
    everything = np.concatenate([one.features for one in samples])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-9
    weights = np.concatenate([np.full(len(one.labels), 1.0 / len(one.labels)) for one in samples])
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(
        (everything - mean) / spread,
        np.concatenate([one.labels for one in samples]),
        sample_weight=weights * len(weights) / weights.sum(),
    )
    scaled = model.coef_[0] / spread
    return Logistic(tuple(map(float, scaled)), float(model.intercept_[0] - scaled @ mean), 0.0)


def _threshold(samples: list[Sample], model: Logistic) -> float:
    """The highest at which no set refuses more than ``FALSE_REFUSALS`` of its positives."""
    scores = [model(one.features)[one.labels == 1] for one in samples]
    candidates = np.linspace(0.0, 1.0, 1001)
    refused = [max((score < one).mean() for score in scores) for one in candidates]
    return float(candidates[np.nonzero(np.asarray(refused) <= FALSE_REFUSALS)[0][-1]])


def _report_sentences(sets: list[Set]) -> None:
    """Ours against what it is made of, each set by models fitted on the others.

    BM25; the embedding model; both, as they choose what is read; the cross-encoder.
    """
    print("\nsentences        first right   MRR  P@3   R@3   F1@3  R-precision")
    known = [one for one in sets if one.knows_gold]
    for held in known:
        others = [one for one in known if one is not held] or [held]
        likely = _fit([one.sentences(LIKELY_FEATURES) for one in others])
        ranking = _fit([one.sentences() for one in others])
        asked = [one for one in held.asked if one.gold.any()]
        for name, scores in (
            ("BM25", [one.baselines[0] for one in asked]),
            ("MiniLM", [one.baselines[1] for one in asked]),
            ("likely", [likely.log_odds(one.seen.sentences[:, :-1]) for one in asked]),
            ("read", [one.seen.sentences[:, -1] for one in asked]),
            ("ours", [ranking.log_odds(one.seen.sentences) for one in asked]),
        ):
            found = [_ranked(row, one.gold) for row, one in zip(scores, asked, strict=True)]
            means = " ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
            print(f"  {held.name:8} {name:8} {means}")


def _ranked(scores: Floats, gold: NDArray[np.bool_]) -> tuple[float, ...]:
    """First right, reciprocal rank, P@3, R@3, F1@3, and precision among as many as are gold."""
    ordered = gold[np.argsort(-scores, kind="stable")].astype(float)
    right, all_gold = ordered[:3].sum(), gold.sum()
    return (
        ordered[0],
        1.0 / (1 + int(ordered.argmax())),
        right / 3,
        right / all_gold,
        2 * right / (3 + all_gold),
        ordered[:all_gold].mean(),
    )


def _report_answerable(sets: list[Set]) -> None:
    print("\nanswerable: each set by models fitted on the others")
    for held in sets:
        others = [one for one in sets if one is not held] or sets
        if not any(one.knows_gold for one in others):
            continue
        ranking, model = _fit_all(others)
        sample = held.questions(ranking, with_gaps=False)
        scores = model(sample.features)
        positive, negative = scores[sample.labels == 1], scores[sample.labels == 0]
        auc, refused = _told_apart(scores, sample.labels)
        print(
            f"  {held.name:12} {len(positive):4} yes, {len(negative):4} no, "
            f"AUC {auc:.3f}; at {model.threshold:.3f} "
            f"{(positive < model.threshold).mean():.3f} of yes and "
            f"{(negative < model.threshold).mean():.3f} of no refused; where 5 % of yes are, "
            f"{refused:.3f} of no"
        )


def _told_apart(scores: Floats, labels: Floats) -> tuple[float, float]:
    """Area under the curve, and the share of no that is refused where 5 % of yes are."""
    fair = np.quantile(scores[labels == 1], 0.05)
    return float(roc_auc_score(labels, scores)), float((scores[labels == 0] < fair).mean())


def _report_folds(sets: list[Set]) -> None:
    """What the cross-encoder is worth where a set's own questions are learned from, too."""
    print(f"\n{FOLDS} folds of each set, the others added, {DRAWS} draws")
    print("                     first right   MRR  F1@3   AUC  no refused where 5 % of yes are")
    for held in (one for one in sets if one.knows_gold):
        others = [one for one in sets if one is not held]
        for name, (asked, *rest) in (
            ("without it", [one.unread() for one in (held, *others)]),
            ("with it", [held, *others]),
        ):
            figures = np.mean([_in_folds(asked, rest, draw) for draw in range(DRAWS)], axis=0)
            print(f"  {held.name:8} {name:12} " + " ".join(f"{one:.3f}" for one in figures))


def _in_folds(held: Set, others: list[Set], draw: int) -> tuple[float, ...]:
    ranked, scores, labels = [], [], []
    for learned, part in held.folds(draw):
        ranking, model = _fit_all([learned, *others])
        ranked += [
            _ranked(ranking.log_odds(one.seen.sentences), one.gold)
            for one in part.asked
            if one.gold.any()
        ]
        sample = part.questions(ranking, with_gaps=False)
        scores.append(model.log_odds(sample.features))
        labels.append(sample.labels)
    first, reciprocal, _, _, f1, _ = np.mean(ranked, axis=0)
    return first, reciprocal, f1, *_told_apart(np.concatenate(scores), np.concatenate(labels))


def _write(name: str, model: Logistic, features: tuple[str, ...], samples: list[Sample]) -> None:
    stored = {
        "data": [f"{one.name}: {int(one.labels.sum())} of {len(one.labels)}" for one in samples],
        "made by": "benchmarks/calibrate.py",
        "weights": {f: round(w, 4) for f, w in zip(features, model.weights, strict=True)},
        "bias": round(model.bias, 4),
        "threshold": round(model.threshold, 4),
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
