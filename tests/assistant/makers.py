"""Articles, hits and evidence in a line, for tests."""

from __future__ import annotations

from datetime import date

from assistant.evidence import Evidence, gather
from index.article import Article, Hit, Metadata, Passage, Span, article_id
from index.sentences import runs


def article(text: str, title: str | None = None, path: str = "a.txt") -> Article:
    known = Metadata(title=title, authors=("Ann Lee",), published=date(2016, 4, 28))
    return Article(article_id(text), text, known, (path,))


def hit(source: Article, score: float = 1.0, *sentences: Span) -> Hit:
    """A hit that holds these sentences, or all of the article's."""
    spans = sentences or tuple(span for run in runs(source.text) for span in run.sentences)
    return Hit(Passage(1, source, "", tuple(spans)), score, dense=0.5, keyword=1.0)


def evidence(*texts: str, title: str | None = None) -> Evidence:
    """One article a text, its sentences numbered on."""
    hits = [hit(article(text, title, f"{n}.txt"), 1.0 / (n + 1)) for n, text in enumerate(texts)]
    return gather(hits, 10_000)
