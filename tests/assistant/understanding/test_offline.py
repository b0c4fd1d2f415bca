"""Understanding without a language model, by the bundled reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant import Assistant
from assistant.settings import Settings
from assistant.understanding import (
    CatalogueQuery,
    Grouping,
    Intent,
    Kind,
    Order,
    Question,
    Shown,
    understand,
)
from index import Library
from index.filtering import EVERYTHING, Filter
from tests.assistant.understanding.shelf import ARTICLES
from tests.index.small import options, write

YEAR_2024 = (date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("articles")
    write(folder, ARTICLES)
    home = tmp_path_factory.mktemp("home")
    with Library.open(folder, home, options=options()) as library:
        yield library


def understood(library: Library, text: str, within: Filter = EVERYTHING) -> Question:
    return understand(text, (), within, library, today=date(2026, 11, 28)).question


def in_turn(library: Library, *questions: str) -> Question:
    """The last of the questions, as it is understood after the others have been answered."""
    chat = Assistant(library, Settings()).conversation()
    for text in questions[:-1]:
        chat.ask(text)
    return understand(questions[-1], chat.turns, EVERYTHING, library).question


@pytest.mark.parametrize(
    ("text", "query", "within"),
    [
        ("Which articles do not mention the ferry?", CatalogueQuery(without=("ferry",)), Filter()),
        (
            "Which articles mention both Dunne and Tolland?",
            CatalogueQuery(mentioning=("Dunne", "Tolland")),
            Filter(),
        ),
        (
            "which articles mention dunne but not tolland",
            CatalogueQuery(mentioning=("dunne",), without=("tolland",)),
            Filter(),
        ),
        ("What was published in 2024?", CatalogueQuery(), Filter(YEAR_2024)),
        ("What happened in 2024?", CatalogueQuery(), Filter(YEAR_2024)),
        ("what's new since 2024", CatalogueQuery(), Filter((date(2024, 1, 1), None))),
        ("everything by vogt", CatalogueQuery(), Filter(authors=("Lena Vogt",))),
        (
            "how many articles by Kaye, Robby in 2024",
            CatalogueQuery(Shown.COUNT),
            Filter(YEAR_2024, ("Robby Kaye",)),
        ),
        (
            "latest article on the bridge",
            CatalogueQuery(mentioning=("bridge",), order=Order.NEWEST, limit=1),
            Filter(),
        ),
        ("the three oldest articles", CatalogueQuery(order=Order.OLDEST, limit=3), Filter()),
        (
            "Who wrote about the storm?",
            CatalogueQuery(Shown.AUTHORS, mentioning=("storm",)),
            Filter(),
        ),
        (
            "how many articles a month",
            CatalogueQuery(Shown.COUNT, group=Grouping.MONTH),
            Filter(),
        ),
        (
            "who wrote more, kaye or vogt",
            CatalogueQuery(Shown.COUNT, compared=("Robby Kaye", "Lena Vogt")),
            Filter(),
        ),
        ("pieces by john smith", CatalogueQuery(), Filter(authors=("john smith",))),
        (
            "how many pieces quote Tolland",
            CatalogueQuery(Shown.COUNT, mentioning=("Tolland",)),
            Filter(),
        ),
        (
            "When was the bakery article published?",
            CatalogueQuery(Shown.DATES),
            Filter(articles=("02_bakery.txt",)),
        ),
    ],
)
def test_questions_about_the_collection(
    articles: Library, text: str, query: CatalogueQuery, within: Filter
) -> None:
    question = understood(articles, text)
    assert question.intent is Intent.COLLECTION
    assert (question.catalogue, question.scope.within) == (query, within)


@pytest.mark.parametrize(
    "text",
    [
        "How many boats sank?",
        "Who wrote Hamlet?",
        "When was the book published?",
        "What was the latest offer?",
        "What did the report say about Dunne?",
        "Did Mr. Moreau like the bread?",
        "Who is Hester Quill?",
    ],
)
def test_questions_about_what_the_articles_say(articles: Library, text: str) -> None:
    question = understood(articles, text)
    assert question.intent is Intent.CONTENT
    assert (question.standalone, question.scope.within) == (text, EVERYTHING)


@pytest.mark.parametrize("text", ["hello", "thanks", "Who are you?", "2+2"])
def test_talk(articles: Library, text: str) -> None:
    assert understood(articles, text).intent is Intent.TALK


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("How many boats sank?", (Kind.NUMBER,)),
        ("When did the ferry close?", (Kind.DATE,)),
        ("How long did the inquiry last?", (Kind.DURATION,)),
        ("Why did the ferry close?", ()),
    ],
)
def test_kinds_of_answers(articles: Library, text: str, kinds: tuple[Kind, ...]) -> None:
    assert understood(articles, text).kinds == kinds


def test_two_questions_in_one_are_searched_for_each(articles: Library) -> None:
    text = "What did Dunne say and what did Tolland say about the inquiry?"
    assert understood(articles, text).queries == (
        text,
        "What did Dunne say",
        "what did Tolland say about the inquiry",
    )


@pytest.mark.parametrize(
    "text", ["Summarise the bakery article", "What is “Bakery wins prize for rye loaf” about?"]
)
def test_an_article_that_is_named(articles: Library, text: str) -> None:
    question = understood(articles, text)
    assert question.intent is Intent.OVERVIEW
    assert question.scope.within == Filter(articles=("02_bakery.txt",))


def test_an_article_that_is_chosen(articles: Library) -> None:
    chosen = Filter(articles=("04_storm.txt",))
    question = understood(articles, "What is it about?", chosen)
    assert (question.intent, question.scope.within) == (Intent.OVERVIEW, chosen)
    question = understood(articles, "When was it published?", chosen)
    assert question.catalogue == CatalogueQuery(Shown.DATES)
    assert question.scope.within == chosen


def test_an_article_that_is_neither_is_asked_for(articles: Library) -> None:
    question = understood(articles, "Summarise this article")
    assert question.unclear == "Which article do you mean? For example:"
    assert len(question.choices) == 5


@pytest.mark.parametrize(
    ("text", "preferred"),
    [
        ("Was schrieb Lena Vogt über die Boote?", Filter(authors=("Lena Vogt",))),
        ("Что случилось в мае 2024?", Filter((date(2024, 5, 1), date(2025, 5, 31)))),
        ("Welche Artikel gibt es?", EVERYTHING),
    ],
)
def test_in_other_languages_only_names_and_dates_are_known(
    articles: Library, text: str, preferred: Filter
) -> None:
    question = understood(articles, text)
    assert (question.intent, question.language) == (Intent.CONTENT, None)
    assert (question.scope.within, question.scope.preferred) == (EVERYTHING, preferred)


def test_a_follow_up_takes_over_the_subject(articles: Library) -> None:
    question = in_turn(articles, "How many boats sank?", "Were they insured?")
    assert question.standalone == "Were boats insured?"
    question = in_turn(articles, "How many boats sank?", "Were they insured?", "tell me more")
    assert question.standalone == "tell me more: boats?"


def test_a_fragment_changes_the_last_question(articles: Library) -> None:
    question = in_turn(articles, "How many articles by Vogt?", "and Kaye?")
    assert question.standalone == "How many articles by Kaye?"
    assert question.scope.within == Filter(authors=("Robby Kaye",))
    question = in_turn(articles, "how many articles mention the ferry", "and in 2021?")
    assert question.standalone == "how many articles mention the ferry in 2021?"


def test_the_article_spoken_of(articles: Library) -> None:
    boats = Filter(articles=("04_storm.txt",))
    asked = "How many boats sank?"
    assert in_turn(articles, asked, "which article says so").scope.within == boats
    assert in_turn(articles, asked, "Who wrote it?").scope.within == boats
    assert in_turn(articles, asked, "Who wrote it?", "what is it about").scope.within == boats


@pytest.mark.parametrize(
    "text", ["How many articles are there?", "Who is Hester Quill?", "thanks", "hello"]
)
def test_what_stands_by_itself_stays_as_it_is(articles: Library, text: str) -> None:
    question = in_turn(articles, "What did Dunne say?", text)
    assert question.standalone == text
    assert question == understood(articles, text)
