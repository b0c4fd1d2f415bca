"""The register, and filtered searches of a real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Library
from index.article import Metadata
from index.errors import FilterError
from index.filtering import Filter
from index.library import Options
from tests.index.small import WordEmbedder

AUTHORS = ("Ann Lee", "Bo Chan", "Cy Orr")
PUBLISHERS = ("The Herald", "Daily Wheat", None)


def line(number: int) -> str:
    """An article of a ``.jsonl`` file: one in four is undated, one in three without publisher."""
    known = {
        "title": f"Article {number}",
        "text": f"The wheat of field {number} was sold. Bread number {number} was dear here.",
        "authors": [AUTHORS[at] for at in range(3) if number >> at & 1],
        "published": f"{2014 + number % 3}-{1 + number % 12:02}-01" if number % 4 else None,
        "publisher": PUBLISHERS[number % 3],
    }
    return json.dumps(known) + "\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "all.jsonl").write_text("".join(map(line, range(24))), "utf-8")
    chosen = Options(embedder=WordEmbedder(), passage_tokens=12, overlap_tokens=0)
    with Library.open(folder, tmp_path_factory.mktemp("home"), options=chosen) as opened:
        yield opened


filters = st.builds(
    Filter,
    st.sampled_from([(None, None), (date(2015, 1, 1), None), (date(2014, 3, 1), date(2015, 6, 1))]),
    st.lists(st.sampled_from(["Lee", "Bo Chan", "nobody"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["herald", "wheat"]), max_size=1).map(tuple),
    st.sampled_from([(), ("all.jsonl#3", "all.jsonl#5"), ("all.jsonl#1",)]),
)


@settings(deadline=None, max_examples=40)
@given(filters)
def test_a_filtered_search_brings_exactly_what_fits(library: Library, wanted: Filter) -> None:
    hits = library.search_in(wanted, "wheat bread", 100)
    fitting = {
        passage.id
        for article in library.articles()
        if wanted.admits(article.id, article.metadata, article.paths)
        for passage in library.catalogue.passages_of(article)
    }
    assert {hit.passage.id for hit in hits} == fitting
    assert all(hit.keyword for hit in hits)  # each has one of the words


def test_search_takes_each_condition_by_name(library: Library) -> None:
    def paths(**conditions: object) -> set[str]:
        return {hit.passage.article.path for hit in library.search("wheat", 50, **conditions)}  # type: ignore[arg-type]

    assert paths(articles="all.jsonl#6") == {"all.jsonl#6"}
    late = paths(authors="Orr", published=(date(2016, 1, 1), None))
    assert late == {"all.jsonl#6", "all.jsonl#15", "all.jsonl#24"}
    early = paths(publishers=["Herald"], authors=["Lee", "Orr"], published=(None, date(2014, 5, 1)))
    assert early == {"all.jsonl#4", "all.jsonl#16"}
    assert paths(authors="nobody") == set()
    with pytest.raises(FilterError):
        paths(published=(date(2016, 1, 1), date(2015, 1, 1)))


def test_the_register_follows_the_catalogue(library: Library) -> None:
    before = library.register()
    assert library.register() is before
    assert [entry.paths for entry in before.entries] == [
        paths for _, _, paths in library.metadata()
    ]
    library.add("A new field of rye.", Metadata("Rye", ("Di Poe",)), "added/rye.txt")
    try:
        assert [entry.name for entry in library.register().articles(Filter(authors=("Poe",)))] == [
            "Rye"
        ]
        assert {hit.passage.article.path for hit in library.search("rye", authors="Poe")} == {
            "added/rye.txt"
        }
    finally:
        library.remove("added/rye.txt")
    assert library.search("rye", authors="Poe") == []
