"""A real Chroma server, and a proxy before it that wants a token."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from index.vectors import ChromaServer


@contextmanager
def running_chroma(folder: Path) -> Iterator[ChromaServer]:
    """`chroma run`, with what it holds in ``folder``."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield ChromaServer(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server with this handler: its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def token_proxy(upstream: ChromaServer, token: str) -> type[BaseHTTPRequestHandler]:
    """Lets those through to ``upstream`` who send the token, and refuses others."""

    class Proxy(BaseHTTPRequestHandler):
        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != f"Bearer {token}":
                self.reply(401, b'{"error": "no"}')
                return
            host, _, port = upstream.url.removeprefix("http://").partition(":")
            with closing(HTTPConnection(host, int(port), timeout=30)) as connection:
                headers = {"Content-Type": "application/json"}
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                self.reply(answer.status, answer.read())

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = forward  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Proxy


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
                connection.request("GET", "/api/v2/heartbeat")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the Chroma server did not start")
