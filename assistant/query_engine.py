"""The assistant as a LlamaIndex query engine. Imports llama_index: import it where it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import Answer, Citation
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class PinciteQueryEngine(BaseQueryEngine):
    """Answers with citations. ``response.source_nodes[n - 1]`` is what ``[n]`` in the text cites.

    ``response.metadata`` has the answer's ``outcome`` and, as ``answer``, all of it as a dict.
    Querying raises ``PinciteError``.
    """

    def __init__(self, assistant: Assistant, within: Filter = EVERYTHING) -> None:
        super().__init__(callback_manager=None)
        self.assistant = assistant
        self.within = within

    def _query(self, query_bundle: QueryBundle) -> Response:
        return response_of(self.assistant.ask(query_bundle.query_str, self.within))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return response_of(await self.assistant.aask(query_bundle.query_str, self.within))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def response_of(answer: Answer) -> Response:
    """An answer as a LlamaIndex response."""
    return Response(
        response=answer.text,
        source_nodes=[NodeWithScore(node=_node(citation)) for citation in answer.citations],
        metadata={"outcome": answer.outcome.value, "answer": answer.as_dict()},
    )


def _node(citation: Citation) -> TextNode:
    article = citation.article
    return TextNode(
        id_=f"{article.id}:{citation.start}:{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata={
            "number": citation.number,
            "path": article.path,
            "title": article.title,
            "authors": list(article.authors),
            "published": article.published and article.published.isoformat(),
            "publisher": article.publisher,
            "url": article.url,
        },
    )
