"""Fits the bundled reader to written examples, and measures it on others.

    python -m benchmarks.understanding [--fit] [--errors]

``benchmarks/questions/fit.txt`` says how examples are written. With ``--fit``,
``assistant/data/reader.npz`` is made anew from it; then the reader is measured on
``held_out.txt``, written afterwards and in another manner. Softmax regression with a quadratic
penalty, by Adam: some three minutes on two cores.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.reader import (
    HEADS,
    Matrix,
    Reader,
    Role,
    reader,
    sentence_features,
    spans,
    word_features,
)
from index.embedding import WordsInContext, words_in_context

HERE = Path(__file__).resolve().parent
QUESTIONS = HERE / "questions"
WEIGHTS = HERE.parent / "assistant" / "data" / "reader.npz"

DRAWN = 3
"""Variants of an example with topics and persons drawn at random."""
SEED = 1
BATCH = 256
_MARK = re.compile(r"((?:\b(?:the|a|an|new)\s)?)\{([-=~^@'%#&]?)([^}]*)\}")
_ROLES = dict(zip("-=~^@'%#&", "XFPRHGALS", strict=True)) | {"": "T"}
_OPENINGS = (*[""] * 8, "please ", "can you tell me ", "hi, ", "hey ", "ok so ", "tell me ")
_INTENTS = {"c": "content", "o": "overview", "t": "talk"}
_SHOWN = {"l": "articles", "n": "count", "a": "authors", "p": "publishers", "d": "dates"}
_SIGNS = {">": ("order", "newest"), "<": ("order", "oldest"), "1": ("single", "yes")}
_SIGNS |= {"x": ("compared", "yes"), "+": ("follows", "refers"), "++": ("follows", "fragment")}
_KINDS = {"N": "number", "D": "date", "U": "duration"}


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what it asks."""

    text: str
    marked: tuple[tuple[int, int, str], ...]
    """Characters with a role."""
    told: dict[str, str]
    """The class of each head; a head that is not told is not to be fitted or measured on it."""

    def roles(self, read: WordsInContext) -> list[str]:
        """The role of each word."""
        return [
            next((role for first, last, role in self.marked if first <= start < last), "O")
            for start, _ in spans(self.text, read.words)
        ]


def examples(file: Path, drawn: int) -> Iterator[Example]:
    """The examples of a file, those with anything to draw so many times."""
    draw = random.Random(SEED)
    topics = [line.split("|") for line in (QUESTIONS / "topics.txt").read_text().splitlines()]
    people = (QUESTIONS / "people.txt").read_text().splitlines()
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        codes, _, text = (part.strip() for part in line.partition("|"))
        for variant in range(drawn if re.search("[$@]}", text) else 1):
            written = _MARK.sub(lambda found: _drawn(found, draw, topics, people), text)
            if drawn > 1:
                opening = draw.choice(_OPENINGS) if variant and codes[0] not in "tf" else ""
                written = f"{opening}{written}" + "?" * (draw.random() < 0.4)
                written = written if draw.random() < 0.5 else written.lower()
            yield _example(written, codes.split())


def _drawn(
    found: re.Match[str], draw: random.Random, topics: Sequence[list[str]], people: Sequence[str]
) -> str:
    opening, mark, said = found.groups()
    if said == "@":
        return f"{opening}{{{mark}{draw.choice(people)}}}"
    if said == "$":
        article, topic = draw.choice(topics)
        return f"{opening or (article + ' ') * bool(article)}{{{mark}{topic}}}"
    return found.group()


def _example(written: str, codes: Sequence[str]) -> Example:
    text, end, marked = "", 0, []
    for found in _MARK.finditer(written):
        text += written[end : found.start(2) - 1]
        marked.append((len(text), len(text) + len(found[3]), _ROLES[found[2]]))
        text, end = text + found[3], found.end()
    return Example(text + written[end:], tuple(marked), _told(codes))


def _told(codes: Sequence[str]) -> dict[str, str]:
    first, *others = codes
    if first == "f":
        return {"english": "no"}
    told = {"english": "yes", "intent": _INTENTS.get(first, "collection"), "follows": ""}
    if first in _SHOWN:
        told |= {"show": _SHOWN[first], "group": "", "order": "", "single": "no", "compared": "no"}
    if first == "c":
        told |= dict.fromkeys(_KINDS.values(), "no")
    for code in others:
        if code.startswith("/"):
            told["group"] = code[1:]
        elif code in _SIGNS:
            told.update([_SIGNS[code]])
        else:
            told |= dict.fromkeys((_KINDS[letter] for letter in code), "yes")
    return told


# Fitting


def fit(known: Sequence[Example]) -> Reader:
    """A reader fitted to the examples, its weights written to :data:`WEIGHTS`."""
    read = words_in_context([example.text for example in known])
    roles = [example.roles(one) for example, one in zip(known, read, strict=True)]
    counts = Counter(
        word.lower()
        for one, own in zip(read, roles, strict=True)
        for word, role in zip(one.words, own, strict=True)
        if role not in "TX"
    )
    words = sorted(word for word, count in counts.items() if count > 2)
    places = {word: at for at, word in enumerate(words)}
    of_words = np.vstack([word_features(one, places) for one in read])
    numbers = [list(Role).index(Role(role)) for own in roles for role in own]
    weights = softmax_regression(of_words, np.array(numbers), len(Role), penalty=1e-5)
    whole = np.stack(
        [sentence_features(one, own, places) for one, own in zip(read, roles, strict=True)]
    )
    heads = {}
    for name, classes in HEADS.items():
        at = [place for place, example in enumerate(known) if name in example.told]
        numbers = [classes.index(known[place].told[name]) for place in at]
        if name == "english":
            at += 9 * [place for place in at if known[place].told[name] == "no"]  # they are few
            numbers = [classes.index(known[place].told[name]) for place in at]
        heads[name] = softmax_regression(whole[at], np.array(numbers), len(classes), penalty=3e-5)
    packed = {name: one.astype(np.float16) for name, one in {**heads, "roles": weights}.items()}
    note = np.array("Fitted to benchmarks/questions/fit.txt by benchmarks/understanding.py")
    np.savez_compressed(WEIGHTS, **packed, words=np.array(words), note=note)  # type: ignore[arg-type]
    reader.cache_clear()
    return reader()


def softmax_regression(
    features: Matrix, numbers: NDArray[np.int_], classes: int, penalty: float, rounds: int = 30
) -> Matrix:
    """Weights ``(features + 1, classes)``, the bias last: the mean log loss and the penalty on
    squared weights are minimised by Adam (Kingma & Ba, 2015) on batches."""
    draw = np.random.default_rng(SEED)
    weights = np.zeros((features.shape[1] + 1, classes), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    batches = -(-len(features) // BATCH)
    for step in range(1, rounds * batches + 1):
        if step % batches == 1 or batches == 1:
            order = draw.permutation(len(features))
        at = order[(step - 1) % batches * BATCH :][:BATCH]
        rows = np.hstack([features[at], np.ones((len(at), 1), np.float32)])
        scores = rows @ weights
        errors = np.exp(scores - scores.max(axis=1, keepdims=True))
        errors /= errors.sum(axis=1, keepdims=True)
        errors[np.arange(len(at)), numbers[at]] -= 1
        slope = rows.T @ errors / len(rows) + 2 * penalty * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        rate = 0.01 * (1 - step / (rounds * batches + 1))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


# Measuring


def measure(known: Sequence[Example], show_errors: bool) -> None:
    """Prints the share of examples that each head tells right, and of words with their roles."""
    right: dict[str, list[bool]] = {name: [] for name in (*HEADS, "roles", "topic", "all")}
    for example in known:
        (read,) = words_in_context([example.text])
        found = reader().read(example.text)
        wanted = example.roles(read)
        wrong = [
            f"{name} {found.heads[name] or '-'}, not {value or '-'}"
            for name, value in example.told.items()
            if found.heads[name] != value
        ]
        for name, value in example.told.items():
            right[name].append(found.heads[name] == value)
        if "intent" in example.told:
            right["roles"] += [one == other for one, other in zip(found.roles, wanted, strict=True)]
            right["topic"].append(list(found.roles) == wanted)
            right["all"].append(list(found.roles) == wanted and not wrong)
            if list(found.roles) != wanted:
                wrong.append(" ".join(map("/".join, zip(read.words, found.roles, strict=True))))
        if wrong and show_errors:
            print(f"{example.text}\n    {'; '.join(wrong)}")
    for name, ones in right.items():
        print(f"{name:10} {np.mean(ones):6.3f}  of {len(ones)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print what is told wrong")
    options = parser.parse_args()
    if options.fit:
        fit(list(examples(QUESTIONS / "fit.txt", DRAWN)))
    measure(list(examples(QUESTIONS / "held_out.txt", 1)), options.errors)


if __name__ == "__main__":
    main()
