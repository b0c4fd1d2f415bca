"""Rerankers by name: they reorder, and leave nothing out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from llama_index.core import MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor.types import BaseNodePostprocessor

from index import Library, RerankingError
from index.reranking import open_rerankers
from tests.index.small import FILES, options, write


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path / "corpus"


def paths(corpus: Path, query: str, rerankers: Sequence[BaseNodePostprocessor]) -> list[str]:
    with Library.open(
        corpus, corpus.parent / "home", options=options(), rerankers=rerankers
    ) as library:
        hits = library.search(query, 9)
        assert [hit.score for hit in hits] == sorted([hit.score for hit in hits], reverse=True)
        return [hit.passage.article.path for hit in hits]


def test_none_is_none() -> None:
    assert open_rerankers("none") == ()


def test_a_language_model_reorders_in_one_request(corpus: Path) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "Doc: 3, Relevance: 9\nDoc: 77, Relevance: 8\nDoc: 3, Relevance: 7\nNonsense\n"

    before = paths(corpus, "steel mill", ())
    after = paths(corpus, "steel mill", open_rerankers("llm", answer))
    assert after == [before[2], *before[:2]]
    assert len(asked) == 1
    assert "steel mill" in asked[0]


@pytest.mark.parametrize("reply", ["", "{}", "I cannot do that."])
def test_a_reply_that_names_nothing_changes_nothing(corpus: Path, reply: str) -> None:
    rerankers = open_rerankers("llm", lambda _: reply)
    assert paths(corpus, "steel mill", rerankers) == paths(corpus, "steel mill", ())


def test_a_language_model_of_llamaindex_will_do(corpus: Path) -> None:
    found = paths(corpus, "steel mill", open_rerankers("llm", MockLLM()))  # repeats its prompt
    assert sorted(found) == sorted(FILES)


def test_a_language_model_that_fails_is_an_error_of_ours(corpus: Path) -> None:
    def fail(_: str) -> str:
        raise OSError("no route")

    with pytest.raises(RerankingError, match=r"LLMRerank failed \(OSError\)"):
        paths(corpus, "steel mill", open_rerankers("llm", fail))


def test_what_cannot_be_opened_is_told() -> None:
    with pytest.raises(RerankingError, match="needs a language model: set PINCITE_LLM"):
        open_rerankers("llm")
    with pytest.raises(RerankingError, match="'none', 'llm' or 'huggingface"):
        open_rerankers("magic")


def test_an_embedding_of_llamaindex_makes_an_index(corpus: Path) -> None:
    home = corpus.parent / "home"
    with Library.open(corpus, home, embedding=MockEmbedding(embed_dim=8)) as library:
        assert library.embedder.dimensions == 8
        assert library.fingerprint()["embedding"] == "MockEmbedding:unknown"
        assert library.search("steel mill", 1)[0].passage.article.path == "steel.txt"
