"""A catalogue in memory, for tests of what is derived from one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, PassageRecord, Published
from index.derived import Derived, DerivedStore

DIMENSIONS = 16


def vector_of(seed: int) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).normal(size=DIMENSIONS)
    return np.asarray(found / np.linalg.norm(found), np.float32)


def record(id: int, body: str | None = None) -> PassageRecord:
    return PassageRecord(
        id=id,
        article_id=f"article{id}",
        title=f"Title {id // 3}",
        heading="",
        sentences=(body or f"passage number {id} about topic{id % 5} and word{id}",),
        vector=vector_of(id),
        published=None,
        authors=(),
        publisher=None,
    )


@dataclass
class Shelf:
    """A catalogue in memory."""

    generation: int = 0
    records: dict[int, tuple[int, PassageRecord]] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)
    current: Published | None = None

    def add(self, *ids: int) -> None:
        self.generation += 1
        self.records.update({id: (self.generation, record(id)) for id in ids})

    def remove(self, *ids: int) -> None:
        self.generation += 1
        for id in ids:
            del self.records[id]
            self.gone[id] = self.generation

    def passages_since(self, generation: int, batch: int = 1000) -> Iterator[list[PassageRecord]]:
        found = [r for _, (at, r) in sorted(self.records.items()) if at > generation]
        for start in range(0, len(found), batch):
            yield found[start : start + batch]

    def removed_since(self, generation: int) -> list[int]:
        return sorted(id for id, at in self.gone.items() if at > generation)

    def passage_count(self) -> int:
        return len(self.records)

    def published(self) -> Published | None:
        return self.current

    def publish(self, published: Published) -> None:
        self.current = published


def as_catalogue(shelf: Shelf) -> Catalogue:
    return cast(Catalogue, shelf)


Rankings = list[tuple[list[tuple[int, float]], list[tuple[int, float]]]]


def rankings(derived: Derived) -> Rankings:
    return [
        (
            [(id, round(score, 5)) for id, score in derived.nearest(vector_of(seed), 10)],
            [(id, round(score, 4)) for id, score in derived.matching(f"topic{seed} word7", 10)],
        )
        for seed in range(5)
    ]


def clean_build(shelf: Shelf, folder: Path) -> Rankings:
    twin = replace(shelf, current=None)
    store = DerivedStore(folder, DIMENSIONS, None)
    store.rebuild(as_catalogue(twin))
    with store.open(as_catalogue(twin)) as derived:
        return rankings(derived)
