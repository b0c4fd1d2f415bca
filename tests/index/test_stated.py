"""What texts say about themselves."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Metadata
from index.reading import read
from index.stated import stated

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"
PROSE = (
    "The talks in Geneva have faltered again, a diplomat said who asked not to be named. "
    "Nobody expects a settlement this year, and few expect one in the next. Both sides have "
    "said that they will return if the other does, which each of them says it never will.\n\n"
)


def fields(found: Metadata) -> tuple[object, ...]:
    return found.title, found.authors, found.published, found.publisher, found.url


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "000",
            (
                "Russia Braces Itself as Syrian Cease-fire Falters",
                ("Matthew Bodner",),
                date(2016, 4, 28),
                None,
                "https://www.themoscowtimes.com/2016/04/28/"
                "russia-braces-itself-as-syrian-cease-fire-falters-a52712",
            ),
        ),
        (
            "001",
            ("Why Russia doesn't want Aleppo to fall", ("Yury Barmin",), None, None, None),
        ),
        ("002", ("Putin's Not Going to Give Up Assad", (), None, None, None)),
        (
            "003",
            (
                "Russia's Self-Serving Approach to Syrian Peace Talks",
                ("Anna Borshchevskaya",),
                date(2015, 8, 18),
                None,
                None,
            ),
        ),
        (
            "004",
            (
                "What to Expect from Syria Peace Talks in Moscow",
                ("Anna Borshchevskaya",),
                date(2015, 1, 23),
                None,
                None,
            ),
        ),
    ],
)
def test_every_field_of_the_seeds_is_right_or_unknown(
    name: str, expected: tuple[object, ...]
) -> None:
    (path,) = SEEDS.glob(f"{name}_*.txt")
    (article,) = read(path).readings
    assert fields(article.metadata) == expected
    assert article.metadata.language is None


def test_each_field_comes_with_the_line_that_states_it() -> None:
    text = f"# Talks falter\n\nBy Jane Doe\n\n3 May 2016\n\n{PROSE}Original url: http://a.org/b\n"
    found = stated(text)
    assert {name: span.of(text) for name, span in found.stated.items()} == {
        "title": "# Talks falter",
        "authors": "By Jane Doe",
        "published": "3 May 2016",
        "url": "Original url: http://a.org/b",
    }


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("# Talks\n\n", "Talks"),
        ("Talks\n=====\n\n", "Talks"),
        ("Home\n\n# Talks\n\n", "Talks"),
        ("# Talks\n\nTalks | The Herald\n===\n\n", "Talks"),
        ("The talks in Geneva faltered\n\n", "The talks in Geneva faltered"),
        ("Talks\n\nBy Jane Doe\n\n", "Talks"),
        ("World\n\nSkip to main content\n\nThe talks in Geneva faltered\n\n",) * 1
        + ("The talks in Geneva faltered",),
        ("", None),
        ("Skip to main content\n\n", None),
        ("The talks faltered in Geneva.\n\n", None),
        ("Home\n\n# One thing\n\n# Another thing\n\n", None),
        ("Home World Sport\nLife Talks Geneva diplomat settlement\n\n", None),
    ],
)
def test_titles(head: str, title: str | None) -> None:
    assert stated(head + PROSE).title == title


def test_bylines_and_dates_of_other_stories_do_not_count() -> None:
    other = "### Another story\n\nBy John Roe\n\nMay 3, 2016\n\n"
    found = stated(f"{other}# Talks falter\n\n{PROSE}{other}")
    assert (found.title, found.authors, found.published) == ("Talks falter", (), None)


def test_a_scraped_page_gives_its_title_twice() -> None:
    menu = "*   [World](/w)\n*   [Sport](/s)\n" * 9
    text = (
        "# Nobody's talks\n\nNobody’s talks | The Herald\n===\n\n"
        "The Wayback Machine - http://herald.org:80/2016/05/04/talks\n\n"
        f"18 Sep 2017 - 29 Aug 2025\n\n{menu}\n"
        f"Nobody’s talks\n----\n\nBy\n\n[Jane Doe](/jane)\n\nMay 3, 2016\n\n{PROSE}"
    )
    assert fields(stated(text)) == (
        "Nobody's talks",
        ("Jane Doe",),
        date(2016, 5, 3),
        "The Herald",
        "http://herald.org:80/2016/05/04/talks",
    )


@pytest.mark.parametrize(
    ("beside", "publisher"),
    [
        ("Talks falter | The Herald", "The Herald"),
        ("The Herald - Talks falter", "The Herald"),
        ("Talks falter - World news | herald.org", "herald.org"),
        ("Talks falter - here is what that means", None),
        ("Talks falter | News", None),
        ("Talks falter - 2016-05-03", None),
        ("Talks falter - Read now!", None),
        ("Talks falter again | The Herald", None),
    ],
)
def test_publishers(beside: str, publisher: str | None) -> None:
    assert stated(f"# Talks falter\n\n{beside}\n===\n\n{PROSE}").publisher == publisher


def test_what_is_said_in_two_ways_is_unknown() -> None:
    again = "# Talks\n\nBy {}\n\n{}\n\n" + PROSE
    text = again.format("Jane Doe", "May 3, 2016") + again.format("John Roe", "May 9, 2016")
    found = stated(text)
    assert (found.title, found.authors, found.published) == ("Talks", (), None)


def test_the_day_in_the_address_is_the_day_of_publication() -> None:
    text = "# Talks\n\n{}\n\n" + PROSE + "Original url: https://a.org/2016/05/03/talks\n"
    assert stated(text.format("")).published == date(2016, 5, 3)
    assert stated(text.format("May 2, 2016")).published == date(2016, 5, 2)
    assert stated(text.format("May 20, 2016")).published == date(2016, 5, 3)
    assert stated(text.format("").replace("/05/", "/55/")).published is None


BIOGRAPHY = "Jane Doe, an analyst of wars, is a fellow at the Council. On Twitter: @jane\n"


def test_a_biography_at_the_foot_names_the_author() -> None:
    text = "# Talks\n\n" + PROSE * 3 + BIOGRAPHY
    found = stated(text)
    assert found.authors == ("Jane Doe",)
    assert found.stated["authors"].of(text) == BIOGRAPHY.strip()


@pytest.mark.parametrize(
    "text",
    [
        PROSE + '"They will fail," said Doe.\n\n' + BIOGRAPHY,
        PROSE + BIOGRAPHY.replace(" On Twitter: @jane", ""),
        BIOGRAPHY + PROSE * 20,
        PROSE + BIOGRAPHY.replace("Jane Doe", "The council"),
    ],
)
def test_a_person_who_is_spoken_of_is_not_the_author(text: str) -> None:
    assert stated("# Talks\n\n" + text).authors == ()


def test_front_matter_is_not_the_head() -> None:
    found = stated(f"---\ntags: [x]\n---\n# Talks\n\nBy Jane Doe\n\n{PROSE}")
    assert (found.title, found.authors) == ("Talks", ("Jane Doe",))


def test_nothing_says_nothing() -> None:
    assert stated("") == Metadata()
    assert stated(PROSE) == Metadata()


@given(st.text(max_size=400) | st.text("#=-\n By[](*)<>|:.aA1", max_size=400))
def test_spans_lie_in_the_text_and_values_on_their_lines(text: str) -> None:
    for span in stated(text).stated.values():
        assert span.end <= len(text)
        assert span.of(text).strip()


@pytest.mark.parametrize(
    "unit",
    [
        *("[", "\\[", "[a](", "![", "# ", "# Talks now\n\n", "by A", "Original url:\n", " ", "\n"),
        *("*", "April 2 2015 ", "Talks | a\n===\n\n", "Word and more words\n\n"),
        "[x](y)" * 300 + "\n\n",
    ],
)
def test_hostile_text_is_quick(unit: str) -> None:
    text = "# Talks now\n\n" + unit * (1_000_000 // len(unit))
    began = time.perf_counter()
    stated(text)
    stated(text[13:])
    assert time.perf_counter() - began < 5


def test_many_lines_that_could_each_be_the_title() -> None:
    text = "\n\n".join(f"Line word{n} term{n} name{n} thing{n}" for n in range(30_000))
    began = time.perf_counter()
    assert stated(text).title is None
    assert time.perf_counter() - began < 5
