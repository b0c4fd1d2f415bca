"""Passages that share words with a query: BM25 in Tantivy.

A passage scores by its own words (title, heading and body are fields of their own) and, as much
again, by those of its whole article: what a question is about may be named in one passage and
answered in the next (Callan, "Passage-Level Evidence in Document Retrieval", SIGIR 1994).

A word is a run of letters and digits, compared in lower case, without accents, by its English
stem; other scripts are compared as they stand. BM25: Robertson and Zaragoza, "The Probabilistic
Relevance Framework" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.errors import StorageError
from index.manifest import DamagedError

if TYPE_CHECKING:
    from tantivy import DocAddress, IndexWriter, Query, Schema, Searcher, TextAnalyzer

    from index.catalogue import PassageRecord

# Measured on WildGraphBench: nDCG@10 .668 and .712, where equal weights give .667 and .696, and
# body alone gives .626 and .661. Leaving out function words is worth .02 of it.
_BOOSTS = {"title": 0.5, "heading": 0.5, "body": 1.0}
_TEXT = "text"
"""The one field of an article."""

_ANALYZER = "words"
_LONGEST_WORD = 80
_MOST_WORDS = 64
_MOST_CHARACTERS = 10_000
_HEAP_BYTES = 50_000_000

_PASSAGES = "passages"
_ARTICLES = "articles"

# The best by their own words, of which their articles' words choose. Some more are fetched, so that
# which of several equal scores is cut off does not depend on how the index came to be.
_POOL = 300
_SPARE = 32

_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]{1,1000}")
_ACCENT = re.compile(r"[\u0300-\u036f\u064b-\u065f]")

# English words that say how a question is put, not what it is about.
_FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are aren as at be because been before being both
    but by can cannot could couldn d did didn do does doesn doing don down during each few for from
    further had hadn has hasn have haven having he her here hers herself him himself his how i if
    in into is isn it its itself just ll m me more most my myself no nor not now of off on once
    only or other our ours ourselves out over own re s same shall she should shouldn so some such t
    than that the their theirs them themselves then there these they this those through to too
    under until up upon ve very was wasn we were weren what when where which while who whom whose
    why will with won would wouldn you your yours yourself yourselves
    """.split()
)


class Keywords:
    """A published index of words. Any number of threads may search it.

    Raises ``DamagedError`` where the index is missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        with _readable(folder):
            self._passages = _searcher(folder / _PASSAGES)
            self._articles = _searcher(folder / _ARTICLES)
        self._folder = folder

    def matching(
        self, query: str, k: int, among: Iterable[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages that fit the words of ``query`` best: ids and scores; ties by id.

        A score is the BM25 of the passage and that of its article. ``query`` is plain text; nothing
        in it is syntax. Without a word, nothing matches. ``among``: the first passages of the
        articles that may be found.
        """
        words = query_words(query)
        if not words:
            return []
        with _readable(self._folder):
            wanted = _any_of(words, _BOOSTS)
            if among is not None:
                wanted = _both(wanted, _of_articles(among))
            found = self._passages.search(wanted, max(k, _POOL) + _SPARE, count=False).hits
            places = [address for _, address in found]
            ids = _integers(self._passages, "id", places)
            firsts = _integers(self._passages, "first", places)
            articles = self._scores_of_articles(words, set(firsts))
        scores = [own + articles.get(at, 0.0) for (own, _), at in zip(found, firsts, strict=True)]
        ranked = zip(ids, scores, strict=True)
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))[:k]

    def _scores_of_articles(self, words: Sequence[str], firsts: Set[int]) -> dict[int, float]:
        """BM25 of the articles that begin with these passages, by those passages' ids."""
        if not firsts:
            return {}
        wanted = _both(_any_of(words, {_TEXT: 1.0}), _of_articles(firsts))
        found = self._articles.search(wanted, len(firsts), count=False).hits
        ids = _integers(self._articles, "first", [address for _, address in found])
        return {id: score for id, (score, _) in zip(ids, found, strict=True)}

    def frequency(self, word: str) -> int:
        """In how many passages the word stands in body, title or heading, whichever most do.

        Of a word in several parts (``al-Nusra``), the rarest counts.
        """
        with _readable(self._folder):
            stems = _analyzer().analyze(normalised(word))
            counts = [
                max(self._passages.doc_freq(field, stem) for field in _BOOSTS) for stem in stems
            ]
        return min(counts, default=0)

    def count(self) -> int:
        return self._passages.num_docs


class KeywordWriter:
    """Writes to an index of words that nobody reads yet; made if missing.

    What is written stands there when its context ends, unless by an exception. Raises
    ``StorageError`` where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._article: list[PassageRecord] = []
        with _writable(folder):
            self._passages = _writer(folder / _PASSAGES)
            self._articles = _writer(folder / _ARTICLES)

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
                self._end_article()
            for writer in (self._passages, self._articles):
                if kind is None:
                    writer.commit()
                else:
                    writer.rollback()
                writer.wait_merging_threads()

    def delete(self, ids: Sequence[int]) -> None:
        """Take out these passages, all of an article's; those that are not there do not matter."""
        with _writable(self._folder):
            for id in ids:
                self._passages.delete_documents_by_term("id", id)
                self._articles.delete_documents_by_term("first", id)

    def add(self, records: Sequence[PassageRecord]) -> None:
        """Take in passages that are not there, in the order of ids, all of each article's."""
        with _writable(self._folder):
            for record in records:
                if self._article and self._article[0].article_id != record.article_id:
                    self._end_article()
                self._article.append(record)
                self._add(record)

    def _add(self, record: PassageRecord) -> None:
        from tantivy import Document

        document = Document()
        document.add_integer("id", record.id)
        document.add_integer("first", self._article[0].id)
        for name in _BOOSTS:
            document.add_text(name, normalised(getattr(record, name)))
        self._passages.add_document(document)

    def _end_article(self) -> None:
        from tantivy import Document

        records, self._article = self._article, []
        if records:
            headings = dict.fromkeys(record.heading for record in records)
            texts = (records[0].title, *headings, *(record.body for record in records))
            document = Document()
            document.add_integer("first", records[0].id)
            document.add_text(_TEXT, normalised("\n".join(texts)))
            self._articles.add_document(document)


def normalised(text: str) -> str:
    """``text`` as its words are taken: without accents, ``U.S.`` as ``US``, no ``'s``."""
    # A stretch at a time: Unicode's normalisation of a long run of accents takes quadratic time.
    text = _FOREIGN.sub(lambda match: _unaccented(match[0]), text)
    text = _ACRONYM.sub(lambda match: match[0].replace(".", ""), _POSSESSIVE.sub("", text))
    return text.encode("utf-8", "replace").decode("utf-8")


def _unaccented(text: str) -> str:
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare)


def query_words(query: str) -> tuple[str, ...]:
    """The stems to look for: function words are left out unless there is nothing else."""
    words = dict.fromkeys(_analyzer(stem=False).analyze(normalised(query[:_MOST_CHARACTERS])))
    telling = [word for word in words if word not in _FUNCTION_WORDS] or list(words)
    stems = dict.fromkeys(stem for word in telling for stem in _analyzer().analyze(word))
    return tuple(stems)[:_MOST_WORDS]


def _any_of(words: Sequence[str], boosts: Mapping[str, float]) -> Query:
    from tantivy import Occur, Query

    schema = _schema()
    terms = [
        Query.boost_query(Query.term_query(schema, field, word, "freq"), boost)
        for word in words
        for field, boost in boosts.items()
    ]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _of_articles(firsts: Iterable[int]) -> Query:
    """What is of the articles that begin with these passages; adds nothing to a score."""
    from tantivy import Query

    terms = Query.term_set_query(_schema(), "first", [int(id) for id in firsts])
    return Query.boost_query(terms, 0.0)


def _integers(searcher: Searcher, field: str, places: list[DocAddress]) -> list[int]:
    return [int(value or 0) for value in searcher.fast_field_values(field, places)]


def _both(one: Query, other: Query) -> Query:
    from tantivy import Occur, Query

    return Query.boolean_query([(Occur.Must, one), (Occur.Must, other)])


@cache
def _analyzer(*, stem: bool = True) -> TextAnalyzer:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_WORD))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stem else builder).build()


@cache
def _schema() -> Schema:
    """Of passages, which have an ``id`` and fields, and of articles, which have a text."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder().add_integer_field("id", indexed=True, fast=True)
    builder = builder.add_integer_field("first", indexed=True, fast=True)
    for name in (*_BOOSTS, _TEXT):
        builder = builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _searcher(folder: Path) -> Searcher:
    from tantivy import Index

    index = Index.open(str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer())
    index.config_reader("manual")
    index.reload()
    return index.searcher()


def _writer(folder: Path) -> IndexWriter:
    from tantivy import Index

    folder.mkdir(parents=True, exist_ok=True)
    is_there = Index.exists(str(folder))
    index = Index.open(str(folder)) if is_there else Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer())
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
