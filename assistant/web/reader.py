"""The article reader: an article as HTML, with exactly the cited characters in ``<mark>``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from assistant.web.markup import escape, name, source_line, written
from index.article import Article, Metadata, Span

LISTED = 200
"""How many articles the list shows."""

# Only how the text looks: headings stand out; link targets and surplus blank lines are hidden.
# Every character stays in the page. Each repetition is bounded or excludes what follows it, so
# that no text makes the search slow.
_LINES = re.compile(
    r"^(?P<marks>\#{1,6}[ \t]+)(?P<heading>[^\n]*)"
    r"|(?P<gap>\n[ \t\xa0]*\n)(?P<surplus>(?:[ \t\xa0]*\n)+)",
    re.MULTILINE,
)
_WORDS = re.compile(
    r"(?P<open>!?\[)(?P<label>(?:[^\[\]\n\\]|\\[^\[\]\n]){0,300}?)"
    r"(?P<target>(?:[ ]?\\\([^()\n\\]{0,300}\\\))?\]\([^()\s]{0,2000}\))"
    r"|(?P<bold>\*\*)"
)


def article_html(article: Article, cited: Span, asides: Sequence[Span] = ()) -> str:
    """The article, with ``cited`` in one ``<mark>`` (none if it is empty); ``asides`` dimmed."""
    text = article.text
    mark = f'<mark id="cited" tabindex="-1">{escape(cited.of(text))}</mark>' if cited else ""
    before = _dimmed(text, Span(0, cited.start), asides)
    after = _dimmed(text, Span(cited.end, len(text)), asides)
    return (
        f'<article class="page" aria-label="{name(article)}">{_head(article)}'
        f'<div class="text" dir="auto">{before}{mark}{after}</div></article>'
    )


def list_html(listed: Iterable[tuple[str, Metadata, str]], count: int) -> str:
    """The corpus: each article (id, metadata, path) with a link that opens it in the reader."""
    items = "".join(_item(id, metadata, path) for id, metadata, path in listed)
    more = f'<p class="about">and {count - LISTED:,} more</p>' if count > LISTED else ""
    articles = "1 article" if count == 1 else f"{count:,} articles"
    return (
        f'<section class="page" aria-label="Articles"><h2>{articles}</h2>'
        f'<ul class="sources corpus">{items}</ul>{more}</section>'
    )


def missing_html(message: str) -> str:
    """What stands in place of an article that cannot be shown."""
    return f'<section class="page" role="alert"><p>⚠ {escape(message)}</p></section>'


def _item(id: str, metadata: Metadata, path: str) -> str:
    return (
        f'<li><a class="source" href="#article:{id}">{escape(metadata.title or path)}</a>'
        f'<span class="about">{source_line(metadata)}</span></li>'
    )


def _head(article: Article) -> str:
    known = (
        ("By", ", ".join(article.authors)),
        ("Published", written(article.published) if article.published else "unknown date"),
        ("In", article.site),
        ("File", article.path),
    )
    rows = "".join(f"<dt>{key}</dt><dd>{escape(value)}</dd>" for key, value in known if value)
    return f"<header><h2>{name(article)}</h2><dl>{rows}{_original(article.url)}</dl></header>"


def _original(url: str | None) -> str:
    if not url:
        return ""
    shown = escape(url)
    if safe_url(url):
        shown = f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return f"<dt>Original</dt><dd>{shown}</dd>"


def safe_url(url: str) -> bool:
    """Whether a link may lead there: ``http`` or ``https`` and a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _dimmed(text: str, part: Span, asides: Sequence[Span]) -> str:
    """That part of the text, with what is boilerplate in it dimmed."""
    pieces: list[str] = []
    at = part.start
    for aside in asides:
        start, end = max(aside.start, at), min(aside.end, part.end)
        if start < end:
            pieces += [
                _looks(text[at:start]),
                f'<span class="aside">{_looks(text[start:end])}</span>',
            ]
            at = end
    return "".join([*pieces, _looks(text[at : part.end])])


def _looks(text: str) -> str:
    return _replaced(_LINES, text, _line, _inline)


def _inline(text: str) -> str:
    return _replaced(_WORDS, text, _word, escape)


def _replaced(
    pattern: re.Pattern[str],
    text: str,
    found: Callable[[re.Match[str]], str],
    between: Callable[[str], str],
) -> str:
    """The text with what the pattern finds turned by one function, the rest by another."""
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(text):
        pieces += [between(text[at : match.start()]), found(match)]
        at = match.end()
    return "".join([*pieces, between(text[at:])])


def _line(match: re.Match[str]) -> str:
    if match["gap"]:
        return escape(match["gap"]) + _hidden(match["surplus"])
    return f'{_hidden(match["marks"])}<strong class="heading">{_inline(match["heading"])}</strong>'


def _word(match: re.Match[str]) -> str:
    if match["bold"]:
        return _hidden(match["bold"])
    return _hidden(match["open"]) + escape(match["label"]) + _hidden(match["target"])


def _hidden(text: str) -> str:
    return f'<span class="unseen">{escape(text)}</span>'
