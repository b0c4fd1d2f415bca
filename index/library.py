"""Library: a corpus and its index, opened, brought up to date, searched and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING

from index.article import Article, Metadata, article_id
from index.catalogue import Catalogue, Published
from index.contents import Contents
from index.corpus import Corpus
from index.cutting import Cutter
from index.derived import DerivedStore
from index.embedding import OfflineEmbedder
from index.errors import CorpusError, FingerprintError, LockedError, StorageError
from index.health import compare_with_derived, problems, salvage
from index.indexing import Indexer
from index.lock import writer_lock
from index.options import DEFAULTS, Options
from index.records import Location
from index.serving import Serving
from index.sync import Progress, SyncReport, silent
from index.writer import CatalogueWriter

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from index.embedding import Embedder

__all__ = ["Library", "Options"]

_SETTINGS = {
    "embedding": "embedding model",
    "dimensions": "length of a vector",
    "passage_tokens": "tokens in a passage",
    "overlap_tokens": "tokens of overlap",
}
"""How a person calls what a fingerprint holds."""


class Library(Contents):
    """The articles of one corpus, indexed for search. Any number of threads may use it.

    One index lies under ``home`` for each corpus. A library notices at its next search what
    another process has indexed meanwhile. Once closed, it raises ``ClosedError``.
    """

    def __init__(self, corpus: Corpus, folder: Path, options: Options) -> None:
        """Not for callers: use :meth:`open`."""
        embedder = options.embedder or OfflineEmbedder()
        self.report = SyncReport()
        """What opening it has indexed."""
        self.notice = ""
        """What a person should know about how it was opened; empty where all is as usual."""
        self._corpus = corpus
        self._folder = folder
        self._cutter = Cutter(embedder, options.passage_tokens, options.overlap_tokens)
        self._store = DerivedStore(folder / "derived", embedder.dimensions, options.server)
        catalogue = Catalogue(folder / "catalogue.sqlite")
        serving = Serving(catalogue, self._store, self._check_fingerprint, self._build_again)
        super().__init__(catalogue, serving, embedder, options)

    @classmethod
    def open(  # noqa: PLR0913 (by name, each with its default)
        cls,
        corpus: str | Path | Sequence[str | Path] = "seeds/articles",
        home: str | Path = ".pincite",
        *,
        options: Options = DEFAULTS,
        embedding: BaseEmbedding | Embedder | None = None,
        rerankers: Sequence[BaseNodePostprocessor] = (),
        sync: bool = True,
        allow_empty: bool = False,
        progress: Progress | None = None,
    ) -> Library:
        """Index what is new in ``corpus`` (a folder, a file, or several), then open its index.

        ``embedding`` and ``rerankers`` (LlamaIndex's, or an embedder of our own) stand for those
        of the ``options``. Where another process is indexing, the index is opened as it stands,
        and ``notice`` says so. Without ``sync`` nothing is read. ``allow_empty``: a folder in
        which nothing was ever found is a library of no articles.

        Raises:
            CorpusError: there is no such corpus, or no article in it.
            FingerprintError: the index was made with other settings.
            CatalogueError: the index is damaged; :meth:`repair` mends it.
            LockedError: another process is making this index for the first time.
            EmbeddingError, StorageError, VectorServerError: as their names say.
        """
        found = Corpus.of(corpus)
        chosen = options.using(embedding, rerankers, allow_empty)
        library = cls(found, _folder(Path(home), found), chosen)
        try:
            library._start(sync, progress or silent)
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def repair(
        cls,
        corpus: str | Path | Sequence[str | Path] = "seeds/articles",
        home: str | Path = ".pincite",
        *,
        options: Options = DEFAULTS,
        progress: Progress | None = None,
    ) -> Library:
        """Open a library whose index is damaged, after making anew what has to be.

        A damaged catalogue is moved aside, into a folder named ``damaged-…``, never deleted. Its
        articles are read from their files again; what was added without a file is taken over as
        far as it is whole. Raises what :meth:`open` raises.
        """
        found = Corpus.of(corpus)
        folder = _folder(Path(home), found)
        with writer_lock(folder, options.lock_timeout):
            added = salvage(folder)
        library = cls.open(corpus, home, options=options, progress=progress)
        try:
            for location, text in added:
                library.add(text, location.metadata, location.path)
            with writer_lock(folder, options.lock_timeout):
                library._store.rebuild(library.catalogue)
        except BaseException:
            library.close()
            raise
        return library

    def close(self) -> None:
        """Let go of all files. No thread may be using the library any more."""
        self._serving.close()
        self.catalogue.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Writing

    def sync(self, path: str | Path | None = None, progress: Progress | None = None) -> SyncReport:
        """Bring the index up to date with the files: all of them, or those at ``path``.

        A ``path`` outside the corpus belongs to it from now on; its files are called ``../…``.

        Raises ``CorpusError`` (nothing is removed then), ``LockedError``, ``StorageError``.
        """
        wait = self._options.lock_timeout
        return self._sync(None if path is None else Path(path), progress or silent, wait)

    def add(self, text: str, metadata: Metadata, path: str) -> Article:
        """Keep an article that is in no file, in place of what was added at ``path`` before.

        :meth:`sync` leaves it alone. Raises ``CorpusError`` where the text is blank, or the path
        is a file's or does not stay under the corpus.
        """
        location = Location(_inside(path), article_id(_sayable(text)), metadata)
        with (
            self._writing(self._options.lock_timeout) as writer,
            closing(self._indexer()) as indexer,
        ):
            if any(writer.file_of(location.path)):
                raise CorpusError(f"{path} is a file of the corpus: choose another path.")
            indexer.add(location, text)
            self._publish()
        return self.article(location.article_id)

    def remove(self, path: str) -> None:
        """Remove an article that was added, or a folder or file outside the corpus.

        Raises ``CorpusError`` where ``path`` is neither. A file of the corpus goes from the index
        when it is deleted and the index synced.
        """
        with (
            self._writing(self._options.lock_timeout) as writer,
            closing(self._indexer()) as indexer,
        ):
            source = self._corpus.file_at(path)
            if source in self.catalogue.sources():
                self._remove_source(writer, source)
            elif writer.file_of(_inside(path)) == ("",):
                writer.remove_location(_inside(path))
            else:
                raise CorpusError(
                    f"{path} was not added to the index: to remove a file of the corpus, delete "
                    "it and run `pincite index`."
                )
            indexer.settle()
            self._publish()

    def check(self) -> list[str]:
        """What is wrong with the index, a sentence each; empty where it is sound.

        Reads all of it, and searches for some of its passages by their own vectors.
        """
        return [
            *problems(self.catalogue),
            *self._serving.use(partial(compare_with_derived, self.catalogue)),
        ]

    # Inside

    def _start(self, sync: bool, progress: Progress) -> None:
        if self._options.rebuild:
            self._restart()
        self._check_fingerprint()
        if not sync:
            return
        is_usable = self.catalogue.published() is not None
        wait = 0 if is_usable else self._options.lock_timeout
        try:
            self.report = self._sync(None, progress, wait, self._options.index_at_most)
        except LockedError as error:
            if not is_usable:
                raise
            self.notice = f"The index is used as it stands. {error}"
        if waiting := self.report.waiting:
            files = (
                "1 new or changed file is"
                if waiting == 1
                else (f"{waiting:,} new or changed files are")
            )
            self.notice = f"{files} not indexed yet and not searched: run `pincite index`."

    def _restart(self) -> None:
        """Take other settings on; if they are the same, build the search indexes again."""
        with writer_lock(self._folder, self._options.lock_timeout):
            if self.catalogue.fingerprint() != self._cutter.fingerprint():
                CatalogueWriter(self.catalogue).restart(self._cutter.fingerprint())
            elif self.catalogue.published() is not None:
                self._store.rebuild(self.catalogue)

    def _sync(
        self, path: Path | None, progress: Progress, wait: float, at_most: int | None = None
    ) -> SyncReport:
        with self._writing(wait), closing(self._indexer(progress)) as indexer:
            report = indexer.run(path, at_most, allow_empty=self._options.allow_empty)
            self._publish()
        return report

    @contextmanager
    def _writing(self, wait: float) -> Iterator[CatalogueWriter]:
        """The writer's lock, waited for so many seconds."""
        with writer_lock(self._folder, wait):
            writer = CatalogueWriter(self.catalogue)
            # Another process may have made the index anew with other settings meanwhile.
            self._check_fingerprint()
            if not self.catalogue.fingerprint():
                writer.restart(self._cutter.fingerprint())
            yield writer

    def _indexer(self, progress: Progress = silent) -> Indexer:
        return Indexer(self._corpus, self.catalogue, self._cutter, progress)

    def _publish(self) -> None:
        """Bring the search indexes to where the catalogue stands."""
        published = self.catalogue.published()
        if published is None or published.generation != self.catalogue.generation:
            self._store.update(self.catalogue)
            CatalogueWriter(self.catalogue).forget()

    def _build_again(self, damaged: Published) -> None:
        with writer_lock(self._folder, self._options.lock_timeout):
            # Another process, or another thread, may have been quicker.
            if self.catalogue.published() == damaged:
                self._store.rebuild(self.catalogue)

    def _remove_source(self, writer: CatalogueWriter, source: Path) -> None:
        writer.remove_source(source)
        files = {path: self._corpus.file_at(path) for path in writer.files()}
        writer.remove_files([path for path, file in files.items() if file.is_relative_to(source)])

    def _check_fingerprint(self) -> None:
        made_with, ours = self.catalogue.fingerprint(), self._cutter.fingerprint()
        others = [
            f"{_SETTINGS[name]} {made_with[name]}, now {ours[name]}"
            for name in ours
            if made_with and made_with[name] != ours[name]
        ]
        if others:
            raise FingerprintError(
                f"The index was made with other settings ({'; '.join(others)}): run "
                "`pincite index --rebuild` to make it anew with these, or set them back."
            )


def _folder(home: Path, corpus: Corpus) -> Path:
    """The folder of the corpus's index, made if missing."""
    folder = home.expanduser().absolute() / corpus.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The index folder {folder} cannot be made ({error.strerror}): make {home} writable "
            "or set another with PINCITE_HOME."
        ) from error
    return folder


def _inside(path: str) -> str:
    """``path`` in its plain form. Raises ``CorpusError`` unless it stays under the corpus."""
    plain_form = PurePosixPath(path).as_posix()
    if not path or not path.isprintable() or path.startswith("/") or ".." in plain_form.split("/"):
        raise CorpusError(f"{path!r} is no path under the corpus: give one like 'notes/talk.txt'.")
    return plain_form


def _sayable(text: str) -> str:
    """``text``. Raises ``CorpusError`` where it holds nothing, or what no file could."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            "The text holds half a character (a surrogate): decode it anew."
        ) from error
    if not text.strip():
        raise CorpusError("The text is blank: there is nothing to add.")
    return text
