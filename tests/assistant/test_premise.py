from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.answer import Reason, Support
from assistant.premise import asked_whether, contradicted, only_names_known
from tests.assistant.makers import evidence

EVIDENCE = evidence(
    "On April 21, the Syrian opposition walked out of the Geneva talks.",
    "Lavrov said on Monday that the position on Aleppo has not changed.",
    "In an interview with Paris Match, Assad explained his task.",
    "In May 2014, Moscow sent six interceptors to the Syrian army.",
    "Kerry met the Saudi minister in Qatar to discuss a truce.",
)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Why did Turkey walk out of the Geneva talks on April 21?", 1),
        ("Why did the opposition not walk out of the Geneva talks on April 21?", 1),
        ("Why did Lavrov say on Monday that the position on Aleppo has changed?", 2),
        ("Why did Moscow send twelve interceptors to the Syrian army?", 4),
        ("Why did Moscow send interceptors to the Syrian army in June 2014?", 4),
        ("Why did Turkey send interceptors to the Syrian army?", 4),
        ("Why did Kerry meet the Saudi minister in Bahrain to discuss a truce?", 5),
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
        "Why did Moscow send six interceptors to the Syrian army in May?",
        "Why did Russia send interceptors to the Syrian army?",
        "Why did Kerry meet the Saudi minister in Qatar?",
        "Why are grain prices so high?",
    ],
)
def test_a_premise_that_they_do_not(assistant: Assistant, question: str) -> None:
    assert contradicted(question, EVIDENCE, assistant.ranker) is None


def test_what_another_sentence_says_is_no_false_premise(assistant: Assistant) -> None:
    found = evidence(
        "Lavrov then met with Jubeir in Moscow on August 11. "
        "On August 3, Kerry met with Lavrov and Jubeir in Qatar to discuss both Syria and a front."
    )
    assert contradicted("When did Kerry meet Lavrov?", found, assistant.ranker) is None
    alone = evidence("Lavrov then met with Jubeir in Moscow on August 11.")
    assert contradicted("When did Kerry meet Lavrov?", alone, assistant.ranker) is not None


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


def test_another_sentence_that_affirms_it_is_no_contradiction(assistant: Assistant) -> None:
    question = "When did the coalition accept the invitation to the talks in Moscow?"
    rejected = "The coalition rejected the invitation to the talks in Moscow."
    accepted = "In August, the coalition did accept the invitation to Moscow."
    assert contradicted(question, evidence(rejected), assistant.ranker)
    assert contradicted(question, evidence(rejected, accepted), assistant.ranker) is None


def test_of_a_deed_that_no_article_knows_it_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("Why did Frolov predict that Assad would resign?")
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.FALSE_PREMISE
    asked = "Did Frolov predict that Assad would resign?"
    said = "No article says so in these words: none mentions “predict” or “resign”."
    assert answer.text.startswith(f"{asked} {said}")
    assert "Frolov" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("Why did Frolov predict that Assad would resign?", True),
        ("Why did Putin marry?", True),
        ("When did Lavrov receive Zarif in Moscow?", False),
        ("Why did Putin resign after the talks?", False),
        ("Why did they resign?", False),
        ("Who predicted that Assad would resign?", False),
        ("Why is Moscow in Syria?", False),
    ],
)
def test_whether_only_names_are_known(assistant: Assistant, question: str, only: bool) -> None:
    assert only_names_known(question, assistant.ranker) is only


def test_what_is_taken_for_granted_in_words_no_article_has_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("Why did Lavrov resign after the meeting in Qatar?")
    assert "No article mentions “resign”" in str(answer.note)
    assert answer.statements
    for question in ("Why is Moscow stuck in Syria?", "Did Assad resign?"):
        assert assistant.ask(question).note is None


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Why did Russia leave?", "Did Russia leave?"),
        ("how is the truce kept", "Is the truce kept?"),
        ("And when was Aleppo retaken?", "Was Aleppo retaken?"),
        ("Which breakthrough did the talks achieve?", ""),
        ("How many left?", ""),
    ],
)
def test_the_question_whether_it_is_so(question: str, whether: str) -> None:
    assert asked_whether(question) == whether
