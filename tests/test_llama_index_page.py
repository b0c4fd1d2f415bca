"""What docs/llama-index.md shows is run, word for word, and gives what our own figures give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

CODE = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "llama-index.md").read_text("utf-8"), re.DOTALL
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The names that the page's code leaves behind."""
    patch = pytest.MonkeyPatch()
    patch.chdir(ROOT)
    names: dict[str, Any] = {"__name__": "llama_index_page"}
    home = tmp_path_factory.mktemp("page")
    try:
        for block in CODE:
            placed = block.replace(
                'Library.open("seeds/articles")', f'Library.open("seeds/articles", {str(home)!r})'
            )
            exec(placed, names)
        yield names
    finally:
        if "library" in names:
            names["library"].close()
        patch.undo()


def test_retrieval_is_measured_as_we_measure_it(shown: dict[str, Any]) -> None:
    library = shown["library"]
    for (question, ids), result in zip(shown["wanted"], shown["results"], strict=True):
        hits = [
            f"{hit.passage.article.id}:{hit.passage.start}:{hit.passage.end}"
            for hit in library.search(question, 10)
        ]
        ranks = [rank for rank, id in enumerate(hits, start=1) if id in ids]
        assert result.metric_vals_dict["hit_rate"] == float(bool(ranks))
        assert result.metric_vals_dict["mrr"] == pytest.approx(1 / ranks[0] if ranks else 0)
    assert len(shown["results"]) >= 10


def test_an_answer_is_a_response_with_its_citations_for_nodes(shown: dict[str, Any]) -> None:
    response = shown["response"]
    answer = response.metadata["answer"]
    assert answer["outcome"] == response.metadata["outcome"] == "answered"
    assert str(response) == answer["text"]
    assert "April 21" in str(response)
    for node, citation in zip(response.source_nodes, answer["citations"], strict=True):
        assert node.node.text == citation["quote"]
        assert node.node.start_char_idx == citation["start"]
        assert node.node.metadata["number"] == citation["number"]
    assert shown["verdict"].response == str(response)


def test_what_is_not_found_has_no_nodes(shown: dict[str, Any]) -> None:
    response = shown["engine"].query("What is the recipe for kibbeh?")
    assert response.metadata["outcome"] == "not_found"
    assert response.source_nodes == []


def test_the_engine_can_be_asked_in_asyncio(shown: dict[str, Any]) -> None:
    from llama_index.core.async_utils import asyncio_run  # in the event loop of its evaluators

    response = asyncio_run(shown["engine"].aquery("Who is Yury Barmin?"))
    assert response.source_nodes
    assert "[1]" in str(response)


def test_a_judge_that_says_no_fails_the_answer(shown: dict[str, Any]) -> None:
    from llama_index.core.evaluation import FaithfulnessEvaluator
    from llama_index.core.llms import CompletionResponse, MockLLM

    class No(MockLLM):
        def complete(self, *given: Any, **named: Any) -> CompletionResponse:
            return CompletionResponse(text="NO")

        async def acomplete(self, *given: Any, **named: Any) -> CompletionResponse:
            return CompletionResponse(text="NO")

    judge = FaithfulnessEvaluator(llm=No(max_tokens=None))
    assert judge.evaluate_response(response=shown["response"]).passing is False


def test_the_readme_names_the_page() -> None:
    assert "docs/llama-index.md" in (Path(ROOT) / "README.md").read_text("utf-8")
