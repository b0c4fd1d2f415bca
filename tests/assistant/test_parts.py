from __future__ import annotations

import pytest

from assistant.parts import each_part, parts
from index.article import Hit
from tests.assistant.makers import article, hit


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "What did Kerry warn Russia about, and what did he tell The New York Times?",
            (
                "What did Kerry warn Russia about",
                "what did Kerry tell The New York Times?",
            ),
        ),
        (
            "What do Frolov and Barmin say about Assad?",
            ("What do Frolov say about Assad?", "What do Barmin say about Assad?"),
        ),
    ],
)
def test_a_question_that_asks_two_things_has_two_parts(
    question: str, expected: tuple[str, ...]
) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Where did Kerry and Lavrov meet?",
        "Who walked out of the Geneva talks, and why?",
        "What happened in Latakia and Tartus?",
        "",
    ],
)
def test_a_question_that_asks_one_thing_is_its_own_part(question: str) -> None:
    assert parts(question) == (question,)


def test_the_hits_of_the_parts_take_turns_and_come_once() -> None:
    first, second, both = (hit(article(text)) for text in ("One.", "Two.", "Both."))
    found = {
        "What did Ann Lee warn of": [first, both],
        "what did Ann Lee praise in Geneva?": [second, both],
    }

    def search(query: str) -> list[Hit]:
        return found.get(query, [both])

    hits = each_part("What did Ann Lee warn of, and what did she praise in Geneva?", search)
    assert hits == [first, second, both]
