"""Models of the Hugging Face hub: a tiny one in a folder, where PyTorch is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import EmbeddingError, Library, Options, RerankingError
from index.embedding import Embedder, open_embedder
from index.reranking import open_rerankers
from tests.index.small import FILES, options, write

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
WORDS += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]

installed = importlib.util.find_spec("sentence_transformers") is not None
needs_torch = pytest.mark.skipif(not installed, reason="the extra huggingface is not installed")
lacks_torch = pytest.mark.skipif(installed, reason="the extra huggingface is installed")


def _bert(folder: Path, model: Any, **config: Any) -> Path:
    """A random model of one layer, with its tokenizer."""
    transformers = pytest.importorskip("transformers")
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    shape = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=512,
        **config,
    )
    model(shape).save_pretrained(folder)
    return folder


@pytest.fixture
def embedding_folder(tmp_path: Path) -> Path:
    transformers = pytest.importorskip("transformers")
    return _bert(tmp_path / "tiny", transformers.BertModel)


@needs_torch
@pytest.mark.filterwarnings("ignore")
def test_an_embedding_model_in_a_folder_makes_an_index(
    embedding_folder: Path, tmp_path: Path
) -> None:
    embedder: Embedder = open_embedder(f"huggingface:{embedding_folder}")
    assert embedder.name.startswith("huggingface:tiny:")
    assert embedder.passages(["one", "two"]).shape == (2, 16)
    assert np.allclose(np.linalg.norm(embedder.query("one")), 1)
    assert open_embedder(f"huggingface:{embedding_folder}").name == embedder.name
    write(tmp_path / "corpus", FILES)
    chosen = Options(embedder=embedder)
    with Library.open(tmp_path / "corpus", tmp_path / "home", options=chosen) as library:
        assert library.fingerprint()["dimensions"] == "16"
        assert library.search("steel mill", 1)[0].passage.article.path == "steel.txt"


@needs_torch
@pytest.mark.filterwarnings("ignore")
def test_a_cross_encoder_in_a_folder_reorders(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    folder = _bert(tmp_path / "cross", transformers.BertForSequenceClassification, num_labels=1)
    write(tmp_path / "corpus", FILES)
    rerankers = open_rerankers(f"huggingface:{folder}")
    with Library.open(
        tmp_path / "corpus", tmp_path / "home", options=options(), rerankers=rerankers
    ) as library:
        found = {hit.passage.article.path for hit in library.search("wheat, steel or trains", 9)}
    assert found == {*FILES}


@needs_torch
def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        open_embedder(f"huggingface:{tmp_path}")
    with pytest.raises(RerankingError, match="cannot be loaded"):
        open_rerankers(f"huggingface:{tmp_path}")


@lacks_torch
def test_without_the_extra_its_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"pip install 'pincite\[huggingface\]'"):
        open_embedder(f"huggingface:{tmp_path}")
    with pytest.raises(RerankingError, match=r"pip install 'pincite\[huggingface\]'"):
        open_rerankers(f"huggingface:{tmp_path}")
