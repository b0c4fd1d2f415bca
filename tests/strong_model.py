"""An OpenAI-compatible server that answers as a strong model did: recorded drafts, replayed.

A draft names the lines that each sentence rests on by their text. The server looks for these texts
among the lines ``[s12] …`` of the prompt and gives their numbers, so that evidence may be packed
in any order; a sentence of which no line is in the prompt cannot be given. A request whose JSON
schema has the property ``sentences`` gets the draft of the question in it; any other gets an
object of empty values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any, Self

Json = dict[str, Any]

_LINE = re.compile(r"^\[s(\d+)\] (.*)$", re.MULTILINE)
_EMPTY: Mapping[str, Any] = {
    "string": "",
    "array": [],
    "object": {},
    "integer": 0,
    "number": 0,
    "boolean": False,
}
_PIECE = 40
"""Characters of a reply that are sent at a time."""


def squeezed(text: str) -> str:
    """Its words in lower case: how lines and questions are compared."""
    return re.sub(r"\W+", " ", text).strip().lower()


@dataclass
class Recorded:
    """What the model wrote about one question, and what became of it when it was asked."""

    question: str
    sentences: list[Json]
    """``text`` and ``sources``."""
    given: list[str] = field(default_factory=list)
    """Sentences of which a line was in the last prompt."""
    withheld: list[str] = field(default_factory=list)
    """Those of which none was."""
    first_token: float = 0.0
    """When the last draft's first token was sent: seconds of ``time.perf_counter``."""


class StrongModel:
    """The server, on a free port of the loopback interface while the ``with`` block runs."""

    def __init__(self, drafts: Iterable[Path]) -> None:
        rows = [json.loads(line) for file in drafts for line in file.read_text("utf-8").split("\n")
                if line.strip()]  # fmt: skip
        self.recorded = {
            squeezed(row["question"]): Recorded(row["question"], row["sentences"]) for row in rows
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self.recorded))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, recorded: Mapping[str, Recorded], *arguments: Any) -> None:
        self._recorded = recorded
        super().__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Nothing: tests and measurements have their own output."""

    def do_GET(self) -> None:
        self._send({"object": "list", "data": [{"id": "strong", "object": "model"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = "\n".join(map(_text, asked["messages"]))
        form = (asked.get("response_format") or {}).get("json_schema", {}).get("schema", {})
        draft = self._draft(text) if "sentences" in form.get("properties", {}) else None
        reply = json.dumps(_reply(form, draft, text), ensure_ascii=False)
        prompt, completion = len(text) // 4, len(reply) // 4
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }
        if draft:
            draft.first_token = perf_counter()
        if asked.get("stream"):
            self._stream(reply, usage)
        else:
            message = {"role": "assistant", "content": reply}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._send(_body("chat.completion", [choice], usage))

    def _draft(self, text: str) -> Recorded | None:
        """The draft of the question that stands last in the prompt."""
        words = squeezed(text)
        known = [question for question in self._recorded if question in words]
        last = max(known, key=words.rfind, default=None)
        return self._recorded[last] if last else None

    def _send(self, body: Json) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: str, usage: Json) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for start in range(0, len(reply), _PIECE):
            self._event([_delta({"content": reply[start : start + _PIECE]})])
        self._event([_delta({}, "stop")])
        self._event([], usage)
        self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _event(self, choices: list[Json], usage: Json | None = None) -> None:
        self._chunk(f"data: {json.dumps(_body('chat.completion.chunk', choices, usage))}\n\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _delta(delta: Json, finish: str | None = None) -> Json:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _body(kind: str, choices: list[Json], usage: Json | None) -> Json:
    body = {"id": "replay", "created": 0, "model": "strong", "object": kind, "choices": choices}
    return body | ({"usage": usage} if usage else {})


def _text(message: Json) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(one.get("text", "") for one in content)


def _reply(form: Json, draft: Recorded | None, text: str) -> Json:
    properties: Json = form.get("properties", {})
    value = {name: _EMPTY.get(str(one.get("type"))) for name, one in properties.items()}
    if "sentences" in properties:
        value["sentences"] = _sentences(draft, text) if draft else []
        if "outcome" in properties:
            value["outcome"] = "answered" if value["sentences"] else "not_found"
    return value


def _sentences(draft: Recorded, text: str) -> list[Json]:
    lines = {squeezed(line): int(number) for number, line in _LINE.findall(text)}
    found = []
    draft.given, draft.withheld = [], []
    for sentence in draft.sentences:
        known = [lines[squeezed(one)] for one in sentence["sources"] if squeezed(one) in lines]
        (draft.given if known else draft.withheld).append(sentence["text"])
        if known:
            found.append({"text": sentence["text"], "sources": known})
    return found
