"""Drafts on their way into the catalogue: embedded together, committed one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.embedding import Embedder
from index.records import Draft
from index.writer import CatalogueWriter

_BATCH = 64
"""Passages embedded, and kept, at a time: some seconds' work."""

_CHARACTERS = 4_000_000
"""Of articles that wait: what is held in memory."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    characters: int
    commit: Callable[[], None]


class Intake:
    """Takes drafts in, embeds what the catalogue has no vectors for, then commits.

    Small files share a batch, a large one fills several. What was embedded is kept at once, so
    that a kill costs a batch at most; ``after_batch`` is called then.
    """

    def __init__(
        self, writer: CatalogueWriter, embedder: Embedder, after_batch: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._after_batch = after_batch
        self._waiting: list[_Waiting] = []
        self._inputs: dict[str, str] = {}
        self.embedded = 0
        """Passages embedded so far."""

    def put(self, drafts: Sequence[Draft], commit: Callable[[], None]) -> None:
        """Call ``commit`` once the catalogue holds all vectors of the drafts, in order of calls."""
        for cut in (cut for draft in drafts for cut in draft.cuts):
            if cut.embedding not in self._inputs and not self._writer.is_embedded(cut.embedding):
                self._inputs[cut.embedding] = cut.input
        characters = sum(len(draft.text) for draft in drafts)
        self._waiting.append(_Waiting(characters, commit))
        held = sum(waiting.characters for waiting in self._waiting)
        if len(self._inputs) >= _BATCH or held > _CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Commit all that waits."""
        ids = list(self._inputs)
        for start in range(0, len(ids), _BATCH):
            self._embed(ids[start : start + _BATCH])
        self._inputs.clear()
        for waiting in self._waiting:
            waiting.commit()
        self._waiting.clear()

    def _embed(self, ids: Sequence[str]) -> None:
        vectors = self._embedder.passages([self._inputs[id] for id in ids])
        self._writer.put_vectors(dict(zip(ids, vectors, strict=True)))
        self.embedded += len(ids)
        self._after_batch()
