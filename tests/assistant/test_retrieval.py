"""What is searched for a question, in which articles, and how much of it is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import Scope
from assistant.retrieval import FAVOUR, OVERVIEWED, retrieve, search
from assistant.understanding.question import Intent, Question
from index import Filter, Hit, Library
from tests.index.small import options, write

LONG = "\n\n".join(
    f"The keeper {name} lit the lamp of the lighthouse every night for {n} years."
    for n, name in enumerate(["Ada", "Bo", "Cy", "Dot", "Eli", "Fay", "Gus", "Hal"], start=2)
)
FILES = {
    "wheat1.txt": "The harvest of wheat was poor in May. Bread is dear in the capital.",
    "wheat2.txt": "Wheat is cheap again in the south. The millers buy what they can.",
    "train1.txt": "The night train to the coast runs again. It leaves at nine in the evening.",
    "train2.txt": "A night train to the hills is planned. The track must be mended first.",
    "lighthouse.txt": LONG,
    **{f"note{n}.txt": f"Note {n} about the harbour and its {n} boats." for n in range(4)},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("retrieval")
    write(folder / "corpus", FILES)
    with Library.open(
        folder / "corpus", folder / "home", options=options(passage_tokens=30, overlap_tokens=0)
    ) as opened:
        yield opened


def question(
    *queries: str,
    within: Filter | None = None,
    preferred: Filter | None = None,
    intent: Intent = Intent.CONTENT,
) -> Question:
    scope = Scope(within or Filter(), preferred or Filter())
    return Question(queries[0], queries[0], intent, scope, queries)


def paths(hits: list[Hit] | tuple[Hit, ...]) -> list[str]:
    return [hit.passage.article.path for hit in hits]


def test_several_queries_take_turns(library: Library) -> None:
    wheat, train = "price of wheat", "night train"
    alone = [search(question(query), library, 3) for query in (wheat, train)]
    both = search(question(wheat, train), library, 20)
    assert both[0] == alone[0][0]
    assert both[1] == alone[1][0]
    assert {path[:5] for path in paths(both[:4])} == {"wheat", "train"}
    assert len({hit.passage.id for hit in both}) == len(both)
    assert search(question(wheat, train), library, 3) == both[:3]


def test_a_question_without_queries_is_searched_for_as_it_is(library: Library) -> None:
    bare = Question("night train", "night train")
    assert search(bare, library, 3) == search(question("night train"), library, 3)


def test_preferred_articles_are_favoured_and_others_stay(library: Library) -> None:
    plain = search(question("wheat"), library, 5)
    second = next(path for path in paths(plain)[1:] if path.startswith("wheat"))
    favoured = search(question("wheat", preferred=Filter(articles=(second,))), library, 5)
    assert set(paths(favoured)) == set(paths(plain))
    assert paths(favoured).index(second) < paths(plain).index(second)
    scores = {hit.passage.id: hit.score for hit in plain}
    for hit in favoured:
        factor = FAVOUR if hit.passage.article.path == second else 1.0
        assert hit.score == pytest.approx(factor * scores[hit.passage.id])


def test_a_filter_admits_nothing_else(library: Library) -> None:
    within = Filter(articles=("wheat2.txt", "train2.txt"))
    hits = search(question("wheat", "night train", within=within), library, 10)
    assert set(paths(hits)) == {"wheat2.txt", "train2.txt"}


def test_no_more_passages_are_read_than_asked_for(library: Library) -> None:
    for passages in (1, 3):
        evidence = retrieve(question("night train"), library, passages, 10_000)
        assert len(evidence.hits) == passages
    assert retrieve(question("night train"), library, 3, 1).sentences == ()


def test_an_overview_reads_an_article_in_its_order(library: Library) -> None:
    asked = question(
        "What is it about?", within=Filter(articles=("lighthouse.txt",)), intent=Intent.OVERVIEW
    )
    evidence = retrieve(asked, library, 1, 10_000)
    assert set(paths(evidence.hits)) == {"lighthouse.txt"}
    assert len(evidence.hits) > 1
    starts = [hit.passage.start for hit in evidence.hits]
    assert starts == sorted(starts)
    assert [one.text for one in evidence.sentences] == LONG.split("\n\n")


def test_an_overview_keeps_to_the_budget(library: Library) -> None:
    asked = question(
        "What is it about?", within=Filter(articles=("lighthouse.txt",)), intent=Intent.OVERVIEW
    )
    evidence = retrieve(asked, library, 10, 80)
    assert 0 < len(evidence.sentences) < LONG.count("\n\n") + 1
    assert evidence.sentences[0].text in LONG.split("\n\n")[0]


@pytest.mark.parametrize("within", [Filter(), Filter(articles=tuple(FILES))])
def test_an_overview_of_too_many_articles_searches_them(library: Library, within: Filter) -> None:
    assert len(FILES) > OVERVIEWED
    asked = question("night train", within=within, intent=Intent.OVERVIEW)
    hits = retrieve(asked, library, 2, 10_000).hits
    assert len(hits) == 2
    assert paths(hits)[0].startswith("train")
