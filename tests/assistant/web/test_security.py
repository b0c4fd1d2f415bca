"""The guards of the chat's server."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.web.security import POLICY, is_loopback, middleware


def client(host: str) -> TestClient:
    def hello(request: Request) -> Response:
        return PlainTextResponse("hello")

    return TestClient(Starlette(routes=[Route("/", hello)], middleware=middleware(host)))


def test_every_response_carries_the_policy() -> None:
    for path in ("/", "/missing"):
        headers = client("0.0.0.0").get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_policy_names_no_other_host() -> None:
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert "img-src 'self' data: blob:" in POLICY
    assert "connect-src 'self';" in POLICY


@pytest.mark.parametrize(
    ("named", "status"),
    [("127.0.0.1:7860", 200), ("localhost:7860", 200), ("evil.example", 400)],
)
def test_on_loopback_only_loopbacks_names_are_answered(named: str, status: int) -> None:
    response = client("127.0.0.1").get("/", headers={"Host": named})
    assert response.status_code == status


def test_elsewhere_any_name_is_answered() -> None:
    assert client("0.0.0.0").get("/", headers={"Host": "chat.example"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_loopback_is_recognised(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
