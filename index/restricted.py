"""The derived indexes as they would be if they held some of the passages only.

Few passages are compared one by one, by the vectors that the catalogue keeps; in few articles, less
than half of all, words are looked for by a set of these. Of many, more are fetched than asked for
and those that may not be found are dropped; if too few are left, more are fetched, and in the end
all are compared. So nothing that is admitted and fits is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.derived import Derived

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Ranking = list[tuple[int, float]]

Load = Callable[[Ids], tuple[Ids, Vectors]]
"""Ids of passages → those that there are, and their vectors row by row."""

FEW = 10_000
"""Passages that are compared one by one (15 MB of vectors, read once for each filter), and articles
that make a set."""

_MARGIN = 1.3
"""More than its share suggests: what is admitted is not evenly spread."""

_GROWTH = 4


class Admitted:
    """The passages that a filter admits: all of an article's, or none."""

    def __init__(self, ids: Ids, firsts: Ids, total: int, load: Load) -> None:
        self.ids = ids
        """Ascending."""
        self.firsts = firsts
        """Those that an article begins with."""
        self.total = total
        """How many passages there are in all."""
        self._load = load

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, ranking: Ranking) -> Ranking:
        """What of the ranking is admitted."""
        held = np.isin([id for id, _ in ranking], self.ids)
        return [one for one, is_held in zip(ranking, held, strict=True) if is_held]

    def nearest(self, vector: Vectors, k: int) -> Ranking:
        """The ``k`` nearest to ``vector``, exactly: ids and cosines, best first; ties by id."""
        if len(self) <= FEW:
            return _best(*self._vectors, vector, k)
        parts = (self._load(self.ids[at : at + FEW]) for at in range(0, len(self), FEW))
        found = [one for part in parts for one in _best(*part, vector, k)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    @cached_property
    def _vectors(self) -> tuple[Ids, Vectors]:
        return self._load(self.ids)


@dataclass(frozen=True, slots=True)
class Restricted:
    """``derived``, restricted to ``admitted``. Raises what ``derived`` raises."""

    derived: Derived
    admitted: Admitted

    def nearest(self, vector: Vectors, k: int) -> Ranking:
        """The ``k`` admitted passages nearest to ``vector``: ids and cosines, best first."""
        if len(self.admitted) <= FEW:
            return self.admitted.nearest(vector, k)
        found = self._of_more(lambda size: self.derived.nearest(vector, size), k)
        return self.admitted.nearest(vector, k) if found is None else found

    def matching(self, query: str, k: int) -> Ranking:
        """The ``k`` admitted passages that fit the words of ``query`` best, best first."""
        admitted = self.admitted
        if len(admitted.firsts) > FEW or 2 * len(admitted) > admitted.total:
            found = self._of_more(lambda size: self.derived.matching(query, size), k)
            if found is not None:
                return found
        return self.derived.matching(query, k, admitted.firsts) if len(admitted) else []

    def _of_more(self, fetch: Callable[[int], Ranking], k: int) -> Ranking | None:
        """The best of more than asked for; ``None`` where too few are found."""
        wanted = min(k, len(self.admitted))
        enough = ceil(_MARGIN * wanted * self.admitted.total / len(self.admitted))
        for size in (enough, _GROWTH * enough):
            fetched = fetch(size)
            found = self.admitted.of(fetched)
            if len(found) >= wanted or len(fetched) < size:
                return found[:k]
        return None


def _best(ids: Ids, vectors: Vectors, vector: Vectors, k: int) -> Ranking:
    if not len(ids):
        return []
    cosines = vectors @ vector
    order = np.lexsort((ids, -cosines))[:k]
    return [(int(ids[at]), float(cosines[at])) for at in order]
