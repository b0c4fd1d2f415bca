"""The seam to a model's server, tried against a real one on the loopback that misbehaves."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable

import pytest
from llama_index.core.llms import ChatMessage

from assistant.answer import Usage
from assistant.errors import (
    LLMAuthenticationError,
    LLMContextError,
    LLMError,
    LLMModelError,
    LLMReplyError,
    LLMUnavailableError,
)
from assistant.llm import LLM, Piece, Request
from assistant.settings import Secret, Settings
from tests.llm_server import (
    Behaviour,
    ModelServer,
    breaks_off,
    fails,
    hangs,
    refuses,
    says,
    sends,
    talks_forever,
)

KEY = "sk-very-secret-0123456789"
ASK = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Why?")]
PLAIN = [ChatMessage(role="user", content="Why, in plain text?")]
REQUEST = Request(ASK, {"type": "object"}, PLAIN)

Complete = Callable[[LLM, Request], Piece]


@pytest.fixture
def complete(is_async: bool) -> Complete:
    if not is_async:
        return LLM.complete
    return lambda llm, asked: asyncio.run(llm.acomplete(asked))


def llm(server: ModelServer, timeout: float = 5.0) -> LLM:
    return LLM("little", Secret(KEY), server.url, timeout)


def test_a_reply(complete: Complete) -> None:
    with ModelServer(says("It is so.")) as server:
        assert complete(llm(server), REQUEST) == Piece("It is so.", Usage(11, 7))
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
        assert LLM.from_settings(settings).complete(REQUEST).text == "Here."
    assert server.asked[0].body["model"] == "named"
    assert server.asked[0].headers["authorization"] == "Bearer none"


def test_without_a_base_url_it_is_openai() -> None:
    assert LLM.from_settings(Settings(Secret(KEY))).server.address == "https://api.openai.com/v1"


def test_a_reply_at_its_length_limit_is_marked_cut(complete: Complete) -> None:
    with ModelServer(says("It is", finish="length")) as server:
        assert complete(llm(server), REQUEST) == Piece("It is", Usage(11, 7), cut=True)


def test_a_reply_that_ends_without_saying_so_is_marked_cut(complete: Complete) -> None:
    with ModelServer(says("It is", finish=None)) as server:
        assert complete(llm(server), REQUEST).cut


@pytest.mark.parametrize(
    ("argument", "message", "instead"),
    [
        ("response_format", "Unrecognized request argument", {}),
        ("response_format", "json_schema is not supported", {}),
        ("temperature", "Unsupported value: 'temperature' must be 1", {"temperature": 1.0}),
        (
            "max_tokens",
            "'max_tokens' is not supported: use 'max_completion_tokens'",
            {"max_completion_tokens": 2048},
        ),
        ("stream_options", "stream_options: extra fields not permitted", {}),
    ],
)
def test_what_a_server_does_not_take_is_found_out_once(
    complete: Complete, argument: str, message: str, instead: dict[str, object]
) -> None:
    def behave(handler, asked) -> None:  # type: ignore[no-untyped-def]
        refused = argument in asked.body and asked.body[argument] != instead.get(argument)
        (fails(400, message) if refused else says("Well."))(handler, asked)

    with ModelServer(behave) as server:
        model = llm(server)
        assert complete(model, REQUEST).text == "Well."
        assert complete(model, REQUEST).text == "Well."
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
    strict = refuses("temperature", "no temperature", says("Never."))

    def behave(handler, asked) -> None:  # type: ignore[no-untyped-def]
        if asked.body.get("temperature") == 1.0:
            refuses("response_format", "no schema", says("Well."))(handler, asked)
        else:
            strict(handler, asked)

    with ModelServer(behave) as server:
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
    (breaks_off(""), LLMUnavailableError, "broke off its reply", 3),
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
    complete: Complete, behaviour: Behaviour, kind: type[LLMError], message: str, tries: int
) -> None:
    with ModelServer(behaviour) as server, pytest.raises(kind, match=message) as caught:
        complete(llm(server), REQUEST)
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(server.asked) == tries


def test_a_key_that_is_missing_is_asked_for() -> None:
    with (
        ModelServer(fails(401)) as server,
        pytest.raises(LLMAuthenticationError, match="set OPENAI_API_KEY"),
    ):
        LLM("little", None, server.url).complete(REQUEST)


@pytest.mark.usefixtures("impatient")
def test_our_messages_do_not_show_the_key_in_a_traceback() -> None:
    with ModelServer(fails(500, "oops")) as server, pytest.raises(LLMError) as caught:
        llm(server).complete(REQUEST)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("first", ["", "It is"])
def test_silence_is_given_up(complete: Complete, first: str) -> None:
    with (
        ModelServer(hangs(0.6, first)) as server,
        pytest.raises(LLMUnavailableError, match=r"silent for 0\.2 seconds.*PINCITE_TIMEOUT"),
    ):
        complete(llm(server, timeout=0.2), REQUEST)
    assert len(server.asked) == 1


def test_a_dead_server_is_known_soon(complete: Complete) -> None:
    with ModelServer(says("x")) as server:
        dead = llm(server)
    with pytest.raises(LLMUnavailableError, match="cannot be reached: start the server"):
        complete(dead, REQUEST)


@pytest.mark.parametrize(
    "failure", [fails(503), fails(429, headers={"Retry-After": "0.4"}), breaks_off("")]
)
def test_a_passing_failure_passes(complete: Complete, failure: Behaviour) -> None:
    with ModelServer(failure, says("Well.")) as server:
        assert complete(llm(server), REQUEST).text == "Well."
    first, second = server.asked
    waited = second.at - first.at
    assert 0.2 < waited < 2
    assert second.body == first.body


def test_retry_after_is_honoured() -> None:
    with ModelServer(fails(429, headers={"Retry-After": "0.7"}), says("Well.")) as server:
        llm(server).complete(REQUEST)
    assert 0.7 <= server.asked[1].at - server.asked[0].at < 2


def test_a_model_that_does_not_chat() -> None:
    with (
        ModelServer(says("x")) as server,
        pytest.raises(LLMModelError, match="is not a chat model"),
    ):
        LLM("gpt-5.2-pro", None, server.url).complete(REQUEST)
    assert not server.asked


def test_closing_the_stream_hangs_up() -> None:
    with ModelServer(talks_forever()) as server:
        stream = llm(server).stream(REQUEST)
        while not next(stream).text:
            pass
        stream.close()
        assert server.hung_up.wait(3)


def test_closing_the_async_stream_hangs_up() -> None:
    async def leave(server: ModelServer) -> bool:
        stream = llm(server).astream(REQUEST)
        async for piece in stream:
            if piece.text:
                break
        await stream.aclose()
        return await asyncio.to_thread(server.hung_up.wait, 3)

    with ModelServer(talks_forever()) as server:
        assert asyncio.run(leave(server))


def test_cancelling_the_task_hangs_up() -> None:
    async def cancel(server: ModelServer) -> bool:
        task = asyncio.create_task(llm(server).acomplete(REQUEST))
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await asyncio.to_thread(server.hung_up.wait, 3)

    with ModelServer(talks_forever()) as server:
        assert asyncio.run(cancel(server))


def test_many_at_once_in_threads_and_loops() -> None:
    async def four(model: LLM) -> list[Piece]:
        return list(await asyncio.gather(*(model.acomplete(REQUEST) for _ in range(4))))

    with ModelServer(says("Well.")) as server:
        model = llm(server)
        for _ in range(2):  # a second loop must not meet the first one's connections
            assert {piece.text for piece in asyncio.run(four(model))} == {"Well."}
