from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evidence import Evidence
from assistant.extractive import choose, introduction
from assistant.ranking import Ranked
from tests.assistant.makers import evidence

SAID = '"We wait," says Ann Lee, an expert.'


def ranked(found: Evidence, *probabilities: float) -> list[Ranked]:
    """The evidence's sentences with these probabilities, best first."""
    pairs = zip(found.sentences, probabilities, strict=True)
    return sorted((Ranked(one, p) for one, p in pairs), key=lambda one: -one.probability)


def chosen(found: Evidence, *rankings: list[Ranked], asked: str = "Why?") -> list[list[str]]:
    parts = [(asked, ranking) for ranking in rankings]
    return [[one.text for one in run] for run in choose(parts, found)]


def test_the_best_sentence_alone_where_no_other_is_nearly_as_good() -> None:
    found = evidence("Alpha left. Beta stayed. Gamma slept.")
    assert chosen(found, ranked(found, 0.01, 0.9, 0.02)) == [["Beta stayed."]]


def test_neighbours_that_answer_too_are_one_run() -> None:
    found = evidence("Alpha left. Beta stayed. Gamma slept.")
    assert chosen(found, ranked(found, 0.01, 0.9, 0.4)) == [["Beta stayed.", "Gamma slept."]]


@pytest.mark.parametrize(
    "leaning", ["He was tired.", "But Beta doubts this.", "However, it rained."]
)
def test_a_sentence_that_leans_on_the_one_before_brings_it(leaning: str) -> None:
    found = evidence(f"Alpha left. {leaning} Gamma slept.")
    assert chosen(found, ranked(found, 0.0, 0.9, 0.0)) == [["Alpha left.", leaning]]


@pytest.mark.parametrize(
    "after", ["That is, Beta stays.", "These would include Beta.", "Among them is Beta."]
)
def test_a_sentence_that_spells_out_the_one_before_goes_with_it(after: str) -> None:
    found = evidence(f"Alpha left. There were other results. {after}")
    chosen_of = chosen(found, ranked(found, 0.0, 0.9, 0.0))
    assert chosen_of == [["There were other results.", after]]


def test_the_best_article_comes_first_and_each_in_the_order_of_its_text() -> None:
    found = evidence("Alpha left. Nobody saw. Beta stayed.", "Gamma slept.")
    runs = chosen(found, ranked(found, 0.6, 0.0, 0.7, 0.9))
    assert runs == [["Gamma slept."], ["Alpha left."], ["Beta stayed."]]


def test_each_part_of_a_question_has_its_sentence() -> None:
    found = evidence("Alpha left. Nobody saw. Beta stayed.", "Gamma slept.")
    first, second = ranked(found, 0.9, 0.0, 0.0, 0.1), ranked(found, 0.0, 0.0, 0.0, 0.05)
    assert chosen(found, first, second) == [["Alpha left."], ["Gamma slept."]]


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose([("Why?", [])], Evidence((), ())) == []


@pytest.mark.parametrize("line", ["By Ann Lee", "28 April 2016", "by Ann Lee (/a/ann)"])
def test_a_byline_is_no_answer(line: str) -> None:
    found = evidence(f"{line}\n\nBeta stayed. Gamma slept.")
    assert found.sentences[0].text == line
    asked = "What did Ann Lee do in April?"
    assert chosen(found, ranked(found, 0.9, 0.6, 0.0), asked=asked) == [["Beta stayed."]]
    assert chosen(found, ranked(found, 0.9, 0.1, 0.0), asked=asked) == []


def test_a_byline_tells_who_wrote() -> None:
    found = evidence("By Ann Lee\n\nBeta stayed.")
    assert chosen(found, ranked(found, 0.9, 0.1), asked="Who wrote this?") == [["By Ann Lee"]]


def test_a_number_is_not_answered_by_sentences_without_one() -> None:
    found = evidence("Pilots came home. Nobody saw. Six pilots stayed.")
    asked = "How many pilots came home?"
    assert chosen(found, ranked(found, 0.9, 0.0, 0.1), asked=asked) == []
    assert chosen(found, ranked(found, 0.9, 0.0, 0.6), asked=asked) == [
        ["Pilots came home."],
        ["Six pilots stayed."],
    ]


def test_an_introduction_says_who_speaks_where() -> None:
    run = evidence(SAID, title="Talks").sentences
    assert introduction(run, False) == "Ann Lee, in “Talks”, 28 April 2016:"
    assert introduction(run, True) == "Ann Lee:"


def test_an_introduction_without_a_speaker_names_the_article_once() -> None:
    run = evidence("Nobody spoke.", title="Talks").sentences
    assert introduction(run, False) == "“Talks” (28 April 2016):"
    assert introduction(run, True) == ""


def test_a_sentence_that_tells_what_somebody_said_is_introduced_by_its_article() -> None:
    run = evidence("Ann Lee, an expert, said that they would wait.", title="Talks").sentences
    assert introduction(run, False) == "“Talks” (28 April 2016):"


def test_the_publisher_stands_for_the_article_where_it_is_known() -> None:
    (sentence,) = evidence(SAID, title="Talks").sentences
    known = replace(sentence.article.metadata, publisher="The Times")
    run = (replace(sentence, article=replace(sentence.article, metadata=known)),)
    assert introduction(run, False) == "Ann Lee, in The Times, 28 April 2016:"
