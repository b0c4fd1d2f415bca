"""What is known of all articles, in memory: which of them, and of their passages, a filter admits.

Their texts are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.article import Metadata
from index.filtering import Filter
from index.restricted import Admitted, Ids, Load

if TYPE_CHECKING:
    from index.catalogue import Catalogue

_REMEMBERED = 4
"""Filters whose passages are kept, perhaps with their vectors: those of the questions asked now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the register knows it: without its text."""

    id: str
    metadata: Metadata
    paths: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its title, or where it lies."""
        return self.metadata.title or self.paths[0]


class Register:
    """The articles of one generation of a catalogue. Any number of threads may read it.

    ``passages`` are the ids of all passages, ascending; ``owners`` says of each which of the
    ``entries`` it is from; ``load`` reads vectors.
    """

    def __init__(
        self, generation: int, entries: Sequence[Entry], passages: Ids, owners: Ids, load: Load
    ) -> None:
        self.generation = generation
        self.entries = tuple(entries)
        """By path."""
        self._passages = passages
        self._owners = owners
        self._load = load
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._admitted)

    @classmethod
    def read(cls, catalogue: Catalogue) -> Register:
        """As the catalogue stands."""
        with catalogue.database.reading():
            entries = [Entry(*known) for known in catalogue.metadata()]
            places = {entry.id: at for at, entry in enumerate(entries)}
            located = [(id, places[of]) for id, of in catalogue.owners() if of in places]
            generation = catalogue.generation
        passages, owners = np.array(located, np.int64).reshape(-1, 2).T
        return cls(generation, entries, passages, owners, catalogue.vectors)

    def articles(self, wanted: Filter) -> list[Entry]:
        """The articles that the filter admits, by path."""
        return [one for one in self.entries if wanted.admits(one.id, one.metadata, one.paths)]

    def admitted(self, wanted: Filter) -> Admitted:
        """The passages that the filter admits."""
        return self._remembered(wanted)

    def _admitted(self, wanted: Filter) -> Admitted:
        fits = [wanted.admits(one.id, one.metadata, one.paths) for one in self.entries]
        ids = self._passages[np.array(fits, bool)[self._owners]]
        return Admitted(ids, len(self._passages), self._load)
