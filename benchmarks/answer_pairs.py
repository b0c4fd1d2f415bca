"""Pairs of a question and a sentence, right if the sentence answers the question.

Read from SQuAD 2.0 (Rajpurkar et al., 2018) and from SQuAD 1.1 as lines of sentences and questions
(Du et al., *Learning to Ask*, 2017). Wrong sentences are of the same text, so that they speak of
the same things: those that share most words with the question, and of a question without an answer
the one that looks like one.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.sentences import runs

HELD_OUT = {"Scottish_Parliament", "Islamism"}
NEIGHBOURS = 12
"""Lines before and after a sentence whose sentences are of the same text, as a rule."""


@dataclass(frozen=True, slots=True)
class Pair:
    question: str
    sentence: str
    is_right: bool


def squad(
    path: Path, answered: Iterable[tuple[str, str]] = ()
) -> tuple[list[Pair], list[Pair], set[str]]:
    """Pairs to learn from, pairs held out, and the sentences of the articles held out.

    A file that keeps its answers back is labelled by ``answered``, sentences of SQuAD 1.1 and their
    questions: from there SQuAD 2.0 has those with an answer.
    """
    known = {_squeezed(question): sentence for sentence, question in answered}
    learned: list[Pair] = []
    held: list[Pair] = []
    held_texts: set[str] = set()
    for article in json.loads(path.read_text("utf-8"))["data"]:
        is_held = article["title"] in HELD_OUT
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            spans = [span for run in runs(text) for span in run.sentences]
            sentences = [span.of(text) for span in spans]
            if is_held:
                held_texts |= {_key(one) for one in sentences}
            for asked in paragraph["qas"]:
                if "is_impossible" not in asked:
                    found = _unlabelled(asked["question"].strip(), sentences, known)
                else:
                    places = Counter(
                        place
                        for answer in asked["answers"] or asked["plausible_answers"]
                        for place, span in enumerate(spans)
                        if span.start <= answer["answer_start"] < span.end
                    )
                    found = _asked(asked, sentences, places, is_held)
                (held if is_held else learned).extend(found)
    return learned, held, held_texts


def _asked(
    asked: dict[str, Any], sentences: list[str], places: Counter[int], is_held: bool
) -> Iterator[Pair]:
    if not places:
        return
    question = asked["question"].strip()
    is_right = not asked["is_impossible"]
    yield Pair(question, sentences[places.most_common(1)[0][0]], is_right)
    others = [text for place, text in enumerate(sentences) if place not in places]
    for other in _nearest(question, others)[: 9 if is_held else 1 + is_right]:
        yield Pair(question, other, False)


def _unlabelled(question: str, sentences: list[str], known: dict[str, str]) -> Iterator[Pair]:
    right = known.get(_squeezed(question))
    if right is not None:
        holders = [one for one in sentences if _squeezed(one) in _squeezed(right)]
        if not holders:
            return
        yield Pair(question, holders[0], True)
        sentences = [one for one in sentences if one not in holders]
    for other in _nearest(question, sentences)[:2]:
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


def lines(path: Path) -> list[str]:
    """One text a line, as it was before it was cut into tokens."""
    return [_written(line) for line in path.read_text("utf-8").splitlines()]


def _written(tokens: str) -> str:
    for mark, meant in (("-lrb-", "("), ("-rrb-", ")"), ("-lsb-", "["), ("-rsb-", "]")):
        tokens = re.sub(mark, meant, tokens, flags=re.IGNORECASE)
    tokens = tokens.replace("``", '"').replace("''", '"')
    return re.sub(r"\s+", " ", tokens).strip()


def _nearest(question: str, sentences: Sequence[str]) -> list[str]:
    return sorted(sentences, key=lambda text: -_shared(question, text))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _shared(question: str, sentence: str) -> float:
    asked = _words(question)
    return len(asked & _words(sentence)) / max(len(asked), 1)


def _key(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


def _squeezed(text: str) -> str:
    """The same whether or not it was cut into tokens."""
    return "".join(re.findall(r"\w", text.lower()))
