"""Query → hits: nearest vectors and matching words, fused.

Fusion is reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009):
``score = Σ 1 / (60 + rank)`` over the two rankings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.article import Hit

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from index.derived import Derived
    from index.embedding import Embedder
    from index.restricted import Restricted

DEPTH = 300
"""How far down each ranking is read before they are fused."""

RRF_CONSTANT = 60

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
        dense = derived.nearest(self.embedder.query(query), depth)
        keyword = derived.matching(query, depth)
        return self._hits(fuse(dense, keyword), dict(dense), dict(keyword), k)

    def _hits(
        self, fused: Ranking, dense: dict[int, float], keyword: dict[int, float], k: int
    ) -> list[Hit]:
        # A passage may be gone from the catalogue while the derived indexes still name it (another
        # process is writing): the next best takes its place.
        hits: list[Hit] = []
        for start in range(0, len(fused), k):
            page = fused[start : start + k]
            passages = self.catalogue.passages([id for id, _ in page])
            hits += [
                Hit(passages[id], score, dense.get(id), keyword.get(id))
                for id, score in page
                if id in passages
            ]
            if len(hits) >= k:
                break
        return hits[:k]


def fuse(*rankings: Ranking) -> list[tuple[int, float]]:
    """Reciprocal rank fusion of rankings of ids, best first; equal scores by id."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, (id, _) in enumerate(ranking, start=1):
            scores[id] = scores.get(id, 0.0) + 1.0 / (RRF_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
