"""Answers as HTML. Whatever comes from articles, models or people is escaped on its way in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from assistant.answer import (
    Answer,
    Citation,
    Consulted,
    Finding,
    Location,
    Outcome,
    Statement,
    Support,
)
from index.article import Article, Metadata
from index.plain import plain

QUOTE_WORDS = 14
"""How much of a quote the list of sources shows."""

NOT_CHECKED = "No language model has confirmed the sentences that are “not checked”."

Statements = Mapping[int, Statement | None]
"""Statements that have been checked, by their place in the answer; ``None``: left out."""

NONE_CHECKED: Statements = MappingProxyType({})

_SUPPORT: dict[Support, tuple[str, str]] = {
    Support.SUPPORTED: ("checked", "The cited text was found to say this."),
    Support.PARTLY: ("⚠ Partly supported", "The cited text says only a part of this."),
    Support.UNSUPPORTED: ("⚠ Not supported", "The cited text does not say this."),
    Support.UNCHECKED: (
        "not checked",
        "No language model has confirmed that the cited text says this.",
    ),
}
"""How a support is shown, and what it means; a quotation needs no mark."""

_REPLACED = ("⇄ Replaced by the source’s words", "The cited text does not say what was written.")

_VERDICTS = {
    Outcome.CLOSEST: "Nothing here clearly answers this. Closest:",
    Outcome.NOT_FOUND: "The articles do not answer this.",
    Outcome.UNCLEAR: "What do you mean?",
}
"""What is said where an answer has no message of its own."""

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


def link(place: Citation | Location | Consulted) -> str:
    """Where a click opens the article at these characters (see ``reader.js``)."""
    return f"#cite:{place.article.id}:{place.start}:{place.end}"


def name(article: Article) -> str:
    """The article's title, or where it lies."""
    return escape(article.title or article.path)


def question_html(question: str) -> str:
    """What the person asked."""
    return f'<p class="question">{escape(question)}</p>'


def progress_html(text: str, checked: Statements = NONE_CHECKED, *, checking: bool = False) -> str:
    """An answer as far as it has come; without text, that work has begun.

    ``checking``: whether the statements that are not ``checked`` yet are going to be.
    """
    if not text:
        return '<p class="working">Reading the articles…</p>'
    mark = ' <span class="support">checking…</span>' if checking else ""
    return f'<div class="answer">{_so_far(text, checked, mark)}<p class="working">…</p></div>'


def stopped_html(text: str, checked: Statements = NONE_CHECKED) -> str:
    """What there was of an answer when the person stopped it."""
    stopped = '<p class="stopped">■ Stopped. The answer is not complete.</p>'
    return f'<div class="answer">{_so_far(text, checked) if text else ""}{stopped}</div>'


def failure_html(message: str) -> str:
    """An error, in words for a person."""
    return f'<div class="failure" role="alert"><p>⚠ {escape(message)}</p></div>'


def answer_html(answer: Answer) -> str:
    """The finished answer with its sources, or what there is instead of one."""
    understood = answer.standalone if answer.standalone != answer.question else None
    parts = (
        _note(understood and f"Understood as: {understood}"),
        _note(answer.scope.words),
        _message(answer),
        *map(_choice, answer.choices),
        _statements(answer),
        _consulted(answer.consulted) if answer.outcome is Outcome.NOT_FOUND else "",
    )
    return f'<div class="outcome {answer.outcome.value}">{"".join(parts)}</div>'


def _so_far(text: str, checked: Statements, mark: str = "") -> str:
    """The statements that have come: those ``checked`` with the verdict, the others as text."""
    shown: list[str] = []
    for place, part in enumerate(text.split("\n\n")):
        statement = checked.get(place)
        if statement:
            shown.append(_statement(statement, {}))
        elif place in checked:
            shown.append(f"<p><del>{_numbered(part)}</del></p>")
        else:
            shown.append(f"<p>{_numbered(part)}{mark}</p>")
    return "".join(shown)


def _numbered(text: str) -> str:
    """Text with its ``[1]`` raised, as links will be once the answer is complete."""
    parts = _CITED.split(text)
    raised = (
        f'<span class="cite">[{part}]</span>' if at % 2 else escape(part.rstrip())
        for at, part in enumerate(parts)
    )
    return "".join(raised)


def _note(text: str | None) -> str:
    return f'<p class="note">{escape(text)}</p>' if text else ""


def _message(answer: Answer) -> str:
    """What is said before the statements."""
    message = answer.message or _VERDICTS.get(answer.outcome)
    return f'<p class="told">{escape(message)}</p>' if message else ""


def _choice(question: str) -> str:
    """A click asks it (see ``reader.js``)."""
    return f'<p class="choice"><a href="#ask">{escape(question)}</a></p>'


def _statements(answer: Answer) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    statements = "".join(_statement(one, by_number) for one in answer.statements)
    if answer.missing:
        statements += f'<p class="missing"><b>Not answered:</b> {escape(answer.missing)}</p>'
    if any(one.support is Support.UNCHECKED for one in answer.statements):
        statements += _note(NOT_CHECKED)
    sources = "".join(map(_source, answer.citations))
    listed = f'<p class="label">Sources</p><ul class="sources">{sources}</ul>' if sources else ""
    return f'<div class="answer">{statements}{listed}</div>' if statements or listed else ""


def _statement(statement: Statement, citations: Mapping[int, Citation]) -> str:
    """A sentence with its citations and its support; below it what is wrong with it, and what
    it replaced."""
    replaced = statement.replaced
    text = escape(statement.text) if replaced else _underlined(statement.text, statement.findings)
    links = "".join(_marker(number, citations.get(number)) for number in statement.citations)
    introduction = f'<span class="introduction">{escape(statement.introduction)}</span> '
    said = f"{introduction if statement.introduction else ''}{text}{links}"
    kind = "replaced" if replaced else statement.support.value
    inline, below = _support(statement)
    return f'<div class="statement {kind}"><p>{said}{inline}</p>{below}</div>'


def _support(statement: Statement) -> tuple[str, str]:
    """The mark of its support: in the line, or below it where there is more to tell."""
    label, meaning = _SUPPORT.get(statement.support, ("", ""))
    told = "".join(f"<li>{escape(one.message)}</li>" for one in statement.findings)
    if statement.replaced:
        label, meaning = _REPLACED
        written = _underlined(statement.replaced, statement.findings)
        told = f"<li>Written was: <del>{written}</del></li>{told}"
    if not told:
        mark = f' <span class="support" title="{escape(meaning)}">{label}</span>'
        return (mark if label else ""), ""
    opened = " open" if statement.support in (Support.PARTLY, Support.UNSUPPORTED) else ""
    summary = f'<summary title="{escape(meaning)}">{label or "Remarks"}</summary>'
    return "", f'<details class="why"{opened}>{summary}<ul>{told}</ul></details>'


def _underlined(text: str, findings: Iterable[Finding]) -> str:
    """The text with the characters of each finding underlined, which tell of it when pointed at."""
    pieces: list[str] = []
    at = 0
    for one in _apart(findings, len(text)):
        underlined = f'<u class="finding" title="{escape(one.message)}">'
        pieces += [escape(text[at : one.start]), underlined, escape(text[one.start : one.end])]
        pieces.append("</u>")
        at = one.end
    return "".join([*pieces, escape(text[at:])])


def _apart(findings: Iterable[Finding], length: int) -> list[Finding]:
    """Those whose place in a text says something, in order: no whole text; of those that overlap
    the shortest."""
    kept: list[Finding] = []
    for one in sorted(findings, key=lambda one: one.end - one.start):
        is_part = 0 <= one.start < one.end <= length and one.end - one.start < length
        if is_part and all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _marker(number: int, citation: Citation | None) -> str:
    if citation is None:  # the answer is not complete yet
        return f'<span class="cite">[{number}]</span>'
    title = name(citation.article)
    return f'<a class="cite" href="{link(citation)}" title="{title}">[{number}]</a>'


def _source(citation: Citation) -> str:
    article = citation.article
    return (
        f'<li><a class="source" href="{link(citation)}">'
        f'<span class="number">{citation.number}</span> '
        f'<span class="title">{name(article)}</span></a>'
        f'<span class="about">{source_line(article.metadata)}</span>'
        f'<span class="quote">“{escape(_beginning(citation.quote))}”</span>'
        f"{_copies(citation.also_in)}</li>"
    )


def _copies(places: tuple[Location, ...]) -> str:
    """The other articles with the same words."""
    if not places:
        return ""
    items = "".join(
        f'<li><a class="source" href="{link(one)}">{name(one.article)}</a>'
        f'<span class="about">{source_line(one.article.metadata)}</span></li>'
        for one in places
    )
    others = "1 other" if len(places) == 1 else f"{len(places):,} others"
    return _folded(f"also in {others}", items)


def _consulted(consulted: tuple[Consulted, ...]) -> str:
    if not consulted:
        return ""
    items = "".join(
        f'<li><a class="source" href="{link(read)}">{name(read.article)}</a>'
        f'<span class="quote">“{escape(_beginning(_read(read)))}”</span></li>'
        for read in consulted
    )
    passages = "1 passage" if len(consulted) == 1 else f"{len(consulted)} passages"
    return _folded(f"{passages} consulted, none of them cited", items)


def _folded(summary: str, items: str) -> str:
    return (
        f'<details class="more"><summary>{summary}</summary><ul class="sources">{items}</ul>'
        "</details>"
    )


def _beginning(quote: str) -> str:
    words = plain(quote).split()
    return " ".join(words[:QUOTE_WORDS]) + (" …" if len(words) > QUOTE_WORDS else "")


def _read(consulted: Consulted) -> str:
    return consulted.article.text[consulted.start : consulted.end]
