"""Rerankers by the names that settings give them: LlamaIndex postprocessors that only reorder.

Imports llama_index: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import (
    LLM,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.postprocessor import LLMRerank
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from index.embedding import HUGGINGFACE
from index.errors import RerankingError

Ask = Callable[[str], str]
"""Prompt → a language model's reply."""

_MOST = 20
"""Passages that a reranker reads for one search: one request to a language model."""


def open_rerankers(kind: str, llm: LLM | Ask | None = None) -> tuple[BaseNodePostprocessor, ...]:
    """The rerankers of this kind: ``none``; ``llm``, which asks the language model given; or
    ``huggingface:`` and the name or the folder of a cross-encoder, which is loaded now.

    They reorder the 20 best passages of a search and leave those after them as they are. Raises
    ``RerankingError``.
    """
    if kind == "none":
        return ()
    if kind.startswith(HUGGINGFACE):
        from index.huggingface import huggingface_reranker

        return (Reordering(huggingface_reranker(kind.removeprefix(HUGGINGFACE), _MOST)),)
    if kind != "llm":
        raise RerankingError(
            f"There is no reranker {kind!r}: choose 'none', 'llm' or 'huggingface:NAME-or-folder'."
        )
    if llm is None:
        raise RerankingError(
            "The reranker 'llm' needs a language model: set PINCITE_LLM, or PINCITE_RERANKER=none."
        )
    asked = llm if isinstance(llm, LLM) else _Asked(llm)
    return (Reordering(LLMRerank(llm=asked, choice_batch_size=_MOST, top_n=_MOST)),)


class Reordering(BaseNodePostprocessor):
    """Another reranker, shown the best nodes only; what it leaves out follows in the old order.

    Scores are those of the ranks that come out of it (1, 1/2, 1/3 …): a reranker's own are on
    another scale than those of the nodes it has not seen.
    """

    _inner: BaseNodePostprocessor = PrivateAttr()

    def __init__(self, inner: BaseNodePostprocessor) -> None:
        super().__init__()
        self._inner = inner

    @classmethod
    def class_name(cls) -> str:
        return "Reordering"

    @property
    def name(self) -> str:
        """Of the other reranker."""
        return type(self._inner).__name__

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        given = {node.node_id: node for node in nodes}
        chosen = self._inner.postprocess_nodes(list(nodes[:_MOST]), query_bundle)
        order = dict.fromkeys([node.node_id for node in chosen if node.node_id in given])
        order |= dict.fromkeys(given)
        return [
            NodeWithScore(node=given[id].node, score=1 / rank)
            for rank, id in enumerate(order, start=1)
        ]


class _Asked(CustomLLM):
    """A function that asks a language model, as LlamaIndex's language model."""

    _ask: Ask = PrivateAttr()

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_chat_model=False)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text=self._ask(prompt))

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **_: Any
    ) -> CompletionResponseGen:
        yield self.complete(prompt, formatted)
