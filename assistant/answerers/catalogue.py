"""Questions about the articles as a collection: which of them, how many, the newest, by whom.

Articles are chosen by metadata and, where a topic is asked for, by the words of their sentences:
no text is read but of those that are named in the answer. A question that says more than is
understood here is left to search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.about import AboutArticles, Said, line, said, stated
from assistant.answer import Abstention, Reason
from assistant.evidence import source
from assistant.periods import mentions
from assistant.scope import Scope, authors_named, described, publishers_named, unquoted
from assistant.words import FUNCTION_WORDS, content_stems, fold
from index.article import Article, Span
from index.filtering import EVERYTHING, Filter
from index.plain import plain
from index.restricted import Restricted

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Entry

LISTED = 10
"""Articles named in one answer."""

_DEPTH = 300
"""Passages looked through for a topic."""

_NOUN = r"(?:articles?|pieces?|columns?|texts?|stories|documents?|authors?|publishers?|writers?)"
_ASKS = re.compile(
    rf"^(?:please )?(?:(?:what|which|who|how many|are there|is there|do you have|list|show|name"
    rf"|give|tell|find)\b)(?: \S+){{0,6}}? ?\b(?P<noun>{_NOUN})\b"
    r"|^what (?:has|have|did|does)\b(?=.*\b(?:written|wrote|write|published|publish)\b)"
)
_TOPIC = re.compile(
    r"\b(?:mention(?:s|ed|ing)?|about|on|cover(?:s|ing)?|discuss(?:es|ing)?|deal(?:s|ing)? with"
    r"|refer(?:s|ring)? to|concern(?:s|ing)?|name|contain(?:s|ing)?|speak of|of|with) (?P<topic>.+)"
)
_NEWEST = re.compile(r"\b(?:newest|latest|most recent|newer|last)\b")
_OLDEST = re.compile(r"\b(?:oldest|earliest|older|first)\b")
_SAID_OF_ARTICLES = frozenset(
    """
    all appear appeared archive article articles author authors available collection column columns
    come came contain corpus count different document documents earliest exist find first four give
    index known last latest library list name named newer newest number old older oldest piece
    pieces please print printed publish published publisher publishers recent release released show
    stories tell text texts three total two whose wrote write writer writers written
    """.split()
)
_VERBS = """
    mention mentions mentioned mentioning cover covers covering discuss discusses discussing deal
    deals dealing refer refers referring concern concerns concerning contains containing speak
""".split()
_UNDERSTOOD = _SAID_OF_ARTICLES | FUNCTION_WORDS | frozenset(_VERBS)


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """What is asked of the collection."""

    values: str
    """``authors`` or ``publisher`` where these are asked for, not articles; else empty."""
    wanted: Filter
    topic: str
    counts: bool
    newest: bool
    oldest: bool


def listing(
    question: str, scope: Scope, library: Library, today: date
) -> AboutArticles | Abstention | None:
    """The answer about the collection; ``None`` where the question is not of that kind."""
    inquiry = _inquiry(question, scope, library, today)
    if inquiry is None:
        return None
    if inquiry.topic:
        found = list(_mentioning(inquiry, library))
    else:
        entries = library.register().articles(inquiry.wanted)
        found = [(entry, None) for entry in entries]
    if not found:
        return _none(inquiry)
    if inquiry.values:
        return _values(inquiry, [entry for entry, _ in found], library)
    return _articles(inquiry, found, library)


def _inquiry(question: str, scope: Scope, library: Library, today: date) -> _Inquiry | None:
    held = library.register().holdings
    text = unquoted(question)
    periods = mentions(text, held.days, today)
    if len(periods) > 1:
        return None
    wanted = scope.within
    if periods:
        wanted = wanted.narrowed(Filter(periods[0].period))
    named = [*authors_named(text, held), *publishers_named(text, held)]
    spans = [(start, end) for start, end, _ in named] if wanted.authors or wanted.publishers else []
    bare = fold(_blanked(text, [*spans, *((one.start, one.end) for one in periods)]))
    bare = " ".join(re.sub(r"[^\w\s-]", " ", bare.replace("'s", " ")).split())
    match = _ASKS.match(bare)
    if match is None:
        return None
    after = bare[match.end() :]
    topic_match = _TOPIC.search(after)
    topic = _trimmed(topic_match["topic"]) if topic_match else ""
    rest = bare.replace(topic_match["topic"], " ") if topic_match and topic else bare
    said = re.sub(
        r"\b(?:mention\w*|about|cover\w*|discuss\w*|deal\w*|refer\w*|concern\w*)\b", " ", rest
    )
    if any(word not in FUNCTION_WORDS | _SAID_OF_ARTICLES for word in said.split()):
        return None
    noun = match["noun"] or "articles"
    if bare.startswith("who"):
        noun = "authors"
    values = {"author": "authors", "writer": "authors", "publis": "publisher"}.get(noun[:6], "")
    if not (topic or wanted or values or noun.startswith(("article", "document", "text"))):
        return None
    return _Inquiry(
        values,
        wanted,
        _as_put(topic, question),
        bare.startswith("how many"),
        bool(_NEWEST.search(rest)),
        bool(_OLDEST.search(rest)),
    )


def _trimmed(topic: str) -> str:
    """The topic without what only goes on about the articles."""
    kept = topic.split()
    while kept and (kept[-1] in FUNCTION_WORDS or kept[-1] in _SAID_OF_ARTICLES):
        kept.pop()
    while kept and kept[0] in FUNCTION_WORDS:
        kept.pop(0)
    return " ".join(kept) if content_stems(" ".join(kept)) else ""


def _as_put(topic: str, question: str) -> str:
    """The topic in the question's own letters."""
    at = question.lower().find(topic)
    return question[at : at + len(topic)] if at >= 0 else topic


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _mentioning(inquiry: _Inquiry, library: Library) -> Iterator[tuple[Entry, Span | None]]:
    """The articles that hold a sentence with all words of the topic, and that sentence."""
    stems = frozenset(content_stems(inquiry.topic))
    register = library.register()
    if inquiry.wanted:
        admitted = register.admitted(inquiry.wanted)
        found = library.use(
            lambda derived: Restricted(derived, admitted).matching(inquiry.topic, _DEPTH)
        )
    else:
        found = library.use(lambda derived: derived.matching(inquiry.topic, _DEPTH))
    seen: set[str] = set()
    for passage in library.catalogue.passages([id for id, _ in found]).values():
        article = passage.article
        entry = register.entry(passage.id)
        if article.id in seen or entry is None:
            continue
        for span in passage.sentences:
            if stems <= set(content_stems(plain(span.of(article.text)))):
                seen.add(article.id)
                yield entry, span
                break


def _articles(
    inquiry: _Inquiry, found: list[tuple[Entry, Span | None]], library: Library
) -> AboutArticles | Abstention:
    dated = [one for one in found if one[0].metadata.published]
    if inquiry.newest or inquiry.oldest:
        if not dated:
            message = f"None of the {_called(inquiry)} bears a date."
            return Abstention(Reason.NOT_STATED, message)
        found = dated
    found = sorted(found, key=lambda one: _order(one[0]), reverse=not inquiry.oldest)
    shown = found[: 1 if inquiry.newest or inquiry.oldest else LISTED]
    lines = [_said(library.article(entry.id), span, inquiry) for entry, span in shown]
    return stated(lines, _opening(inquiry, len(found), len(shown)))


def _order(entry: Entry) -> tuple[date, str]:
    return entry.metadata.published or date.min, entry.paths[0]


def _said(article: Article, span: Span | None, inquiry: _Inquiry) -> Said:
    if inquiry.newest or inquiry.oldest:
        return said(article, "published")
    if span is not None:
        return Said(article, span, plain(span.of(article.text)), f"{source(article)}:")
    if inquiry.wanted.authors:
        return said(article, "authors")
    for field in ("published", "authors"):
        if getattr(article, field):
            return said(article, field)
    title = line(article, "title")
    return Said(article, title, plain(title.of(article.text)))


def _opening(inquiry: _Inquiry, count: int, shown: int) -> str:
    if inquiry.newest or inquiry.oldest:
        which = "newest" if inquiry.newest else "oldest"
        return f"The {which} of {count:,} dated {_called(inquiry)}:" if count > 1 else ""
    of = f"; the {shown} newest of them" if shown < count else ""
    if inquiry.topic:
        least = "At least " if count >= LISTED else ""
        verb = "mentions" if count == 1 else "mention"
        what = described(inquiry.wanted)[len("Articles") :] if inquiry.wanted else ""
        return f"{least}{_counted(count)}{what} {verb} “{inquiry.topic}”{of}:"
    if inquiry.wanted:
        what = described(inquiry.wanted)[len("Articles") :].strip()
        return f"{_counted(count)} {what}{of}:"
    return f"{_counted(count)} in all{of}:"


def _counted(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"


def _called(inquiry: _Inquiry) -> str:
    called = described(inquiry.wanted)
    called = f"{called[0].lower()}{called[1:]}"
    return f"{called} that mention “{inquiry.topic}”" if inquiry.topic else called


def _none(inquiry: _Inquiry) -> Abstention:
    scope = "articles" if inquiry.wanted == EVERYTHING else _called_without_topic(inquiry)
    return Abstention(Reason.NOTHING_RELEVANT, f"None of the {scope} mentions “{inquiry.topic}”.")


def _called_without_topic(inquiry: _Inquiry) -> str:
    called = described(inquiry.wanted)
    return f"{called[0].lower()}{called[1:]}"


def _values(
    inquiry: _Inquiry, entries: Sequence[Entry], library: Library
) -> AboutArticles | Abstention:
    """The authors or publishers, each shown by the newest article that names it."""
    first: dict[str, Entry] = {}
    for entry in sorted(entries, key=_order, reverse=True):
        known = entry.metadata
        names = known.authors if inquiry.values == "authors" else (known.site,)
        for name in names:
            if name:
                first.setdefault(name, entry)
    what = "authors" if inquiry.values == "authors" else "publishers"
    if not first:
        return Abstention(Reason.NOT_STATED, f"No {what} are named in the articles.")
    shown = list(first.items())[:LISTED]
    lines = [_named(library.article(entry.id), name, inquiry.values) for name, entry in shown]
    of = f"; {len(shown)} of them" if len(shown) < len(first) else ""
    count = f"1 {what[:-1]} is named" if len(first) == 1 else f"{len(first):,} {what} are named"
    return stated(lines, f"{count}{of}:")


def _named(article: Article, name: str, values: str) -> Said:
    """That this article is by the author, or of the publisher or site."""
    if values == "authors":
        return Said(article, line(article, values), f"{name}.", f"{source(article)} is by")
    field = "publisher" if article.publisher else "url"
    opening = f"{source(article)} was published by"
    return Said(article, line(article, field), f"{name}.", opening)
