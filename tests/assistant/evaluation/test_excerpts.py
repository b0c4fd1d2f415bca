from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.cases import Stretch
from assistant.evaluation.excerpts import MARGIN, Excerpt, Kept, kept, merged
from index.article import Article, Span
from index.errors import StorageError
from tests.assistant.evaluation.subject import (
    ARTICLES,
    CASES,
    PLANES,
    WALKED,
    Quoter,
    Shelf,
    article,
    record,
)


def test_what_was_searched_out_is_kept_under_its_path_with_its_title() -> None:
    texts = kept([record(CASES[0])], Shelf())
    assert texts == {
        "a.txt": Kept("a.txt", (Excerpt(0, ARTICLES[0].text),)),
        "b.txt": Kept("b.txt", (Excerpt(0, ARTICLES[1].text),)),
    }


def test_citations_and_gold_are_kept_with_a_margin_and_nothing_more() -> None:
    shelf = Shelf((article("a.txt", "x" * 1000, WALKED, PLANES, "y" * 1000), ARTICLES[1]))
    walked = shelf.articles[0].text.index(WALKED)
    case = replace(CASES[0], gold=())
    only = replace(record(case, Quoter(shelf)), retrieved=())
    only.answer["consulted"].clear()
    (excerpt,) = kept([only], shelf)["a.txt"].excerpts
    assert (excerpt.start, excerpt.end) == (walked - MARGIN, walked + len(WALKED) + MARGIN)
    assert excerpt.of(Stretch("a.txt", walked, walked + len(WALKED))) == WALKED


def test_an_article_that_has_gone_is_left_out() -> None:
    class Closed(Shelf):
        def article(self, id: str) -> Article:
            raise StorageError("gone")

    assert kept([record(CASES[0])], Closed()) == {}


def test_what_is_kept_survives_its_json() -> None:
    (one,) = kept([record(replace(CASES[5], gold=()))], Shelf(ARTICLES[1:])).values()
    assert Kept.of(one.as_dict()) == one


def test_an_excerpt_is_found_by_a_place_it_holds_whole() -> None:
    one = Kept("", (Excerpt(2, "cd"), Excerpt(8, "ij")))
    assert one.holding(Span(8, 10)) == Excerpt(8, "ij")
    assert one.holding(Span(3, 5)) is None


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda p: Span(p[0], sum(p))))


@given(SPANS)
def test_merged_places_cover_the_same_characters_and_do_not_touch(places: list[Span]) -> None:
    parts = merged(places)
    assert _covered(parts) == _covered(places)
    assert all(one.end < other.start for one, other in pairwise(parts))


def _covered(places: list[Span]) -> set[Any]:
    return {at for place in places for at in range(place.start, place.end)}
