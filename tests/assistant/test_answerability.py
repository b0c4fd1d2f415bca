"""The gate before drafting: the probability of a yes, from servers that tell and that do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Usage
from assistant.answerability import Gate, yes
from assistant.errors import LLMAuthenticationError, LLMUnavailableError
from assistant.llm import LLM
from assistant.meter import Meter
from tests.assistant.makers import evidence
from tests.llm_server import (
    Behaviour,
    ModelServer,
    fails,
    hangs,
    refuses,
    says,
    too_long,
    weighs,
)

SHOWN = evidence("Kerry left on Monday. Lavrov stayed.", "Assad spoke.", title="Talks")

Weigh = Callable[[Gate], float | None]


@pytest.fixture(params=["sync", "async"])
def weigh(request: pytest.FixtureRequest) -> Weigh:
    if request.param == "sync":
        return lambda gate: gate.weigh("Who left?", SHOWN)
    return lambda gate: asyncio.run(gate.aweigh("Who left?", SHOWN))


def gate(server: ModelServer, timeout: float = 5.0) -> Gate:
    return Gate(LLM("little", None, server.url, timeout))


def test_one_token_is_asked_for_and_its_alternatives_weighed(weigh: Weigh) -> None:
    meter = Meter()
    with ModelServer(weighs(0.55, says("x"))) as server, meter.running():
        assert weigh(gate(server)) == pytest.approx(0.6 / 0.95)
    (asked,) = server.asked
    assert (asked.body["max_tokens"], asked.body["top_logprobs"]) == (1, 20)
    assert asked.body["messages"][1]["content"].endswith(
        "Question: Who left?\n\nIs the exact answer to this question written in one of the "
        "passages? Reply Yes only if it is; otherwise reply No."
    )
    assert "[s3] Assad spoke." in asked.body["messages"][1]["content"]
    assert meter.usage == Usage(11, 1)


@pytest.mark.parametrize(
    "behaviour",
    [
        says("Yes"),
        says(""),
        refuses("logprobs", "logprobs is not supported with this model", says("Yes")),
        refuses("top_logprobs", "Unrecognized request argument", says("Yes")),
        refuses("top_logprobs", "no", says("Yes")),
    ],
)
def test_a_server_that_does_not_tell_is_asked_once(weigh: Weigh, behaviour: Behaviour) -> None:
    with ModelServer(behaviour) as server:
        asking = gate(server)
        assert weigh(asking) is None
        assert len(server.asked) == 1
        assert weigh(asking) is None
        assert len(server.asked) == 1


def test_what_else_it_does_not_take_is_left_out(weigh: Weigh) -> None:
    behaviour = refuses(
        "max_tokens", "max_tokens: use max_completion_tokens", weighs(0.9, says("x"))
    )
    with ModelServer(behaviour) as server:
        assert weigh(gate(server)) == pytest.approx(1.0, abs=0.01)
    assert server.asked[-1].body["max_completion_tokens"] == 1


def test_a_prompt_over_the_context_is_halved_once(weigh: Weigh) -> None:
    with ModelServer(too_long(470, weighs(0.9, says("x")))) as server:
        assert weigh(gate(server)) is not None
    first, second = (asked.body["messages"][1]["content"] for asked in server.asked)
    assert "[s3]" in first
    assert "[s3]" not in second
    assert "[s1]" in second


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [(fails(401), LLMAuthenticationError), (hangs(0.6), LLMUnavailableError)],
)
def test_a_failure_is_an_error(weigh: Weigh, behaviour: Behaviour, kind: type[Exception]) -> None:
    with ModelServer(behaviour) as server, pytest.raises(kind):
        weigh(gate(server, timeout=0.3))


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"Yes": 0.3, " yes": 0.1, "No": 0.4, "Maybe": 0.2}, 0.5),
        ({"YES.": 0.3}, 1.0),
        ({'"No"': 0.3}, 0.0),
        ({"<think>": 1.0}, None),
        ({}, None),
    ],
)
def test_only_what_says_yes_or_no_counts(
    weights: Mapping[str, float], expected: float | None
) -> None:
    assert yes(weights) == (expected if expected is None else pytest.approx(expected))
