from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Location, Support
from assistant.draft import Draft
from assistant.evidence import Evidence
from assistant.verification import Cited, resolve
from assistant.verification.citations import known, stretches
from tests.assistant.makers import evidence

TEXT = "One is here. Two is here.\n\nThree is here. Four is here. Five is here."
EVIDENCE = evidence(TEXT, "Another article says six. It says seven.")


def resolved(*drafts: Draft, read: Evidence = EVIDENCE) -> Cited:
    cited = Cited()
    for draft in drafts:
        cited = resolve(cited, draft, read)
    return cited


def test_an_unknown_marker_is_dropped_whatever_it_looks_like() -> None:
    assert known([0, -1, 99, 2016], EVIDENCE) == ()
    assert [one.number for one in known([99, 2, 0], EVIDENCE)] == [2]


def test_adjacent_sentences_become_one_citation() -> None:
    cited = resolved(Draft("All.", (1, 2)))
    (citation,) = cited.citations
    assert citation.quote == "One is here. Two is here."
    assert cited.statements[0].citations == (1,)


def test_a_draft_keeps_its_introduction_and_what_it_is() -> None:
    (statement,) = resolved(Draft("One.", (1,), Support.QUOTED, "“Title”:")).statements
    assert (statement.text, statement.introduction) == ("One.", "“Title”:")
    assert statement.support is Support.QUOTED


def test_sentences_with_others_between_stay_apart() -> None:
    quotes = [citation.quote for citation in resolved(Draft("Both.", (1, 3))).citations]
    assert quotes == ["One is here.", "Three is here."]


def test_sentences_of_two_articles_never_merge() -> None:
    assert len(stretches(known([5, 6], EVIDENCE))) == 2


def test_a_stretch_cited_twice_keeps_its_number() -> None:
    cited = resolved(Draft("First.", (4,)), Draft("Second.", (1,)), Draft("Third.", (4,)))
    assert [statement.citations for statement in cited.statements] == [(1,), (2,), (1,)]


def test_copies_of_adjacent_sentences_are_one_copy() -> None:
    first = "The delegation left the city early on Monday without a word. "
    second = "Its members had waited for an answer since the week before."
    read = evidence(first + second, first + second + " More.")
    (citation,) = resolved(Draft("It left.", (1, 2)), read=read).citations
    assert [copy.quote for copy in citation.also_in] == [first + second]
    assert isinstance(citation.also_in[0], Location)


markers = st.lists(st.lists(st.integers(-3, 12), max_size=5), max_size=6)


@given(markers)
def test_every_citation_resolves_and_numbers_run_from_one_by_first_use(
    drafts: list[list[int]],
) -> None:
    cited = Cited()
    for draft in drafts:
        before = cited
        cited = resolve(cited, Draft("A statement.", tuple(draft)), EVIDENCE)
        assert cited.citations[: len(before.citations)] == before.citations
    used = [number for statement in cited.statements for number in statement.citations]
    assert list(dict.fromkeys(used)) == list(range(1, len(cited.citations) + 1))
    for citation in cited.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end] != ""
