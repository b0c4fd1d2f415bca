from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Support
from assistant.citations import Cited, known, quotes
from tests.assistant.makers import evidence

TEXT = "One is here. Two is here.\n\nThree is here. Four is here. Five is here."
EVIDENCE = evidence(TEXT, "Another article says six. It says seven.")


def test_an_unknown_marker_is_dropped_whatever_it_looks_like() -> None:
    assert known([0, -1, 99, 2016], EVIDENCE) == ()
    assert [one.number for one in known([99, 2, 0], EVIDENCE)] == [2]


def test_adjacent_sentences_become_one_citation() -> None:
    cited = Cited().add("All.", known([1, 2], EVIDENCE), Support.SUPPORTED)
    (citation,) = cited.citations
    assert citation.quote == "One is here. Two is here."
    assert cited.statements[0].citations == (1,)


def test_an_introduction_is_told_from_what_is_cited() -> None:
    cited = Cited().add("One.", known([1], EVIDENCE), Support.SUPPORTED, "“Title”:")
    (statement,) = cited.statements
    assert (statement.text, statement.claim) == ("“Title”: One.", "One.")


def test_sentences_with_others_between_stay_apart() -> None:
    cited = Cited().add("Both.", known([1, 3], EVIDENCE), Support.SUPPORTED)
    assert [citation.quote for citation in cited.citations] == ["One is here.", "Three is here."]


def test_sentences_of_two_articles_never_merge() -> None:
    assert len(quotes(known([5, 6], EVIDENCE))) == 2


def test_a_stretch_cited_twice_keeps_its_number() -> None:
    cited = Cited().add("First.", known([4], EVIDENCE), Support.SUPPORTED)
    cited = cited.add("Second.", known([1], EVIDENCE), Support.SUPPORTED)
    cited = cited.add("Third.", known([4], EVIDENCE), Support.UNVERIFIED)
    assert [statement.citations for statement in cited.statements] == [(1,), (2,), (1,)]


markers = st.lists(st.lists(st.integers(-3, 12), max_size=5), max_size=6)


@given(markers)
def test_every_citation_resolves_and_numbers_run_from_one_by_first_use(
    drafts: list[list[int]],
) -> None:
    cited = Cited()
    for draft in drafts:
        before = cited
        cited = cited.add("A statement.", known(draft, EVIDENCE), Support.SUPPORTED)
        assert cited.citations[: len(before.citations)] == before.citations
    used = [number for statement in cited.statements for number in statement.citations]
    assert list(dict.fromkeys(used)) == list(range(1, len(cited.citations) + 1))
    for citation in cited.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end] != ""


@given(st.lists(st.integers(1, 7), max_size=8))
def test_merging_is_idempotent_and_loses_nothing(numbers: list[int]) -> None:
    sentences = known(numbers, EVIDENCE)
    stretches = quotes(sentences)
    assert quotes([*sentences, *sentences[-1:]]) == stretches
    for sentence in sentences:
        assert any(
            article.id == sentence.article.id and span.contains(sentence.span)
            for article, span in stretches
        )
