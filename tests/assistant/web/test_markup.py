"""Answers as HTML: what is shown, and that nothing hostile survives."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import (
    Answer,
    Citation,
    Consulted,
    Finding,
    Location,
    Outcome,
    Scope,
    Statement,
    Support,
)
from assistant.web import markup
from index.article import Article, Metadata, article_id
from index.filtering import Filter

TEXT = "The talks failed. [Nobody](http://x.example) *won*."
KNOWN = Metadata("Peace & <war>", ("Ann Lee",), date(2016, 4, 28))
TALKS = Article(article_id(TEXT), TEXT, KNOWN, ("a.txt",))
SAID = Statement("The talks failed on 12 May.", (1,), Support.SUPPORTED)
ANSWER = Answer(
    question="Who won?",
    standalone="Who won?",
    statements=(SAID,),
    citations=(Citation(1, TALKS, 0, 17), Citation(2, TALKS, 18, 51)),
    outcome=Outcome.ANSWERED,
    answerer="writer",
)
WRONG = Finding("date", 20, 26, "“12 May” is not in the cited text; it says <21 May>.", "21 May")
READ = (Consulted(TALKS, 0, 17, 0.4),)


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def shown(*statements: Statement) -> str:
    return markup.answer_html(replace(ANSWER, statements=statements, citations=ANSWER.citations))


@given(st.text())
def test_escaped_text_shows_itself_and_holds_no_mark(text: str) -> None:
    escaped = markup.escape(text)
    assert html.unescape(escaped) == text
    assert not re.search(r"""[<>"'`*_{}\[\]()$!|~\\\n\r]""", escaped)


def test_a_statement_links_to_exactly_its_citation() -> None:
    page = markup.answer_html(ANSWER)
    assert f'href="#cite:{TALKS.id}:0:17"' in page
    assert ">[1]</a>" in page


@pytest.mark.parametrize(
    ("support", "label"),
    [
        (Support.QUOTED, None),
        (Support.SUPPORTED, "checked"),
        (Support.PARTLY, "⚠ Partly supported"),
        (Support.UNSUPPORTED, "⚠ Not supported"),
        (Support.UNCHECKED, "not checked"),
    ],
)
def test_a_support_is_told_in_words_with_its_meaning(support: Support, label: str | None) -> None:
    page = shown(replace(SAID, support=support))
    assert re.findall(r'<span class="support" title="[^"]+">(.*?)</span>', page) == (
        [label] if label else []
    )


def test_it_is_told_where_no_language_model_checked() -> None:
    unchecked = replace(SAID, support=Support.UNCHECKED)
    assert markup.NOT_CHECKED in visible(shown(SAID, unchecked))
    assert markup.NOT_CHECKED not in visible(shown(SAID))


@pytest.mark.parametrize("support", [Support.PARTLY, Support.UNSUPPORTED, Support.SUPPORTED])
def test_a_finding_is_underlined_and_told(support: Support) -> None:
    page = shown(replace(SAID, support=support, findings=(WRONG,)))
    [(title, text)] = re.findall(r'<u class="finding" title="([^"]*)">(.*?)</u>', page)
    assert (html.unescape(title), text) == (WRONG.message, "12 May")
    [(is_open, told)] = re.findall(r"<details class=.why.( open)?>.*?<li>(.*?)</li>", page)
    assert html.unescape(told) == WRONG.message
    assert bool(is_open) == (support is not Support.SUPPORTED)
    assert "The talks failed on 12 May.[1]" in visible(page)


@given(st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40)), max_size=4))
def test_no_finding_changes_a_character(places: list[tuple[int, int]]) -> None:
    findings = tuple(replace(WRONG, start=start, end=end, message="!") for start, end in places)
    page = shown(replace(SAID, findings=findings, citations=()))
    said = re.findall(r"<p>(.*?)</p>", page)[0]
    assert visible(said.split(' <span class="support"')[0]) == SAID.text


def test_of_findings_that_overlap_the_shortest_is_underlined_and_no_whole_sentence() -> None:
    longer = replace(WRONG, start=4, kind="judge")
    whole = replace(WRONG, start=0, end=len(SAID.text), kind="judge")
    page = shown(replace(SAID, findings=(whole, longer, WRONG)))
    assert re.findall(r'<u class="finding"[^>]*>(.*?)</u>', page) == ["12 May"]
    assert page.count("<li>") == 3 + len(ANSWER.citations)


def test_a_replacement_shows_what_it_replaced_and_why() -> None:
    quoted = Statement("The talks failed.", (1,), Support.QUOTED, (WRONG,), replaced=SAID.text)
    page = shown(quoted)
    assert '<div class="statement replaced">' in page
    assert "Replaced by the source’s words" in visible(page)
    [written] = re.findall(r"<del>(.*?)</del>", page)
    assert visible(written) == SAID.text
    assert re.findall(r'<u class="finding"[^>]*>(.*?)</u>', written) == ["12 May"]
    assert WRONG.message in visible(page)


def test_an_introduction_stands_before_the_text() -> None:
    page = shown(replace(SAID, introduction="Ann Lee:"))
    assert "Ann Lee: The talks failed" in visible(page)


def test_a_source_names_title_author_date_and_the_quotes_first_words() -> None:
    text = visible(markup.answer_html(ANSWER))
    assert "Peace & <war>" in text
    assert "Ann Lee · 28 April 2016" in text
    assert "“Nobody won.”" in text


def test_a_long_quote_is_shown_by_its_beginning() -> None:
    long = Article("a", "word " * 100, Metadata(), ("a.txt",))
    answer = replace(ANSWER, citations=(Citation(1, long, 0, 500),), statements=())
    text = visible(markup.answer_html(answer))
    assert text.count("word") == markup.QUOTE_WORDS
    assert "…" in text


@pytest.mark.parametrize(("count", "words"), [(1, "also in 1 other"), (14, "also in 14 others")])
def test_copies_of_a_source_are_counted_and_linked(count: int, words: str) -> None:
    copies = tuple(Location(replace(TALKS, id=str(one)), one, one + 1) for one in range(count))
    page = markup.answer_html(replace(ANSWER, citations=(Citation(1, TALKS, 0, 17, copies),)))
    assert words in visible(page)
    assert f'href="#cite:{count - 1}:{count - 1}:{count}"' in page


def test_what_is_missing_of_a_partial_answer_is_told() -> None:
    answer = replace(ANSWER, outcome=Outcome.PARTIAL, missing="how <long> it lasted")
    assert "Not answered: how <long> it lasted" in visible(markup.answer_html(answer))


def test_the_closest_passages_are_said_to_be_no_more_than_that() -> None:
    answer = replace(ANSWER, outcome=Outcome.CLOSEST)
    for message in ("Nothing here clearly answers this. Closest:", "Closest, <without> a date:"):
        shown = message if "<" in message else None
        text = visible(markup.answer_html(replace(answer, message=shown)))
        assert text.startswith(f"{message}The talks failed")
        assert "Sources" in text


@pytest.mark.parametrize(
    ("message", "words"),
    [("Nothing on *kibbeh*.", "Nothing on *kibbeh*."), (None, "The articles do not answer this.")],
)
def test_not_found_is_told_with_what_was_read_but_no_source(
    message: str | None, words: str
) -> None:
    answer = replace(ANSWER, outcome=Outcome.NOT_FOUND, statements=(), citations=())
    page = markup.answer_html(replace(answer, message=message, consulted=READ))
    assert visible(page).startswith(words)
    assert "1 passage consulted, none of them cited" in visible(page)
    assert "Sources" not in page


def test_what_was_read_is_not_listed_beside_sources() -> None:
    assert "consulted" not in markup.answer_html(replace(ANSWER, consulted=READ))


def test_an_unclear_question_is_asked_back_with_its_choices() -> None:
    answer = replace(
        ANSWER,
        outcome=Outcome.UNCLEAR,
        statements=(),
        citations=(),
        message="Which <talks>?",
        choices=("The talks in Geneva?", "The <b>talks</b> in Vienna?"),
    )
    page = markup.answer_html(answer)
    assert visible(page).startswith("Which <talks>?")
    asked = re.findall(r'<a href="#ask">(.*?)</a>', page)
    assert tuple(map(html.unescape, asked)) == answer.choices
    assert "<b>" not in page


def test_how_a_question_was_understood_is_told_where_it_was_not_taken_as_typed() -> None:
    assert "Understood as" not in markup.answer_html(ANSWER)
    page = markup.answer_html(replace(ANSWER, question="Who did?", standalone="Who <won>?"))
    assert visible(page).startswith("Understood as: Who <won>?")


def test_what_the_question_was_restricted_to_is_shown_escaped() -> None:
    only = Scope(within=Filter(authors=("<b>Lee",)))
    page = markup.answer_html(replace(ANSWER, scope=only))
    assert "Articles by <b>Lee only." in visible(page)
    assert "<b>" not in page


def test_a_message_beside_an_answer_is_shown() -> None:
    page = markup.answer_html(replace(ANSWER, message="Quotations <instead>."))
    assert visible(page).startswith("Quotations <instead>.")


def test_numbers_are_raised_while_the_answer_comes() -> None:
    page = markup.progress_html("The talks failed. [1][2]\n\nIn [brackets] 1.")
    assert re.findall(r'<span class="cite">\[(\d)\]</span>', page) == ["1", "2"]
    assert "In [brackets] 1." in visible(page)
    assert "checking" not in page


def test_a_statement_is_marked_as_being_checked_until_its_verdict_comes() -> None:
    page = markup.progress_html("It failed. [1]\n\nIt won. [2]", {1: SAID}, checking=True)
    first, second = re.findall(r"<p>(.*?)</p>", page)
    assert visible(first) == "It failed.[1] checking…"
    assert visible(second) == "The talks failed on 12 May.[1] checked"


def test_a_statement_left_out_is_struck_through() -> None:
    page = markup.progress_html("It failed. [1]\n\nIt won. [2]", {1: None}, checking=True)
    [gone] = re.findall(r"<del>(.*?)</del>", page)
    assert visible(gone) == "It won.[2]"


def test_a_stopped_answer_says_that_it_is_not_complete() -> None:
    text = visible(markup.stopped_html("It failed. [1]\n\nIt won. [2]", {1: SAID}))
    assert "It failed.[1]" in text
    assert SAID.text in text
    assert "not complete" in text


def test_what_is_unknown_is_left_out_of_a_source() -> None:
    unknown = Article("a", "text", Metadata(), ("dir/a.txt",))
    assert markup.source_line(unknown.metadata) == "undated"
    assert visible(markup.name(unknown)) == "dir/a.txt"
    assert markup.written(date(2016, 4, 8)) == "8 April 2016"
    assert markup.link(Location(unknown, 1, 3)) == "#cite:a:1:3"
