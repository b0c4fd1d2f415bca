"""What questions ask of the articles' dates, authors and publishers, and what they do not."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.scope import NO_SCOPE, Scope, described, lacking, understand, unheard
from index.filtering import Filter
from index.register import Holdings

HELD = Holdings(
    6,
    ("Anna Borshchevskaya", "Matthew Bodner", "Yury Barmin", "Amy Johnson"),
    ("The Washington Institute", "themoscowtimes.com", "Reuters", "Time"),
    (date(2015, 1, 23), date(2015, 8, 18), date(2016, 4, 28)),
    2,
)
TODAY = date(2026, 11, 25)


def scope(question: str) -> Scope:
    return understand(question, HELD, TODAY)


ONLY = [
    ("What was said in 2015?", "Articles from 2015"),
    ("What else was reported about Aleppo in 2015?", "Articles from 2015"),
    ("And what was written since August 2015?", "Articles since 1 August 2015"),
    ("articles from 2015", "Articles from 2015"),
    ("Articles of April 2016", "Articles from April 2016"),
    ("Which article came out in August 2015?", "Articles from August 2015"),
    ("Which articles were published in 2015?", "Articles from 2015"),
    ("Which articles about Aleppo appeared in 2016?", "Articles from 2016"),
    (
        "What do articles published between March and May 2016 say?",
        "Articles from March 2016 to May 2016",
    ),
    ("What was reported last year?", "Articles from 2025"),
    ("articles from 2019", "Articles from 2019"),
    ("Who wrote in 2015 about the talks?", "Articles from 2015"),
    ("What does she propose in her article of February 2022?", "Articles from February 2022"),
    ("Which articles did Anna Borshchevskaya write?", "Articles by Anna Borshchevskaya"),
    ("What has Bodner written?", "Articles by Matthew Bodner"),
    ("List the articles by anna borshchevskaya", "Articles by Anna Borshchevskaya"),
    ("What do Barmin's two articles say on Aleppo?", "Articles by Yury Barmin"),
    ("What is the latest piece by Barmin?", "Articles by Yury Barmin"),
    (
        "What did Borshchevskaya write in August 2015?",
        "Articles from August 2015 by Anna Borshchevskaya",
    ),
    ("What do articles by John Smith say?", "Articles by John Smith"),
    (
        "According to the Washington Institute, what should be done?",
        "Articles in The Washington Institute",
    ),
    ("What happens in Aleppo according to Reuters?", "Articles in Reuters"),
    ("Which articles in The Moscow Times are on Syria?", "Articles in themoscowtimes.com"),
    ("What was published by Reuters on Aleppo?", "Articles in Reuters"),
]

FIRST = [
    ("What happened in April 2016?", "Articles from April 2015 to April 2017"),
    ("What did Kerry say in August 2015?", "Articles from August 2014 to August 2016"),
    ("Who was foreign minister in August?", "Articles from August 2014 to August 2016"),
    ("What happened in February 2015?", "Articles from February 2014 to February 2016"),
    ("Which towns were besieged since 2015?", "Articles since 1 January 2015"),
    ("What does Barmin say?", "Articles by Yury Barmin"),
    ("What does Mr Barmin really think of Putin?", "Articles by Yury Barmin"),
    ("According to Borshchevskaya, what should Obama do?", "Articles by Anna Borshchevskaya"),
    ("What is at stake in Bodner's view?", "Articles by Matthew Bodner"),
    ("What did Frolov say in The Moscow Times?", "Articles in themoscowtimes.com"),
    ("What does the Washington Institute recommend?", "Articles in The Washington Institute"),
    (
        "What did Barmin say in April 2016?",
        "Articles from April 2015 to April 2017 by Yury Barmin",
    ),
]

NEITHER = [
    "Who is Barmin?",
    "At which university did Yury Barmin study?",
    "What did Boris Bodner say?",  # another Bodner
    "What did Boris Johnson say about Syria?",  # not Amy
    "What did Anna say about Assad?",  # a first name is nobody's
    "May Kerry say more?",
    "Will the army march on Aleppo?",
    "What came of the 2015 offensive?",
    "How did the talks go before the truce?",
    "How many of 2000 soldiers came back?",
    "What is Resolution 2254?",
    "On what date did the opposition walk out of the Geneva talks?",
    'When was "What was said in 2015" published?',  # a title
    "What was said on April 21?",
    "What did Kerry say in January 2015, and what in August 2015?",  # two times: neither first
    "What happened on April 21?",  # the day of an event
    "What happened before 2015?",  # later articles tell as well
    "Does the Institute for Near East Policy exist?",
    "How much time is left?",  # no publisher
    "What is the recipe for kibbeh?",
    "What does the author say?",
    "What do articles by experts say?",
]


@pytest.mark.parametrize(("question", "words"), ONLY)
def test_what_says_which_articles_restricts_the_search(question: str, words: str) -> None:
    found = scope(question)
    assert described(found.within) == words
    assert not found.unheard


@pytest.mark.parametrize(("question", "words"), FIRST)
def test_what_names_a_time_or_a_writer_prefers_their_articles(question: str, words: str) -> None:
    found = scope(question)
    assert not found.within
    assert described(found.preferred) == words


@pytest.mark.parametrize("question", NEITHER)
def test_what_says_nothing_of_articles_is_left_alone(question: str) -> None:
    assert scope(question) == NO_SCOPE


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What happened in 2019?", ("2019",)),
        ("Who won the World Cup in 2018?", ("2018",)),
        ("What happened last year?", ("2025",)),
        ("How many died, according to the Guardian?", ("Guardian",)),
    ],
)
def test_a_time_or_source_that_the_corpus_lacks_must_at_least_be_mentioned(
    question: str, words: tuple[str, ...]
) -> None:
    assert scope(question) == Scope(unheard=words)


def test_an_empty_corpus_has_no_dates_to_be_after() -> None:
    found = understand("What happened in 2019?", Holdings(), TODAY)
    assert found == Scope(preferred=Filter((date(2018, 1, 1), date(2020, 12, 31))))


def test_two_authors_of_one_name_are_both_meant() -> None:
    held = Holdings(2, ("Ann Lee", "Bo Lee"))
    assert understand("articles by Lee", held, TODAY).within.authors == ("Ann Lee", "Bo Lee")
    assert understand("articles by Bo Lee", held, TODAY).within.authors == ("Bo Lee",)


def test_a_filter_that_is_given_goes_first() -> None:
    given = Filter((date(2016, 1, 1), None), publishers=("Reuters",))
    assert scope("What was said in 2015?").inside(given).within == given
    assert scope("articles by Barmin").inside(given).within == Filter(
        given.published, ("Yury Barmin",), ("Reuters",)
    )


def test_a_scope_says_what_it_is() -> None:
    assert NO_SCOPE.words == ""
    found = scope("What did Borshchevskaya say in her article of August 2015?")
    assert found.words == ("Articles from August 2015 only. Articles by Anna Borshchevskaya first.")
    assert found.as_dict() == {
        "words": found.words,
        "within": {
            "published": ["2015-08-01", "2015-08-31"],
            "authors": [],
            "publishers": [],
            "articles": [],
        },
        "preferred": {
            "published": [None, None],
            "authors": ["Anna Borshchevskaya"],
            "publishers": [],
            "articles": [],
        },
    }


def test_what_there_is_instead_is_said() -> None:
    nothing = lacking(scope("articles from 2019").within, HELD)
    assert nothing == (
        "There are no articles from 2019. The 4 dated articles are from 23 January 2015 to "
        "28 April 2016; 2 more bear no date."
    )
    assert "Known authors: Anna Borshchevskaya, Matthew Bodner" in lacking(
        Filter(authors=("John Smith",)), HELD
    )
    assert lacking(Filter(publishers=("X",)), Holdings(1)).endswith("No publishers are known.")
    assert lacking(Filter((date(2019, 1, 1), None)), Holdings(1)).endswith("No article is dated.")
    assert unheard(("2019",), HELD).startswith("No article is of, by or about 2019. The 4 dated")
