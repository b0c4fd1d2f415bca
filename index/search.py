"""Query → hits: nearest vectors and matching words, fused.

Fusion adds the two scores, each divided by the best of its ranking (CombSUM: Fox and Shaw,
"Combination of Multiple Searches", TREC-2, 1994). Unlike ranks, scores tell a passage that fits
far better than the next from one that fits hardly better. What words alone brought has its own
cosine, not that of the last that dense search brought (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

Ranking = Sequence[tuple[int, float]]
"""Passage ids with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one library."""

    catalogue: Catalogue
    embedder: Embedder

    def search(self, derived: Derived | Restricted, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` best passages for ``query``, best first; ties by order of indexing."""
        if k < 1 or not query.strip():
            return []
        depth = max(DEPTH, k)
        vector = self.embedder.query(query)
        words = dict(derived.matching(query, depth))
        cosines = self._cosines(vector, dict(derived.nearest(vector, depth)), words)
        return [
            Hit(passage, score, cosines[passage.id], words.get(passage.id))
            for passage, score in self._there(fuse(cosines, words), k)
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

    def _cosines(
        self, vector: NDArray[np.float32], nearest: Mapping[int, float], others: Iterable[int]
    ) -> dict[int, float]:
        """Of the query and each passage; of those that dense search did not bring, computed."""
        missing = np.array([id for id in others if id not in nearest], np.int64)
        found, vectors = self.catalogue.vectors(missing)
        computed = {int(id): float(row @ vector) for id, row in zip(found, vectors, strict=True)}
        return {**nearest, **computed}


def fuse(cosines: Mapping[int, float], words: Mapping[int, float]) -> list[tuple[int, float]]:
    """Cosines and words' scores, each as a share of its best, added; equal sums by id.

    A passage without a cosine is gone; one without a score for its words has none of them.
    """
    nearest, most = _best(cosines), _best(words)
    scores = {id: cosine / nearest + words.get(id, 0.0) / most for id, cosine in cosines.items()}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _best(scores: Mapping[int, float]) -> float:
    best = max(scores.values(), default=0.0)
    return best if best > 0.0 else 1.0
