"""Hits as LlamaIndex's nodes, its filters and its own rerankers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from llama_index.core.postprocessor import LongContextReorder, SimilarityPostprocessor
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)

from index import Library as RealLibrary
from index.article import Article, Hit, Metadata, Passage, Span, article_id
from index.errors import FilterError, RerankingError
from index.filtering import Filter
from index.nodes import LibraryRetriever, filter_from, reranked
from tests.index.small import FILES, options, write

if TYPE_CHECKING:
    from index.library import Library


class OneHit:
    """A library that finds one passage."""

    def __init__(self, text: str, sentence: Span) -> None:
        article = Article(article_id(text), text, Metadata("Title", ("A", "B")), ("a.txt",))
        self.hit = Hit(Passage(7, article, "", (sentence,)), 0.5)
        self.asked: list[tuple[str, int]] = []

    def search_in(self, wanted: Filter, query: str, k: int = 10) -> list[Hit]:
        self.asked.append((query, k))
        return [self.hit]


def test_a_node_points_at_its_exact_characters() -> None:
    text = "One. Two two.  Three."
    library = OneHit(text, Span(5, 13))
    (found,) = LibraryRetriever(cast("Library", library), k=3).retrieve("two?")
    node = cast("Any", found.node)
    assert library.asked == [("two?", 3)]
    assert (found.score, node.text) == (0.5, "Two two.")
    assert text[node.start_char_idx : node.end_char_idx] == node.text
    assert text[node.metadata["start"] : node.metadata["end"]] == node.text
    assert node.metadata["path"] == "a.txt"
    assert node.metadata["authors"] == "A, B"
    assert node.metadata["published"] is None
    assert node.ref_doc_id == article_id(text)


def both(*conditions: tuple[str, Any, FilterOperator]) -> MetadataFilters:
    return MetadataFilters(
        filters=[
            MetadataFilter(key=key, value=value, operator=operator)
            for key, value, operator in conditions
        ]
    )


def test_llamaindexs_filters_are_ours() -> None:
    assert filter_from(None) == filter_from(MetadataFilters(filters=[])) == Filter()
    assert filter_from(
        both(
            ("published", "2015-01-01", FilterOperator.GTE),
            ("published", "2016-01-01", FilterOperator.LT),
            ("authors", ["Lee", "Orr"], FilterOperator.IN),
            ("publisher", "Herald", FilterOperator.EQ),
            ("path", "a.txt", FilterOperator.EQ),
        )
    ) == Filter((date(2015, 1, 1), date(2015, 12, 31)), ("Lee", "Orr"), ("Herald",), ("a.txt",))


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (both(("colour", "red", FilterOperator.EQ)), "'colour' is no field to filter by"),
        (both(("published", "spring", FilterOperator.EQ)), "'spring' is no date"),
        (both(("published", "2015-01-01", FilterOperator.NE)), "compare it by"),
        (both(("authors", "Lee", FilterOperator.NE)), "compare it by == or IN"),
        (both(*[("authors", "Lee", FilterOperator.EQ)] * 2), "use one with IN"),
        (MetadataFilters(filters=[both(("path", "a", FilterOperator.EQ))]), "within filters"),
        (
            MetadataFilters(
                filters=[
                    MetadataFilter(key="path", value="a"),
                    MetadataFilter(key="path", value="b"),
                ],
                condition=FilterCondition.OR,
            ),
            "join them by AND",
        ),
    ],
)
def test_what_cannot_be_filtered_is_an_error(filters: MetadataFilters, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        filter_from(filters)


class Backwards(BaseNodePostprocessor):
    """Turns the order round, and adds a node of its own."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        found = [NodeWithScore(node=node.node, score=float(at)) for at, node in enumerate(nodes)]
        return [*reversed(found), NodeWithScore(node=TextNode(text="made up"), score=9.0)]


class Broken(BaseNodePostprocessor):
    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        raise ValueError("no model")


def hits(*scores: float) -> list[Hit]:
    return [
        Hit(Passage(at, Article(str(at), "One.", Metadata(), (f"{at}.txt",)), "", (Span(0, 4),)), s)
        for at, s in enumerate(scores)
    ]


def test_rerankers_reorder_drop_and_score_hits_and_nothing_else() -> None:
    found = hits(0.9, 0.5, 0.1)
    assert reranked(found, "q", []) == found
    assert reranked(found, "q", [SimilarityPostprocessor(similarity_cutoff=0.4)]) == found[:2]
    assert {hit.passage.id for hit in reranked(found, "q", [LongContextReorder()])} == {0, 1, 2}
    turned = reranked(found, "q", [Backwards()])
    assert [(hit.passage.id, hit.score) for hit in turned] == [(2, 2.0), (1, 1.0), (0, 0.0)]
    both_ways = reranked(found, "q", [Backwards(), SimilarityPostprocessor(similarity_cutoff=0.5)])
    assert [hit.passage.id for hit in both_ways] == [2, 1]
    with pytest.raises(RerankingError, match=r"Broken failed \(ValueError\): .*leave it out"):
        reranked(found, "q", [Broken()])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path


def test_every_search_of_a_library_goes_through_its_rerankers(corpus: Path) -> None:
    def paths(*rerankers: BaseNodePostprocessor) -> list[str]:
        chosen = options(rerankers=rerankers)
        with RealLibrary.open(corpus / "corpus", corpus / "home", options=chosen) as library:
            nodes = library.as_retriever(2).retrieve("steel mill")
            found = [hit.passage.article.path for hit in library.search("steel mill", 2)]
            assert [node.node.metadata["path"] for node in nodes] == found
            assert library.search("steel mill", 0) == []
            return found

    assert paths()[0] == "steel.txt"
    assert "steel.txt" not in paths(Backwards())
    assert len(paths(Backwards())) == 2


def test_a_retriever_keeps_to_its_filters(corpus: Path) -> None:
    with RealLibrary.open(corpus / "corpus", corpus / "home", options=options()) as library:
        only = both(("path", "wheat.txt", FilterOperator.EQ))
        (node,) = library.as_retriever(5, only).retrieve("steel mill")
        assert node.node.metadata["path"] == "wheat.txt"
