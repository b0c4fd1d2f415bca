"""The seam to a model's server, tried against a real one on the loopback that misbehaves."""

from __future__ import annotations

import threading
import time
import traceback
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest
from llama_index.core.llms import ChatMessage
from pydantic import SecretStr

from assistant.answer import Usage
from assistant.errors import (
    LLMAuthenticationError,
    LLMContextError,
    LLMError,
    LLMModelError,
    LLMReplyError,
    LLMUnavailableError,
)
from assistant.llm import ChatModel, Piece, Request, chat_model
from assistant.llm.server import ServerModel
from assistant.settings import Settings
from tests.llm_server import (
    Behaviour,
    ModelServer,
    breaks_off,
    fails,
    hangs,
    pings,
    refuses,
    says,
    sends,
    talks_forever,
)

KEY = "sk-very-secret-0123456789"
ASK = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Why?")]
PLAIN = [ChatMessage(role="user", content="Why, in plain text?")]
REQUEST = Request(ASK, {"type": "object"}, PLAIN)


def llm(server: ModelServer, timeout: float = 5.0) -> ServerModel:
    return ServerModel("little", KEY, server.url, timeout)


def _from(settings: Settings) -> ChatModel:
    model = chat_model(settings)
    assert model
    return model


def test_a_reply() -> None:
    with ModelServer(says("It is so.")) as server:
        assert llm(server).complete(REQUEST) == Piece("It is so.", Usage(11, 7))
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "little",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Why?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "max_tokens": 2048,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": {"type": "object"}},
        },
    }


def test_it_comes_piece_by_piece() -> None:
    with ModelServer(says("It is so.", size=3)) as server:
        pieces = [piece.text for piece in llm(server).stream(REQUEST) if piece.text]
    assert pieces == ["It ", "is ", "so."]


def test_the_settings_name_the_model_and_the_environment_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/elsewhere")
    with ModelServer(says("Here.")) as server:
        settings = Settings(openai_base_url=server.url, model="named", timeout=5)
        assert _from(settings).complete(REQUEST).text == "Here."
    assert server.asked[0].body["model"] == "named"
    assert server.asked[0].headers["authorization"] == "Bearer none"


def test_without_a_base_url_it_is_openai() -> None:
    assert (
        _from(Settings(openai_api_key=SecretStr(KEY)))
        .describe()
        .endswith("at https://api.openai.com/v1")
    )


def test_without_a_server_there_is_no_model() -> None:
    assert chat_model(Settings()) is None


def test_another_model_at_the_same_server() -> None:
    with ModelServer(says("Well.")) as server:
        assert llm(server).named("judge").complete(REQUEST).text == "Well."
    (asked,) = server.asked
    assert asked.body["model"] == "judge"
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_a_reply_at_its_length_limit_is_marked_cut() -> None:
    with ModelServer(says("It is", finish="length")) as server:
        assert llm(server).complete(REQUEST) == Piece("It is", Usage(11, 7), cut=True)


def test_a_reply_that_ends_without_saying_so_is_marked_cut() -> None:
    with ModelServer(says("It is", finish=None)) as server:
        assert llm(server).complete(REQUEST).cut


@pytest.mark.parametrize(
    ("argument", "message", "instead"),
    [
        ("response_format", "Unrecognized request argument", {}),
        ("response_format", "json_schema is not supported", {}),
        ("temperature", "Unsupported value: 'temperature' must be 1", {}),
        (
            "max_tokens",
            "'max_tokens' is not supported: use 'max_completion_tokens'",
            {"max_completion_tokens": 2048},
        ),
        ("stream_options", "stream_options: extra fields not permitted", {}),
    ],
)
def test_what_a_server_does_not_take_is_found_out_once(
    argument: str, message: str, instead: dict[str, object]
) -> None:
    behave = refuses(argument, message, says("Well."))
    with ModelServer(behave) as server:
        model = llm(server)
        assert model.complete(REQUEST).text == "Well."
        assert model.complete(REQUEST).text == "Well."
    bodies = [asked.body for asked in server.asked]
    assert len(bodies) == 3
    for body in bodies[1:]:
        assert {name: body.get(name) for name in (argument, *instead)} == {
            argument: None,
            **instead,
        }
    contents = [body["messages"][-1]["content"] for body in bodies]
    plain = PLAIN[0].content if argument == "response_format" else "Why?"
    assert contents == ["Why?", plain, plain]


def test_several_refusals_are_found_out_one_by_one() -> None:
    behave = refuses("temperature", "no temperature", says("Well."))
    with ModelServer(refuses("response_format", "no schema", behave)) as server:
        model = llm(server)
        assert model.complete(REQUEST).text == "Well."
    assert model.refused == {"temperature", "response_format"}


def test_nothing_is_learnt_from_a_request_that_fails_anyway() -> None:
    with ModelServer(fails(400, "no"), fails(400, "no"), says("Well.")) as server:
        model = llm(server)
        with pytest.raises(LLMError, match=r"refused the request \(HTTP 400: .*no\)"):
            model.complete(REQUEST)
        assert model.refused == frozenset()
        assert model.complete(REQUEST).text == "Well."
    assert "response_format" in server.asked[-1].body


CASES = [
    (fails(401, f"Incorrect API key: {KEY}"), LLMAuthenticationError, "correct OPENAI_API_KEY", 1),
    (fails(403), LLMAuthenticationError, "refuses the key", 1),
    (fails(404, "x"), LLMModelError, "has no model little: set PINCITE_MODEL", 1),
    (fails(400, "The model `little` does not exist"), LLMModelError, "has no model little", 1),
    (fails(400, "x", "context_length_exceeded"), LLMContextError, "PINCITE_CONTEXT_TOKENS", 1),
    (fails(400, "exceeds the available context size"), LLMContextError, "longer than little", 1),
    (fails(429, "x", "insufficient_quota"), LLMUnavailableError, "see to its billing", 1),
    (fails(429, headers={"Retry-After": "77"}), LLMUnavailableError, "again in 77 seconds", 1),
    (fails(429, headers={"Retry-After": "0"}), LLMUnavailableError, "try again later", 3),
    (fails(500, f"oops {KEY}"), LLMUnavailableError, r"failed \(HTTP 500: .*oops …\)", 3),
    (fails(502, "<html>Bad gateway"), LLMUnavailableError, r"failed \(HTTP 502\)", 3),
    (fails(418, "teapot"), LLMError, r"refused the request \(HTTP 418: .*teapot\)", 1),
    (breaks_off("It"), LLMUnavailableError, "broke off its reply: try again", 1),
    (breaks_off(""), LLMUnavailableError, "broke off its reply", 1),
    (sends('data: {"error": {"message": "boom"}}\n\n'), LLMUnavailableError, "off.*boom", 1),
    (sends("<html>Welcome</html>", "text/html"), LLMReplyError, "correct OPENAI_BASE_URL", 1),
    (sends("{}", "application/json"), LLMReplyError, "correct OPENAI_BASE_URL", 1),
    (sends("data: {nonsense\n\n"), LLMReplyError, "correct OPENAI_BASE_URL", 1),
    (sends("data: {}\n\n"), LLMReplyError, "correct OPENAI_BASE_URL", 1),
    (sends('data: {"choices": 7}\n\n'), LLMReplyError, "correct OPENAI_BASE_URL", 1),
    (sends("data: [DONE]\n\n"), LLMReplyError, "correct OPENAI_BASE_URL", 1),
]


@pytest.mark.parametrize(("behaviour", "kind", "message", "tries"), CASES)
@pytest.mark.usefixtures("impatient")
def test_failures_are_one_sentence_with_the_remedy(
    behaviour: Behaviour, kind: type[LLMError], message: str, tries: int
) -> None:
    with ModelServer(behaviour) as server, pytest.raises(kind, match=message) as caught:
        llm(server).complete(REQUEST)
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.asked) == tries


def test_a_key_that_is_missing_is_asked_for() -> None:
    with (
        ModelServer(fails(401)) as server,
        pytest.raises(LLMAuthenticationError, match="set OPENAI_API_KEY"),
    ):
        ServerModel("little", None, server.url).complete(REQUEST)


@pytest.mark.usefixtures("impatient")
def test_our_messages_do_not_show_the_key_in_a_traceback() -> None:
    with ModelServer(fails(500, "oops")) as server, pytest.raises(LLMError) as caught:
        llm(server).complete(REQUEST)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("first", ["", "It is"])
def test_silence_is_given_up(first: str) -> None:
    with (
        ModelServer(hangs(0.6, first)) as server,
        pytest.raises(LLMUnavailableError, match=r"silent for 0\.2 seconds.*PINCITE_TIMEOUT"),
    ):
        llm(server, timeout=0.2).complete(REQUEST)
    assert len(server.asked) == 1


def test_a_dead_server_is_known_soon() -> None:
    with ModelServer(says("x")) as server:
        dead = llm(server)
    with pytest.raises(LLMUnavailableError, match="cannot be reached: start the server"):
        dead.complete(REQUEST)


@pytest.mark.parametrize("failure", [fails(503), fails(429, headers={"Retry-After": "0.4"})])
def test_a_passing_failure_passes(failure: Behaviour) -> None:
    with ModelServer(failure, says("Well.")) as server:
        assert llm(server).complete(REQUEST).text == "Well."
    first, second = server.asked
    waited = second.at - first.at
    assert 0.2 < waited < 2
    assert second.body == first.body


def test_retry_after_is_honoured() -> None:
    with ModelServer(fails(429, headers={"Retry-After": "0.7"}), says("Well.")) as server:
        llm(server).complete(REQUEST)
    assert 0.7 <= server.asked[1].at - server.asked[0].at < 2


def test_a_server_that_is_alive_is_waited_for() -> None:
    with ModelServer(pings(0.1, 5, says("Well."))) as server:
        assert llm(server, timeout=0.3).complete(REQUEST).text == "Well."


def test_connections_are_used_again() -> None:
    with ModelServer(says("Well."), keep_alive=True) as server:
        model = llm(server)
        for _ in range(3):
            model.complete(REQUEST)
        assert len(server.asked) == 3
        assert server.connections == 1


def test_no_proxy_is_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with ModelServer(says("Well.")) as server:
        assert llm(server).complete(REQUEST).text == "Well."


@pytest.mark.parametrize("begun", [True, False])
def test_closing_a_reply_from_another_thread_hangs_up_at_once(begun: bool) -> None:
    silent = hangs(10, "It is" if begun else "")
    with ModelServer(silent) as server:
        reply = llm(server, timeout=20).stream(REQUEST)
        timer = threading.Timer(0.3, reply.close)
        timer.start()
        started = time.monotonic()
        with pytest.raises(CancelledError):
            list(reply)
        assert time.monotonic() - started < 0.8
        assert server.hung_up.wait(1)
        timer.join()


def test_closing_a_reply_ends_the_wait_for_another_try() -> None:
    with ModelServer(fails(429, headers={"Retry-After": "9"})) as server:
        reply = llm(server).stream(REQUEST)
        threading.Timer(0.3, reply.close).start()
        with pytest.raises(CancelledError):
            list(reply)
        time.sleep(0.2)
        assert len(server.asked) == 1


def test_leaving_a_reply_hangs_up() -> None:
    with ModelServer(talks_forever()) as server:
        with llm(server).stream(REQUEST) as reply:
            assert next(piece.text for piece in reply if piece.text)
        assert server.hung_up.wait(1)


def test_a_reply_that_nobody_waits_for_can_be_closed_twice() -> None:
    with ModelServer(says("Well.")) as server:
        reply = llm(server).stream(REQUEST)
        assert "".join(piece.text for piece in reply) == "Well."
        reply.close()
        reply.close()


def test_many_at_once_in_threads() -> None:
    with ModelServer(says("Well.")) as server, ThreadPoolExecutor(8) as pool:
        model = llm(server)
        pieces = list(pool.map(model.complete, [REQUEST] * 16))
    assert {piece.text for piece in pieces} == {"Well."}


def test_a_bug_of_ours_is_not_the_servers_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("assistant.llm.server.replace", broken)
    with ModelServer(says("Well.")) as server, pytest.raises(ValueError, match="a bug"):
        llm(server).complete(REQUEST)
