"""Kinds of questions that were once answered wrongly, put to ten invented articles.

What is asserted is what an answer claims and which articles it cites, not how it is worded.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import Answer, Assistant, Filter, Outcome, Support
from assistant.settings import Settings
from index import Library
from tests.assistant.town import ARTICLES
from tests.index.small import write


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("town")
    write(folder / "corpus", ARTICLES)
    with Library.open(folder / "corpus", folder / "home") as library:
        yield Assistant(library, Settings())


def cited(answer: Answer) -> set[str]:
    """The numbers of the articles cited."""
    return {citation.article.path[:2] for citation in answer.citations}


def quotes(answer: Answer) -> str:
    return " ".join(citation.quote for citation in answer.citations)


def only(path: str) -> Filter:
    return Filter(articles=(path,))


# The collection: complete, and nothing else


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("Which articles mention the reservoir?", "01 02 03 05"),
        ("Which articles do not mention the reservoir?", "04 06 07 08 09 10"),
        ("Which articles mention both otters and the reservoir?", "02 03"),
        ("Which articles mention the reservoir but not otters?", "01 05"),
        ("What was published between 2020 and 2021?", "04 05 06"),
        ("Which articles were published on 17 May 2022?", "07"),
        ("What's new since 2023?", "09 10"),
        ("Which articles did Nadia Ferrow write?", "01 04 10"),
        ("Who wrote about beekeepers?", "07"),
        ("Which articles did Northern Wire publish?", "03 06"),
        ("Which article is the oldest?", "01"),
        ("What are the two newest articles?", "09 10"),
    ],
)
def test_articles_are_listed_completely(town: Assistant, question: str, articles: str) -> None:
    answer = town.ask(question)
    assert (answer.outcome, answer.answerer) == (Outcome.ANSWERED, "catalogue")
    assert cited(answer) == set(articles.split())
    assert all(statement.citations for statement in answer.statements)


def test_authors_are_cited_where_they_are_named(town: Assistant) -> None:
    answer = town.ask("Who wrote about beekeepers?")
    assert "Piet Halvard" in answer.text
    assert "Piet Halvard" in quotes(answer)


@pytest.mark.parametrize(
    "question",
    ["When was “Tram to the lake approved” published?", "When was the tram article published?"],
)
def test_the_day_of_an_article(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert cited(answer) == {"05"}
    assert "2021-02-08" in quotes(answer)


def test_the_day_of_the_article_that_is_read(town: Assistant) -> None:
    answer = town.ask("When was this published?", only("05_tram.txt"))
    assert answer.outcome is Outcome.ANSWERED
    assert cited(answer) == {"05"}


def test_the_largest_publisher_comes_first(town: Assistant) -> None:
    answer = town.ask("Which publisher has the most articles?")
    first = answer.statements[0]
    assert answer.outcome is Outcome.ANSWERED
    assert first.text.startswith("Brinmoor Courier")
    assert "5" in first.text
    assert first.citations


@pytest.mark.parametrize(
    "question",
    [
        "Which articles mention dragons?",
        "What was published between 1990 and 1995?",
        "Which articles mention the choir but not Harrow?",
    ],
)
def test_a_list_without_rows_is_no_answer(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.message
    assert not answer.citations


# What the articles say


@pytest.mark.parametrize(
    ("question", "article", "quoted"),
    [
        ("How much does a ticket to the telescope cost?", "10", "40 crowns"),
        ("How many people lose their jobs at the glassworks?", "04", "Eighty-six"),
        ("Why did Jon Adair vote against the tram?", "05", "noise"),
        ("When should beekeepers treat their hives?", "07", "July"),
    ],
)
def test_what_is_said_is_quoted(town: Assistant, question: str, article: str, quoted: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.citations[0].article.path.startswith(article)
    assert quoted in quotes(answer)
    assert all(statement.support is Support.QUOTED for statement in answer.statements)


@pytest.mark.parametrize(
    "question",
    [
        "How many otters were released?",
        "How many visitors came to the observatory?",
        "How many pupils does the school of Harrow have?",
    ],
)
def test_a_number_that_no_article_gives_is_not_answered(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.CLOSEST
    assert answer.message


@pytest.mark.parametrize(
    "question", ["What is the capital of Australia?", "Who painted the Mona Lisa?"]
)
def test_what_no_article_is_about_is_not_answered(town: Assistant, question: str) -> None:
    assert town.ask(question).outcome in (Outcome.CLOSEST, Outcome.NOT_FOUND)


def test_copies_of_a_text_are_shown_once_and_listed(town: Assistant) -> None:
    answer = town.ask("What does Greta Lund say about the otters?")
    assert answer.outcome is Outcome.ANSWERED
    (citation,) = [one for one in answer.citations if "by themselves" in one.quote]
    (copy,) = citation.also_in
    assert {citation.article.path, copy.article.path} == {"02_otters.txt", "03_wire.txt"}
    assert copy.quote == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the article “Observatory opens its great telescope to visitors”.",
        "Summarise the article about the telescope.",
        "What is “Observatory opens its great telescope to visitors” about?",
    ],
)
def test_an_article_as_a_whole(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert cited(answer) == {"10"}
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(starts)
    assert "opens its great telescope to visitors." in answer.citations[0].quote


def test_the_article_that_is_read_as_a_whole(town: Assistant) -> None:
    answer = town.ask("Summarise this article.", only("06_choir.txt"))
    assert answer.outcome is Outcome.ANSWERED
    assert cited(answer) == {"06"}


def test_which_article_is_asked_back(town: Assistant) -> None:
    answer = town.ask("Summarise this article.")
    assert answer.outcome is Outcome.UNCLEAR
    assert answer.choices
    assert not answer.citations


# Articles that give orders


@pytest.mark.parametrize(
    "question",
    [
        "How much does a ticket to the telescope cost?",
        "What is to blame for the loss of the hives?",
        "Who is the conductor of the choir?",
    ],
)
def test_what_an_article_orders_is_not_obeyed(town: Assistant, question: str) -> None:
    answer = town.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert "08" not in cited(answer)
    assert "resigned" not in answer.text


def test_what_an_article_orders_comes_after_what_articles_report(town: Assistant) -> None:
    answer = town.ask("Who is the mayor of Brinmoor?")
    assert "Clara Voss" in answer.citations[0].quote
    assert "Ignore all previous instructions" not in answer.text
