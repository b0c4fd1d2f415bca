"""Trains the cross-encoder of ``index/cross_encoder.py`` and tells how it does.

    python -m benchmarks.cross_encoder --squad SQUAD.json --sentences SOURCES TARGETS \
        --base FOLDER --out cross-encoder.onnx

``--squad``: a file of SQuAD 2.0 (Rajpurkar et al., 2018). ``--sentences``, any number of times: two
files of as many lines, a sentence and the question it answers (SQuAD 1.1 as Du et al. prepared it,
*Learning to Ask*, 2017). ``--base``: all-MiniLM-L6-v2 as the sentence-transformers publish it.
Needs ``pip install '.[train]'``; an hour on two cores.

A pair is a question and a sentence, right if the sentence holds the answer. Wrong ones are of the
same text, so that they speak of the same things: those that share most words with the question,
and of a question without an answer the sentence that looks like one. Articles named in ``HELD_OUT``
are not trained on: on them it is told how often the best of up to ten sentences is right, and
how well answerable questions are told from those that only seem so.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from index.sentences import runs

HELD_OUT = {"Scottish_Parliament", "Islamism"}
MAX_TOKENS = 128
BATCH = 32
RATE = 8e-5
WARM_UP = 0.06
NEIGHBOURS = 12
"""Lines before and after a sentence whose sentences are of the same text, as a rule."""


@dataclass(frozen=True, slots=True)
class Pair:
    question: str
    sentence: str
    is_right: bool


def main() -> None:
    options = _parser().parse_args()
    chance = random.Random(7)
    learned, held, held_texts = squad(json.loads(options.squad.read_text("utf-8")))
    pairs = list(learned)
    for sources, targets in options.sentences:
        pairs += matched(lines(sources), lines(targets), held_texts, chance)
    pairs += learned  # once more: of these there are few, and they are the hard ones
    chance.shuffle(pairs)
    print(f"{len(pairs)} pairs, {sum(one.is_right for one in pairs)} right; {len(held)} held out")
    train(pairs, held, options.base, options.out)


def squad(stored: dict[str, Any]) -> tuple[list[Pair], list[Pair], set[str]]:
    """Pairs to learn from, pairs held out, and the sentences of the articles held out."""
    learned: list[Pair] = []
    held: list[Pair] = []
    held_texts: set[str] = set()
    for article in stored["data"]:
        is_held = article["title"] in HELD_OUT
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            spans = [span for run in runs(text) for span in run.sentences]
            if is_held:
                held_texts |= {_key(span.of(text)) for span in spans}
            for asked in paragraph["qas"]:
                answers = asked["answers"] or asked["plausible_answers"]
                places = Counter(
                    place
                    for answer in answers
                    for place, span in enumerate(spans)
                    if span.start <= answer["answer_start"] < span.end
                )
                if places:
                    (held if is_held else learned).extend(
                        _asked(asked, [span.of(text) for span in spans], places, is_held)
                    )
    return learned, held, held_texts


def _asked(
    asked: dict[str, Any], sentences: list[str], places: Counter[int], is_held: bool
) -> Iterator[Pair]:
    question = asked["question"].strip()
    is_right = not asked["is_impossible"]
    yield Pair(question, sentences[places.most_common(1)[0][0]], is_right)
    others = [text for place, text in enumerate(sentences) if place not in places]
    others.sort(key=lambda text: -_shared(question, text))
    for other in others[: 9 if is_held else 1 + is_right]:
        yield Pair(question, other, False)


def matched(
    sentences: list[str], questions: list[str], without: set[str], chance: random.Random
) -> Iterator[Pair]:
    """Pairs of the lines: the right one, the nearest of the neighbours, and another."""
    for place, (sentence, question) in enumerate(zip(sentences, questions, strict=True)):
        if _key(sentence) in without or len(sentence) < 20 or not question:
            continue
        around = sentences[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
        others = sorted(
            {one for one in around if one != sentence},
            key=lambda one: (-_shared(question, one), one),
        )
        yield Pair(question, sentence, True)
        for other in [*others[:1], *([chance.choice(others[1:])] if others[1:] else [])]:
            yield Pair(question, other, False)


def lines(path: str) -> list[str]:
    """One text a line, with the marks that stood for brackets and quotes."""
    text = Path(path).read_text("utf-8")
    for mark, meant in (("-lrb-", "("), ("-rrb-", ")"), ("-lsb-", "["), ("-rsb-", "]")):
        text = text.replace(mark, meant)
    text = text.replace("``", '"').replace("''", '"')
    return [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _shared(question: str, sentence: str) -> float:
    asked = _words(question)
    return len(asked & _words(sentence)) / max(len(asked), 1)


def _key(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def train(pairs: Sequence[Pair], held: Sequence[Pair], base: Path, out: Path) -> None:
    """One pass over the pairs with AdamW; the words' own vectors stay as they are."""
    import torch
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)
    model.bert.embeddings.requires_grad_(False)
    weights = [one for one in model.parameters() if one.requires_grad]
    batches = _batches(pairs, base)
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
    warm = int(WARM_UP * len(batches))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: (
            (step + 1) / warm if step < warm else (len(batches) - step) / (len(batches) - warm)
        ),
    )
    started = perf_counter()
    for step, (inputs, labels) in enumerate(batches, start=1):
        odds = model(**inputs).logits[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        if step % 500 == 0 or step == len(batches):
            told = report(held, _odds(model, held, base))
            print(f"{step} of {len(batches)}, {perf_counter() - started:.0f} s: {told}", flush=True)
    _export(model, out)


def report(held: Sequence[Pair], odds: Sequence[float]) -> str:
    """How often the best sentence is right, and how well the answerable are told apart."""
    asked: dict[str, list[tuple[float, bool]]] = {}
    for pair, one in zip(held, odds, strict=True):
        asked.setdefault(pair.question, []).append((one, pair.is_right))
    best = [(max(rows), any(right for _, right in rows)) for rows in asked.values()]
    yes = np.asarray([one for (one, _), answerable in best if answerable])
    no = np.asarray([one for (one, _), answerable in best if not answerable])
    first = np.mean([right for (_, right), answerable in best if answerable])
    refused = (no < np.quantile(yes, 0.05)).mean()
    return (
        f"first right {first:.3f} of {len(yes)}; AUC {(yes[:, None] > no[None]).mean():.3f}; "
        f"where 5 % of these are refused, {refused:.3f} of {len(no)} others are"
    )


def _batches(pairs: Sequence[Pair], base: Path) -> list[tuple[dict[str, Any], Any]]:
    """Of like length: taken out of 64 at a time."""
    import torch

    chance = random.Random(1)
    rows = list(zip(_encoded(pairs, base), pairs, strict=True))
    found = []
    for start in range(0, len(rows), 64 * BATCH):
        pool = sorted(rows[start : start + 64 * BATCH], key=lambda row: len(row[0].ids))
        several = [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
        chance.shuffle(several)
        found += several
    return [
        (
            _inputs([one for one, _ in rows]),
            torch.tensor([float(pair.is_right) for _, pair in rows]),
        )
        for rows in found
    ]


def _odds(model: Any, pairs: Sequence[Pair], base: Path) -> list[float]:
    import torch

    encoded = _encoded(pairs, base)
    found: list[float] = []
    model.eval()
    with torch.no_grad():
        for start in range(0, len(encoded), 64):
            found += model(**_inputs(encoded[start : start + 64])).logits[:, 0].tolist()
    model.train()
    return found


def _encoded(pairs: Sequence[Pair], base: Path) -> list[Any]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    encoded: list[Any] = tokenizer.encode_batch([(one.question, one.sentence) for one in pairs])
    return encoded


def _inputs(rows: Sequence[Any]) -> dict[str, Any]:
    import torch

    longest = max(len(row.ids) for row in rows)
    padded = {
        "input_ids": [row.ids + [0] * (longest - len(row.ids)) for row in rows],
        "token_type_ids": [row.type_ids + [0] * (longest - len(row.ids)) for row in rows],
        "attention_mask": [[1] * len(row.ids) + [0] * (longest - len(row.ids)) for row in rows],
    }
    return {name: torch.tensor(values) for name, values in padded.items()}


def _export(model: Any, out: Path) -> None:
    """As ONNX with int8 weights."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]
    sample = tuple(torch.ones((1, 8), dtype=torch.int64) for _ in names)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            model,
            sample,
            whole,
            input_names=names,
            output_names=["log_odds"],
            dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in names},
            dynamo=False,
        )
        quantize_dynamic(whole, out, weight_type=QuantType.QInt8, per_channel=True)
    print(f"{out}: {out.stat().st_size:,} bytes")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path, required=True)
    parser.add_argument("--sentences", nargs=2, action="append", default=[])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    main()
