from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answer import Reason, Support
from assistant.premise import contradicted
from tests.assistant.makers import evidence

EVIDENCE = evidence(
    "On April 21, the Syrian opposition walked out of the Geneva talks.",
    "Lavrov said on Monday that the position on Aleppo has not changed.",
    "In an interview with Paris Match, Assad explained his task.",
)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Why did Turkey walk out of the Geneva talks on April 21?", 1),
        ("Why did the opposition not walk out of the Geneva talks on April 21?", 1),
        ("Why did Lavrov say on Monday that the position on Aleppo has changed?", 2),
    ],
)
def test_a_premise_that_the_articles_contradict(
    assistant: Assistant, question: str, number: int
) -> None:
    sentence = contradicted(question, EVIDENCE, assistant.ranker)
    assert sentence is not None
    assert sentence.number == number


@pytest.mark.parametrize(
    "question",
    [
        "Why did the Syrian opposition walk out of the Geneva talks?",
        "Who walked out of the Geneva talks on April 21?",
        "What did Lavrov say about the position on Aleppo?",
        "What did Assad say in his interview with Paris Match?",
        "Why are grain prices so high?",
    ],
)
def test_a_premise_that_they_do_not(assistant: Assistant, question: str) -> None:
    assert contradicted(question, EVIDENCE, assistant.ranker) is None


def test_the_answer_says_what_the_articles_say_instead(assistant: Assistant) -> None:
    question = "Why did Russia walk out of the Geneva talks on April 21?"
    *pieces, answer = assistant.stream(question)
    answer = assistant.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.FALSE_PREMISE
    assert [one.support for one in answer.statements] == [Support.SUPPORTED]
    assert "representatives of the Syrian opposition" in answer.citations[0].quote
    assert answer.text.endswith("[1]")
    assert "".join(map(str, pieces)) == answer.text


def test_with_a_premise_that_holds_it_answers(assistant: Assistant) -> None:
    answer = assistant.ask("Why did the Syrian opposition walk out of the Geneva talks?")
    assert not answer.abstained


def test_a_question_whether_something_is_so_takes_nothing_for_granted(
    assistant: Assistant,
) -> None:
    question = "Did Lavrov say on Monday that the position on Aleppo has changed?"
    assert contradicted(question, EVIDENCE, assistant.ranker) is None


def test_what_is_taken_for_granted_in_words_no_article_has_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("Why did Frolov predict that Assad would resign?")
    assert "No article mentions “predict” or “resign”" in str(answer.note)
    assert answer.statements
    for question in ("Why is Moscow stuck in Syria?", "Did Assad resign?"):
        assert assistant.ask(question).note is None
