"""The selector: a language model chooses lines, and nothing is shown but their own words."""

from __future__ import annotations

import json

import pytest

from assistant.answer import Outcome, Support, Usage
from assistant.answerers.selector import Selector
from assistant.draft import Conclusion, Draft
from assistant.errors import LLMReplyError
from assistant.evidence import Evidence, gather
from assistant.llm.server import ServerModel
from assistant.understanding.question import Question
from tests.assistant.makers import article, evidence, hit
from tests.llm_server import Behaviour, ModelServer, refuses, says

QUESTION = Question("Who left?", "Who left?")
SHOWN = evidence("Kerry left on Monday. Lavrov stayed. It rained.", "Assad spoke.", title="Talks")
SOURCE = "“Talks” (28 April 2016):"


def chosen(*lines: object, **ending: object) -> str:
    return json.dumps({"lines": lines, **ending})


def answer(behaviour: Behaviour, shown: Evidence = SHOWN) -> tuple[list[Draft], Conclusion]:
    with ModelServer(behaviour) as server:
        *drafts, conclusion = Selector(ServerModel("little", None, server.url, 5)).answer(
            QUESTION, shown
        )
    assert isinstance(conclusion, Conclusion)
    return [draft for draft in drafts if isinstance(draft, Draft)], conclusion


def test_chosen_lines_are_quoted_and_those_that_adjoin_are_one() -> None:
    drafts, conclusion = answer(says(chosen(4, 2, 1, outcome="answered")))
    assert drafts == [
        Draft("Kerry left on Monday. Lavrov stayed.", (1, 2), Support.QUOTED, SOURCE),
        Draft("Assad spoke.", (4,), Support.QUOTED, SOURCE),
    ]
    assert conclusion == Conclusion(Outcome.ANSWERED, usage=Usage(11, 7))


def test_lines_with_something_between_them_are_quoted_apart() -> None:
    source = article("Kerry left. It rained. He came back. He slept.", "Talks")
    whole = hit(source).passage.sentences
    shown = gather([hit(source, 1.0, whole[0], whole[2], whole[3])], 1_000)
    drafts, _ = answer(says(chosen(1, 2, 3)), shown)
    assert [(draft.text, draft.markers) for draft in drafts] == [
        ("Kerry left.", (1,)),
        ("He came back. He slept.", (2, 3)),
    ]
    assert [draft.introduction for draft in drafts] == [SOURCE, ""]


@pytest.mark.parametrize(
    ("reply", "markers", "expected"),
    [
        (chosen(1, 1, 0, -1, 99, "2", True), [(1,)], Conclusion(Outcome.ANSWERED)),
        (chosen(), [], Conclusion(Outcome.NOT_FOUND)),
        (chosen(99, outcome="answered"), [], Conclusion(Outcome.NOT_FOUND)),
        (
            chosen(outcome="not_found", missing="Who left."),
            [],
            Conclusion(Outcome.NOT_FOUND, "Who left."),
        ),
        (
            chosen(1, outcome="partial", missing="When."),
            [(1,)],
            Conclusion(Outcome.PARTIAL, "When."),
        ),
        (
            chosen(outcome="unclear", clarify="Which?", choices=["A?", "B?"]),
            [],
            Conclusion(Outcome.UNCLEAR, message="Which?", choices=("A?", "B?")),
        ),
        (f"<think>Two?</think>```json\n{chosen(1)}\n```", [(1,)], Conclusion(Outcome.ANSWERED)),
        ('{"lines": 7, "outcome": ""}', [], Conclusion(Outcome.NOT_FOUND)),
        ("[s1] [s4]", [(1,), (4,)], Conclusion(Outcome.ANSWERED)),
        ("[1, 2]", [(1, 2)], Conclusion(Outcome.ANSWERED)),
        ("NO ANSWER", [], Conclusion(Outcome.NOT_FOUND)),
    ],
)
def test_replies(reply: str, markers: list[tuple[int, ...]], expected: Conclusion) -> None:
    drafts, conclusion = answer(says(reply))
    assert [draft.markers for draft in drafts] == markers
    told = (conclusion.outcome, conclusion.missing, conclusion.message, conclusion.choices)
    assert told == (expected.outcome, expected.missing, expected.message, expected.choices)


@pytest.mark.parametrize("reply", ["", "I do not know.", '{"answer": "Kerry"}'])
def test_a_reply_of_no_known_form_is_an_error(reply: str) -> None:
    with pytest.raises(LLMReplyError, match=r"unreadable|empty"):
        answer(says(reply))


def test_a_reply_that_is_cut_keeps_the_lines_that_came() -> None:
    drafts, conclusion = answer(says('{"lines": [1, 2], "outc', finish="length"))
    assert [draft.markers for draft in drafts] == [(1, 2)]
    assert conclusion.outcome is Outcome.PARTIAL


def test_a_server_without_schemas_is_asked_for_markers() -> None:
    behaviour = refuses("response_format", "no such", says("[s4]"))
    assert answer(behaviour)[0][0].text == "Assad spoke."


def test_what_the_model_is_asked() -> None:
    with ModelServer(says(chosen())) as server:
        selector = Selector(ServerModel("little", None, server.url, 5))
        list(selector.answer(QUESTION, SHOWN))
    (asked,) = server.asked
    assert (selector.name, selector.model) == ("selector", "little")
    content = asked.body["messages"][1]["content"]
    assert "[s1] Kerry left on Monday.\n" in content
    assert "Question: Who left?\n" in content
    schema = asked.body["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["lines", "outcome", "missing", "clarify", "choices"]
