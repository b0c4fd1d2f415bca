"""Passages that share words with a query (BM25), and articles that hold a phrase: in Tantivy.

Title, heading and body are fields of their own. Words are those of :mod:`index.analysis`. BM25:
Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.analysis import analyzer, query_words, spaced, stems
from index.errors import StorageError
from index.manifest import DamagedError

if TYPE_CHECKING:
    from tantivy import DocAddress, IndexWriter, Query, Schema, Searcher

    from index.catalogue import PassageRecord

# Measured on WildGraphBench (technology, culture): nDCG@10 .668 and .712, where equal weights give
# .667 and .696, and body alone gives .626 and .661.
_BOOSTS = {"title": 0.5, "heading": 0.5, "body": 1.0}

_ANALYZER = "words"
_HEAP_BYTES = 50_000_000

# Some more are fetched, so that which of several equal scores is cut off does not depend on how
# the index came to be.
_SPARE = 32


class Keywords:
    """A published index of words. Any number of threads may search it.

    Raises ``DamagedError`` where the index is missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        with _readable(folder):
            self._searcher = _searcher(folder)
        self._folder = folder

    def matching(
        self, query: str, k: int, among: Iterable[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages that fit the words of ``query`` best: ids and BM25; ties by id.

        ``query`` is plain text; nothing in it is syntax. Without a word, nothing matches.
        ``among``: the first passages of the articles that may be found.
        """
        words = query_words(query)
        if not words:
            return []
        with _readable(self._folder):
            wanted = _any_of(words)
            if among is not None:
                wanted = _all_of([wanted, _of_articles(among)])
            found = self._searcher.search(wanted, k + _SPARE, count=False).hits
            ids = self._integers("id", [address for _, address in found])
        ranked = zip(ids, (score for score, _ in found), strict=True)
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))[:k]

    def mentioning(self, phrase: Sequence[str], *, together: bool = True) -> frozenset[int]:
        """The articles that hold these stems, all of them, by their first passages' ids.

        ``together``: one after the other, in one sentence, the heading or the title; otherwise
        anywhere in one passage.
        """
        if not phrase:
            return frozenset()
        with _readable(self._folder):
            wanted = _phrase(phrase) if together else _all_of([_phrase([word]) for word in phrase])
            found = self._searcher.search(wanted, max(1, self.count()), count=False).hits
            return frozenset(self._integers("first", [address for _, address in found]))

    def frequency(self, word: str) -> int:
        """In how many passages the word stands in body, title or heading, whichever most do.

        Of a word in several parts (``al-Nusra``), the rarest counts.
        """
        with _readable(self._folder):
            counts = [
                max(self._searcher.doc_freq(field, stem) for field in _BOOSTS)
                for stem in stems(word)
            ]
        return min(counts, default=0)

    def count(self) -> int:
        return self._searcher.num_docs

    def _integers(self, field: str, places: list[DocAddress]) -> list[int]:
        return [int(value or 0) for value in self._searcher.fast_field_values(field, places)]


class KeywordWriter:
    """Writes to an index of words that nobody reads yet; made if missing.

    What is written stands there when its context ends, unless by an exception. Raises
    ``StorageError`` where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._article = ("", 0)
        """Whose passages came last, and the first of them."""
        with _writable(folder):
            self._writer = _writer(folder)

    def __enter__(self) -> KeywordWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _writable(self._folder):
            if kind is None:
                self._writer.commit()
            else:
                self._writer.rollback()
            self._writer.wait_merging_threads()

    def delete(self, ids: Sequence[int]) -> None:
        """Take out these passages, all of an article's; those that are not there do not matter."""
        with _writable(self._folder):
            for id in ids:
                self._writer.delete_documents_by_term("id", id)

    def add(self, records: Sequence[PassageRecord]) -> None:
        """Take in passages that are not there, in the order of ids, all of each article's."""
        with _writable(self._folder):
            for record in records:
                if self._article[0] != record.article_id:
                    self._article = (record.article_id, record.id)
                self._add(record)

    def _add(self, record: PassageRecord) -> None:
        from tantivy import Document

        document = Document()
        document.add_integer("id", record.id)
        document.add_integer("first", self._article[1])
        document.add_text("title", spaced(record.title))
        document.add_text("heading", spaced(record.heading))
        for sentence in record.sentences:
            # A value each: no phrase goes from one sentence on into the next.
            document.add_text("body", spaced(sentence))
        self._writer.add_document(document)


def _any_of(words: Sequence[str]) -> Query:
    from tantivy import Occur, Query

    schema = _schema()
    terms = [
        Query.boost_query(Query.term_query(schema, field, word, "freq"), boost)
        for word in words
        for field, boost in _BOOSTS.items()
    ]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _phrase(words: Sequence[str]) -> Query:
    """What holds these words, one after the other, in one of its fields."""
    from tantivy import Occur, Query

    schema = _schema()
    found = [
        Query.phrase_query(schema, field, list(words))
        if len(words) > 1
        else Query.term_query(schema, field, words[0])
        for field in _BOOSTS
    ]
    return Query.boolean_query([(Occur.Should, one) for one in found])


def _of_articles(firsts: Iterable[int]) -> Query:
    """What is of the articles that begin with these passages; adds nothing to a score."""
    from tantivy import Query

    terms = Query.term_set_query(_schema(), "first", [int(id) for id in firsts])
    return Query.boost_query(terms, 0.0)


def _all_of(queries: Sequence[Query]) -> Query:
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Must, one) for one in queries])


@cache
def _schema() -> Schema:
    """Of passages: ``first`` is the id of their article's first."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder().add_integer_field("id", indexed=True, fast=True)
    builder = builder.add_integer_field("first", indexed=True, fast=True)
    for name in _BOOSTS:
        builder = builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="position")
    return builder.build()


def _searcher(folder: Path) -> Searcher:
    from tantivy import Index

    index = Index.open(str(folder))
    index.register_tokenizer(_ANALYZER, analyzer())
    index.config_reader("manual")
    index.reload()
    return index.searcher()


def _writer(folder: Path) -> IndexWriter:
    from tantivy import Index

    folder.mkdir(parents=True, exist_ok=True)
    is_there = Index.exists(str(folder))
    index = Index.open(str(folder)) if is_there else Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, analyzer())
    return index.writer(_HEAP_BYTES, 1)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise DamagedError(f"the words in {folder} cannot be read: {error}") from error


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise StorageError(
            f"The words cannot be written to {folder} ({error}): see that the disk has room and "
            "the folder can be written, then run `pincite index` again."
        ) from error
