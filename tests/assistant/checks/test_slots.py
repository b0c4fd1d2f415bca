from __future__ import annotations

from datetime import date

import pytest

from assistant.checks import slots
from assistant.checks.dates import Day


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Why were twelve interceptors sent?", "Six interceptors were sent.", {"twelv"}),
        ("Who got the 300 invitations?", "About thirty invitations went out.", {"300"}),
        ("Why were six interceptors sent?", "Six interceptors were sent.", set()),
        ("Why were twelve interceptors sent?", "Interceptors were sent in two ways.", set()),
        ("Where was the 1st battalion?", "The 4 battalions were in Malta.", set()),
    ],
)
def test_another_number_of_the_same_things(question: str, text: str, said: set[str]) -> None:
    assert slots.other_number(question, text, text) == said


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Why did they leave on April 12?", "They left on April 21.", {"april", "12"}),
        ("Why was it adopted in 2014?", "It was adopted in 2012.", {"2014"}),
        ("Why did they leave on April 21?", "They left on April 21.", set()),
        ("Why did they leave on April 12?", "They left in a hurry.", set()),
        ("Why did they leave on April 12?", "They left in 2016.", set()),
        ("What was said in May 2015 and in June 2016?", "In June 2016, he agreed.", set()),
    ],
)
def test_another_date(question: str, text: str, said: set[str]) -> None:
    assert slots.other_date(question, text, (), date(2016, 6, 30)) == said


def test_a_date_that_is_known_beside_the_text_is_no_other_one() -> None:
    question, text = "Why did they leave on April 12?", "They came on April 21."
    assert slots.other_date(question, text, [Day(month=4, day=12)], None) == set()


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Why did they meet in Bahrain?", "They met in Qatar.", {"bahrain"}),
        ("Why did they meet in Qatar?", "They met in Qatar.", set()),
        ("Why did they meet in Bahrain?", "They met.", set()),
        ("Why did they meet in Bahrain?", "They met at length near Doha.", set()),
    ],
)
def test_another_place(question: str, text: str, said: set[str]) -> None:
    assert slots.other_place(question, text, text, text) == said


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Why did Turkey send planes?", "Moscow has sent planes.", {"turkey"}),
        ("Why did the al-Nusra Front leave?", "Moscow did leave.", {"nusra", "front"}),
        ("Why did Moscow send planes?", "Moscow has sent planes.", set()),
        ("Why did Russia send planes?", "Moscow has sent planes.", set()),
        ("Why did Turkey send planes?", "It has sent planes, Moscow says.", set()),
        ("Why did Turkey send planes?", "The minister sent planes to Moscow.", set()),
        ("Why did Turkey wait?", "Moscow has sent planes.", set()),
        ("Who sent planes?", "Moscow has sent planes.", set()),
    ],
)
def test_another_agent(question: str, text: str, said: set[str]) -> None:
    assert slots.other_agent(question, text) == said
