"""One line → authors or a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.byline import authors, is_name, published, unlinked, words


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By [Matthew Bodner](#)", ("Matthew Bodner",)),
        (r"by [Anna Borsh \(/experts/anna\)](/experts/anna)", ("Anna Borsh",)),
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("By Jane Doe, John Roe & Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("BY JANE DOE", ("JANE DOE",)),
        (
            "By [Jane Doe](/a), [John Roe](/b) and [Ann Poe](/c)",
            ("Jane Doe", "John Roe", "Ann Poe"),
        ),
        ("By [Jane Doe, John Roe](/a)in 5 months", ("Jane Doe", "John Roe")),
        ("**By**[Jane Doe](/a)**Published** Thursday, 20 December 2012", ("Jane Doe",)),
        ("By [Jane Doe](/a)![photo of Jane](/b.png)April 16, 2021", ("Jane Doe",)),
        ("By [Jane Doe](/a)[John Roe](/stars/roe) has been discussing", ("Jane Doe",)),
        ("By Jane Doe - November 8, 2016", ("Jane Doe",)),
        ("By Jane Doe November 8, 2016", ("Jane Doe",)),
        ("November 8, 2016 | By Jane Doe", ("Jane Doe",)),
        ("Posted by Jane Doe on 8 May 2016", ("Jane Doe",)),
        ("By Jane Doe, Senior Editor", ("Jane Doe",)),
        ("By Jane Doe, Reuters", ("Jane Doe",)),
        ("By Jane Doe in Moscow", ("Jane Doe",)),
        ("By [Ludwig van Beethoven](/a)", ("Ludwig van Beethoven",)),
        ("By Bashar al-Assad", ("Bashar al-Assad",)),
        ("Author: Jane Doe", ("Jane Doe",)),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("By", ()),
        ("By the way, just like in the comics.", ()),
        ("By clicking Subscribe you agree to our [Terms](/a)", ()),
        ("By Jane Doe All 22 episodes are out", ()),
        ("By [admin](/a)", ()),
        ("By The Editors", ()),
        ("By IGN Staff", ()),
        ("By April 2016", ()),
        ("Jane Doe", ()),
        ("Bypass Jane Doe", ()),
    ],
)
def test_authors(line: str, expected: tuple[str, ...]) -> None:
    assert authors(words(line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("April 28, 2016", date(2016, 4, 28)),
        ("Aug 18, 2015", date(2015, 8, 18)),
        ("Sept. 9th, 2015", date(2015, 9, 9)),
        ("20 December 2012", date(2012, 12, 20)),
        ("Thursday, 20 December 2012 03:02 GMT", date(2012, 12, 20)),
        ("2016-04-28", date(2016, 4, 28)),
        ("28.04.2016", date(2016, 4, 28)),
        ("By [Jane Doe](/a)April 16, 2021", date(2021, 4, 16)),
        ("By Jane Doe. Published on February 07, 2016.", date(2016, 2, 7)),
        ("Published 3 May 2016, updated 5 May 2016", date(2016, 5, 3)),
        ("Updated 5 May 2016 | Posted 3 May 2016", date(2016, 5, 3)),
        ("3/4/2016", None),
        ("April 2016", None),
        ("Updated 5 May 2016", None),
        ("Last modified: May 5, 2016", None),
        ("18 Sep 2021 - 29 Aug 2025", None),
        ("It was launched September 12th, 2003.", None),
        ("On May 5, 2016 the opposition walked out of the talks that had begun", None),
        ("1.2.3.2016", None),
        ("31 June 2016", None),
    ],
)
def test_published(line: str, expected: date | None) -> None:
    assert published(words(line)) == expected


@pytest.mark.parametrize("name", ["Jane Doe", "O'Connor Alice", "E.J. Schultz", "María de la Cruz"])
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "Jane", "jane doe", "Ann Bea Cee Dee Eff Gee", "Special to"])
def test_no_names(name: str) -> None:
    assert not is_name(name)


def test_words_lose_marks_and_links() -> None:
    line = "**By** [Jane Doe](/a) ![a picture](/b.png)"
    assert unlinked(words(line)) == "By Jane Doe"


@given(st.text(max_size=200))
def test_any_line_is_read(line: str) -> None:
    marked = words(line)
    authors(marked)
    published(marked)
    authors("By " + marked)
