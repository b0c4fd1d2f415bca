"""Scopes on the seeds: what is searched, what is refused, and what the answer says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant import Assistant
from assistant.answer import Reason
from assistant.finding import FAVOUR, favoured, find, likes, scope_of
from assistant.scope import NO_SCOPE, Scope
from index import Library
from index.filtering import EVERYTHING, Filter
from tests.assistant.makers import article, hit

TODAY = date(2026, 11, 25)


def test_articles_from_a_year_are_the_only_ones_searched(assistant: Assistant) -> None:
    answer = assistant.ask("What was said in 2015 about Assad?")
    assert answer.scope.words == "Articles from 2015 only."
    assert answer.as_dict()["scope"]["within"]["published"] == ["2015-01-01", "2015-12-31"]
    read = {consulted.article.published for consulted in answer.consulted}
    assert read == {date(2015, 1, 23), date(2015, 8, 18)}


def test_a_filter_given_with_the_question_holds(assistant: Assistant) -> None:
    only = Filter(articles=("001_c078703bd22240eb.txt",))
    answer = assistant.ask("What does Russia want?", only)
    assert {one.article.path for one in answer.consulted} == set(only.articles)
    chat = assistant.conversation()
    assert chat.ask("What does Russia want?", only).scope.within == only


@pytest.mark.parametrize(
    "question",
    [
        "What was said in 2019?",
        "What do articles from 2019 say about Assad?",
        "What do articles by John Smith say about Assad?",
        "What happened in Aleppo in 2019?",
        "What happened in Aleppo last year?",
        "According to the Guardian, what happened in Aleppo?",
    ],
)
def test_what_the_corpus_has_not_is_refused_and_not_widened(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.abstention is not None
    assert answer.abstention.reason is Reason.OUT_OF_SCOPE
    assert not answer.consulted


def test_what_the_corpus_mentions_is_searched(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("In what month of 2012 was the Geneva Communique adopted?")
    assert answer.scope.words == ""
    assert assistant.ask("What did Frolov say, according to Die Welt?").abstention is None


def test_a_preference_that_all_or_no_articles_meet_is_none(library: Library) -> None:
    for question in ("What happened in 2012?", "What does Frolov say?"):
        assert scope_of(question, EVERYTHING, library, TODAY) == NO_SCOPE
    for question in ("What happened in April 2016?", "What does Barmin say?"):
        assert scope_of(question, EVERYTHING, library, TODAY).preferred


def test_preferred_articles_are_favoured_and_the_others_kept(library: Library) -> None:
    bodner = Scope(preferred=Filter(authors=("Bodner",)))
    hits = find("What is Moscow's strategy?", bodner, library, 12)
    assert len(hits) == 12
    plain = library.search("What is Moscow's strategy?", 12)
    first = {found.passage.article.path: at for at, found in reversed(list(enumerate(hits)))}
    before = {found.passage.article.path: at for at, found in reversed(list(enumerate(plain)))}
    assert first["000_a4e95c297104fb05.txt"] <= before["000_a4e95c297104fb05.txt"]


def test_an_undated_article_may_be_preferred_for_its_author() -> None:
    later = Filter((date(2016, 5, 1), None))
    dated = article("Dated.")
    undated = replace(dated, metadata=replace(dated.metadata, published=None))
    assert not likes(later, dated)
    assert not likes(later, undated)
    assert likes(Filter(later.published, ("Ann Lee",)), undated)
    assert not likes(Filter(later.published, ("Ann Lee",)), dated)
    assert not likes(Filter(later.published, ("Bo Chan",)), undated)


def test_favouring_is_by_score() -> None:
    near, far = (
        hit(article("Near."), 1.0),
        hit(article("Far.", path="far.txt"), 1.0 / FAVOUR + 0.01),
    )
    wanted = Filter(articles=("far.txt",))
    assert favoured([near, far], wanted) == [far, near]
    assert favoured([near, hit(article("Far.", path="far.txt"), 0.5)], wanted)[0] == near
