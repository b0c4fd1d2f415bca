"""Drafts on their way into the catalogue: embedded together, committed one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from index.embedding import Embedder, Vectors
from index.records import Draft
from index.writer import CatalogueWriter

_BATCH = 64
"""Passages embedded, and kept, at a time: some seconds' work."""

_CHARACTERS = 2_000_000
"""Of articles that wait for others to share a batch with: what is held in memory."""

Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Batch:
    ids: Sequence[str]
    vectors: Future[Vectors]
    commits: list[Commit]
    """Of the drafts all of whose vectors are there once these are."""


class Intake:
    """Takes drafts in, embeds what the catalogue has no vectors for, then commits.

    While one batch is embedded, in a thread, the caller reads what the next is made of. Small
    files share a batch, a large one fills several. What was embedded is kept at once, so that a
    kill costs two batches at most; ``after_batch`` is called then.
    """

    def __init__(
        self, writer: CatalogueWriter, embedder: Embedder, after_batch: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._after_batch = after_batch
        self._inputs: dict[str, str] = {}
        self._commits: list[Commit] = []
        self._characters = 0
        self._thread = ThreadPoolExecutor(1, "embedding")
        self._started: deque[_Batch] = deque()
        self.embedded = 0
        """Passages embedded so far."""

    def close(self) -> None:
        """Drop what was not flushed; what is being embedded is waited for."""
        self._thread.shutdown(cancel_futures=True)

    def put(self, drafts: Sequence[Draft], commit: Commit) -> None:
        """Call ``commit`` once the catalogue holds all vectors of the drafts, in order of calls."""
        for cut in (cut for draft in drafts for cut in draft.cuts):
            if not self._is_known(cut.embedding):
                self._inputs[cut.embedding] = cut.input
        self._commits.append(commit)
        self._characters += sum(len(draft.text) for draft in drafts)
        if self._characters > _CHARACTERS:
            self.flush()
        elif len(self._inputs) >= _BATCH:
            self._start()

    def flush(self) -> None:
        """Commit all that waits."""
        self._start()
        self._finish(leaving=0)

    def _is_known(self, embedding: str) -> bool:
        if embedding in self._inputs or any(embedding in batch.ids for batch in self._started):
            return True
        return self._writer.is_embedded(embedding)

    def _start(self) -> None:
        """Have all that waits embedded, which goes on in the thread after the last batch began."""
        ids = list(self._inputs)
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            texts = [self._inputs[id] for id in batch]
            self._started.append(_Batch(batch, self._submit(texts), []))
            self._finish(leaving=1)
        if self._started:
            self._started[-1].commits.extend(self._commits)
        else:
            _commit(self._commits)
        self._inputs, self._commits, self._characters = {}, [], 0

    def _submit(self, texts: Sequence[str]) -> Future[Vectors]:
        return self._thread.submit(self._embedder.passages, texts)

    def _finish(self, leaving: int) -> None:
        """Keep what was embedded, until no more than so many batches are left."""
        while len(self._started) > leaving:
            batch = self._started[0]
            vectors = batch.vectors.result()
            self._writer.put_vectors(dict(zip(batch.ids, vectors, strict=True)))
            self._started.popleft()
            self.embedded += len(batch.ids)
            self._after_batch()
            _commit(batch.commits)


def _commit(commits: Sequence[Commit]) -> None:
    for commit in commits:
        commit()
