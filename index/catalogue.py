"""The catalogue: the truth about a library's articles, passages and vectors.

What is derived from it (nearest vectors, words) can be thrown away at any time. One process
writes, through :class:`index.writer.CatalogueWriter`; any number read, and see its commits.

Every committed change that a search could show adds one to :attr:`Catalogue.generation`.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index import statements as sql
from index.article import Article, Metadata, Passage, Span, article_id
from index.database import Database, Row
from index.errors import CatalogueError, CorpusError
from index.plain import plain
from index.records import Vector, unpack_metadata, unpack_spans, unpack_vector

_CACHED_CHARACTERS = 16_000_000


@dataclass(frozen=True, slots=True, eq=False)
class PassageRecord:
    """A passage as the derived indexes take it in."""

    id: int
    article_id: str
    title: str
    heading: str
    sentences: tuple[str, ...]
    """Plain text."""
    vector: Vector
    """Unit length."""
    published: date | None
    authors: tuple[str, ...]
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """The derived indexes that readers are to use."""

    name: str
    generation: int
    """Of the catalogue they were made from."""
    details: str
    """JSON; theirs alone to understand."""


class Catalogue:
    """One library's catalogue, made if missing. Its methods may be called from any thread.

    Raises ``CatalogueError`` where the file is damaged or of another version, ``StorageError``
    where the disk is in the way.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = Database(path)
        try:
            self._prepare()
        except BaseException:
            self.database.close()
            raise
        self._cache = _ArticleCache()

    def _prepare(self) -> None:
        for statement in sql.SCHEMA:
            self.database.run(statement)
        if not self.meta("schema"):
            self._begin()
        if (version := self.meta("schema")) != sql.SCHEMA_VERSION:
            raise CatalogueError(
                f"The index was made by another version of Pincite (its form is {version}, "
                f"this version's is {sql.SCHEMA_VERSION}): run `pincite doctor --repair` to "
                "build it anew from the articles."
            )

    def _begin(self) -> None:
        with self.database.writing():
            if not self.meta("schema"):  # another process may have been quicker
                self.set_meta("generation", "0")
                self.set_meta("last_passage", "0")
                self.set_meta("schema", sql.SCHEMA_VERSION)

    def close(self) -> None:
        self.database.close()

    # What readers need

    @property
    def generation(self) -> int:
        """Adds one with every committed change that a search could show."""
        with self._whole("its generation"):
            return int(self.meta("generation"))

    def published(self) -> Published | None:
        """What readers are to use; ``None`` before anything was published."""
        packed = self.meta("published")
        with self._whole("what it says of the search indexes"):
            return Published(**json.loads(packed)) if packed else None

    def fingerprint(self) -> Mapping[str, str]:
        """The settings this index was made with; empty before the first."""
        with self._whole("its fingerprint"):
            found: dict[str, str] = json.loads(self.meta("fingerprint") or "{}")
        return found

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages with these ids, in the order asked; those that are gone are absent."""
        with self._reading():
            found = [passage for id in ids for passage in self._passage(id)]
        return {passage.id: passage for passage in found}

    def passages_of(self, article: Article) -> tuple[Passage, ...]:
        """The article's passages, in the order of its text."""
        rows = self.database.rows(sql.PASSAGES_OF_ARTICLE, article.id)
        with self._whole(f"the passages of {article.path}"):
            return tuple(
                Passage(id, article, heading, unpack_spans(packed)) for id, heading, packed in rows
            )

    def article(self, id: str) -> Article:
        """Raises ``CorpusError`` where no article has this id."""
        with self._reading():
            for article in self._article(id):
                return article
        raise CorpusError(f"No article has the id {id!r}: it may have changed or been removed.")

    def articles(self) -> Iterator[Article]:
        """All articles, by path. Each is read when it is asked for."""
        for id, _ in self.database.rows(sql.ARTICLES_LOCATED):
            with self._reading():
                found = list(self._article(id))
            yield from found

    def metadata(self) -> Iterator[tuple[str, Metadata, tuple[str, ...]]]:
        """Id, metadata and paths of every article, by path; their texts are not read."""
        paths: dict[str, list[str]] = {}
        packed: dict[str, str] = {}
        for id, known, path in self.database.rows(sql.ARTICLES_METADATA):
            paths.setdefault(id, []).append(path)
            packed[id] = known
        for id, found in paths.items():
            with self._whole(f"article {id}"):
                metadata = unpack_metadata(packed[id])
            yield id, metadata, tuple(found)

    def owners(self) -> list[tuple[int, str]]:
        """Every passage's id and its article's, in order of passages."""
        return [(id, article) for id, article in self.database.rows(sql.PASSAGE_OWNERS)]

    def vectors(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids ascending, and unit vectors row by row, of the passages with these ids; those that
        are gone are absent."""
        wanted = sorted(ids.tolist())
        rows: list[Row] = []
        for start in range(0, len(wanted), sql.VECTORS_AT_ONCE):
            some = wanted[start : start + sql.VECTORS_AT_ONCE]
            filling = some[-1:] * (sql.VECTORS_AT_ONCE - len(some))
            rows += self.database.rows(sql.PASSAGE_VECTORS, *some, *filling)
        found = np.array([id for id, _, _ in rows], np.int64)
        vectors = [self._vector(*row) for row in rows]
        return found, np.stack(vectors) if rows else np.empty((0, 0), np.float32)

    def article_count(self) -> int:
        return len(self.database.rows(sql.ARTICLES_LOCATED))

    def sources(self) -> tuple[Path, ...]:
        """What is indexed beside the corpus itself."""
        return tuple(Path(row[0]) for row in self.database.rows(sql.SOURCES))

    def boilerplate(self, id: str) -> tuple[Span, ...]:
        """What of the article's text is no content; empty for an unknown article."""
        rows = self.database.rows(sql.ARTICLE_BOILERPLATE, id)
        with self._whole(f"article {id}"):
            return unpack_spans(rows[0][0]) if rows else ()

    # What the derived indexes need

    def passage_count(self) -> int:
        return int(self.database.rows(sql.PASSAGE_COUNT)[0][0])

    def passages_since(self, generation: int, batch: int = 1000) -> Iterator[list[PassageRecord]]:
        """The living passages added after ``generation``, by id, ``batch`` at a time."""
        last = 0
        while True:
            with self._reading():
                rows = self.database.rows(sql.PASSAGES_SINCE, generation, last, batch)
                records = [self._record(row) for row in rows]
            if not records:
                return
            last = records[-1].id
            yield records

    def removed_since(self, generation: int) -> list[int]:
        """Ids of the passages removed after ``generation`` (some may have been added after it)."""
        return [row[0] for row in self.database.rows(sql.REMOVED_SINCE, generation)]

    def publish(self, published: Published) -> None:
        """Let readers use ``published`` from now on."""
        with self.database.writing():
            self.set_meta("published", json.dumps(asdict(published)))

    # What doctor needs

    def problems(self) -> list[str]:
        """What a thorough check of every row finds; empty where all is sound."""
        found = self.database.problems()
        for (id,) in self.database.rows(sql.ARTICLE_IDS):
            try:
                self.text(id)
            except CatalogueError:
                found.append(f"the text of article {id} is not what was stored")
        if unembedded := self.database.rows(sql.PASSAGES_UNEMBEDDED):
            found.append(f"{len(unembedded)} passages have no vector")
        return found + [f"vector {id} is not what was stored" for id in self._broken_vectors()]

    def _broken_vectors(self) -> Iterator[str]:
        last = ""
        while rows := self.database.rows(sql.EMBEDDINGS_AFTER, last, 1000):
            last = rows[-1][0]
            yield from (id for id, vector, checksum in rows if crc32(vector) != checksum)

    # Inside the index

    def meta(self, name: str) -> str:
        """A value kept beside the tables; empty where there is none."""
        rows = self.database.rows(sql.META, name)
        return str(rows[0][0]) if rows else ""

    def set_meta(self, name: str, value: str) -> None:
        self.database.run(sql.META_DELETE, name)
        self.database.run(sql.META_INSERT, name, value)

    def text(self, id: str) -> str:
        """The text of an article that has a row. Raises ``CatalogueError`` if it was altered."""
        with self._whole(f"article {id}"):
            text: str = self.database.rows(sql.ARTICLE, id)[0][0]
            if article_id(text) != id:
                raise ValueError("its text was altered")
        return text

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self.database.reading():
            self._cache.use(self.generation)
            yield

    def _stored(self, id: str) -> Article:
        """The article's row. One that has just lost its last path has none."""
        article = self._cache.get(id)
        if article is None:
            paths = sorted(row[0] for row in self.database.rows(sql.LOCATIONS_OF_ARTICLE, id))
            with self._whole(f"article {id}"):
                metadata = unpack_metadata(self.database.rows(sql.ARTICLE, id)[0][1])
            article = Article(id, self.text(id), metadata, tuple(paths))
            self._cache.put(article)
        return article

    def _article(self, id: str) -> Iterator[Article]:
        """The article, or nothing where it is gone."""
        if self.database.rows(sql.ARTICLE_EXISTS, id) and (article := self._stored(id)).paths:
            yield article

    def _passage(self, id: int) -> Iterator[Passage]:
        """The passage, or nothing where it or its article is gone."""
        for of, heading, packed in self.database.rows(sql.PASSAGE, id):
            for article in self._article(of):
                with self._whole(f"passage {id}"):
                    passage = Passage(id, article, heading, unpack_spans(packed))
                yield passage

    def _record(self, row: Row) -> PassageRecord:
        id, article_id, heading, packed, vector, checksum = row
        article = self._stored(article_id)
        with self._whole(f"passage {id}"):
            said = tuple(plain(span.of(article.text)) for span in unpack_spans(packed))
        return PassageRecord(
            id,
            article_id,
            article.title or "",
            heading,
            said,
            self._vector(id, vector, checksum),
            article.published,
            article.authors,
            article.publisher,
        )

    def _vector(self, id: int, packed: bytes, checksum: int) -> Vector:
        with self._whole(f"the vector of passage {id}"):
            return unpack_vector(packed, checksum)

    @contextmanager
    def _whole(self, what: str) -> Iterator[None]:
        """Raises ``CatalogueError`` where ``what`` is read and cannot be what was stored."""
        try:
            yield
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise CatalogueError(
                f"The index's catalogue is damaged ({self.path}: {what} is not what was stored): "
                "run `pincite doctor --repair` to build it anew from the articles."
            ) from error


class _ArticleCache:
    """The articles read last, of one generation, up to a number of characters."""

    def __init__(self) -> None:
        self._generation = -1
        self._characters = 0
        self._articles: OrderedDict[str, Article] = OrderedDict()

    def use(self, generation: int) -> None:
        """Drop what another generation held."""
        if generation != self._generation:
            self._articles.clear()
            self._characters = 0
            self._generation = generation

    def get(self, id: str) -> Article | None:
        if id in self._articles:
            self._articles.move_to_end(id)
        return self._articles.get(id)

    def put(self, article: Article) -> None:
        self._articles[article.id] = article
        self._characters += len(article.text)
        while self._characters > _CACHED_CHARACTERS:
            _, oldest = self._articles.popitem(last=False)
            self._characters -= len(oldest.text)
