"""What is known of all articles, in memory: which of them, and of their passages, a filter admits.

Their texts are not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import compress
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


@dataclass(frozen=True, slots=True)
class Holdings:
    """What values the articles' metadata has: what a filter could ask for."""

    articles: int = 0
    authors: tuple[str, ...] = ()
    """Those with most articles first."""
    publishers: tuple[str, ...] = ()
    """Names or, where none is known, hosts; those with most articles first."""
    days: tuple[date, ...] = ()
    """On which articles were published, each once, in order."""
    undated: int = 0
    """How many articles have no date."""


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

    @cached_property
    def holdings(self) -> Holdings:
        """What the metadata of all articles has."""
        known = [entry.metadata for entry in self.entries]
        days = [one.published for one in known if one.published]
        return Holdings(
            len(known),
            _by_count(name for one in known for name in one.authors),
            _by_count(one.site for one in known if one.site),
            tuple(sorted(set(days))),
            len(known) - len(days),
        )

    def entry(self, passage: int) -> Entry | None:
        """The article that a passage is from; ``None`` for one that is gone."""
        at = int(np.searchsorted(self._passages, passage))
        if at == len(self._passages) or int(self._passages[at]) != passage:
            return None
        return self.entries[int(self._owners[at])]

    def owners(self, passages: Iterable[int]) -> frozenset[str]:
        """Ids of the articles that these passages are from; those that are gone do not matter."""
        ids = np.intersect1d(np.fromiter(passages, np.int64), self._passages)
        owners = self._owners[np.searchsorted(self._passages, ids)]
        return frozenset(self.entries[at].id for at in np.unique(owners).tolist())

    def articles(self, wanted: Filter) -> list[Entry]:
        """The articles that the filter admits, by path."""
        return list(compress(self.entries, self._fits(wanted)))

    def holds(self, wanted: Filter) -> bool:
        """Whether the filter admits any article."""
        return any(self._fits(wanted))

    def admitted(self, wanted: Filter) -> Admitted:
        """The passages that the filter admits."""
        return self._remembered(wanted)

    def _admitted(self, wanted: Filter) -> Admitted:
        fits = np.fromiter(self._fits(wanted), bool, len(self.entries))[self._owners]
        begins = np.diff(self._owners, prepend=-1) != 0
        passages = self._passages
        return Admitted(passages[fits], passages[fits & begins], len(passages), self._load)

    def _fits(self, wanted: Filter) -> Iterator[bool]:
        """Of each entry, whether the filter admits it."""
        return wanted.among((one.id, one.metadata, one.paths) for one in self.entries)


def _by_count(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common())
