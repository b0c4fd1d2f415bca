"""Questions about one article: who wrote it, when, and where it was published.

Answered from metadata, each answer citing the line of the text that states it. What the article
does not say is refused, not guessed. Anything else is left to :mod:`assistant.listing` and search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer import Abstention, Reason
from assistant.answerer import Draft
from assistant.evidence import Evidence, EvidenceSentence, source
from assistant.scope import authors_named
from assistant.words import content_stems, fold, stem, words
from index.article import Article, Metadata, Span
from index.filtering import EVERYTHING, Filter

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Entry

ENOUGH_OF_TITLE = 0.75
"""The share of a title's content words that names the article, where it is not quoted whole."""

_CANDIDATES = 300
"""Passages, best by words, whose articles' titles are compared with the question."""

_WHO = re.compile(
    r"^(?:who|by whom)\b.*\b(?:wrote|written|authored|penned|author|authors)\b|^whose "
    r"|^(?:name|what is) the authors? of\b"
)
_WHEN = re.compile(
    r"^(?:when|how (?:old|recent)|(?:on |in )?(?:what|which) (?:date|day|month|year))\b"
    r".*\b(?:publish\w*|writ\w*|appear\w*|come out|came out|article|piece|dated?|posted)\b"
    r"|^(?:what|which) (?:is|was) the (?:publication )?date\b|^(?:what|which) is .* dated\b"
)
_WHERE = re.compile(
    r"^(?:where|(?:by|in|on) (?:whom|what|which)|who|(?:what|which) \w+)\b"
    r".*\b(?:publish\w*|appear\w*|come from|from|printed)\b"
)
_ARTICLE = r"(?:article|piece|story|report|essay|column|analysis|preview|review|commentary|op-ed)"
_ARTICLE_APPEARS = re.compile(
    rf"^(?!(?:what|which) {_ARTICLE}\b)"
    r"(?!.*\b(?:sa(?:y|ys|id)|tells?|told|argue\w*|claim\w*|quot\w+|describ\w+|mention\w*)\b)"
    rf"(?=.*\b(?:publish\w*|appear\w*|c[oa]me out|posted|printed)\b).*\b{_ARTICLE}\b"
)
"""Asks when or where an article appeared, and not what it says."""


@dataclass(frozen=True, slots=True)
class AboutArticles:
    """An answer from metadata: the stating lines as evidence, and drafts that cite them."""

    evidence: Evidence
    drafts: tuple[Draft, ...]


def about(
    question: str, library: Library, within: Filter = EVERYTHING
) -> AboutArticles | Abstention | None:
    """The answer from metadata, or the refusal where the article does not say; ``None`` where
    the question is not of that kind, or names no article that ``within`` admits."""
    asked = fold(question).strip()
    for pattern, fields in _KINDS:
        if pattern.search(asked) and (entry := _named(question, library)):
            admitted = within.admits(entry.id, entry.metadata, entry.paths)
            return _answered(entry, fields, library) if admitted else None
    return None


def _answered(entry: Entry, fields: Sequence[str], library: Library) -> AboutArticles | Abstention:
    article = library.article(entry.id)
    for field in fields:
        if getattr(entry.metadata, field):
            return stated([said(article, field)])
    return Abstention(Reason.NOT_STATED, f"{source(article)} is here, but {_LACKS[fields[0]]}.")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an article, and the line of it that it rests on."""

    article: Article
    line: Span
    text: str
    opening: str = ""
    """Stands before the text: which article it is."""


def said(article: Article, field: str) -> Said:
    """What the metadata says of the article in one field that is known."""
    verb, value = SAYS[field]
    # The value alone is checked: the line beside a title bears no verb.
    return Said(article, line(article, field), f"{value(article)}.", f"{source(article)} {verb}")


def stated(all_said: Iterable[Said], opening: str = "") -> AboutArticles:
    """An answer of these sentences, after an opening."""
    sentences, drafts = [], []
    for number, one in enumerate(all_said, start=1):
        sentences.append(EvidenceSentence(number, one.article, one.line, "", 1.0))
        before = f"{opening} {one.opening}".strip() if number == 1 else one.opening
        drafts.append(Draft(one.text, (number,), before))
    return AboutArticles(Evidence((), tuple(sentences)), tuple(drafts))


def line(article: Article, field: str) -> Span:
    """The line that states the field; where none does, the title's, else the text's first."""
    known = article.metadata.stated
    if found := known.get(field) or known.get("title"):
        return found
    begins = len(article.text) - len(article.text.lstrip())
    ends = article.text.find("\n", begins)
    return Span(begins, ends if ends >= 0 else len(article.text))


def _named(question: str, library: Library) -> Entry | None:
    return _by_title(question, library) or _by_author(question, library)


def _by_author(question: str, library: Library) -> Entry | None:
    """The article of the author whom the question names; of several, the one whose title shares
    most with the question, none if two fit equally."""
    if not _ARTICLE_APPEARS.search(fold(question).strip()):
        return None
    register = library.register()
    named = {one for *_, several in authors_named(question, register.holdings) for one in several}
    stems = {stem(word) for word in words(question)}
    scores = [
        (_title_share(entry.metadata, stems), entry)
        for entry in register.entries
        if not named.isdisjoint(entry.metadata.authors)
    ]
    best = max((score for score, _ in scores), default=0.0)
    found = [entry for score, entry in scores if score == best]
    return found[0] if len(found) == 1 else None


def _by_title(question: str, library: Library) -> Entry | None:
    """The article whose title the question names; none if two fit equally."""
    stems = {stem(word) for word in words(question)}
    scores = {one.id: (_title_share(one.metadata, stems), one) for one in _near(question, library)}
    best = max((score for score, _ in scores.values()), default=0.0)
    found = [one for score, one in scores.values() if score == best]
    return found[0] if best >= ENOUGH_OF_TITLE and len(found) == 1 else None


def _near(question: str, library: Library) -> Iterable[Entry]:
    """The articles that share most words with the question, titles among them."""
    register = library.register()
    found = library.use(lambda derived: derived.matching(question, _CANDIDATES))
    return [entry for id, _ in found if (entry := register.entry(id))]


def _title_share(known: Metadata, stems: set[str]) -> float:
    title = content_stems(known.title or "")
    return sum(one in stems for one in title) / len(title) if len(title) > 1 else 0.0


_KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_WHO, ("authors",)),
    (_WHEN, ("published",)),
    (_WHERE, ("publisher", "url")),
)

_LACKS = {
    "authors": "it names no author",
    "published": "it bears no date",
    "publisher": "it does not say where it was published",
}


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "an unknown day"


SAYS: dict[str, tuple[str, Callable[[Article], str]]] = {
    "authors": ("is by", lambda one: " and ".join(one.authors)),
    "published": ("was published on", lambda one: _day(one.published)),
    "publisher": ("was published by", lambda one: str(one.publisher)),
    "url": ("was published at", lambda one: str(one.url)),
}
