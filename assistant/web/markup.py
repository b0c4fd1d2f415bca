"""Answers as HTML. Whatever comes from articles, models or people is escaped on its way in."""

from __future__ import annotations

import re
from datetime import date

from assistant.answer import Abstention, Answer, Citation, Consulted, Reason, Statement, Support
from index.article import Article, Metadata, Span
from index.plain import plain

QUOTE_WORDS = 14
"""How much of a quote the list of sources shows."""

_CITED = re.compile(r"\[(\d{1,4})\]")
# The page's parts pass through Markdown and template engines besides HTML: no mark of any of
# them may survive.
_MARKS = {ord(mark): f"&#{ord(mark)};" for mark in "&<>\"'\\`*_{}[]()#+-.!|~$:=\n\r"}


def escape(text: str) -> str:
    """``text`` as HTML that shows exactly these characters and can never become anything else."""
    return text.translate(_MARKS)


def written(day: date) -> str:
    """A date as read: ``28 April 2016``."""
    return f"{day.day} {day:%B %Y}"


def source_line(metadata: Metadata) -> str:
    """Authors, date and publisher, as far as they are known."""
    published = written(metadata.published) if metadata.published else "undated"
    parts = (", ".join(metadata.authors), published, metadata.site)
    return escape(" · ".join(part for part in parts if part))


def link(article: Article, span: Span) -> str:
    """Where a click opens the article at these characters (see ``reader.js``)."""
    return f"#cite:{article.id}:{span.start}:{span.end}"


def name(article: Article) -> str:
    """The article's title, or where it lies."""
    return escape(article.title or article.path)


def question_html(question: str) -> str:
    """What the person asked."""
    return f'<p class="question">{escape(question)}</p>'


def progress_html(text: str) -> str:
    """An answer as far as it has come; without text, that work has begun."""
    if not text:
        return '<p class="working">Reading the articles…</p>'
    paragraphs = "".join(f"<p>{_numbered(part)}</p>" for part in text.split("\n\n"))
    return f'<div class="answer">{paragraphs}<p class="working">…</p></div>'


def stopped_html(text: str) -> str:
    """What there was of an answer when the person stopped it."""
    paragraphs = "".join(f"<p>{_numbered(part)}</p>" for part in text.split("\n\n") if part)
    stopped = '<p class="stopped">■ Stopped. The answer is not complete.</p>'
    return f'<div class="answer">{paragraphs}{stopped}</div>'


def failure_html(message: str) -> str:
    """An error, in words for a person."""
    return f'<div class="failure" role="alert"><p>⚠ {escape(message)}</p></div>'


def answer_html(answer: Answer) -> str:
    """The finished answer with its sources, or the refusal with its reason."""
    notes = filter(None, (answer.scope.words, answer.note))
    note = "".join(f'<p class="note">{escape(one)}</p>' for one in notes)
    refusal = answer.abstention
    if refusal is None:
        return note + _answer(answer)
    instead = _answer(answer) if refusal.reason is Reason.FALSE_PREMISE else ""
    return note + _refusal(refusal, instead, answer.consulted)


def _answer(answer: Answer) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    statements = "".join(_statement(one, by_number) for one in answer.statements)
    sources = "".join(_source(citation) for citation in answer.citations)
    listed = f'<p class="label">Sources</p><ul class="sources">{sources}</ul>' if sources else ""
    return f'<div class="answer">{statements}{listed}</div>'


def _statement(statement: Statement, citations: dict[int, Citation]) -> str:
    links = "".join(_marker(citations[number]) for number in statement.citations)
    if statement.support is Support.SUPPORTED:
        return f"<p>{escape(statement.text)}{links}</p>"
    flag = '<span class="flag">⚠ Unverified</span> '
    return f'<p class="unverified">{flag}{escape(statement.text)}{links}</p>'


def _marker(citation: Citation) -> str:
    target, title = link(citation.article, citation.span), name(citation.article)
    return f'<a class="cite" href="{target}" title="{title}">[{citation.number}]</a>'


def _source(citation: Citation) -> str:
    article = citation.article
    return (
        f'<li><a class="source" href="{link(article, citation.span)}">'
        f'<span class="number">{citation.number}</span> '
        f'<span class="title">{name(article)}</span></a>'
        f'<span class="about">{source_line(article.metadata)}</span>'
        f'<span class="quote">“{escape(_beginning(citation.quote))}”</span></li>'
    )


def _beginning(quote: str) -> str:
    words = plain(quote).split()
    return " ".join(words[:QUOTE_WORDS]) + (" …" if len(words) > QUOTE_WORDS else "")


def _refusal(refusal: Abstention, instead: str, consulted: tuple[Consulted, ...]) -> str:
    """``instead``: what the articles say instead, as HTML; mostly empty."""
    return (
        '<div class="refusal"><p class="verdict">∅ No answer in these articles</p>'
        f"<p>{escape(refusal.message)}</p>{instead}{_consulted(consulted)}</div>"
    )


def _consulted(consulted: tuple[Consulted, ...]) -> str:
    if not consulted:
        return ""
    items = "".join(
        f'<li><a class="source" href="{link(read.article, Span(read.start, read.end))}">'
        f"{name(read.article)}</a>"
        f'<span class="quote">“{escape(_beginning(_read(read)))}”</span></li>'
        for read in consulted
    )
    count = len(consulted)
    passages = "passage" if count == 1 else "passages"
    return (
        f'<details class="consulted"><summary>{count} {passages} consulted, none of them '
        f'cited</summary><ul class="sources">{items}</ul></details>'
    )


def _read(consulted: Consulted) -> str:
    return consulted.article.text[consulted.start : consulted.end]


def _numbered(text: str) -> str:
    """Text with its ``[1]`` raised, as links will be once the answer is complete."""
    parts = _CITED.split(text)
    raised = (
        f'<span class="cite">[{part}]</span>' if at % 2 else escape(part.rstrip())
        for at, part in enumerate(parts)
    )
    return "".join(raised)
