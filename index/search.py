"""Query → hits: nearest vectors and matching words, fused by their ranks.

Reciprocal rank fusion: a passage scores 1 / (60 + rank) in each of the two rankings (Cormack,
Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
Methods", SIGIR 2009). Nothing in it was fitted to a corpus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.article import Hit, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.catalogue import Catalogue
    from index.derived import Derived
    from index.embedding import Embedder
    from index.restricted import Restricted

DEPTH = 300
"""How far down each ranking is read before they are fused."""

FUSION = 60
"""How little the first ranks are worth more than those after them."""

Ranking = Sequence[tuple[int, float]]
"""Passage ids with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one library."""

    catalogue: Catalogue
    embedder: Embedder

    def search(self, derived: Derived | Restricted, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` best passages for ``query``, best first; ties by order of indexing."""
        if k < 1:
            return []
        depth = max(DEPTH, k)
        vector = self.embedder.query(query)
        nearest, matching = derived.nearest(vector, depth), derived.matching(query, depth)
        words, cosines = dict(matching), dict(nearest)
        found = self._there(fuse(nearest, matching), k)
        cosines |= self._cosines(vector, [one.id for one, _ in found if one.id not in cosines])
        return [
            Hit(passage, score, cosines.get(passage.id), words.get(passage.id))
            for passage, score in found
        ]

    def _there(self, fused: Ranking, k: int) -> list[tuple[Passage, float]]:
        # A passage may be gone from the catalogue while the derived indexes still name it (another
        # process is writing): the next best takes its place.
        found: list[tuple[Passage, float]] = []
        for start in range(0, len(fused), k):
            page = fused[start : start + k]
            passages = self.catalogue.passages([id for id, _ in page])
            found += [(passages[id], score) for id, score in page if id in passages]
            if len(found) >= k:
                break
        return found[:k]

    def _cosines(self, vector: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """Of the query and the passages that words alone have brought."""
        if not ids:
            return {}
        found, vectors = self.catalogue.vectors(np.array(ids, np.int64))
        return {int(id): float(row @ vector) for id, row in zip(found, vectors, strict=True)}


def fuse(*rankings: Ranking) -> list[tuple[int, float]]:
    """The rankings as one, best first; equal sums by id."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, (id, _) in enumerate(ranking, start=1):
            scores[id] += 1 / (FUSION + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
