"""Where an article mentions something, and where it states something about itself."""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis import phrase_words, stands_in, stems
from index.article import Article, Passage, Span
from index.plain import plain

Passages = Sequence[Passage]


def mention(article: Article, passages: Passages, phrase: str) -> Span | None:
    """The first sentence that holds the words of ``phrase`` together; where none does, a heading
    or the title; then the first sentence that holds most of them. ``None`` where nothing does.
    """
    words = phrase_words(phrase)
    sentences = sentences_of(passages)
    for span in sentences:
        if stands_in(words, _stems(article, span)):
            return span
    for passage in passages:
        if stands_in(words, stems(passage.heading)):
            return _heading(article, passage)
    if stands_in(words, stems(article.title or "")):
        return stated_line(article, passages, "title")
    shares = [len(set(words).intersection(_stems(article, span))) for span in sentences]
    most = max(shares, default=0)
    return sentences[shares.index(most)] if most else None


def stated_line(article: Article, passages: Passages, *fields: str) -> Span:
    """The line that states the first of the ``fields`` that any does; else the title's, else the
    first sentence of the content."""
    for field in (*fields, "title"):
        if field in article.metadata.stated:
            return article.metadata.stated[field]
    return passages[0].sentences[0] if passages else _first_line(article.text)


def sentences_of(passages: Passages) -> list[Span]:
    """The sentences of an article's passages, in the order of its text, each once."""
    return sorted({span for passage in passages for span in passage.sentences})


def _stems(article: Article, span: Span) -> tuple[str, ...]:
    return stems(plain(span.of(article.text)))


def _heading(article: Article, passage: Passage) -> Span:
    """The heading's own line above the passage; where it is marked up, the first sentence."""
    start = article.text.rfind(passage.heading, 0, passage.start)
    if start < 0:
        return passage.sentences[0]
    return Span(start, start + len(passage.heading))


def _first_line(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return Span(start, end if end >= 0 else len(text))
