"""The derived indexes of one library: built from the catalogue, checked, published, opened.

``folder/<name>/`` holds ``vectors/`` (Chroma) and ``keywords/`` (Tantivy). What is published is
never written to: an update copies it, changes the copy, reads it back, and then lets the catalogue
name the copy, in one transaction. A process killed at any moment leaves a folder that nobody
reads, which the next writer deletes.

With a Chroma server the vectors stand in a collection there. A change is made in that collection
while the catalogue holds it to be *dirty*; who finds it dirty without its writer builds another.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue, PassageRecord, Published
from index.errors import StorageError
from index.keywords import Keywords, KeywordWriter
from index.manifest import DamagedError, Manifest, common, settle, survey, verify
from index.vectors import ChromaServer, Vectors, copy_vectors, drop_collections, seal_vectors

__all__ = ["ChromaServer", "DamagedError", "Derived", "DerivedStore"]

# How words and vectors are written: with another number, what was published is built anew.
_FORM = 4

# Taking passages out wears an index: its graph keeps their places, its word statistics count
# them. It is built anew from some share on, and always where that takes no time.
_WORN_SHARE = 0.1
_QUICKLY_BUILT = 2000

_BATCH = 5000
_SAMPLED = 500


class Derived:
    """What was published, opened. Any number of threads may search it.

    A search raises ``DamagedError`` where the index cannot be read (any more), and
    ``VectorServerError`` where the Chroma server does not answer as it should.
    """

    def __init__(self, generation: int, vectors: Vectors, keywords: Keywords) -> None:
        self.generation = generation
        """Of the catalogue it was made from."""
        self._vectors = vectors
        self._keywords = keywords

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The ``k`` passages nearest to ``vector``: ids and cosines, best first."""
        return self._vectors.nearest(vector, k) if k > 0 else []

    def finds(self, id: int, vector: NDArray[np.float32]) -> bool:
        """Whether passage ``id`` has this vector, of length 1."""
        return self._vectors.finds(id, vector)

    def matching(
        self, query: str, k: int, among: Iterable[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages that fit the words of ``query`` best: ids and BM25, best first.

        ``among``: the first passages of the articles that may be found; else all may.
        """
        return self._keywords.matching(query, k, among) if k > 0 else []

    def mentioning(self, phrase: Sequence[str], *, together: bool = True) -> frozenset[int]:
        """The articles that hold these stems, by their first passages' ids: all of them
        ``together``, one after the other, or anywhere in one passage."""
        return self._keywords.mentioning(phrase, together=together)

    def frequency(self, word: str) -> int:
        """In how many passages the word stands."""
        return self._keywords.frequency(word)

    def count(self) -> tuple[int, int]:
        """How many passages the vectors and the keywords hold."""
        return self._vectors.count(), self._keywords.count()

    def close(self) -> None:
        self._vectors.close()

    def __enter__(self) -> Derived:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Details:
    """What ``Published.details`` says."""

    dimensions: int
    server: str
    """Digest of the Chroma server's URL; empty where the vectors are in the folder."""
    collection: str
    """The server's collection; empty where the vectors are in the folder."""
    worn: int = 0
    """Passages taken out since everything was built from nothing."""
    kept: Sequence[str] = ()
    """What was published before, folder and collection: readers may still have it open."""
    count: int = 0
    files: Manifest = field(default_factory=dict)
    form: int = 0
    dirty: bool = False
    """The server's collection is being changed, or was when its writer died."""

    @classmethod
    def of(cls, published: Published) -> _Details:
        try:
            return cls(**json.loads(published.details))
        except (ValueError, TypeError) as error:
            raise DamagedError("what was published is not described") from error

    def packed(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Draft:
    """Indexes in the making: those in ``folder`` are to become those of the catalogue."""

    folder: Path
    details: _Details
    fresh: bool
    """Empty so far; else a copy of what is published."""
    since: int = 0
    """The generation they stand at."""
    removed: Sequence[int] = ()


class DerivedStore:
    """Builds, publishes and opens the derived indexes of one library.

    ``folder`` is its own. ``dimensions`` is the length of a vector. Whoever calls anything but
    ``open`` holds the library's writer's lock. Raises ``StorageError`` where the disk is in the
    way, and ``VectorServerError`` where the Chroma server does not answer as it should.
    """

    def __init__(self, folder: Path, dimensions: int, server: ChromaServer | None = None) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._server = server

    def open(self, catalogue: Catalogue) -> Derived:
        """What is published. Raises ``DamagedError`` if it is missing or damaged."""
        while True:
            published = catalogue.published()
            if published is None:
                raise DamagedError("nothing was published yet")
            try:
                return self._opened(published)
            except DamagedError:
                # A writer may have replaced it meanwhile.
                if catalogue.published() == published:
                    raise

    def update(self, catalogue: Catalogue) -> None:
        """Publish indexes that are sound and stand where the catalogue stands."""
        self.clean(catalogue)
        try:
            self.open(catalogue).close()
            self._extend(catalogue)
        except DamagedError:
            self._build(catalogue)

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build everything from the catalogue, whatever stands, and publish it."""
        self.clean(catalogue)
        self._build(catalogue)

    def clean(self, catalogue: Catalogue) -> None:
        """Delete what is neither published nor was published just before."""
        published = catalogue.published()
        keep = frozenset(_current(catalogue)) | frozenset(_previous(published))
        with self._storing():
            self._folder.mkdir(parents=True, exist_ok=True)
            for entry in self._folder.iterdir():
                if entry.is_dir() and entry.name not in keep:
                    # What cannot be deleted now is in nobody's way.
                    shutil.rmtree(entry, ignore_errors=True)
        if self._server:
            drop_collections(self._server, self._prefix(), keep)

    def _build(self, catalogue: Catalogue) -> None:
        folder = self._new_folder(catalogue)
        collection = f"{self._prefix()}{folder.name}" if self._server else ""
        details = _Details(
            self._dimensions, self._server_digest(), collection, kept=_current(catalogue)
        )
        try:
            with self._discarding(catalogue, folder):
                self._publish(catalogue, _Draft(folder, details, fresh=True))
        except DamagedError as error:
            raise StorageError(
                f"What was written to {self._folder} does not read back as written ({error}): "
                "check the disk, then run `pincite index` again."
            ) from error

    def _opened(self, published: Published) -> Derived:
        details = _Details.of(published)
        made_for = (details.form, details.dimensions, details.server)
        if made_for != (_FORM, self._dimensions, self._server_digest()):
            raise DamagedError("it was published for other vectors or another Chroma server")
        folder = self._folder / published.name
        verify(folder, details.files)
        keywords = Keywords(folder / "keywords")
        derived = Derived(published.generation, self._vectors(folder, details), keywords)
        try:
            self._try(derived, details)
        except BaseException:
            derived.close()
            raise
        return derived

    def _try(self, derived: Derived, details: _Details) -> None:
        vectors, keywords = derived.count()
        if keywords != details.count or (vectors != details.count and not details.dirty):
            raise DamagedError(f"{details.count} passages became {vectors} and {keywords}")
        # Chroma reads a graph when it is first searched: let that be now.
        derived.nearest(np.full(self._dimensions, self._dimensions**-0.5, np.float32), 1)

    def _extend(self, catalogue: Catalogue) -> None:
        published, details = _described(catalogue)
        removed = catalogue.removed_since(published.generation)
        worn = replace(details, worn=details.worn + len(removed), kept=_current(catalogue))
        if details.dirty or _is_worn(worn):
            self._build(catalogue)
        elif removed or any(catalogue.passages_since(published.generation, 1)):
            folder = self._new_folder(catalogue)
            draft = _Draft(folder, worn, False, published.generation, removed)
            with self._discarding(catalogue, folder):
                self._copy(self._folder / published.name, folder)
                self._mark_dirty(catalogue, published, details)
                self._publish(catalogue, draft)
        elif published.generation != catalogue.generation:
            catalogue.publish(replace(published, generation=catalogue.generation))

    def _copy(self, source: Path, target: Path) -> None:
        with self._storing():
            target.mkdir(parents=True)
            ignore = shutil.ignore_patterns("*.lock")
            shutil.copytree(source / "keywords", target / "keywords", ignore=ignore)
            if not self._server:
                copy_vectors(source / "vectors", target / "vectors")

    def _mark_dirty(self, catalogue: Catalogue, published: Published, details: _Details) -> None:
        if self._server:
            dirty = replace(details, dirty=True)
            catalogue.publish(replace(published, details=dirty.packed()))

    def _publish(self, catalogue: Catalogue, draft: _Draft) -> None:
        with self._storing():
            draft.folder.mkdir(parents=True, exist_ok=True)
            sample = self._write(catalogue, draft)
            settle(draft.folder)
            files = survey(draft.folder)
            count = catalogue.passage_count()
            details = replace(draft.details, form=_FORM, count=count, files=files)
            published = Published(draft.folder.name, catalogue.generation, details.packed())
            with self._opened(published) as derived:
                _check(derived, sample)
            # What opening changes could not be recognised later. It changes nothing, unless with
            # another version of Chroma or Tantivy.
            details = replace(details, files=common(files, survey(draft.folder)))
        catalogue.publish(replace(published, details=details.packed()))
        self.clean(catalogue)

    @contextmanager
    def _discarding(self, catalogue: Catalogue, folder: Path) -> Iterator[None]:
        """Delete ``folder`` if the work on it fails: a full disk needs its room."""
        try:
            yield
        except BaseException:
            if folder.name not in _current(catalogue):
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def _write(self, catalogue: Catalogue, draft: _Draft) -> list[PassageRecord]:
        """Bring the draft to where the catalogue stands; some of the passages, to check it by."""
        sample = next(catalogue.passages_since(0, 1), [])
        with (
            KeywordWriter(draft.folder / "keywords") as keywords,
            closing(self._vectors(draft.folder, draft.details, create=draft.fresh)) as vectors,
        ):
            keywords.delete(draft.removed)
            vectors.delete(draft.removed)
            for records in catalogue.passages_since(draft.since, _BATCH):
                keywords.add(records)
                vectors.upsert([r.id for r in records], np.stack([r.vector for r in records]))
                sample += [*records[::_SAMPLED], records[-1]]
        if not self._server:
            seal_vectors(draft.folder / "vectors")
        return sample

    def _vectors(self, folder: Path, details: _Details, *, create: bool = False) -> Vectors:
        if self._server:
            return Vectors.on_server(self._server, details.collection, create=create)
        return Vectors.in_folder(folder / "vectors", create=create)

    def _new_folder(self, catalogue: Catalogue) -> Path:
        return self._folder / f"{catalogue.generation:08d}-{token_hex(4)}"

    def _prefix(self) -> str:
        """Of the names of this library's collections on a server that many may use."""
        owner = self._folder / "owner"
        with self._storing():
            self._folder.mkdir(parents=True, exist_ok=True)
            if not owner.exists():
                draft = owner.with_suffix(".new")
                draft.write_text(token_hex(8), encoding="ascii")
                draft.replace(owner)
            return f"pincite-{owner.read_text(encoding='ascii')}-"

    def _server_digest(self) -> str:
        # A URL may hold a password.
        url = self._server.url.rstrip("/") if self._server else ""
        return hashlib.sha256(url.encode()).hexdigest()[:16] if url else ""

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"{self._folder} cannot be written ({_reason(error)}): see that the disk has room "
                "and the folder can be written, then run `pincite index` again."
            ) from error


def _reason(error: OSError) -> str:
    if isinstance(error, shutil.Error):  # a list of (source, target, reason)
        return str(error.args[0][0][-1])
    return error.strerror or str(error)


def _described(catalogue: Catalogue) -> tuple[Published, _Details]:
    published = catalogue.published()
    if published is None:
        raise DamagedError("nothing was published yet")
    return published, _Details.of(published)


def _current(catalogue: Catalogue) -> tuple[str, ...]:
    """Names of the folder and of the collection that are published."""
    published = catalogue.published()
    if published is None:
        return ()
    try:
        return published.name, _Details.of(published).collection
    except DamagedError:
        return (published.name,)


def _previous(published: Published | None) -> Sequence[str]:
    if published is None:
        return ()
    try:
        return _Details.of(published).kept
    except DamagedError:
        return ()


def _is_worn(details: _Details) -> bool:
    quickly_built = details.worn > 0 and details.count <= _QUICKLY_BUILT
    return quickly_built or details.worn > _WORN_SHARE * details.count


def _check(derived: Derived, sample: Sequence[PassageRecord]) -> None:
    """Raises ``DamagedError`` unless every passage of ``sample`` is found by its own vector."""
    for record in sample:
        if not derived.finds(record.id, record.vector):
            raise DamagedError(f"passage {record.id} is not found by its own vector")
