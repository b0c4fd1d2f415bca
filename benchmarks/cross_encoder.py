"""Trains the cross-encoder of ``index/cross_encoder.py`` and tells how it does.

    python -m benchmarks.cross_encoder first --squad dev-v2.0.json \
        --sentences src-dev.txt tgt-dev.txt --sentences src-test.txt tgt-test.txt \
        --base all-MiniLM-L6-v2 --keep FIRST
    python -m benchmarks.cross_encoder second --squad dev-v2.0.json test-v2.0.json \
        --sentences src-dev.txt tgt-dev.txt --sentences src-test.txt tgt-test.txt \
        --base FIRST --out cross-encoder.onnx

The files of SQuAD 2.0 are the halves of its development set that a university course hands out, the
second without its answers; the others are SQuAD 1.1 as Du et al. prepared it. The first time little
but the second kind is learned from, the second time as much of both, at half the rate. ``--base``:
all-MiniLM-L6-v2 as the sentence-transformers publish it, then what the first time kept. Needs
``pip install '.[train]'``; two hours on two cores. On the articles held out it is told how often
the best of up to ten sentences is right, and how well answerable questions are told from those that
only seem so.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from benchmarks.answer_pairs import Pair, lines, matched, squad
from index.bundled import tokenizer

MAX_TOKENS = 128
BATCH = 32
RATES = {"first": 8e-5, "second": 4e-5}
WARM_UP = 0.06


def main() -> None:
    options = _parser().parse_args()
    read = _first if options.stage == "first" else _second
    pairs, held = read(options, random.Random(7))
    print(f"{len(pairs)} pairs, {sum(one.is_right for one in pairs)} right; {len(held)} held out")
    model = train(pairs, held, options.base, RATES[options.stage])
    if options.keep:
        model.save_pretrained(options.keep)
    if options.out:
        _export(model, options.out)


def _first(options: argparse.Namespace, chance: random.Random) -> tuple[list[Pair], list[Pair]]:
    learned, held, held_texts = squad(options.squad[0])
    pairs = [*learned, *_matched(options.sentences, held_texts, chance)]
    pairs += learned  # once more: of these there are few, and they are the hard ones
    chance.shuffle(pairs)
    return pairs, held


def _second(options: argparse.Namespace, chance: random.Random) -> tuple[list[Pair], list[Pair]]:
    """All of SQuAD 2.0, and as many others."""
    answered = [row for files in options.sentences for row in zip(*map(lines, files), strict=True)]
    pairs: list[Pair] = []
    held: list[Pair] = []
    held_texts: set[str] = set()
    for path in options.squad:
        learned, kept_back, texts = squad(path, answered)
        pairs += learned
        held += kept_back
        held_texts |= texts
    pairs += chance.sample(_matched(options.sentences, held_texts, chance), len(pairs))
    chance.shuffle(pairs)
    return pairs, held


def _matched(
    files: Sequence[tuple[Path, Path]], held_texts: set[str], chance: random.Random
) -> list[Pair]:
    return [
        pair
        for sources, targets in files
        for pair in matched(lines(sources), lines(targets), held_texts, chance)
    ]


def train(pairs: Sequence[Pair], held: Sequence[Pair], base: Path, rate: float) -> Any:
    """One pass over the pairs with AdamW; the words' own vectors stay as they are."""
    import torch
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)
    model.bert.embeddings.requires_grad_(False)
    weights = [one for one in model.parameters() if one.requires_grad]
    batches = _batches(pairs)
    optimizer = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
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
            told = report(held, _odds(model, held))
            print(f"{step} of {len(batches)}, {perf_counter() - started:.0f} s: {told}", flush=True)
    return model


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


def _batches(pairs: Sequence[Pair]) -> list[tuple[dict[str, Any], Any]]:
    """Of like length: taken out of 64 at a time."""
    import torch

    chance = random.Random(1)
    rows = list(zip(_encoded(pairs), pairs, strict=True))
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


def _odds(model: Any, pairs: Sequence[Pair]) -> list[float]:
    import torch

    encoded = _encoded(pairs)
    found: list[float] = []
    model.eval()
    with torch.no_grad():
        for start in range(0, len(encoded), 64):
            found += model(**_inputs(encoded[start : start + 64])).logits[:, 0].tolist()
    model.train()
    return found


def _encoded(pairs: Sequence[Pair]) -> list[Any]:
    own = Tokenizer.from_str(tokenizer().to_str())
    own.enable_truncation(MAX_TOKENS)
    own.no_padding()
    encoded: list[Any] = own.encode_batch([(one.question, one.sentence) for one in pairs])
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
    parser.add_argument("stage", choices=["first", "second"])
    parser.add_argument("--squad", type=Path, nargs="+", required=True)
    parser.add_argument("--sentences", type=Path, nargs=2, action="append", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="a folder for the weights of 32 bits")
    parser.add_argument("--out", type=Path, help="a file for those of 8 bits")
    return parser


if __name__ == "__main__":
    main()
