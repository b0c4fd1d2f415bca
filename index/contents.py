"""What a library holds: searched, listed, read. Its other half, :mod:`index.library`, writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from index.analysis import phrase_words
from index.article import Article, Hit, Metadata, Passage, Span
from index.catalogue import Catalogue
from index.derived import Derived
from index.embedding import Embedder
from index.errors import QueryError
from index.filtering import ALWAYS, EVERYTHING, Filter, Period, filter_of
from index.mentions import mention, sentences_of, stated_line
from index.options import Options
from index.register import Register
from index.restricted import Restricted
from index.search import Searcher
from index.serving import Serving

if TYPE_CHECKING:
    from llama_index.core.vector_stores import MetadataFilters

    from index.nodes import LibraryRetriever

_Result = TypeVar("_Result")

RERANKED = 50
"""How many hits rerankers are shown, where no more are asked for."""


class Contents:
    """The articles of one corpus, as they are indexed. Any number of threads may read them."""

    def __init__(
        self, catalogue: Catalogue, serving: Serving, embedder: Embedder, options: Options
    ) -> None:
        self.catalogue = catalogue
        self.embedder = embedder
        self._serving = serving
        self._options = options
        self._searcher = Searcher(catalogue, embedder)
        self._register: Register | None = None
        self._register_guard = Lock()

    # Searching

    def search(  # noqa: PLR0913 (a name for each condition)
        self,
        query: str,
        k: int = 10,
        *,
        published: Period = ALWAYS,
        authors: str | Iterable[str] = (),
        publishers: str | Iterable[str] = (),
        articles: str | Iterable[str] = (),
        excluded: str | Iterable[str] = (),
    ) -> list[Hit]:
        """The ``k`` passages that fit ``query`` best, best first.

        Only of articles ``published`` from the one day to the other (``None``: open), by one of
        the ``authors`` ("Lee" is enough for Ann Lee), of one of the ``publishers`` (a name, or an
        address's host), among the ``articles`` and not among the ``excluded`` (ids or paths).
        Articles without a date, an author or a publisher are left out where one is asked for.

        Raises ``QueryError`` for an empty query, ``CorpusError`` where nothing is indexed yet,
        ``FingerprintError`` where another process has made the index anew with other settings,
        ``FilterError`` for a period that ends before it begins, ``RerankingError`` where a
        reranker fails.
        """
        wanted = filter_of(published, authors, publishers, articles, excluded)
        return self.search_in(wanted, query, k)

    def search_in(self, wanted: Filter, query: str, k: int = 10) -> list[Hit]:
        """:meth:`search` with a filter as one noun."""
        if not isinstance(query, str) or not query.strip():
            raise QueryError("There is nothing to search for: give a text.")
        if not self._options.rerankers:
            return self._found(wanted, query, k)
        from index.nodes import reranked

        hits = self._found(wanted, query, max(k, RERANKED))
        return reranked(hits, query, self._options.rerankers)[: max(k, 0)]

    def mentioning(
        self, phrase: str, within: Filter = EVERYTHING, *, together: bool = True
    ) -> frozenset[str]:
        """Ids of all the articles that mention ``phrase``: its words one after the other in a
        sentence, a heading or the title, compared as search compares them.

        Function words at the ends of the phrase do not count; a phrase without a word is mentioned
        nowhere. Not ``together``: all of its words, anywhere in one passage.
        """
        words = phrase_words(phrase)
        firsts = self.use(lambda derived: derived.mentioning(words, together=together))
        register = self.register()
        found = register.owners(firsts)
        if not within:
            return found
        return found.intersection(entry.id for entry in register.articles(within))

    def frequency(self, word: str) -> int:
        """In how many passages the word stands."""
        return self.use(lambda derived: derived.frequency(word))

    # Reading

    def register(self) -> Register:
        """What is known of all articles, as the catalogue has it now, without their texts."""
        with self._register_guard:
            if self._register is None or self._register.generation != self.catalogue.generation:
                self._register = Register.read(self.catalogue)
            return self._register

    def articles(self) -> Iterator[Article]:
        """All articles, by path. Each is read when it is asked for."""
        return self.catalogue.articles()

    def article(self, id: str) -> Article:
        """Raises ``CorpusError`` where no article has this id."""
        return self.catalogue.article(id)

    def article_count(self) -> int:
        """How many articles there are."""
        return self.catalogue.article_count()

    def metadata(self) -> Iterator[tuple[str, Metadata, tuple[str, ...]]]:
        """Id, metadata and paths of every article, by path; their texts are not read."""
        return self.catalogue.metadata()

    def passages(self, id: str) -> tuple[Passage, ...]:
        """An article's passages, in the order of its text. Raises ``CorpusError`` as ``article``
        does."""
        return self.catalogue.passages_of(self.article(id))

    def passage_count(self) -> int:
        """How many passages there are in all."""
        return self.catalogue.passage_count()

    def sentences(self, id: str) -> tuple[Span, ...]:
        """The sentences of an article's content, in the order of its text: what can be cited."""
        return tuple(sentences_of(self.passages(id)))

    def boilerplate(self, id: str) -> tuple[Span, ...]:
        """What of an article's text is no content; empty where no article has this id."""
        return self.catalogue.boilerplate(id)

    def first_mention(self, id: str, phrase: str) -> Span | None:
        """The first sentence of an article that mentions ``phrase``; where none does, the heading
        or the title that does, or the sentence with most of its words; ``None`` without any."""
        return mention(self.article(id), self.passages(id), phrase)

    def stated_line(self, id: str, *fields: str) -> Span:
        """The line of an article that states the first of these fields of its metadata that any
        line does (``title``, ``authors``, ``published``, ``publisher``, ``url``); else its title's
        line, else its first sentence."""
        return stated_line(self.article(id), self.passages(id), *fields)

    def fingerprint(self) -> Mapping[str, str]:
        """The settings that the index was made with."""
        return self.catalogue.fingerprint()

    def as_retriever(self, k: int = 10, filters: MetadataFilters | None = None) -> LibraryRetriever:
        """A LlamaIndex retriever that brings the ``k`` best passages.

        ``filters`` may compare ``published``, ``authors``, ``publisher`` and ``path``; raises
        ``FilterError`` for any other.
        """
        from index.nodes import LibraryRetriever

        return LibraryRetriever(self, k, filters)

    def use(self, work: Callable[[Derived], _Result]) -> _Result:
        """What ``work`` makes of the search indexes themselves; it may be called twice."""
        return self._serving.use(work)

    def _found(self, wanted: Filter, query: str, k: int) -> list[Hit]:
        if not wanted:
            return self.use(lambda derived: self._searcher.search(derived, query, k))
        admitted = self.register().admitted(wanted)
        return self.use(
            lambda derived: self._searcher.search(Restricted(derived, admitted), query, k)
        )
