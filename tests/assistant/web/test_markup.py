"""Answers as HTML: what is shown, and that nothing hostile survives."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Abstention, Answer, Citation, Consulted, Reason, Statement, Support
from assistant.scope import Scope
from assistant.web import markup
from index.article import Article, Metadata, Span
from index.filtering import Filter
from tests.assistant.makers import article

TALKS = article("The talks failed. [Nobody](http://x.example) *won*.", title="Peace & <war>")
ANSWER = Answer(
    question="Who won?",
    statements=(
        Statement("The talks failed.", (1,), Support.SUPPORTED),
        Statement("Everybody won.", (2,), Support.UNVERIFIED),
    ),
    citations=(Citation(1, TALKS, 0, 17), Citation(2, TALKS, 18, 51)),
    abstention=None,
    consulted=(),
    answerer="generative",
)


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@given(st.text())
def test_escaped_text_shows_itself_and_holds_no_mark(text: str) -> None:
    escaped = markup.escape(text)
    assert html.unescape(escaped) == text
    assert not re.search(r"""[<>"'`*_{}\[\]()$!|~\\\n\r]""", escaped)


def test_a_statement_links_to_exactly_its_citation() -> None:
    page = markup.answer_html(ANSWER)
    assert f'href="#cite:{TALKS.id}:0:17"' in page
    assert ">[1]</a>" in page
    assert ">[2]</a>" in page


def test_only_the_unverified_statement_is_flagged_in_words() -> None:
    first, second = markup.answer_html(ANSWER).split("</p>")[:2]
    assert "Unverified" not in first
    assert "⚠ Unverified" in second
    assert "Everybody won" in visible(second)


def test_a_source_names_title_author_date_and_the_quotes_first_words() -> None:
    shown = visible(markup.answer_html(ANSWER))
    assert "Peace & <war>" in shown
    assert "Ann Lee · 28 April 2016" in shown
    assert "“Nobody won.”" in shown


def test_a_long_quote_is_shown_by_its_beginning() -> None:
    long = article("word " * 100)
    shown = visible(
        markup.answer_html(replace(ANSWER, citations=(Citation(1, long, 0, 500),), statements=()))
    )
    assert shown.count("word") == markup.QUOTE_WORDS
    assert "…" in shown


def test_a_refusal_shows_its_message_and_consulted_passages_but_no_source() -> None:
    refusal = Abstention(Reason.NOT_ANSWERED, "Nothing on *kibbeh*.")
    page = markup.answer_html(
        replace(ANSWER, abstention=refusal, consulted=(Consulted(TALKS, 0, 17, 0.4),))
    )
    assert "No answer" in page
    assert "Nothing on *kibbeh*." in visible(page)
    assert "<details" in page
    assert "1 passage consulted" in visible(page)
    assert "Sources" not in page
    assert "[1]" not in page


def test_what_the_question_was_restricted_to_is_shown_escaped() -> None:
    only = Scope(within=Filter(authors=("<b>Lee",)))
    shown = markup.answer_html(replace(ANSWER, scope=only))
    assert "Articles by" in shown
    assert "<b>" not in shown


def test_a_false_premise_is_shown_with_what_the_articles_say() -> None:
    refusal = Abstention(Reason.FALSE_PREMISE, "Not so. What they do say:")
    page = markup.answer_html(replace(ANSWER, abstention=refusal))
    assert "Not so." in visible(page)
    assert "Sources" in page
    assert "[1]" in page


def test_a_note_is_shown() -> None:
    assert "Understood as: x" in visible(
        markup.answer_html(replace(ANSWER, note="Understood as: x"))
    )


def test_numbers_are_raised_while_the_answer_comes() -> None:
    page = markup.progress_html("The talks failed. [1][2]\n\nIn [brackets] 1.")
    assert re.findall(r'<span class="cite">\[(\d)\]</span>', page) == ["1", "2"]
    assert "In [brackets] 1." in visible(page)


def test_a_stopped_answer_says_that_it_is_not_complete() -> None:
    shown = visible(markup.stopped_html("The talks failed. [1]"))
    assert "The talks failed." in shown
    assert "not complete" in shown


def test_what_is_unknown_is_left_out_of_a_source() -> None:
    unknown = Article("a", "text", Metadata(), ("dir/a.txt",))
    assert markup.source_line(unknown.metadata) == "undated"
    assert visible(markup.name(unknown)) == "dir/a.txt"
    assert markup.written(date(2016, 4, 8)) == "8 April 2016"
    assert markup.link(unknown, Span(1, 3)) == "#cite:a:1:3"
