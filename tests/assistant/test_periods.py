from __future__ import annotations

from datetime import date

import pytest

from assistant.periods import mentions, written
from index.filtering import Period

KNOWN = (date(2015, 1, 23), date(2015, 8, 18), date(2016, 4, 28))
TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("in 2015", "from 2015"),
        ("In 2015, what happened?", "from 2015"),
        ("in the year 2015", "from 2015"),
        ("in early 2016", "from 2016"),
        ("in the spring of 2016", "from 2016"),
        ("in April 2016", "from April 2016"),
        ("in Dec. 2015", "from December 2015"),
        ("in April of 2016", "from April 2016"),
        ("on 28 April 2016", "of 28 April 2016"),
        ("on April 28th, 2016", "of 28 April 2016"),
        ("on the 28th of April 2016", "of 28 April 2016"),
        ("on 2016-04-28", "of 28 April 2016"),
        ("since August 2015", "since 1 August 2015"),
        ("from March 2015 onwards", "since 1 March 2015"),
        ("after April 28, 2016", "since 29 April 2016"),
        ("before May 2016", "until 30 April 2016"),
        ("until 2015", "until 31 December 2015"),
        ("between March and May 2016", "from March 2016 to May 2016"),
        ("from November to February 2016", "from November 2015 to February 2016"),
        ("from 2014 to 2016", "from 2014 to 2016"),
        ("in 2014-2016", "from 2014 to 2016"),
        ("in 2014 or 2015", "from 2014 to 2015"),
        ("from 3 May 2015 to 2 June 2015", "from 3 May 2015 to 2 June 2015"),
        ("last year", "from 2025"),
        ("this month", "from November 2026"),
        ("last month", "from October 2026"),
        ("last week", "from 16 November 2026 to 22 November 2026"),
        ("in the last three months", "from 25 August 2026 to 25 November 2026"),
        ("yesterday", "of 24 November 2026"),
        # Without a year: that of the articles, where it is clear which.
        ("since August", "since 1 August 2015"),
        ("in August", "from August 2015"),
        ("on April 28", "of 28 April 2016"),
    ],
)
def test_a_period_is_understood(question: str, words: str) -> None:
    (found,) = mentions(question, KNOWN, TODAY)
    assert written(found.period) == words


@pytest.mark.parametrize(
    "question",
    [
        "before the truce",
        "the 2015 offensive",
        "May Kerry march on?",
        "What may Putin do?",
        "the women's march of Berlin",
        "in May's view",
        "of 2000 soldiers",
        "Resolution 2254",
        "the 1984 of our time",
        "in May",  # no article is of May
        "on 31 April 2016",
        "in 5 years",
        "at 2015 Main Street",
        "Euro 2016",
    ],
)
def test_what_is_no_period_is_not_taken_for_one(question: str) -> None:
    assert mentions(question, KNOWN, TODAY) == []


def test_a_month_of_several_years_is_not_guessed() -> None:
    days = (date(2014, 8, 1), date(2015, 8, 18))
    assert mentions("in August", days, TODAY) == []
    (found,) = mentions("since August", days, TODAY)
    assert found.period == (date(2015, 8, 1), None)
    assert not found.dated


def test_every_period_is_found_where_it_stands() -> None:
    question = "What was said in 2015, and what since April 2016?"
    first, second = mentions(question, KNOWN, TODAY)
    assert question[first.start : first.end] == "in 2015"
    assert question[second.start : second.end] == "since April 2016"


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ((None, None), "of any date"),
        ((date(2015, 1, 1), date(2015, 12, 30)), "from 1 January 2015 to 30 December 2015"),
        ((date(2016, 2, 1), date(2016, 2, 29)), "from February 2016"),
        ((date(2015, 12, 1), date(9999, 12, 30)), "from 1 December 2015 to 30 December 9999"),
    ],
)
def test_a_period_in_words(period: Period, words: str) -> None:
    assert written(period) == words
