"""How long a model's context is: asked of servers that tell it in their several ways."""

from __future__ import annotations

import pytest

from assistant.answerers.writer import Writer
from assistant.draft import Draft
from assistant.errors import LLMContextError
from assistant.evidence import count_tokens
from assistant.llm.model import MAX_TOKENS
from assistant.llm.server import ServerModel
from assistant.understanding.question import Question
from tests.assistant.makers import evidence
from tests.llm_server import ModelServer, fails, says, sentences, too_long

LLAMA: dict[str, object] = {
    "id": "little",
    "owned_by": "llamacpp",
    "meta": {"n_ctx": 4096, "n_ctx_train": 2048},
}
ASKED = Question("Who left?", "Who left?")
LONG = evidence(*(f"Person {n} left on day {n}. " * 12 for n in range(20)), title="Talks")


def models(*entries: dict[str, object]) -> dict[str, object]:
    return {"/v1/models": {"object": "list", "data": list(entries)}}


@pytest.mark.parametrize(
    ("tells", "expected"),
    [
        (models(LLAMA), 2048),
        (
            models({"id": "little", "owned_by": "llamacpp"})
            | {"/props": {"default_generation_settings": {"n_ctx": 1024}}},
            1024,
        ),
        (models({"id": "big", "max_model_len": 9}, {"id": "little", "max_model_len": 8192}), 8192),
        (models({"id": "vendor/little", "context_length": 32768}), 32768),
        (models({"id": "a", "context_length": 1}, {"id": "b", "context_length": 2}), None),
        (models({"id": "little"}), None),
        ({"/v1/models": ["nonsense", {"id": 7}]}, None),
        ({}, None),
    ],
)
def test_it_is_asked_once(tells: dict[str, object], expected: int | None) -> None:
    with ModelServer(says("x")) as server:
        server.tells = tells
        llm = ServerModel("little", None, server.url)
        assert llm.context() == expected
        server.tells = models({"id": "little", "max_model_len": 77})
        assert llm.context() == expected


def test_a_dead_server_is_asked_again() -> None:
    with ModelServer(says("x")) as server:
        llm = ServerModel("little", None, server.url)
    assert llm.context() is None
    assert not llm._asked_context


def test_openai_is_not_asked() -> None:
    assert ServerModel("gpt-4.1-mini").context() is None


@pytest.mark.parametrize("context", [1024, 2048, 4096])
def test_what_the_model_is_shown_and_may_say_fits_its_context(context: int) -> None:
    with ModelServer(says(sentences(outcome="not_found"))) as server:
        server.tells = models({"id": "little", "max_model_len": context})
        list(Writer(ServerModel("little", None, server.url)).answer(ASKED, LONG))
    (asked,) = server.asked
    tokens = sum(count_tokens(message["content"]) for message in asked.body["messages"])
    assert tokens + asked.body["max_tokens"] <= 0.9 * context
    assert asked.body["max_tokens"] == min(MAX_TOKENS, context // 4)
    shown = asked.body["messages"][1]["content"]
    assert "[s1] Person 0 left on day 0." in shown
    assert shown.count("[s") > 5


def test_a_prompt_that_is_too_long_all_the_same_is_halved_once() -> None:
    reply = sentences(("Person 0 left on day 0.", [1]))
    with ModelServer(too_long(9_000, says(reply))) as server:
        answerer = Writer(ServerModel("little", None, server.url))
        drafts = list(answerer.answer(ASKED, LONG))
    assert drafts[0] == Draft("Person 0 left on day 0.", (1,))
    assert len(server.asked) == 2


def test_and_no_more_than_once() -> None:
    with ModelServer(too_long(100, says("x"))) as server:
        answerer = Writer(ServerModel("little", None, server.url))
        with pytest.raises(LLMContextError, match="lower PINCITE_CONTEXT_TOKENS"):
            list(answerer.answer(ASKED, LONG))
    assert len(server.asked) == 2


def test_a_server_that_refuses_to_list_its_models_is_no_failure() -> None:
    with ModelServer(fails(401)) as server:
        assert ServerModel("little", None, server.url).context() is None
