"""Fields and front matter → metadata."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Metadata
from index.metadata import (
    address,
    day,
    from_fields,
    from_front_matter,
    front_matter,
    names,
)

DATES = st.dates(date(1600, 1, 1), date(2100, 12, 31))


@given(DATES)
def test_a_day_in_full_is_read_back(value: date) -> None:
    for written in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y 23:59:00 +0300"):
        assert day(value.strftime(written)) == value
    assert day(value) == value
    assert day(datetime(value.year, value.month, value.day, 23)) == value


@given(DATES)
def test_a_day_that_may_be_two_days_is_neither(value: date) -> None:
    ambiguous = value.day <= 12 and value.day != value.month
    assert day(value.strftime("%d/%m/%Y")) == (None if ambiguous else value)


@pytest.mark.parametrize(
    "value",
    [
        *("2016", "April 2016", "28 April", "Monday", "10:30", "2016-13-01", "30 February 2016"),
        *("", "x", "9" * 60, "April 28, 99999999999999999999", "1/2/3 2016", "12 2016"),
        *(None, 2016, 20160428.0),
    ],
)
def test_what_states_no_day(value: object) -> None:
    assert day(value) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_a_day(text: str) -> None:
    day(text)
    day(text + " 2016")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe, John Roe, and Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        (["Jane  Doe ", "Jane Doe", {"name": "John Roe"}, 3], ("Jane Doe", "John Roe")),
        (None, ()),
        ("x" * 501, ()),
    ],
)
def test_names(value: object, expected: tuple[str, ...]) -> None:
    assert names(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" https://example.org/a ", "https://example.org/a"),
        ("https://web.archive.org/web/2016042800/http://a.org/b", "http://a.org/b"),
        ("/relative", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[::bad", None),
        ("https://a b", None),
        (None, None),
    ],
)
def test_addresses(value: object, expected: str | None) -> None:
    assert address(value) == expected


def test_fields_by_any_of_their_names() -> None:
    found = from_fields(
        {"headline": "T", "byline": "Jane Doe", "pubdate": "2016-04-28", "source": "The Herald"}
    )
    assert found == Metadata("T", ("Jane Doe",), date(2016, 4, 28), "The Herald")
    assert from_fields({"source": "https://a.org/b"}) == Metadata(url="https://a.org/b")


def test_malformed_fields_are_unknown() -> None:
    assert from_fields({"title": 3, "author": 4, "date": [], "url": {}, "lang": "English"}) == (
        Metadata()
    )
    assert from_fields({"title": "a\ud800\nb"}).title == "a b"


@pytest.mark.parametrize(("given_code", "code"), [("en-GB", "en"), ("NO", "no"), ("zh_Hant", "zh")])
def test_languages(given_code: str, code: str) -> None:
    assert from_fields({"lang": given_code}).language == code


def test_front_matter_with_the_lines_that_state_each_field() -> None:
    text = (
        '---\r\ntitle: "Talks: a report"\r\nauthor: [Jane Doe, John Roe]\r\ndate: 2016-04-28\r\n'
        "lang: no\r\ntags: [x]\r\n---\r\nThe text."
    )
    span = front_matter(text)
    assert span is not None
    assert text[span.end :].strip() == "The text."
    found = from_front_matter(text)
    assert (found.title, found.authors) == ("Talks: a report", ("Jane Doe", "John Roe"))
    assert (found.published, found.language) == (date(2016, 4, 28), "no")
    assert {name: line.of(text) for name, line in found.stated.items()} == {
        "title": 'title: "Talks: a report"',
        "authors": "author: [Jane Doe, John Roe]",
        "published": "date: 2016-04-28",
        "language": "lang: no",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text",
        "---\ntitle: never closed\n",
        "---\nJust a line between rules\n---\n",
        "---\nNote: a line between rules\n---\n",
        "---\ntitle: [unbalanced\n---\n",
        "---\n- a\n- b\n---\n",
        "\n---\ntitle: not at the start\n---\n",
        "---\ntitle: &a [x]\ntags: [*a, *a]\n---\n",
        "---\ntitle: x\n" + "tags: y\n" * 3_000 + "---\n",
        "---\ntitle: " + "[" * 9_000 + "\n---\n",
        "---\n" + "{a: " * 3_000 + "\n---\n",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert front_matter(text) is None
    assert from_front_matter(text) == Metadata()


def test_hostile_front_matter_is_quick() -> None:
    began = time.perf_counter()
    for text in ("---\n" * 250_000, "---\n" + "a: b\n" * 200_000, "---" + " " * 1_000_000):
        assert front_matter(text) is None
    assert time.perf_counter() - began < 3
