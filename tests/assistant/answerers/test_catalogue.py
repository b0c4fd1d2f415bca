"""Questions about the collection: complete, counted, each row with the line that states it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Outcome, Scope
from assistant.answerers.catalogue import MOST_ROWS, LookedUp, look_up
from assistant.understanding.question import (
    CatalogueQuery,
    Grouping,
    Intent,
    Order,
    Question,
    Shown,
)
from index import Filter, Library
from tests.index.small import options, write

FILES = {
    "a.txt": "Mill closes at Orsk\n\nBy Ann Lee\n\nMarch 4, 2021\n\nThe steel mill has closed. "
    "The mayor, Ilse Brandt, was not told.",
    "b.txt": "New owner for the mill\n\nBy Ann Lee and Bo Ek\n\nMarch 9, 2021\n\nA buyer came. "
    "Steelworkers cheered the mayor.",
    "c.txt": "Night trains return\n\nBy Bo Ek\n\nMay 2, 2022\n\nThe night train runs again. "
    "It leaves the coast at nine.",
    "d.txt": "Bread is dear\n\nBy Cy Oz\n\nMay 2, 2022\n\nWheat was poor. The coast had rain at "
    "night; no train left.",
    "e.txt": "Café Ruse reopens after the fire\n\nThe café by the steel bridge opened again on "
    "Sunday. Guests of the café came from Orsk.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("collection")
    write(folder / "corpus", FILES)
    with Library.open(folder / "corpus", folder / "home", options=options()) as opened:
        yield opened


def asked(
    library: Library, within: Filter | None = None, notes: Sequence[str] = (), **query: Any
) -> LookedUp:
    scope = Scope(within or Filter(), notes=tuple(notes))
    question = Question("?", "?", Intent.COLLECTION, scope, catalogue=CatalogueQuery(**query))
    return look_up(question, library)


def rows(found: LookedUp) -> list[str]:
    return [draft.text for draft in found.drafts]


def paths(found: LookedUp) -> list[str]:
    """Of each row, the first article that it cites."""
    return [found.evidence[draft.markers[0]].article.path for draft in found.drafts]


def lines(found: LookedUp, row: int = 0) -> list[str]:
    return [found.evidence[marker].text for marker in found.drafts[row].markers]


def period(first: date, last: date | None = None) -> Filter:
    return Filter((first, last))


def test_all_articles_newest_first_each_with_its_title(library: Library) -> None:
    found = asked(library)
    assert found.conclusion.outcome is Outcome.ANSWERED
    assert found.conclusion.message == "There are 5 articles:"
    assert paths(found) == ["d.txt", "c.txt", "b.txt", "a.txt", "e.txt"]
    assert rows(found)[2] == "“New owner for the mill” (9 March 2021), by Ann Lee and Bo Ek"
    assert lines(found, 2) == ["New owner for the mill"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"mentioning": ("steel",)}, "ae"),
        ({"mentioning": ("MILLS",)}, "ba"),
        ({"mentioning": ("cafes",)}, "e"),
        ({"mentioning": ("night train",)}, "c"),
        ({"mentioning": ("coast", "train")}, "dc"),
        ({"mentioning": ("mayor",), "without": ("Brandt",)}, "b"),
        ({"without": ("mill", "train")}, "e"),
        ({"mentioning": ("the mill of",)}, "ba"),
        ({"order": Order.OLDEST, "limit": 2}, "ab"),
        ({"order": Order.NEWEST, "limit": 1}, "d"),
    ],
)
def test_topics_are_exact_and_complete(library: Library, query: Any, found: str) -> None:
    assert [path[0] for path in paths(asked(library, **query))] == list(found)


def test_a_topics_row_cites_the_sentence_that_mentions_it(library: Library) -> None:
    found = asked(library, mentioning=("Brandt", "steel"))
    assert found.conclusion.message == "1 article mentions “Brandt” and “steel”:"
    assert lines(found) == ["The mayor, Ilse Brandt, was not told.", "The steel mill has closed."]


def test_words_that_stand_apart_are_found_and_that_is_said(library: Library) -> None:
    found = asked(library, mentioning=("rain coast",))
    assert paths(found) == ["d.txt"]
    assert "“rain coast” stand in the same passage, not together" in str(found.conclusion.message)


def test_filters_cite_what_they_filter_by(library: Library) -> None:
    found = asked(library, Filter((date(2021, 1, 1), date(2021, 12, 31)), ("Lee",)))
    assert found.conclusion.message == "There are 2 articles from 2021 by Lee:"
    assert lines(found, 1) == ["By Ann Lee", "March 4, 2021"]


def test_articles_without_a_date_are_excluded_and_that_is_said(library: Library) -> None:
    since = asked(library, period(date(2021, 3, 5)))
    assert paths(since) == ["d.txt", "c.txt", "b.txt"]
    assert str(since.conclusion.message).startswith("1 article without a date is excluded.")
    latest = asked(library, order=Order.NEWEST, limit=1, mentioning=("steel",))
    assert paths(latest) == ["a.txt"]
    assert "1 article without a date is excluded." in str(latest.conclusion.message)


def test_several_of_the_last_day_are_told(library: Library) -> None:
    message = str(asked(library, order=Order.NEWEST, limit=1).conclusion.message)
    assert "1 article more is of the same day, 2 May 2022." in message
    assert message.endswith("The newest of 4 articles:")


def test_numbers(library: Library) -> None:
    found = asked(library, show=Shown.COUNT, mentioning=("steel",))
    assert found.conclusion.message == "2 articles mention “steel”:"
    assert len(found.drafts) == 2


@pytest.mark.parametrize(
    ("group", "query", "found"),
    [
        (Grouping.AUTHOR, {}, ["Ann Lee: 2 articles", "Bo Ek: 2 articles", "Cy Oz: 1 article"]),
        (Grouping.AUTHOR, {"limit": 1}, ["Ann Lee: 2 articles", "Bo Ek: 2 articles"]),
        (Grouping.YEAR, {}, ["2021: 2 articles", "2022: 2 articles"]),
        (Grouping.YEAR, {"order": Order.NEWEST}, ["2022: 2 articles", "2021: 2 articles"]),
        (Grouping.MONTH, {"mentioning": ("mill",)}, ["March 2021: 2 articles"]),
        (Grouping.DAY, {"limit": 1}, ["4 March 2021: 1 article"]),
    ],
)
def test_groups_are_counted(
    library: Library, group: Grouping, query: Any, found: list[str]
) -> None:
    assert rows(asked(library, group=group, **query)) == found


def test_a_group_cites_lines_that_state_it_and_says_what_it_leaves_out(library: Library) -> None:
    found = asked(library, group=Grouping.YEAR)
    assert lines(found) == ["March 9, 2021", "March 4, 2021"]
    assert found.conclusion.message == "1 article has no date. 4 articles, by year:"


def test_who_wrote_about_something(library: Library) -> None:
    one = asked(library, show=Shown.AUTHORS, mentioning=("Brandt",))
    assert rows(one) == ["“Mill closes at Orsk” (4 March 2021) is by Ann Lee."]
    assert lines(one) == ["The mayor, Ilse Brandt, was not told.", "By Ann Lee"]
    several = asked(library, show=Shown.AUTHORS, mentioning=("mayor",))
    assert rows(several) == [
        "Ann Lee: 2 articles",
        "Bo Ek: 1 article, “New owner for the mill” (9 March 2021)",
    ]


def test_when_something_was_published(library: Library) -> None:
    found = asked(library, Filter(articles=("a.txt",)), show=Shown.DATES)
    assert rows(found) == ["“Mill closes at Orsk” was published on 4 March 2021."]
    assert lines(found) == ["March 4, 2021"]
    undated = asked(library, Filter(articles=("e.txt",)), show=Shown.DATES)
    assert undated.conclusion.outcome is Outcome.NOT_FOUND
    assert undated.conclusion.message == "e.txt has no date."


def test_names_and_topics_are_compared(library: Library) -> None:
    authors = asked(library, compared=("Ann Lee", "Cy Oz"))
    assert rows(authors) == ["Ann Lee: 2 articles", "Cy Oz: 1 article"]
    assert authors.conclusion.message == "Ann Lee has the most articles:"
    topics = asked(library, compared=("steel", "zebra"))
    assert rows(topics) == ["steel: 2 articles"]
    assert topics.conclusion.message == "No article mentions “zebra”."


@pytest.mark.parametrize(
    ("within", "query", "message"),
    [
        (Filter(authors=("Poe",)), {}, "No article is by Poe; the authors are Ann Lee, Bo Ek and"),
        (Filter(publishers=("BBC",)), {}, "No article is from BBC; no article names its publisher"),
        (
            period(date(2030, 1, 1)),
            {},
            "There is no article since 1 January 2030; the articles are from 4 March 2021 to 2 May",
        ),
        (
            Filter((date(2021, 1, 1), date(2021, 12, 31)), ("Oz",)),
            {},
            "There is no article from 2021 by Oz; there are 5 in all.",
        ),
        (None, {"mentioning": ("zebra",)}, "No article mentions “zebra”."),
        (
            None,
            {"mentioning": ("wheat", "steel")},
            "No article mentions “wheat” and “steel”; 1 article mentions “wheat”, 2 articles",
        ),
        (
            Filter(authors=("Lee",)),
            {"without": ("mill",)},
            "Every article by Lee mentions “mill”.",
        ),
    ],
)
def test_where_nothing_fits_what_there_is_is_told(
    library: Library, within: Filter | None, query: Any, message: str
) -> None:
    found = asked(library, within, **query)
    assert found.conclusion.outcome is Outcome.NOT_FOUND
    assert str(found.conclusion.message).startswith(message)
    assert not found.drafts


def test_a_name_that_is_not_known_is_not_answered_by_all_articles(library: Library) -> None:
    found = asked(library, notes=["No author is called Poe."], show=Shown.COUNT)
    assert found.conclusion.outcome is Outcome.NOT_FOUND
    assert str(found.conclusion.message).startswith(
        "No author is called Poe. The authors are Ann Lee, Bo Ek and Cy Oz."
    )


def test_every_row_cites_lines_of_its_article(library: Library) -> None:
    for found in (
        asked(library),
        asked(library, group=Grouping.DAY),
        asked(library, show=Shown.AUTHORS),
    ):
        for draft in found.drafts:
            assert draft.markers
            for marker in draft.markers:
                sentence = found.evidence[marker]
                assert sentence.text
                assert sentence.span.of(sentence.article.text).strip()


def test_many_articles_are_counted_whole_and_listed_to_a_limit(tmp_path: Path) -> None:
    entries = [
        f'{{"text": "Report {n}\\n\\nThe ferry ran.", "date": "2020-01-01"}}' for n in range(1200)
    ]
    write(tmp_path / "corpus", {"many.jsonl": "\n".join(entries)})
    with Library.open(tmp_path / "corpus", tmp_path / "home", options=options()) as library:
        listed = asked(library, mentioning=("ferry",))
        assert len(listed.drafts) == MOST_ROWS
        message = str(listed.conclusion.message)
        assert message == "The newest 1,000 of 1,200 articles that mention “ferry”:"
        counted = asked(library, show=Shown.COUNT, mentioning=("ferry",))
        assert rows(counted) == ["1,200 articles mention “ferry”."]
        assert len(counted.drafts[0].markers) == 3
