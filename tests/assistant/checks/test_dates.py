from __future__ import annotations

from datetime import date

import pytest

from assistant.checks.dates import Day, dates, missing, without_dates

PUBLISHED = date(2015, 8, 18)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("April 21", [Day(None, 4, 21)]),
        ("21 April 2016", [Day(2016, 4, 21)]),
        ("2016-04-21", [Day(2016, 4, 21)]),
        ("Aug. 18, 2015", [Day(2015, 8, 18)]),
        ("January 26-29", [Day(None, 1, 26), Day(None, 1, 29)]),
        ("from 26 to 29 January", [Day(None, 1, 26), Day(None, 1, 29)]),
        ("in the autumn of 2015", [Day(2015, season="fall")]),
        ("on Thursday", [Day(weekday="Thursday")]),
        ("in May, the May talks", [Day(None, 5), Day(None, 5)]),
        ("The May talks failed.", [Day(None, 5)]),
        ("She may go. They march on.", []),
        ("2,015 people and 1990s music", []),
    ],
)
def test_dates_in_any_form(text: str, found: list[Day]) -> None:
    assert dates(text) == found


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("on 21 April", "On April 21, they left"),
        ("in April", "On April 21, they left"),
        ("on August 3, 2015", "On August 3, they met"),
        ("in December 2014", "during a December visit"),
        ("in 2015", "earlier this year"),
    ],
)
def test_what_agrees(claimed: str, known: str) -> None:
    assert not missing(dates(claimed), dates(known), PUBLISHED)


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("on April 25", "On April 21, they left"),
        ("on April 21", "In April, they left"),
        ("on 3 August 2014", "On August 3, they met"),
        ("on Friday", "on Thursday"),
        ("in the spring of 2015", "in the fall of 2015"),
        ("in 2014", "earlier this year"),
    ],
)
def test_what_does_not(claimed: str, known: str) -> None:
    assert missing(dates(claimed), dates(known), PUBLISHED)


def test_dates_are_blanked_and_nothing_moves() -> None:
    text = "Six left on April 21, 2016, at five."
    assert len(without_dates(text)) == len(text)
    assert "21" not in without_dates(text)
