"""The seams to LlamaIndex, against a real HTTP server on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

import numpy as np
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from index import llama
from index.embedding import Embedder, OfflineEmbedder, open_embedder
from index.errors import EmbeddingError
from index.llama import LibraryEmbedding, LlamaEmbedder

KEY = "sk-very-secret"


@dataclass
class EmbeddingServer:
    """Speaks OpenAI's embeddings protocol; misbehaves as told."""

    replies: list[tuple[int, Any]] = field(default_factory=list)
    """Given first, one a request: a status and a body."""
    seen: list[list[str]] = field(default_factory=list)
    url: str = ""

    def reply(self, texts: list[str]) -> tuple[int, Any]:
        self.seen.append(texts)
        if self.replies:
            return self.replies.pop(0)
        return 200, vectors(*([float(len(text)), 1.0, 2.0] for text in texts))


def vectors(*rows: list[Any]) -> dict[str, Any]:
    data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": data, "model": "m", "usage": usage}


def failure(code: str) -> dict[str, Any]:
    return {"error": {"message": f"no good: {KEY}", "type": "error", "code": code}}


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    state = EmbeddingServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, reply = state.reply(body["input"])
            payload = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.url = f"http://127.0.0.1:{http.server_port}/v1"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        http.shutdown()
        thread.join()


@pytest.fixture
def embedder(server: EmbeddingServer) -> Iterator[Embedder]:
    embedder = open_embedder("openai", "tiny", KEY, server.url)
    yield embedder
    cast("Any", embedder)._embedding._get_client().close()


def test_a_servers_vectors_come_in_order_and_of_unit_length(embedder: Embedder) -> None:
    texts = ["four", "", "a" * 50, *(["more"] * 40)]
    rows = embedder.passages(texts)
    assert rows.shape == (43, embedder.dimensions) == (43, 3)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert rows[0] == pytest.approx(np.array([4, 1, 2]) / np.sqrt(21))
    assert rows[2][0] > rows[0][0] > rows[1][0]
    assert embedder.passages([]).shape == (0, 3)


def test_a_query_is_asked_for_once(embedder: Embedder, server: EmbeddingServer) -> None:
    assert embedder.dimensions == 3
    before = len(server.seen)
    assert embedder.query("Aleppo") is embedder.query("Aleppo")
    assert len(server.seen) == before + 1


def test_a_text_over_the_limit_is_cut(embedder: Embedder, server: EmbeddingServer) -> None:
    embedder.passages(["peace " * 1000])
    (sent,) = server.seen[0]
    assert embedder.count([sent, "hello world"]) == [embedder.max_tokens, 2]


def test_openais_own_models_are_known_without_asking() -> None:
    embedder = open_embedder("openai", api_key=KEY)
    assert (embedder.name, embedder.dimensions, embedder.max_tokens) == (
        "openai:text-embedding-3-small",
        1536,
        8191,
    )


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, failure("invalid_api_key"), "check OPENAI_API_KEY"),
        (404, failure("model_not_found"), "check PINCITE_EMBEDDING_MODEL"),
        (429, failure("insufficient_quota"), "quota is used up"),
        (400, failure("bad"), "was refused by its server"),
        (200, vectors([1.0, 2.0], [1.0, 2.0]), "returned 2 vectors for 1 texts"),
        (200, vectors([0.0, 0.0]), "length zero"),
        (200, vectors([float("nan"), 1.0]), "something else than vectors"),
        (200, vectors([]), "something else than vectors|length zero|cannot|failed"),
        (200, {"object": "list", "data": []}, "failed|returned"),
    ],
)
def test_a_failure_is_one_readable_error_without_the_key(
    embedder: Embedder, server: EmbeddingServer, status: int, body: Any, words: str
) -> None:
    server.replies = [(status, body)] * 2  # the client tries some failures again
    with pytest.raises(EmbeddingError, match=words) as failed:
        embedder.passages(["text"])
    assert KEY not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_change_of_length_is_an_error(embedder: Embedder, server: EmbeddingServer) -> None:
    assert embedder.dimensions == 3
    server.replies = [(200, vectors([1.0, 0.0]))]
    with pytest.raises(EmbeddingError, match="of length 2, not 3"):
        embedder.passages(["text"])


def test_a_busy_server_is_asked_again(
    embedder: Embedder, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama, "_WAITS", (0.01,) * 3)
    server.replies = [(429, failure("rate_limit_exceeded"))] * 3
    assert embedder.query("text").shape == (3,)


def test_a_dead_server_is_noticed_soon() -> None:
    embedder = open_embedder("openai", "tiny", KEY, "http://127.0.0.1:9/v1")
    started = time.monotonic()
    with pytest.raises(EmbeddingError, match="cannot be reached: check OPENAI_BASE_URL"):
        embedder.query("text")
    assert time.monotonic() - started < 5


def test_any_llamaindex_embedding_plugs_in() -> None:
    offline = OfflineEmbedder()
    wrapped = LlamaEmbedder(LibraryEmbedding(), "mine", offline.max_tokens)
    assert wrapped.dimensions == offline.dimensions
    assert np.allclose(wrapped.query("Aleppo"), offline.query("Aleppo"), atol=1e-6)


def test_an_error_of_a_plugged_in_model_keeps_its_cause() -> None:
    class Broken(LibraryEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            raise RuntimeError("out of order")

    with pytest.raises(EmbeddingError, match=r"mine failed \(RuntimeError\)") as failed:
        LlamaEmbedder(Broken(), "mine", 10).query("text")
    assert isinstance(failed.value.__cause__, RuntimeError)


def test_our_embedding_is_llamaindexs() -> None:
    ours: BaseEmbedding = LibraryEmbedding()
    rows = ours.get_text_embedding_batch(["Aleppo", "Geneva"])
    assert np.allclose(rows, OfflineEmbedder().passages(["Aleppo", "Geneva"]))
    assert ours.get_query_embedding("Aleppo") == rows[0]
    assert ours.model_name == OfflineEmbedder.name
