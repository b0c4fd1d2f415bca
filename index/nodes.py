"""The seam to LlamaIndex's engines: a library as a retriever, rerankers, filters.

Imports llama_index: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)

from index.errors import FilterError, RerankingError
from index.filtering import Filter, Period

if TYPE_CHECKING:
    from index.article import Hit
    from index.contents import Contents

_FILTERED = ("published", "authors", "publisher", "path")
_NAMING = (FilterOperator.EQ, FilterOperator.IN, FilterOperator.ANY, FilterOperator.CONTAINS)
_DAY = timedelta(days=1)


class LibraryRetriever(BaseRetriever):
    """A library as a LlamaIndex retriever: its hits become nodes with exact offsets."""

    def __init__(
        self, library: Contents, k: int = 10, filters: MetadataFilters | None = None
    ) -> None:
        """Raises ``FilterError`` for filters that :func:`filter_from` does not understand."""
        self._library = library
        self._k = k
        self._wanted = filter_from(filters)
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._library.search_in(self._wanted, query_bundle.query_str, self._k)
        return [_scored(hit) for hit in hits]


def reranked(
    hits: Sequence[Hit], query: str, rerankers: Sequence[BaseNodePostprocessor]
) -> list[Hit]:
    """What the rerankers, in turn, leave of the hits, in their order and with their scores.

    Only hits come back, each once: a node that a reranker made up is left out. Raises
    ``RerankingError``.
    """
    known = {_node_id(hit): hit for hit in hits}
    nodes = [_scored(hit) for hit in hits]
    for reranker in rerankers:
        try:
            nodes = reranker.postprocess_nodes(nodes, query_str=query)
        except Exception as error:  # a plugged-in reranker may raise anything
            raise RerankingError(
                f"The reranker {getattr(reranker, 'name', type(reranker).__name__)} failed "
                f"({type(error).__name__}): mend it, or leave it out of the options "
                "(PINCITE_RERANKER=none)."
            ) from error
    scores = {node.node_id: node.score for node in reversed(nodes) if node.node_id in known}
    return [_rescored(known[id], score) for id, score in reversed(scores.items())]


def filter_from(filters: MetadataFilters | None) -> Filter:
    """LlamaIndex's filters as ours: conditions on ``published`` (ISO dates), ``authors``,
    ``publisher`` and ``path``, all of which must hold.

    Raises ``FilterError`` for what cannot be said so.
    """
    conditions = _conditions(filters) if filters else []
    periods = [_period(one) for one in conditions if one.key == "published"]
    firsts = [first for first, _ in periods if first]
    lasts = [last for _, last in periods if last]
    return Filter(
        (max(firsts, default=None), min(lasts, default=None)),
        _values(conditions, "authors"),
        _values(conditions, "publisher"),
        _values(conditions, "path"),
    )


def _conditions(filters: MetadataFilters) -> list[MetadataFilter]:
    if len(filters.filters) > 1 and filters.condition is not FilterCondition.AND:
        raise FilterError("Filters of which one is enough are not understood: join them by AND.")
    found = [one for one in filters.filters if isinstance(one, MetadataFilter)]
    if len(found) < len(filters.filters):
        raise FilterError("Filters within filters are not understood: give one list of them.")
    for one in found:
        if one.key not in _FILTERED:
            raise FilterError(f"{one.key!r} is no field to filter by: use {', '.join(_FILTERED)}.")
    return found


def _values(conditions: Sequence[MetadataFilter], key: str) -> tuple[str, ...]:
    found = [one for one in conditions if one.key == key]
    if len(found) > 1:
        raise FilterError(f"Several filters on {key!r} are not understood: use one with IN.")
    if any(one.operator not in _NAMING for one in found):
        raise FilterError(f"{key!r} is a name: compare it by == or IN.")
    values = found[0].value if found else []
    return tuple(map(str, values)) if isinstance(values, list) else (str(values),)


def _period(one: MetadataFilter) -> Period:
    try:
        day = date.fromisoformat(str(one.value))
    except ValueError as error:
        raise FilterError(f"{one.value!r} is no date: write it like 2016-04-28.") from error
    periods: dict[FilterOperator, Period] = {
        FilterOperator.EQ: (day, day),
        FilterOperator.GTE: (day, None),
        FilterOperator.GT: (day + _DAY, None),
        FilterOperator.LTE: (None, day),
        FilterOperator.LT: (None, day - _DAY),
    }
    if one.operator not in periods:
        raise FilterError("'published' is a date: compare it by ==, >=, >, <= or <.")
    return periods[one.operator]


def _rescored(hit: Hit, score: float | None) -> Hit:
    return hit if score is None else replace(hit, score=float(score))


def _scored(hit: Hit) -> NodeWithScore:
    return NodeWithScore(node=_node(hit), score=hit.score)


def _node_id(hit: Hit) -> str:
    passage = hit.passage
    return f"{passage.article.id}:{passage.start}:{passage.end}"


def _node(hit: Hit) -> TextNode:
    passage, article = hit.passage, hit.passage.article
    offsets = {"start": passage.start, "end": passage.end}
    return TextNode(
        id_=_node_id(hit),
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "path": article.path,
            "title": article.title,
            "authors": ", ".join(article.authors),
            "published": article.published and article.published.isoformat(),
            "publisher": article.publisher,
            **offsets,
        },
        excluded_llm_metadata_keys=["path", *offsets],
        excluded_embed_metadata_keys=["path", *offsets],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
    )
