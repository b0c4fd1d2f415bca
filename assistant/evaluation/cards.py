"""One question as a report shows it: what was asked, searched out, answered, and why it went so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from assistant.evaluation.cases import Stretch, TestCase
from assistant.evaluation.contexts import Context, contexts
from assistant.evaluation.excerpts import Texts
from assistant.evaluation.reasons import reason
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record, Result, result
from index.plain import plain

BEGINNING = 150
"""Characters shown of a passage that was searched out."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was searched out."""

    rank: int
    place: Stretch
    title: str
    beginning: str
    gold: tuple[int, ...]
    """Which pieces of gold it brings, counted from 1."""
    read: bool
    """Whether the answerer was shown some of it."""
    cited: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A question with all that became of it."""

    case: TestCase
    result: Result
    reason: str
    answer: Mapping[str, Any]
    """As in the run; empty where the answerer failed."""
    without_gold: Mapping[str, Any]
    """The answer without the gold articles; empty where it was not asked for."""
    contexts: Sequence[Context]
    found: Sequence[Found]
    articles: Sequence[str]
    """Of each piece of gold that is a whole article, which ones will do."""
    judged: str
    latency_ms: float
    change: str
    """``won`` or ``lost`` against the other run; empty where neither."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A property by which the questions can be filtered."""

    name: str
    values: Sequence[tuple[str, int]]
    """Each with how many questions have it."""
    of: Mapping[str, Sequence[int]]
    """A question's id → which of the values it has."""


def cards(run: Run, won: Iterable[str] = (), lost: Iterable[str] = ()) -> list[Card]:
    """Every question of the run, in its order."""
    changes = dict.fromkeys(won, "won") | dict.fromkeys(lost, "lost")
    return [_card(record, run.texts, changes.get(record.case.id, "")) for record in run.records]


def _card(record: Record, texts: Texts, change: str) -> Card:
    return Card(
        record.case,
        result(record),
        reason(record),
        record.answer,
        record.without_gold,
        contexts(record, texts),
        [_found(rank, at, record, texts) for rank, at in enumerate(record.retrieved, start=1)],
        [" or ".join(at.path for at in one.stretches) for one in record.case.gold if one.whole],
        record.judged,
        record.latency_ms,
        change,
    )


def _found(rank: int, at: Stretch, record: Record, texts: Texts) -> Found:
    held = texts[at.path].holding(at) if at.path in texts else None
    gold = enumerate(record.case.gold, start=1)
    return Found(
        rank,
        at,
        texts[at.path].title if at.path in texts else "",
        shorten(plain(held.of(at)), BEGINNING, placeholder=" …") if held else "",
        tuple(number for number, piece in gold if any(map(at.covers, piece.stretches))),
        any(at.overlap(place) for place in record.read),
        any(at.overlap(place) for place in record.citations),
    )


def facets(shown: Sequence[Card]) -> list[Facet]:
    """What the questions differ in: result, outcome, type, tag, split, change from another run."""
    properties: dict[str, dict[str, Sequence[str]]] = {
        "result": {card.case.id: (card.result.value,) for card in shown},
        "outcome": {card.case.id: (card.answer["outcome"],) for card in shown if card.answer},
        "type": {card.case.id: (card.case.type,) for card in shown},
        "tag": {card.case.id: card.case.tags for card in shown},
        "split": {card.case.id: (card.case.split,) for card in shown if card.case.split},
        "change": {card.case.id: (card.change,) for card in shown if card.change},
    }
    found = [_facet(name, of) for name, of in properties.items()]
    return [one for one in found if len(one.values) > 1 or (one.values and one.name == "change")]


def _facet(name: str, of: Mapping[str, Sequence[str]]) -> Facet:
    counts: dict[str, int] = defaultdict(int)
    for values in of.values():
        for value in dict.fromkeys(values):
            counts[value] += 1
    places = {value: at for at, value in enumerate(counts)}
    numbered = {id: [places[value] for value in values] for id, values in of.items()}
    return Facet(name, list(counts.items()), numbered)
