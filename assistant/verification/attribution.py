"""Which sentences a statement rests on, told by the words they share: nothing is embedded."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evidence import EvidenceSentence
from assistant.verification.language import words

MOST = 3
"""Sentences that a statement is attributed to at most."""
_GAIN = 0.12
"""Share of a statement's words, weighed, that a further sentence must add."""
_OWN = 0.25
"""Share that each sentence must hold by itself: one that merely has the same number says nothing of
what is counted."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Sentences, and how much of a statement they hold."""

    sentences: tuple[EvidenceSentence, ...]
    """In the order of the evidence."""
    coverage: float
    """0 to 1: the share of the statement's words, the rare ones weighing more."""


def attribute(statement: str, sentences: Sequence[EvidenceSentence]) -> Attribution:
    """The fewest of ``sentences``, :data:`MOST` at most, that hold what of ``statement``'s words
    they hold together."""
    held = [stems(_known(one)) for one in sentences]
    weights = _weights(stems(statement), held)
    total = sum(weights.values())
    chosen: list[int] = []
    missing = set(weights)
    able = [n for n, own in enumerate(held) if _weight(own, weights) >= _OWN * total]
    while missing and len(chosen) < MOST and able:
        gains = {n: _weight(missing & held[n], weights) for n in able}
        best = max(able, key=gains.__getitem__)
        if gains[best] < _GAIN * total:
            break
        chosen.append(best)
        missing -= held[best]
    coverage = 1 - sum(weights[word] for word in missing) / total if total else 0.0
    return Attribution(tuple(sentences[place] for place in sorted(chosen)), coverage)


def _weight(held: frozenset[str] | set[str], weights: Mapping[str, float]) -> float:
    return sum(weight for word, weight in weights.items() if word in held)


def coverage(statement: str, texts: Iterable[str], among: Sequence[EvidenceSentence]) -> float:
    """How much of ``statement`` the texts hold, its words weighed as ``among`` these sentences."""
    weights = _weights(stems(statement), [stems(_known(one)) for one in among])
    held = frozenset().union(*map(stems, texts))
    total = sum(weights.values())
    return _weight(held, weights) / total if total else 0.0


def _known(sentence: EvidenceSentence) -> str:
    return f"{sentence.text} {sentence.heading}"


def _weights(wanted: frozenset[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    """The rarer among the sentences, the heavier."""
    counts = Counter(word for own in held for word in own & wanted)
    return {word: math.log((len(held) + 1) / (counts[word] + 0.5)) for word in wanted}


def stems(text: str) -> frozenset[str]:
    """The words of a text without most of their endings; of scripts that run words together,
    pairs of characters."""
    found: set[str] = set()
    for word in words(text):
        if "\u2e80" <= word[0] <= "\u9fff" or "\u3040" <= word[0] <= "\u30ff":
            found.update(word[i : i + 2] for i in range(max(len(word) - 1, 1)))
        else:
            found.add(word if word.isdigit() else word[:5])
    return frozenset(found)
