from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import count_tokens, gather, source, within
from index.article import Span
from tests.assistant.makers import article, evidence, hit


def test_sentences_are_numbered_by_article_in_the_order_of_the_text() -> None:
    shown = evidence("First here. Second here.", "Third here.")
    assert [(one.number, one.text) for one in shown.sentences] == [
        (1, "First here."),
        (2, "Second here."),
        (3, "Third here."),
    ]
    assert [len(sentences) for _, sentences in shown.articles()] == [2, 1]


def test_overlapping_hits_show_a_sentence_once() -> None:
    source = article("First here. Second here. Third here.")
    first, second, third = (Span(0, 11), Span(12, 24), Span(25, 36))
    shown = gather([hit(source, 2.0, second, third), hit(source, 1.0, first, second)], 1000)
    assert [one.span for one in shown.sentences] == [first, second, third]
    assert [one.score for one in shown.sentences] == [1.0, 2.0, 2.0]


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_number_never_given_is_an_error(number: int) -> None:
    with pytest.raises(KeyError):
        evidence("First here. Second here.")[number]


def test_an_article_is_named_by_what_is_known() -> None:
    assert source(article("x", "A Title")) == "“A Title” (28 April 2016)"
    assert source(article("x")) == "a.txt (28 April 2016)"


texts = st.lists(
    st.text(alphabet="abc .,é\n", min_size=1, max_size=80).filter(str.strip), min_size=1, max_size=6
)


@given(texts, st.integers(1, 60))
def test_evidence_never_exceeds_its_budget(contents: list[str], budget: int) -> None:
    hits = [hit(article(text, path=f"{n}.txt")) for n, text in enumerate(contents)]
    shown = gather(hits, budget)
    printed = "\n".join(f"[s{one.number}] {one.text}" for one in shown.sentences)
    assert count_tokens(printed) <= budget


def test_less_of_it_is_its_best_sentences_with_their_numbers() -> None:
    source = article("First here. Second here. Third here.")
    first, second, third = (Span(0, 11), Span(12, 24), Span(25, 36))
    shown = gather([hit(source, 2.0, second, third), hit(source, 1.0, first)], 1000)

    def count(text: str) -> int:
        return 0 if "(" in text else 10

    assert within(shown, 30, count) is shown
    less = within(shown, 29, count)
    assert [(one.number, one.text) for one in less.sentences] == [
        (2, "Second here."),
        (3, "Third here."),
    ]
    assert less.hits == shown.hits[:1]
    assert within(shown, 9, count).sentences == ()


@given(texts, st.integers(1, 60))
def test_less_of_it_never_exceeds_its_budget(contents: list[str], budget: int) -> None:
    hits = [hit(article(text, path=f"{n}.txt")) for n, text in enumerate(contents)]
    whole = gather(hits, 10_000)
    less = within(whole, budget)
    printed = "\n".join(f"[s{one.number}] {one.text}" for one in less.sentences)
    assert count_tokens(printed) <= budget
    assert all(whole[one.number] == one for one in less.sentences)


def test_tokens_are_counted_offline() -> None:
    assert count_tokens("On April 21, representatives walked out.") == 9


# Copies

RELEASE = "The ferry to Alder was sold for scrap on Monday, the harbour master told the council."
OTHER = "Nobody on the island of Alder had been asked about it beforehand by the harbour master."


def test_what_several_articles_say_is_shown_once_with_where_else_it_stands() -> None:
    texts = (f"{RELEASE} {OTHER}", f"A reader sends us this. {RELEASE}", RELEASE.upper())
    shown = evidence(*texts)
    assert [one.text for one in shown.sentences] == [RELEASE, OTHER, "A reader sends us this."]
    first, other, own = shown.sentences
    assert [copy.article.path for copy in first.also_in] == ["1.txt", "2.txt"]
    assert [copy.quote for copy in first.also_in] == [RELEASE, RELEASE.upper()]
    assert other.also_in == own.also_in == ()
    assert [hit.passage.article.path for hit in shown.hits] == ["0.txt", "1.txt"]


def test_marks_and_spaces_make_no_difference_to_a_copy() -> None:
    shown = evidence(RELEASE, RELEASE.replace("Monday, ", "Monday –\n"))
    assert len(shown.sentences) == 1
    assert len(shown.sentences[0].also_in) == 1


def test_short_sentences_may_well_read_alike() -> None:
    shown = evidence("It was raining.", "It was raining.  ")
    assert len(shown.sentences) == 2


def test_an_article_that_repeats_itself_is_no_copy() -> None:
    shown = evidence(f"{RELEASE} {OTHER} {RELEASE}")
    assert len(shown.sentences) == 3
    assert not any(one.also_in for one in shown.sentences)


def test_a_copy_found_twice_is_listed_once() -> None:
    copy = hit(article(f"{RELEASE} {OTHER}", path="b.txt"))
    shown = gather([hit(article(RELEASE)), copy, copy], 1_000)
    assert len(shown.sentences[0].also_in) == 1


def test_what_did_not_fit_is_no_original() -> None:
    long = hit(article(f"{RELEASE} " + " ".join([OTHER] * 20)), 2.0)
    short = hit(article(RELEASE, path="b.txt"), 1.0)
    shown = gather([long, short], 100)
    assert [(one.article.path, one.also_in) for one in shown.sentences] == [("b.txt", ())]


def test_a_hit_that_does_not_fit_is_passed_over_for_a_shorter_one() -> None:
    hits = [
        hit(article("One two three. " * 4, path="a.txt")),
        hit(article("Four five six. " * 90, path="b.txt")),
        hit(article("Seven eight nine. " * 4, path="c.txt")),
    ]
    shown = gather(hits, 200)
    assert [one.passage.article.path for one in shown.hits] == ["a.txt", "c.txt"]


def test_hits_after_the_most_only_tell_where_copies_lie() -> None:
    texts = (RELEASE, OTHER, f"{RELEASE} It was raining.", "It was snowing.")
    hits = [hit(article(text, path=f"{n}.txt")) for n, text in enumerate(texts)]
    shown = gather(hits, 10_000, most=2)
    assert [one.text for one in shown.sentences] == [RELEASE, OTHER]
    assert [copy.article.path for copy in shown.sentences[0].also_in] == ["2.txt"]
    assert gather(hits, 10_000, most=0).sentences == ()
