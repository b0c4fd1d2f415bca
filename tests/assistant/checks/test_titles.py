from __future__ import annotations

import pytest

from assistant.checks.titles import other_title

TEXT = (
    "On Monday Russian Defense Minister Sergei Shoigu spoke in Moscow. Foreign Minister Sergei "
    "Lavrov met U.S. secretary of state John Kerry and Saudi foreign minister Adel al-Jubeir. "
    "SNC president Khaled Khoja was not there; nor was Syrian President Bashar al-Assad. "
    "Valery Gerasimov, the head of the Russian General Staff, was."
)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What did Shoigu, the Russian foreign minister, say?", {"russian", "foreign", "minist"}),
        ("What did Foreign Minister Shoigu say?", {"foreign", "minist"}),
        ("Why did Lavrov, the defense minister, speak?", {"defens", "minist"}),
        ("What did Khaled Khoja, the president of Syria, say?", {"presid", "syria"}),
    ],
)
def test_a_title_that_another_bears(question: str, title: set[str]) -> None:
    assert other_title(question, TEXT) == title


@pytest.mark.parametrize(
    "question",
    [
        "What did Shoigu, the Russian defense minister, say?",
        "What did Lavrov, Russia's foreign minister, say?",
        "What did Lavrov, the Russian foreign minister, say?",
        "What did Secretary of State Kerry say?",
        "What did Kerry, the secretary of state, say?",
        "What did Jubeir, the Saudi foreign minister, say?",
        "What did Gerasimov, the head of the General Staff, say?",
        "What did Shoigu, the minister, say?",
        # Whom the text gives no title may bear one that it gives to somebody else, too.
        "What did Gabriel, the foreign minister, say?",
        "What did Shoigu say, and what did the foreign minister?",
        "Who is the foreign minister?",
    ],
)
def test_a_title_that_he_may_bear(question: str) -> None:
    assert not other_title(question, TEXT)


@pytest.mark.parametrize("text", ["", "minister", ", the minister", "of the President"])
def test_scraps(text: str) -> None:
    assert not other_title(text, TEXT)
    assert not other_title("What did Foreign Minister Shoigu say?", text)
