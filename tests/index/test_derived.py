"""Derived indexes are a pure function of the catalogue, and never a damaged one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from index.catalogue import Catalogue, PassageRecord, Published
from index.derived import DamagedError, Derived, DerivedStore
from index.errors import StorageError

DIMENSIONS = 16


def vector_of(seed: int) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
    return found / np.linalg.norm(found)


def record(id: int, body: str | None = None) -> PassageRecord:
    return PassageRecord(
        id=id,
        article_id=f"article{id // 3}",
        title=f"Title {id // 3}",
        heading="",
        body=body or f"passage number {id} about topic{id % 5} and word{id}",
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


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add(*range(1, 61))
    return shelf


@pytest.fixture
def store(tmp_path: Path) -> DerivedStore:
    return DerivedStore(tmp_path / "derived", DIMENSIONS, None)


def test_nothing_published_is_damage(store: DerivedStore, shelf: Shelf) -> None:
    with pytest.raises(DamagedError):
        store.open(as_catalogue(shelf))


def test_what_is_built_is_found(store: DerivedStore, shelf: Shelf) -> None:
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (60, 60)
        assert derived.generation == shelf.generation
        id, cosine = derived.nearest(vector_of(17), 3)[0]
        assert (id, cosine) == (17, pytest.approx(1.0, abs=1e-5))
        assert derived.matching("word23", 3)[0][0] == 23
        assert derived.nearest(vector_of(17), 0) == derived.matching("word23", 0) == []


def test_updates_equal_a_clean_build(store: DerivedStore, shelf: Shelf, tmp_path: Path) -> None:
    catalogue = as_catalogue(shelf)
    store.update(catalogue)
    shelf.add(*range(61, 80))
    store.update(catalogue)
    shelf.remove(3, 7, 70)
    shelf.add(80)
    shelf.remove(80)
    store.update(catalogue)
    with store.open(catalogue) as derived:
        assert derived.count() == (76, 76)
        assert rankings(derived) == clean_build(shelf, tmp_path / "clean")


def test_an_empty_catalogue_is_published(store: DerivedStore, shelf: Shelf) -> None:
    shelf.remove(*range(1, 61))
    store.update(as_catalogue(shelf))
    with store.open(as_catalogue(shelf)) as derived:
        assert derived.count() == (0, 0)
        assert derived.nearest(vector_of(1), 5) == derived.matching("word1", 5) == []
