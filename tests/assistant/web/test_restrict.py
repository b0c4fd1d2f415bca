"""What the fields of "Only some articles" ask for, whatever a browser sends."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.web.restrict import CLEARED, LONGEST_NAME, MOST_NAMES, read, wanted
from index.errors import FilterError
from index.filtering import EVERYTHING, Filter


def test_empty_fields_admit_every_article() -> None:
    assert wanted(*CLEARED) == EVERYTHING
    assert wanted(None, "  ", None, []) == EVERYTHING


def test_a_year_and_a_month_are_whole() -> None:
    spring = (date(2015, 1, 1), date(2016, 4, 30))
    assert wanted("2015", " 2016-04 ", ["Ann Lee"], ["The Herald"]) == Filter(
        spring, ("Ann Lee",), ("The Herald",)
    )
    assert wanted("2016-04-28", None, [], []).published == (date(2016, 4, 28), None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("April", "", [], []), "A date must be like 2016-04-28, 2016-04 or 2016, not April"),
        (("", "2016-02-30", [], []), "not 2016-02-30"),
        (("2016", "2015", [], []), "ends before it begins"),
        (([1], {}, [], []), "A date must be"),
        (("", "", ["x"] * (MOST_NAMES + 1), []), f"up to {MOST_NAMES} names"),
        (("", "", [], ["x" * (LONGEST_NAME + 1)]), f"up to {LONGEST_NAME} characters"),
        (("", "", [{"a": 1}], []), "Choose"),
        (("", "", [" "], []), "Choose"),
        (("", "", "Ann Lee; drop", {"a": 1}), "Choose"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_never_every_article(
    fields: tuple[object, ...], words: str
) -> None:
    with pytest.raises(FilterError, match=words):
        wanted(*fields)
    within, part, message = read(*fields)
    assert within is None
    assert part["open"]
    assert 'role="alert"' in message


def test_the_label_says_what_is_admitted() -> None:
    within, part, message = read("2016", "2016", ["Ann Lee"], [])
    assert within
    assert (part["label"], message) == ("Articles from 2016 by Ann Lee only", "")
    assert read(*CLEARED)[1]["label"] == "Only some articles"


def test_hostile_text_stays_text() -> None:
    _, _, message = read("<b>x</b>", "", [], [])
    assert "<b>" not in message
