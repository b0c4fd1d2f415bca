from __future__ import annotations

import pytest

from assistant.names import last_name, names, with_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Did Lavrov meet Kerry in Malaysia?", ["Lavrov", "Kerry", "Malaysia"]),
        ("Who headed the Russian General Staff?", ["Russian General Staff"]),
        ("Tell me about Staffan de Mistura.", ["Staffan de Mistura"]),
        ("What happened there?", []),
    ],
)
def test_names_are_runs_of_capitals_that_do_not_only_open_a_sentence(
    text: str, expected: list[str]
) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["What did Frolov say Moscow's best strategy would be?"], "Frolov"),
        (["Tell me about Barmin's family."], "Barmin"),
        (["Who headed the General Staff?", "Meanwhile, Valery Gerasimov, its head, spoke."],
         "Valery Gerasimov"),
        (["“What Kerry Wants” (The Times): Ann Lee said no."], "Ann Lee"),
        (["What happened in Moscow?"], ""),
    ],
)  # fmt: skip
def test_a_pronoun_means_the_last_person_named(texts: list[str], expected: str) -> None:
    assert last_name(texts) == expected


def test_a_name_that_was_written_small_is_known_from_the_answer() -> None:
    answer = "Sergei Lavrov said that Yury Barmin, an analyst, was right."
    assert last_name(["who is yury barmin", answer], "who is yury barmin") == "Yury Barmin"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does he think?", "What does Kerry think?"),
        ("what is her view?", "what is Kerry's view?"),
        ("Why did Lavrov say that he agreed?", "Why did Lavrov say that he agreed?"),
    ],
)
def test_a_pronoun_that_no_name_explains_gets_one(question: str, expected: str) -> None:
    assert with_name(question, "Kerry") == expected
