"""Answers with no language model: the fewest sentences, and how clearly they answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.answer import Outcome, Support
from assistant.answerers.quoter import BEHIND, MOST, Quoter, drafts, fewest
from assistant.answerers.relevance import Scored, weights
from assistant.answerers.units import Unit, units
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence
from assistant.understanding.question import Kind, Question
from index import Library
from tests.assistant.makers import evidence

FERRY = """The ferry to Alder was sold to a scrapyard. The mayor of Alder, Ines Holt, wept on the
quay. Wheat was dear that year and bread with it. The old lighthouse has no keeper any more."""

WORDS = {"alpha": 4.0, "beta": 4.0, "gamma": 1.0}


TEXTS = (
    "The ferry to Alder was sold for scrap.",
    "Wheat was dear and so was bread.",
    "Nine singers are left in that choir.",
    "A mite killed half of our hives.",
    "Saturn can be seen on Friday nights.",
)


def scored(*pairs: tuple[float, str], texts: Sequence[str] = TEXTS) -> list[Scored]:
    """Units of sentences that have nothing in common, with their log odds and what they cover."""
    shown = evidence(*texts[: len(pairs)])
    return [
        Scored(unit, frozenset(covers.split()), odds, 0.0, 0.0, 0.0)
        for unit, (odds, covers) in zip(units(shown), pairs, strict=True)
    ]


def chosen(*pairs: tuple[float, str]) -> list[int]:
    """Which of them are quoted, counted from 0."""
    return [unit.core.number - 1 for unit in fewest(scored(*pairs), WORDS)]


def answered(library: Library, question: Question, shown: Evidence) -> tuple[str, Conclusion]:
    *said, conclusion = Quoter(library).answer(question, shown)
    assert isinstance(conclusion, Conclusion)
    return " ".join(draft.text for draft in said if isinstance(draft, Draft)), conclusion


def asked(text: str, *kinds: Kind) -> Question:
    return Question(text, text, queries=(text,), kinds=kinds)


# The fewest sentences


def test_the_best_alone_where_no_other_is_near() -> None:
    assert chosen((3.0, "alpha"), (-3.0, "beta"), (-3.5, "gamma")) == [0]


def test_one_that_is_nearly_as_good_is_quoted_too() -> None:
    assert chosen((3.0, "alpha"), (2.5, "alpha"), (0.5, "alpha")) == [0, 1]


def test_one_that_brings_much_of_the_question_is_quoted_too() -> None:
    assert chosen((3.0, "alpha"), (1.5, "beta")) == [0, 1]
    assert chosen((3.0, "alpha"), (1.5, "gamma")) == [0]
    assert chosen((3.0, "alpha beta"), (1.5, "beta")) == [0]


def test_one_that_is_far_behind_is_not_quoted_whatever_it_brings() -> None:
    assert chosen((3.0, "alpha"), (3.0 - BEHIND - 0.1, "beta")) == [0]


def test_no_more_than_a_few_are_quoted() -> None:
    assert len(chosen(*[(3.0, "alpha")] * (MOST + 2))) == MOST


def test_a_sentence_of_a_unit_that_is_quoted_is_not_quoted_again() -> None:
    first, second = units(evidence("Who sold the ferry of Alder?\n\nIts owner, Ines Holt, did."))
    assert first.numbers == second.numbers
    both = [Scored(unit, frozenset(), 3.0, 0.0, 0.0, 0.0) for unit in (first, second)]
    assert fewest(both, {}) == (first,)


def test_what_says_nearly_the_same_is_not_quoted_again() -> None:
    alike = ("The old ferry to Alder was sold for scrap.", "The ferry to Alder was sold.")
    pairs = (3.0, "alpha"), (2.9, "alpha beta")
    assert len(fewest(scored(*pairs, texts=alike), WORDS)) == 1


def test_of_nothing_nothing_is_quoted() -> None:
    assert fewest([], WORDS) == ()


# Drafts


def test_a_draft_says_where_its_sentences_are_from() -> None:
    shown = evidence("The ferry was sold. A bell was kept.", title="News")
    first, second = shown.sentences
    one, two = drafts([(first,), (second,)])
    assert (one.text, one.markers, one.support) == ("The ferry was sold.", (1,), Support.QUOTED)
    assert "“News”" in one.introduction
    assert "28 April 2016" in one.introduction
    assert two.introduction == ""


@pytest.mark.parametrize(
    ("text", "is_stated"),
    [
        ("“The ferry was a home to us all.”", False),
        ("“The ferry was a home to us all,” says Ines Holt.", True),
        ("«Le bac était notre maison à tous.»", False),
        ("Das Schiff war „ein Zuhause“, sagte die Bürgermeisterin.", True),
    ],
)
def test_a_draft_says_where_nobody_is_named_who_speaks(text: str, is_stated: bool) -> None:
    (draft,) = drafts([evidence(text).sentences])
    assert ("speaker not stated" in draft.introduction) is not is_stated


# How clearly they answer


def test_a_clear_answer(library: Library) -> None:
    text, conclusion = answered(library, asked("Who is the mayor of Alder?"), evidence(FERRY))
    assert conclusion.outcome is Outcome.ANSWERED
    assert "Ines Holt" in text
    assert "Wheat" not in text
    assert conclusion.confidence is not None
    assert weights().clear <= conclusion.confidence <= 1


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("For how much was the ferry to Alder sold?", Kind.NUMBER),
        ("On which day was the ferry to Alder sold?", Kind.DATE),
        ("For how long did the mayor of Alder weep on the quay?", Kind.DURATION),
    ],
)
def test_what_is_asked_for_and_not_quoted_makes_the_closest(
    library: Library, question: str, kind: Kind
) -> None:
    _, plain = answered(library, asked(question), evidence(FERRY))
    text, conclusion = answered(library, asked(question, kind), evidence(FERRY))
    assert plain.outcome is Outcome.ANSWERED
    assert conclusion.outcome is Outcome.CLOSEST
    assert conclusion.message
    assert text


def test_what_is_asked_for_and_quoted_is_an_answer(library: Library) -> None:
    shown = evidence("The ferry to Alder was sold for 900 crowns on 3 May 2016.")
    for kind in (Kind.NUMBER, Kind.DATE):
        question = asked("When was the ferry to Alder sold, and for how much?", kind)
        assert answered(library, question, shown)[1].outcome is Outcome.ANSWERED


def test_a_part_that_is_not_answered_is_named(library: Library) -> None:
    parts = "Who is the mayor of Alder", "how do you bake plum dumplings"
    question = Question(", and ".join(parts), ", and ".join(parts), queries=parts)
    text, conclusion = answered(library, question, evidence(FERRY))
    assert conclusion.outcome is Outcome.PARTIAL
    assert conclusion.missing == parts[1]
    assert "Ines Holt" in text


def test_without_evidence_nothing_is_found(library: Library) -> None:
    text, conclusion = answered(library, asked("Who is the mayor of Alder?"), Evidence())
    assert (text, conclusion.outcome, conclusion.confidence) == ("", Outcome.NOT_FOUND, 0.0)


def test_a_unit_is_a_value() -> None:
    (first,) = units(evidence("The ferry to Alder was sold."))
    assert first == Unit(first.sentences, first.core)
