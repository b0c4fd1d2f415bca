"""Questions about the articles themselves: answered from metadata, cited, checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answer import Reason, Support
from assistant.settings import Settings
from index import Library
from index.filtering import Filter
from tests.index.small import options

CEASEFIRE = "Russia Braces Itself as Syrian Cease-fire Falters"
ALEPPO = "Why Russia doesn't want Aleppo to fall"
PUTIN = "Putin's Not Going to Give Up Assad"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (f'When was "{CEASEFIRE}" published?', "was published on 28 April 2016."),
        (f'What is the publication date of "{CEASEFIRE}"?', "was published on 28 April 2016."),
        (f'How old is the article "{CEASEFIRE}"?', "was published on 28 April 2016."),
        (f"Who wrote {ALEPPO}?", "is by Yury Barmin."),
        (f'By whom was "{ALEPPO}" written?', "is by Yury Barmin."),
        (f'Who is the author of "{CEASEFIRE}"?', "is by Matthew Bodner."),
        (f'Where was "{CEASEFIRE}" published?', "was published"),
        ("When did Bodner's article appear?", "was published on 28 April 2016."),
        ("On which website was the piece by Matthew Bodner published?", "was published at"),
        (
            "When did Borshchevskaya publish her piece on Russia's self-serving approach?",
            "was published on 18 August 2015.",
        ),
    ],
)
def test_one_article_is_told_of_from_its_own_lines(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    (statement,) = answer.statements
    assert said in statement.text
    assert statement.support is Support.SUPPORTED
    assert statement.citations == (1,)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (f'When was "{ALEPPO}" published?', "it bears no date"),
        (f'On which day did "{PUTIN}" appear?', "it bears no date"),
        (f'Who wrote "{PUTIN}"?', "it names no author"),
        (f'Where was "{ALEPPO}" published?', "does not say where"),
    ],
)
def test_what_an_article_does_not_say_is_refused(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.NOT_STATED
    assert said in answer.text


def cited(assistant: Assistant, question: str) -> tuple[str, list[str]]:
    """The answer's first words, and the articles it cites, all of it supported."""
    answer = assistant.ask(question)
    assert answer.abstention is None, answer.text
    assert {one.support for one in answer.statements} == {Support.SUPPORTED}
    return answer.text.partition(":")[0], [one.article.path[:3] for one in answer.citations]


@pytest.mark.parametrize(
    ("question", "opening", "articles"),
    [
        ("Which articles mention Frolov?", "2 articles mention “Frolov”", ["000", "002"]),
        ("Are there any articles about Turkey?", "1 article mentions “Turkey”", ["000"]),
        (
            "Which documents discuss the Geneva Communique?",
            "2 articles mention “Geneva Communique”",
            ["003", "004"],
        ),
        ("Which articles from 2015 mention Kerry?", "2 articles from 2015 mention “Kerry”", None),
        ("How many articles mention Putin?", "5 articles mention “Putin”", None),
        ("How many articles are there?", "5 articles in all", ["000", "003", "004", "002", "001"]),
        (
            "List the articles of Anna Borshchevskaya.",
            "2 articles by Anna Borshchevskaya",
            ["003", "004"],
        ),
        ("How many articles did Borshchevskaya write?", "2 articles by Anna Borshchevskaya", None),
        ("What has Bodner written?", "1 article by Matthew Bodner", ["000"]),
        ("show me the articles by Barmin", "1 article by Yury Barmin", ["001"]),
        ("Which articles were published in 2015?", "2 articles from 2015", ["003", "004"]),
        ("Which article came out in August 2015?", "1 article from August 2015", ["003"]),
        ("What is the newest article?", "The newest of 3 dated articles", ["000"]),
        (
            "Which is the oldest article about the Moscow talks?",
            "The oldest of 3 dated articles that mention “Moscow talks”",
            ["004"],
        ),
        (
            "Which of Anna Borshchevskaya's two articles is the older one?",
            "The oldest of 2 dated articles by Anna Borshchevskaya",
            ["004"],
        ),
        ("Which authors are there?", "3 authors are named", ["000", "003", "001"]),
        ("Who are the authors?", "3 authors are named", None),
        ("Who wrote articles about Assad?", "3 authors are named", None),
    ],
)
def test_the_collection_is_told_of(
    assistant: Assistant, question: str, opening: str, articles: list[str] | None
) -> None:
    said, paths = cited(assistant, question)
    assert said == opening
    assert articles is None or paths == articles


def test_an_article_that_a_filter_keeps_out_is_not_told_of(assistant: Assistant) -> None:
    within = Filter(authors=("Bodner",))
    answer = assistant.ask(f'By whom was "{ALEPPO}" written?', within)
    assert all(one.article.authors == ("Matthew Bodner",) for one in answer.citations)
    assert "Barmin" not in " ".join(one.text for one in answer.statements)


def test_a_topic_that_no_article_mentions_is_refused(assistant: Assistant) -> None:
    answer = assistant.ask("Which articles mention Merkel?")
    assert answer.text == "None of the articles mentions “Merkel”."
    assert answer.abstention is not None
    answer = assistant.ask("Which articles from 2016 mention Jubeir?")
    assert answer.text == "None of the articles from 2016 mentions “Jubeir”."


@pytest.mark.parametrize(
    "question",
    [
        "Which newspaper reported that Russian artillery was on the move?",
        "Which article argues that Moscow is losing control?",
        "What did the first round of talks achieve?",
        "Who is Yury Barmin?",
        "When did Bodner's article say that the opposition walked out?",
        "When did Borshchevskaya's article appear?",
        "Which report did Bodner say was published?",
        "When did the article on Aleppo by Lavrov appear?",
        "How do Borshchevskaya's two articles explain that Moscow could pick the opposition?",
    ],
)
def test_what_asks_for_more_is_searched(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).consulted


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("many")
    _write(folder / "all.jsonl")
    with Library.open(folder, tmp_path_factory.mktemp("home"), options=options()) as library:
        yield Assistant(library, Settings())


def _write(file: Path) -> None:
    lines = [
        {
            "title": f"Field report {number}",
            "text": f"The harvest of field {number} was good. It rained.",
            "authors": [f"Ann Lee{number % 12}"],
            "published": date(2015, 1 + number % 12, 1 + number // 12).isoformat(),
        }
        for number in range(36)
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")


def test_of_many_articles_the_newest_are_named(many: Assistant) -> None:
    answer = many.ask("Which articles are there?")
    assert answer.text.startswith("36 articles in all; the 10 newest of them:")
    assert len(answer.statements) == 10
    assert answer.citations[0].article.published == date(2015, 12, 3)
    authors = many.ask("How many authors are there?")
    assert authors.text.startswith("12 authors are named; 10 of them:")
    named = many.ask("Which articles mention the harvest?")
    assert named.text.startswith("At least 36 articles mention “harvest”; the 10 newest of them:")


def test_metadata_that_the_text_does_not_state_is_told_with_its_first_line(
    many: Assistant,
) -> None:
    answer = many.ask('When was "Field report 7" published?')
    assert "was published on 1 August 2015." in answer.text
    assert answer.citations[0].quote.startswith("The harvest of field 7")
