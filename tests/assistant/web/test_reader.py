"""An article as HTML: every character there, exactly the cited ones marked."""

from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.reader import LISTED, article_html, list_html, missing_html, safe_url
from index.article import Article, Metadata, Span, article_id

_TEXTS = st.text(st.sampled_from("ab #[]()!*\n\\\xa0<&x"), max_size=60) | st.text(max_size=60)


def make(text: str, url: str | None = None) -> Article:
    return Article(article_id(text), text, Metadata("A <title>", url=url), ("a.txt",))


def body(page: str) -> str:
    found = re.search(r'<div class="text"[^>]*>(.*)</div>', page, re.DOTALL)
    assert found
    return found.group(1)


def characters(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@given(_TEXTS, st.data())
def test_no_character_is_lost_and_exactly_the_cited_ones_are_marked(
    text: str, data: st.DataObject
) -> None:
    def span() -> Span:
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        return Span(start, end)

    cited, asides = span(), sorted(span() for _ in range(3))
    shown = body(article_html(make(text), cited, asides))
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", shown, re.DOTALL)
    assert characters(shown) == text
    assert [characters(one) for one in marked] == ([cited.of(text)] if cited else [])


def test_headings_links_and_gaps_are_easy_on_the_eye() -> None:
    shown = body(
        article_html(make("# [Head](#)\n\n\n\nBy [Ann \\(/a\\)](/a) **bold**"), Span(0, 0))
    )
    seen = characters(re.sub(r'<span class="unseen">.*?</span>', "", shown, flags=re.DOTALL))
    assert seen == "Head\n\nBy Ann bold"


def test_boilerplate_is_dimmed() -> None:
    shown = body(article_html(make("Menu\nText"), Span(0, 0), [Span(0, 5)]))
    assert shown.startswith('<span class="aside">Menu')
    assert shown.endswith("</span>Text")


@pytest.mark.parametrize(
    "unit", ["[", "[x](", "![", "[a\\", "**", "[\\(", "\n", "\n ", "# ", "\n# "]
)
def test_hostile_text_is_shown_quickly(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.thread_time()
    article_html(make(text), Span(0, 0))
    assert time.thread_time() - started < 5


def test_the_original_is_a_link_that_tells_it_nothing() -> None:
    page = article_html(make("x", "https://example.org/a?b=1&c=<d>"), Span(0, 0))
    assert 'rel="noopener noreferrer"' in page
    assert "https://example.org/a?b=1&c=<d>" in characters(page)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "https://[", ""])
def test_other_schemes_are_no_links(url: str) -> None:
    assert not safe_url(url)
    assert "<a " not in article_html(make("x", url), Span(0, 0))


def test_the_corpus_is_listed_with_a_link_each() -> None:
    page = list_html([("1f", Metadata("One"), "a.txt"), ("2f", Metadata(), "b<.txt")], 2)
    assert "2 articles" in characters(page)
    assert '<a class="source" href="#article:1f">One</a>' in page
    assert "b<.txt" in characters(page)


def test_a_long_list_says_how_many_are_left_out() -> None:
    assert "and 1,300 more" in characters(list_html([], LISTED + 1300))


def test_a_message_is_escaped() -> None:
    assert "<b>" not in missing_html("<b>gone</b>")
