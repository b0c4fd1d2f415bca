"""What changes a catalogue. Used by whoever holds the writer's lock, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from index import statements as sql
from index.article import Metadata
from index.catalogue import Catalogue
from index.records import (
    Draft,
    FileRecord,
    Location,
    Vector,
    merge,
    pack_metadata,
    pack_spans,
    pack_vector,
    unpack_metadata,
)


class CatalogueWriter:
    """Changes a catalogue: each method that does is one transaction, committed or not at all."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._database = catalogue.database

    # What is there

    def files(self) -> dict[str, FileRecord]:
        """Every file that was read, by path."""
        records = (FileRecord(*row) for row in self._database.rows(sql.FILES))
        return {record.path: record for record in records}

    def locations(self, file: str) -> tuple[Location, ...]:
        """What was found in a file; for the empty path, what was added without one."""
        rows = self._database.rows(sql.LOCATIONS_OF_FILE, file)
        return tuple(Location(path, id, unpack_metadata(packed)) for path, id, packed in rows)

    def file_of(self, path: str) -> tuple[str, ...]:
        """The file whose article lies at ``path`` (empty if it has none); nothing if none does."""
        return tuple(row[0] for row in self._database.rows(sql.LOCATION, path))

    def holds(self, id: str) -> bool:
        """Whether there is such an article, be it one that has just lost its last path."""
        return bool(self._database.rows(sql.ARTICLE_EXISTS, id))

    def is_embedded(self, embedding: str) -> bool:
        return bool(self._database.rows(sql.EMBEDDING_EXISTS, embedding))

    def to_cut(self, settings: str) -> list[tuple[str, Metadata]]:
        """Articles whose passages were made with other settings or metadata than they have now.

        Their ids, with the metadata they have now.
        """
        with self._database.reading():
            candidates = [row[0] for row in self._database.rows(sql.ARTICLES_TO_CUT, settings)]
            now = ((id, merge(self._locations_of(id))) for id in candidates)
            return [
                (id, metadata)
                for id, metadata in now
                if self._database.rows(sql.ARTICLE_MADE_WITH, id)
                != [(pack_metadata(metadata), settings)]
            ]

    # Settings and sources

    def restart(self, fingerprint: Mapping[str, str]) -> None:
        """Use other settings from now on, and withdraw what was published with the old ones."""
        with self._changing():
            self.catalogue.set_meta("fingerprint", json.dumps(dict(fingerprint)))
            self._database.run(sql.META_DELETE, "published")

    def add_source(self, path: Path) -> None:
        with self._database.writing():
            self._database.run(sql.SOURCE_DELETE, str(path))
            self._database.run(sql.SOURCE_INSERT, str(path))

    def remove_source(self, path: Path) -> None:
        with self._database.writing():
            self._database.run(sql.SOURCE_DELETE, str(path))

    # Articles

    def put_vectors(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors, by embedding id, for the passages to come.

        They are what indexing costs: kept before the article is, they survive a kill in its midst.
        """
        with self._database.writing():
            for id, vector in vectors.items():
                self._database.run(sql.EMBEDDING_INSERT, id, *pack_vector(vector), id)

    def put_file(
        self,
        record: FileRecord,
        locations: Sequence[Location],
        drafts: Iterable[Draft],
    ) -> None:
        """Keep what was read from a file, in place of what was read from it before.

        ``drafts`` are the articles the catalogue does not hold yet; their vectors are there.
        Articles that lose their last path stay until :meth:`sweep`: a file that moved is not
        indexed twice.
        """
        with self._changing() as generation:
            self._put_file_record(record)
            self._database.run(sql.LOCATIONS_DELETE_OF_FILE, record.path)
            self._put_locations(record.path, locations)
            self._put_articles(drafts, generation)

    def put_article(self, location: Location, drafts: Iterable[Draft]) -> None:
        """Keep an article that has no file, in place of what was at its path before."""
        with self._changing() as generation:
            self._database.run(sql.LOCATION_DELETE, location.path)
            self._put_locations("", [location])
            self._put_articles(drafts, generation)

    def recut(self, draft: Draft) -> None:
        """Give an article other passages."""
        made_with = (pack_metadata(draft.metadata), pack_spans(draft.boilerplate), draft.settings)
        with self._changing() as generation:
            self._remove_passages(draft.article_id, generation)
            self._database.run(sql.ARTICLE_UPDATE, *made_with, draft.article_id)
            self._put_passages(draft, generation)

    def note_files(self, records: Sequence[FileRecord]) -> None:
        """Keep what is new about files whose articles have not changed."""
        if records:
            with self._database.writing():
                for record in records:
                    self._put_file_record(record)

    def remove_files(self, paths: Sequence[str]) -> None:
        if paths:
            rows = [(path,) for path in paths]
            with self._changing():
                self._database.run_many(sql.FILE_DELETE, rows)
                self._database.run_many(sql.LOCATIONS_DELETE_OF_FILE, rows)

    def remove_location(self, path: str) -> None:
        with self._changing():
            self._database.run(sql.LOCATION_DELETE, path)

    # Tidying

    def sweep(self) -> None:
        """Remove the articles that lost their last path."""
        lost = [row[0] for row in self._database.rows(sql.ARTICLES_LOST)]
        if lost:
            with self._changing() as generation:
                for id in lost:
                    self._remove_passages(id, generation)
                    self._database.run(sql.ARTICLE_DELETE, id)

    def forget(self) -> None:
        """Drop the vectors no passage uses and the tombstones that what is published knows of."""
        published = self.catalogue.published()
        with self._database.writing():
            self._database.run(sql.EMBEDDINGS_FORGET)
            if published is not None:
                self._database.run(sql.REMOVED_FORGET, published.generation)

    # Inside a transaction

    @contextmanager
    def _changing(self) -> Iterator[int]:
        """A transaction that a search could show: yields its generation."""
        with self._database.writing():
            generation = self.catalogue.generation + 1
            self.catalogue.set_meta("generation", str(generation))
            yield generation

    def _locations_of(self, id: str) -> list[Location]:
        rows = self._database.rows(sql.LOCATIONS_OF_ARTICLE, id)
        return [Location(path, id, unpack_metadata(packed)) for path, packed in rows]

    def _put_file_record(self, record: FileRecord) -> None:
        self._database.run(sql.FILE_DELETE, record.path)
        self._database.run(sql.FILE_INSERT, *astuple(record))

    def _put_locations(self, file: str, locations: Iterable[Location]) -> None:
        self._database.run_many(
            sql.LOCATION_INSERT,
            [(at.path, file, at.article_id, pack_metadata(at.metadata)) for at in locations],
        )

    def _put_articles(self, drafts: Iterable[Draft], generation: int) -> None:
        for draft in drafts:
            if self.holds(draft.article_id):
                continue
            made_with = (pack_metadata(draft.metadata), pack_spans(draft.boilerplate))
            self._database.run(
                sql.ARTICLE_INSERT, draft.article_id, draft.text, *made_with, draft.settings
            )
            self._put_passages(draft, generation)

    def _put_passages(self, draft: Draft, generation: int) -> None:
        last = int(self.catalogue.meta("last_passage"))
        for id, cut in enumerate(draft.cuts, start=last + 1):
            self._database.run(
                sql.PASSAGE_INSERT,
                id,
                draft.article_id,
                cut.heading,
                pack_spans(cut.sentences),
                cut.embedding,
                generation,
            )
        self.catalogue.set_meta("last_passage", str(last + len(draft.cuts)))

    def _remove_passages(self, id: str, generation: int) -> None:
        self._database.run(sql.PASSAGES_BURY, generation, id)
        self._database.run(sql.PASSAGES_DELETE, id)
