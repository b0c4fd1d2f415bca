from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.dates import periods

HELD = (date(2021, 3, 4), date(2024, 5, 2))
TODAY = date(2026, 11, 28)  # a Saturday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What was published between 2021 and 2022?", "2021-01-01", "2022-12-31"),
        ("what came out on March 4, 2021", "2021-03-04", "2021-03-04"),
        ("from 3 to 9 may 2021", "2021-05-03", "2021-05-09"),
        ("pieces 2015-2016", "2015-01-01", "2016-12-31"),
        ("1 jan 2021 – 5 feb 2021", "2021-01-01", "2021-02-05"),
        ("articles in 2024", "2024-01-01", "2024-12-31"),
        ("articles of 2021-03", "2021-03-01", "2021-03-31"),
        ("2021-03-04", "2021-03-04", "2021-03-04"),
        ("on 3/4/2021", "2021-03-04", "2021-03-04"),
        ("am 3.4.2021", "2021-04-03", "2021-04-03"),
        ("the 4th of May 2016", "2016-05-04", "2016-05-04"),
        ("what's new since May", "2024-05-01", None),
        ("what's new since June", "2023-06-01", None),
        ("after 4 March 2021", "2021-03-05", None),
        ("from 2021 onwards", "2021-01-01", None),
        ("before 2022", None, "2021-12-31"),
        ("until jan 5 2016", None, "2016-01-05"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("in the last two weeks", "2026-11-14", "2026-11-28"),
        ("yesterday", "2026-11-27", "2026-11-27"),
        ("on Monday", "2026-11-23", "2026-11-23"),
        ("zwischen Mai und Juli 2021 erschienen", "2021-05-01", "2021-07-31"),
        ("am 4. März 2021", "2021-03-04", "2021-03-04"),
        ("letzte Woche", "2026-11-16", "2026-11-22"),
        ("articles depuis le 3 mars 2021", "2021-03-03", None),
        ("la semaine dernière", "2026-11-16", "2026-11-22"),
        ("artículos de la semana pasada", "2026-11-16", "2026-11-22"),
        ("hasta el 3 de abril de 2021", None, "2021-04-03"),
        ("статьи с мая 2021 года", "2021-05-01", None),
        ("на прошлой неделе", "2026-11-16", "2026-11-22"),
        ("4 marca 2021", "2021-03-04", "2021-03-04"),
        ("2021年3月4日", "2021-03-04", "2021-03-04"),
    ],
)
def test_a_period_is_found(text: str, first: str | None, last: str | None) -> None:
    (found,) = periods(text, HELD, TODAY)
    assert tuple(day and day.isoformat() for day in found.period) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "may I ask who won the second round",
        "what did the Sun say",
        "the march on Rome",
        "3 boats sank",
        "it cost $2021",
        "Mars",
        "so do they",
        "",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert periods(text, HELD, TODAY) == []


def test_a_period_goes_from_its_first_word_to_its_last() -> None:
    text = "which articles, from 3 to 9 May 2021, mention the ferry in 2020?"
    assert [text[one.start : one.end] for one in periods(text, HELD, TODAY)] == [
        "from 3 to 9 May 2021",
        "in 2020",
    ]
