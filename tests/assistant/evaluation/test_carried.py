from __future__ import annotations

from typing import Any

import pytest

from assistant.evaluation.carried import carried

WALKED = "The delegates walked out on April 21."
PLANES = "Six planes stayed at the base."
BOTH = "Six planes stayed at the base after the delegates walked out on April 21."


def answer(*statements: tuple[str, list[int]]) -> dict[str, Any]:
    quotes = {1: WALKED, 2: PLANES, 3: "Rain fell.", 4: WALKED}
    head = {"article_id": "a", "path": "a.txt", "authors": ["Ann Lee"], "publisher": None}
    return {
        "statements": [{"text": text, "citations": cited} for text, cited in statements],
        "citations": [
            {**head, "title": "News", "published": "2016-04-22", "number": number, "quote": quote}
            for number, quote in quotes.items()
        ],
    }


@pytest.mark.parametrize(
    ("statements", "recall", "precision"),
    [
        ([(WALKED, [1])], 1, 1),
        ([(WALKED, [2])], 0, 0),
        ([(WALKED, [1, 3])], 1, 1 / 2),  # the rain alone carries nothing, and is not needed
        ([(BOTH, [1, 2])], 1, 1),  # neither alone carries it, both are needed
        ([(WALKED, [1, 4])], 1, 1),  # either alone carries it
        ([(WALKED, [1]), (PLANES, [3]), (PLANES, [2])], 2 / 3, 2 / 3),
    ],
)
def test_recall_and_precision_by_hand(
    statements: list[tuple[str, list[int]]], recall: float, precision: float
) -> None:
    assert carried(answer(*statements)) == {
        "alce_recall": pytest.approx(recall),
        "alce_precision": pytest.approx(precision),
    }


def test_without_a_citation_there_is_no_precision() -> None:
    assert carried(answer((WALKED, []))) == {"alce_recall": 0}


def test_the_head_of_the_article_counts_as_cited() -> None:
    said = "Ann Lee wrote in April 2016: the delegates walked out on April 21."
    assert carried(answer((said, [1])))["alce_recall"] == 1


def test_an_introduction_made_from_metadata_is_not_to_be_carried() -> None:
    introduction = "“Why it is not over” (1 May 2016):"
    judged = answer((f"{introduction} {WALKED}", [1]))
    assert carried(judged)["alce_recall"] == 0
    judged["statements"][0]["introduction"] = introduction
    assert carried(judged)["alce_recall"] == 1
