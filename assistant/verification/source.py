"""What a statement rests on, and what is found of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.answer import Citation, Finding, Support
from index.plain import plain

BEFORE = 400
"""Characters before a cited text in which what its pronouns mean is looked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a statement cites, and what is known of its article."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    heading: str = ""
    before: str = ""
    """What stands before the text in its article: pronouns may point there."""

    @property
    def head(self) -> str:
        """The article for a person: ``“Title” (Publisher, 28 April 2016), Ann Lee``."""
        day = self.published
        known = [self.publisher, f"{day.day} {day:%B %Y}" if day else None]
        shown = f"“{self.title}”" if self.title else "Untitled"
        shown += f" ({', '.join(filter(None, known)) or 'undated'})"
        return ", ".join([shown, *self.authors])


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether sources support a statement."""

    support: Support
    findings: tuple[Finding, ...] = ()
    """What is wrong, in order of the statement's characters."""


def cited_source(citation: Citation, heading: str = "") -> Source:
    """What ``citation`` cites."""
    article = citation.article
    before = article.text[max(citation.start - BEFORE, 0) : citation.start]
    return Source(
        plain(citation.quote),
        article.title,
        article.authors,
        article.site,
        article.published,
        heading,
        plain(before),
    )
