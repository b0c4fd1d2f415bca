"""Passages that share words with a query: BM25 in Tantivy.

Title, heading and body are fields of their own. A word is a run of letters and digits, compared
in lower case, without accents, by its English stem; other scripts are compared as they stand.
BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), k1 = 1.2, b = 0.75.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.errors import StorageError
from index.manifest import DamagedError

if TYPE_CHECKING:
    from tantivy import Index, Query, Schema, TextAnalyzer

    from index.catalogue import PassageRecord

# Measured on WildGraphBench: nDCG@10 .668 and .712, where equal weights give .667 and .696, and
# body alone gives .626 and .661. Leaving out function words is worth .02 of it.
_BOOSTS = {"title": 0.5, "heading": 0.5, "body": 1.0}
_ANALYZER = "verbatim"
_LONGEST_WORD = 80
_MOST_WORDS = 64
_MOST_CHARACTERS = 10_000
_HEAP_BYTES = 50_000_000

# More than is asked for is fetched, so that which of several equal scores is cut off does not
# depend on how the index came to be.
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
            self._index = _opened(folder)
            self._index.config_reader("manual")
            self._index.reload()
            self._searcher = self._index.searcher()
        self._folder = folder

    def matching(
        self, query: str, k: int, among: Iterable[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` passages that fit the words of ``query`` best: ids and BM25; ties by id.

        ``query`` is plain text; nothing in it is syntax. Without a word, nothing matches.
        ``among``: ids of the passages that may be found.
        """
        words = query_words(query)
        if not words:
            return []
        with _readable(self._folder):
            wanted = _any_of(words) if among is None else _both(_any_of(words), _one_of(among))
            found = self._searcher.search(wanted, k + _SPARE, count=False).hits
            ids = self._searcher.fast_field_values("id", [address for _, address in found])
        ranked = [(int(id or 0), score) for id, (score, _) in zip(ids, found, strict=True)]
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))[:k]

    def frequency(self, word: str) -> int:
        """In how many passages the word stands in body, title or heading, whichever most do.

        Of a word in several parts (``al-Nusra``), the rarest counts.
        """
        with _readable(self._folder):
            stems = _analyzer().analyze(normalised(word))
            counts = [
                max(self._searcher.doc_freq(field, stem) for field in _BOOSTS) for stem in stems
            ]
        return min(counts, default=0)

    def count(self) -> int:
        return self._searcher.num_docs


class KeywordWriter:
    """Writes to an index of words that nobody reads yet; made if missing.

    What is written stands there when its context ends, unless by an exception. Raises
    ``StorageError`` where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        from tantivy import Index

        self._folder = folder
        with _writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            index = _opened(folder) if Index.exists(str(folder)) else _made(folder)
            self._writer = index.writer(_HEAP_BYTES, 1)

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
        """Take out these passages; those that are not there do not matter."""
        with _writable(self._folder):
            for id in ids:
                self._writer.delete_documents_by_term("id", id)

    def add(self, records: Sequence[PassageRecord]) -> None:
        """Take in passages that are not there."""
        from tantivy import Document

        with _writable(self._folder):
            for record in records:
                document = Document()
                document.add_integer("id", record.id)
                for name in _BOOSTS:
                    document.add_text(name, normalised(getattr(record, name)))
                self._writer.add_document(document)


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


def _any_of(words: Sequence[str]) -> Query:
    from tantivy import Occur, Query

    schema = _schema()
    terms = [
        Query.boost_query(Query.term_query(schema, field, word, "freq"), boost)
        for word in words
        for field, boost in _BOOSTS.items()
    ]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _one_of(ids: Iterable[int]) -> Query:
    """The passages with these ids; adds nothing to a score."""
    from tantivy import Query

    terms = Query.term_set_query(_schema(), "id", [int(id) for id in ids])
    return Query.boost_query(terms, 0.0)


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
    from tantivy import SchemaBuilder

    builder = SchemaBuilder().add_integer_field("id", indexed=True, fast=True)
    for name in _BOOSTS:
        builder = builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _made(folder: Path) -> Index:
    from tantivy import Index

    index = Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index


def _opened(folder: Path) -> Index:
    from tantivy import Index

    index = Index.open(str(folder))
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index


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
            "the folder can be written, then run `verbatim index` again."
        ) from error
