from __future__ import annotations

from datetime import date

import pytest

from index.article import Metadata
from index.errors import FilterError
from index.filtering import Filter, day_written, filter_of, names, publishes, within

APRIL = (date(2016, 4, 1), date(2016, 4, 30))
KNOWN = Metadata(
    "Title", ("Anna Borshchevskaya", "José Müller"), date(2016, 4, 28), "The Moscow Times"
)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(APRIL),
        Filter((date(2016, 4, 28), date(2016, 4, 28))),
        Filter((None, date(2016, 4, 28))),
        Filter((date(2016, 4, 28), None)),
        Filter(authors=("Borshchevskaya",)),
        Filter(authors=("nobody", "jose muller")),
        Filter(publishers=("moscow times",)),
        Filter(articles=("id",)),
        Filter(articles=("b.txt",)),
        Filter(APRIL, ("Anna",), ("The Moscow Times",), ("a.txt",)),
    ],
)
def test_what_fits_is_admitted(wanted: Filter) -> None:
    assert wanted.admits("id", KNOWN, ("a.txt", "b.txt"))


@pytest.mark.parametrize(
    "wanted",
    [
        Filter((date(2016, 4, 29), None)),
        Filter((None, date(2016, 4, 27))),
        Filter(authors=("Anna Lee",)),
        Filter(authors=("",)),
        Filter(publishers=("Reuters",)),
        Filter(articles=("c.txt",)),
        Filter(APRIL, ("Nobody",)),
    ],
)
def test_what_does_not_fit_is_not(wanted: Filter) -> None:
    assert not wanted.admits("id", KNOWN, ("a.txt", "b.txt"))


def test_what_is_unknown_fits_nothing_asked_for() -> None:
    for wanted in (Filter(APRIL), Filter(authors=("Anna",)), Filter(publishers=("Times",))):
        assert not wanted.admits("id", Metadata(), ("a.txt",))
    assert Filter().admits("id", Metadata(), ("a.txt",))
    assert within((None, None), None)
    assert not within((None, date.max), None)


def test_a_period_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(FilterError, match="from 2016-05-01 to 2016-04-01 ends before"):
        Filter((date(2016, 5, 1), date(2016, 4, 1)))


def test_one_name_may_stand_by_itself() -> None:
    assert filter_of((None, None), "Anna", ["x"], ()) == Filter(
        authors=("Anna",), publishers=("x",)
    )
    assert not filter_of((None, None), (), (), ())


def test_names_are_compared_by_their_words() -> None:
    assert names("borshchevskaya", "Anna Borshchevskaya")
    assert names("Muller", "José Müller")
    assert names("the Moscow Times", "Moscow Times")
    assert names("US News", "U.S. News")
    assert not names("Bor", "Anna Borshchevskaya")
    assert not names("Barmin", "Anna Borshchevskaya")
    assert not names("the", "The Moscow Times")


def test_a_host_is_named_by_its_publisher() -> None:
    site = Metadata(url="https://www.themoscowtimes.com/2016/04/28/a52712").site or ""
    assert publishes("The Moscow Times", site)
    assert publishes("Moscow Times", site)
    assert publishes("themoscowtimes.com", site)
    assert not publishes("Times", site)
    assert not publishes("com", "Reuters")


def test_many_articles_are_judged_as_one_by_one_and_each_name_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def noted(name: str, full_name: str) -> bool:
        compared.append(full_name)
        return names(name, full_name)

    known = [KNOWN, Metadata(authors=("Ann Lee",)), KNOWN, Metadata(), Metadata(authors=("Lee",))]
    articles = [(str(at), one, (f"{at}.txt",)) for at, one in enumerate(known)]
    wanted = Filter(authors=("Lee",))
    assert [wanted.admits(*one) for one in articles] == [False, True, False, False, True]
    monkeypatch.setattr("index.filtering.names", noted)
    assert list(wanted.among(articles)) == [False, True, False, False, True]
    assert sorted(compared) == ["Ann Lee", "Anna Borshchevskaya", "José Müller", "Lee"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-4-8", date(2016, 4, 8), date(2016, 4, 8)),
    ],
)
def test_a_month_or_a_year_is_its_first_or_last_day(text: str, first: date, last: date) -> None:
    assert (day_written(text, last=False), day_written(text, last=True)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "April", "16", "0000", "2016-13", "2016-00", "2016-02-30", "2016-4-8-1", "２０１６"],
)
def test_what_is_no_date_is_an_error_that_shows_one(text: str) -> None:
    for last in (False, True):
        with pytest.raises(FilterError, match=f"2016-04-28.*not {text}"):
            day_written(text, last=last)


def test_the_second_of_two_filters_fills_gaps() -> None:
    assert Filter(APRIL).narrowed(Filter((None, date(2000, 1, 1)), ("Anna",))) == Filter(
        APRIL, ("Anna",)
    )
