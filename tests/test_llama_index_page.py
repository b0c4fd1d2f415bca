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


def test_the_page_has_a_part_on_retrieval_and_one_on_answers() -> None:
    assert len(CODE) == 2


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
    answer = shown["engine"].assistant.ask(
        "On what date did the opposition walk out of the Geneva talks?"
    )
    assert [node.node.text for node in response.source_nodes] == [c.quote for c in answer.citations]
    assert "April 21" in str(response)
    assert shown["verdict"].response == str(response)
    refusal = shown["engine"].query("What is the recipe for kibbeh?")
    assert refusal.metadata["abstained"]
    assert refusal.source_nodes == []


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
