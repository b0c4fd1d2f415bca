"""Questions made by rule: those that should come, word for word, and what should bring none."""

from __future__ import annotations

import pytest

from assistant.evaluation.wording import GAP, people, wordings

ASKED = [
    (
        "On April 21, representatives of the Syrian opposition walked out of the Geneva talks, "
        "citing continued attacks on civilians.",
        "When did representatives of the Syrian opposition walk out of the Geneva talks?",
        "On April 21.",
        (("April 21", "21 April"),),
    ),
    (
        "In February 2014, Roberto Ranieri lost a small fortune in hats.",
        "When did Roberto Ranieri lose a small fortune in hats?",
        "In February 2014.",
        (("February",), ("2014",)),
    ),
    (
        "The Geneva roadmap was adopted by all sides on 30 June 2012.",
        "When was the Geneva roadmap adopted by all sides?",
        "On 30 June 2012.",
        (("June 30", "30 June"), ("2012",)),
    ),
    (
        "Russia deployed more than 30 warplanes to the Khmeimim base, which lies near Latakia.",
        "How many warplanes did Russia deploy to the Khmeimim base?",
        "More than 30 warplanes.",
        (("30",),),
    ),
    (
        "Some 250,000 civilians were trapped inside the eastern part of Aleppo.",
        "How many civilians were trapped inside the eastern part of Aleppo?",
        "Some 250,000 civilians.",
        (("250,000",),),
    ),
    (
        '"Both sides are frustrated with the Geneva talks," says Yury Barmin, an analyst.',
        "Who said: “Both sides are frustrated with the Geneva talks”?",
        "Yury Barmin.",
        (("Barmin",),),
    ),
    (
        "Foreign Minister Sergey Lavrov rejected the proposal of the French government.",
        "Who rejected the proposal of the French government?",
        "Sergey Lavrov.",
        (("Lavrov",),),
    ),
    (
        "The plan failed, says Yury Barmin, an analyst of Russia's foreign policy.",
        "Who is Yury Barmin?",
        "An analyst of Russia's foreign policy.",
        (("analyst",),),
    ),
    (
        "According to the Syrian-American Medical Society, fuel for bakeries would run out soon.",
        "Which name fills the gap: “According to the ___, fuel for bakeries would run out soon.”?",
        "Syrian-American Medical Society.",
        (("Syrian-American Medical Society",),),
    ),
]


@pytest.mark.parametrize(("sentence", "question", "answer", "must_contain"), ASKED)
def test_a_sentence_becomes_a_question(
    sentence: str, question: str, answer: str, must_contain: tuple[tuple[str, ...], ...]
) -> None:
    found = {one.question: one for one in wordings(sentence, people(sentence))}
    assert question in found
    assert found[question].answer == answer
    assert found[question].must_contain == must_contain


@pytest.mark.parametrize(
    "sentence",
    [
        "He rejected the proposal of the French government on May 3.",  # who?
        "Last week, on May 3, Russia rejected the proposal of the government.",  # when?
        "In 2014 and in 2015, Russia rejected the proposal of the government.",
        "A student named Samuel Louie in December 2012 discovered the traders.",
        "Almost 200 games developed by Silicon Echo Studios are gone.",
        '"We left," he said on Friday, and "nobody came back," she said.',
        "Read more: Russia sent 30 planes to Syria https://example.org/more",
        "Too short.",
        "20 Jan 2015 | Russia launched 30 warplanes | Share | Print this page",
        "Insel Games is a relatively minor publisher in the grand scheme of the market.",
    ],
)
def test_what_would_be_a_bad_question_is_none(sentence: str) -> None:
    assert [one for one in wordings(sentence, people(sentence)) if one.rule != GAP] == []


def test_people_are_those_who_speak_or_bear_a_title() -> None:
    text = "Barmin says so. Insel Games grew. President Vladimir Putin left, said Ann Lee Jr."
    assert people(text) == {"Barmin", "Putin", "Lee"}
