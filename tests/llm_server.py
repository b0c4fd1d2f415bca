"""A real HTTP server on the loopback that speaks the protocol of models, and misbehaves on request.

Tests queue a behaviour for each request to come; the last one stays. What was asked is recorded.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    """``time.monotonic()``."""


Behaviour = Callable[["Handler", Asked], None]


class ModelServer:
    """Serves until the ``with`` block ends."""

    def __init__(self, *behaviours: Behaviour, keep_alive: bool = False) -> None:
        self.behaviours = list(behaviours)
        self.keep_alive = keep_alive
        self.connections = 0
        self.asked: list[Asked] = []
        self.tells: dict[str, object] = {}
        """What is answered to a GET of a path; of any other, 404."""
        self.first_text = 0.0
        """When the first text of a reply was sent (``time.perf_counter()``)."""
        self.hung_up = threading.Event()
        """Set when a client left before its reply was whole."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.model_server = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.owner.connections += 1

    def do_GET(self) -> None:
        told = self.owner.tells.get(self.path)
        if told is None:
            self.send_error(404)
        else:
            self.begin(200, "application/json")
            self.write(json.dumps(told).encode())
        self.close_connection = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, body, time.monotonic())
        self.owner.asked.append(asked)
        try:
            self.owner.next_behaviour()(self, asked)
            if self.owner.keep_alive:
                self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.owner.hung_up.set()
        self.close_connection = not self.owner.keep_alive

    @property
    def owner(self) -> ModelServer:
        found: ModelServer = self.server.model_server  # type: ignore[attr-defined]
        return found

    def begin(self, status: int, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        kept = (
            {"Transfer-Encoding": "chunked"} if self.owner.keep_alive else {"Connection": "close"}
        )
        for name, value in {"Content-Type": kind, **kept, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def write(self, data: bytes) -> None:
        if self.owner.keep_alive:
            data = b"%x\r\n%b\r\n" % (len(data), data)
        self.wfile.write(data)
        self.wfile.flush()

    def sleep(self, seconds: float) -> None:
        """Wait for so long, or until the client leaves."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            raise BrokenPipeError

    def event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.write(f"data: {text}\n\n".encode())

    def delta(self, text: str | None, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        if text and not self.owner.first_text:
            self.owner.first_text = time.perf_counter()
        self.event({**_CHUNK, "choices": [choice]})

    def log_message(self, format: str, *args: Any) -> None:
        pass


_CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test"}


def says(text: str, finish: str | None = "stop", size: int = 5) -> Behaviour:
    """Replies ``text`` in pieces of ``size`` characters, then its usage if asked for it."""

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(200, "text/event-stream")
        handler.delta("")
        for at in range(0, len(text), size):
            handler.delta(text[at : at + size])
        if finish:
            handler.delta(None, finish)
        if asked.body.get("stream_options", {}).get("include_usage"):
            handler.event({**_CHUNK, "choices": [], "usage": USAGE})
        handler.event("[DONE]")

    return behave


def too_long(longest: int, otherwise: Behaviour) -> Behaviour:
    """Refuses prompts of more than so many characters, as llama.cpp does."""

    def behave(handler: Handler, asked: Asked) -> None:
        length = sum(len(message["content"]) for message in asked.body["messages"])
        message = f"request ({length} tokens) exceeds the available context size ({longest} tokens)"
        (fails(400, message) if length > longest else otherwise)(handler, asked)

    return behave


def sentences(*pairs: tuple[str, list[int]], **ending: object) -> str:
    """A reply of the form that the schema demands; ``ending``: the properties after the list."""
    told = [{"text": text, "sources": numbers} for text, numbers in pairs]
    return json.dumps({"sentences": told, **ending})


def fails(
    status: int,
    message: str = "",
    code: str | None = None,
    headers: dict[str, str] | None = None,
) -> Behaviour:
    """Answers with an error."""

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(status, "application/json", headers)
        error = {"message": message, "code": code, "type": "x", "param": None}
        handler.write(json.dumps({"error": error}).encode())

    return behave


def refuses(name: str, message: str, otherwise: Behaviour) -> Behaviour:
    """Fails with HTTP 400 as long as the request has an argument ``name``."""

    def behave(handler: Handler, asked: Asked) -> None:
        (fails(400, message) if name in asked.body else otherwise)(handler, asked)

    return behave


def breaks_off(text: str) -> Behaviour:
    """Begins a reply and drops the connection in the middle of it."""

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(200, "text/event-stream", {"Content-Length": "100000"})
        handler.delta(text)

    return behave


def sends(body: str, kind: str = "text/event-stream", status: int = 200) -> Behaviour:
    """Answers with ``body``, whatever it is."""

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(status, kind)
        handler.write(body.encode())

    return behave


def hangs(seconds: float, first: str = "") -> Behaviour:
    """Is silent for so long, after ``first``."""

    def behave(handler: Handler, asked: Asked) -> None:
        if first:
            handler.begin(200, "text/event-stream")
            handler.delta(first)
        handler.sleep(seconds)

    return behave


def pings(pause: float, times: int, otherwise: Behaviour) -> Behaviour:
    """Says that it is alive, as llama.cpp does while it reads a prompt; then as ``otherwise``."""

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(200, "text/event-stream")
        for _ in range(times):
            handler.write(b": ping\n\n")
            time.sleep(pause)
        handler.begin = lambda *_: None  # type: ignore[method-assign]
        otherwise(handler, asked)

    return behave


def talks_forever(pieces: Sequence[str] = ("word ",), pause: float = 0.01) -> Behaviour:
    """Replies ``pieces`` over and over until the client leaves, for ten seconds at most."""

    def endless() -> Iterator[str]:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            yield from pieces

    def behave(handler: Handler, asked: Asked) -> None:
        handler.begin(200, "text/event-stream")
        for piece in endless():
            handler.delta(piece)
            time.sleep(pause)

    return behave
