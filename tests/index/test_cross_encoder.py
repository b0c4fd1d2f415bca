"""The cross-encoder: what answers is told from what only speaks of the same things."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cross_encoder import answers

QUESTION = "When was the harbour of Latakia opened?"
ANSWER = "The harbour of Latakia was opened in 1950."
BESIDE = "The harbour of Latakia handles most of the country's grain."
RECIPE = "Stir the bulgur into the minced lamb."


def test_what_answers_is_likelier_than_what_speaks_of_the_same() -> None:
    right, beside, far = answers(QUESTION, [ANSWER, BESIDE, RECIPE])
    assert right > 0 > beside
    assert right > beside > far - 1


@pytest.mark.parametrize(
    ("question", "answer", "beside"),
    [
        (
            "Who chaired the meeting in Oslo?",
            "Ann Lee chaired the meeting in Oslo.",
            "Ann Lee attended the meeting in Oslo.",
        ),
        (
            "How many pilots came home?",
            "Twelve pilots came home on Friday.",
            "The pilots came home on 12 May.",
        ),
    ],
)
def test_near_misses_are_less_likely(question: str, answer: str, beside: str) -> None:
    right, wrong = answers(question, [answer, beside])
    assert right > wrong


def test_a_question_mark_may_be_left_out() -> None:
    assert answers(QUESTION.rstrip("?"), [ANSWER])[0] == answers(QUESTION, [ANSWER])[0]


def test_one_value_a_sentence() -> None:
    found = answers(QUESTION, [ANSWER, BESIDE])
    assert found.shape == (2,)
    assert found.dtype == np.float32
    assert answers(QUESTION, []).shape == (0,)


@settings(deadline=None, max_examples=15)
@given(st.text(max_size=300), st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_a_value_does_not_depend_on_its_neighbours(question: str, texts: list[str]) -> None:
    together = answers(question, [*texts, ANSWER * 9])
    assert np.isfinite(together).all()
    for value, text in zip(together, texts, strict=False):
        assert answers(question, [text])[0] == value


def test_many_threads_get_what_one_gets() -> None:
    texts = [f"{ANSWER} {number}" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        found = [one[0] for one in pool.map(lambda text: answers(QUESTION, [text]), texts)]
    assert np.array_equal(found, answers(QUESTION, texts))


@pytest.mark.parametrize("hostile", ["\ud800 lone", "\x00", "[CLS] [SEP] [PAD]", "a b " * 250_000])
def test_any_text_has_a_value(hostile: str) -> None:
    assert np.isfinite(answers(QUESTION, [hostile])).all()
    assert np.isfinite(answers(hostile, [ANSWER])).all()


def test_a_long_question_leaves_room_for_the_sentence() -> None:
    right, beside = answers(f"{QUESTION} {'please ' * 200}", [ANSWER, RECIPE])
    assert right > beside


def test_neither_import_nor_use_touches_the_network() -> None:
    program = """
import sys
def shut(event, args):
    if event.startswith("socket."):
        raise SystemExit(f"network: {event} {args}")
sys.addaudithook(shut)
from index.cross_encoder import answers
assert "onnxruntime" not in sys.modules and "tokenizers" not in sys.modules
assert answers("Who left?", ["Ann Lee left."]).shape == (1,)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
