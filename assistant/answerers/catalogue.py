"""Answers about the collection: which articles, how many, by whom, when. Exact and complete.

Every row cites lines of its articles: the one that states what was asked for (title, byline, date),
and for a topic the sentence that mentions it. Nothing here interprets language: a question comes as
a :class:`~assistant.understanding.question.CatalogueQuery`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Outcome, Support
from assistant.answerers.collection import (
    Chosen,
    are,
    choose,
    counted,
    nothing,
    quoted,
    where_from,
    who_there_is,
    written,
)
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence, EvidenceSentence, source
from assistant.understanding.question import CatalogueQuery, Grouping, Order, Question, Shown
from index.article import Article, Metadata, Span
from index.filtering import ALWAYS, Filter

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Entry

MOST_ROWS = 1_000
"""Articles listed at most; how many there are is said all the same."""

_COUNTED = 25
"""Where a number is asked for, so many articles are listed beside it."""

_CITED = 3
"""Articles that a row about several cites."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An answer from the catalogue: the lines it rests on, and what cites them."""

    evidence: Evidence
    drafts: tuple[Draft, ...]
    conclusion: Conclusion


def look_up(question: Question, library: Library) -> LookedUp:
    """The answer to a question about the collection, from the articles of its scope.

    Raises ``CorpusError`` where nothing is indexed.
    """
    query, scope = question.catalogue or CatalogueQuery(), question.scope
    if scope.notes and not scope.within:  # a name that no article has: all articles are no answer
        return _not_found(*scope.notes, _there_is(library))
    if query.compared:
        return _compared(query, scope.within, library)
    chosen = choose(query, scope.within, library)
    if not chosen.entries:
        return _not_found(nothing(chosen, library), *chosen.notes)
    return _shown(chosen, library)


class _Rows:
    """Drafts on their way, and the lines that they cite."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._numbers: dict[tuple[str, Span], int] = {}
        self._sentences: list[EvidenceSentence] = []
        self._drafts: list[Draft] = []

    def add(self, text: str, lines: Iterable[tuple[Article, Span]]) -> None:
        """One row, and the lines it rests on."""
        markers = tuple(dict.fromkeys(self._number(article, span) for article, span in lines))
        self._drafts.append(Draft(text, markers, Support.SUPPORTED))

    def end(self, lead: str, notes: Iterable[str]) -> LookedUp:
        """The answer; without a row, that nothing was found."""
        if not self._drafts:
            return _not_found(*notes)
        message = " ".join([*notes, lead] if lead else notes) or None
        conclusion = Conclusion(Outcome.ANSWERED, message=message)
        return LookedUp(Evidence((), tuple(self._sentences)), tuple(self._drafts), conclusion)

    def lines(
        self, entries: Sequence[Entry], fields: Sequence[str], phrases: Sequence[str] = ()
    ) -> list[tuple[Article, Span]]:
        """Of each article where it mentions the phrases, or else states the fields."""
        return [line for entry in entries for line in self._lines(entry.id, fields, phrases)]

    def _lines(
        self, id: str, fields: Sequence[str], phrases: Sequence[str]
    ) -> list[tuple[Article, Span]]:
        library = self._library
        spans = [span for one in phrases if (span := library.first_mention(id, one)) is not None]
        spans += [library.stated_line(id, field) for field in fields]
        article = library.article(id)
        return [(article, span) for span in spans or [library.stated_line(id)]]

    def _number(self, article: Article, span: Span) -> int:
        key = article.id, span
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._sentences.append(EvidenceSentence(self._numbers[key], article, span, "", 1.0))
        return self._numbers[key]


def _shown(chosen: Chosen, library: Library) -> LookedUp:
    query, count = chosen.query, len(chosen.entries)
    if query.group:
        return _groups(chosen, _FACETS[query.group], library)
    if query.show is Shown.AUTHORS:
        return _groups(chosen, _FACETS[Grouping.AUTHOR], library)
    if query.show is Shown.PUBLISHERS:
        return _groups(chosen, _FACETS[Grouping.PUBLISHER], library)
    if query.show is Shown.DATES:
        return _dates(chosen, library)
    if query.show is Shown.COUNT and count > _COUNTED:
        rows = _Rows(library)
        cited = rows.lines(chosen.entries[:_CITED], _fields(chosen), query.mentioning)
        rows.add(_there_are(chosen, count), cited)
        return rows.end("", chosen.notes)
    return _articles(chosen, library)


def _articles(chosen: Chosen, library: Library) -> LookedUp:
    query, count = chosen.query, len(chosen.entries)
    shown = chosen.entries[: min(query.limit or count, MOST_ROWS)]
    rows = _Rows(library)
    for entry in shown:
        lines = rows.lines([entry], _fields(chosen), query.mentioning)
        authors = f", by {_and(entry.metadata.authors)}" if entry.metadata.authors else ""
        rows.add(f"{source(library.article(entry.id))}{authors}", lines)
    lead = f"{_there_are(chosen, count).removesuffix('.')}:"
    if len(shown) < count:
        which = "oldest" if query.order is Order.OLDEST else "newest"
        number = f" {len(shown):,}" if len(shown) > 1 else ""
        lead = f"The {which}{number} of {chosen.called(count)}:"
    return rows.end(lead, [*chosen.notes, *_same_day(chosen, len(shown))])


def _there_are(chosen: Chosen, count: int) -> str:
    if chosen.clause(count):
        return f"{chosen.sentence(count)}."
    return f"There {are(count)} {chosen.subject(count)}."


def _same_day(chosen: Chosen, shown: int) -> list[str]:
    """That the last article shown is one of several of its day."""
    entries = chosen.entries
    if not chosen.query.order or not 0 < shown < len(entries):
        return []
    last = entries[shown - 1].metadata.published
    more = sum(one.metadata.published == last for one in entries[shown:])
    if not (more and last):
        return []
    return [f"{counted(more)} more {are(more)} of the same day, {written(last)}."]


def _dates(chosen: Chosen, library: Library) -> LookedUp:
    rows, undated = _Rows(library), [one for one in chosen.entries if not one.metadata.published]
    dated = [one for one in chosen.entries if one.metadata.published]
    count = len(dated)
    for entry in dated[: min(chosen.query.limit or count, MOST_ROWS)]:
        day = entry.metadata.published
        lines = rows.lines([entry], ["published"], chosen.query.mentioning)
        rows.add(f"{_title(entry)} was published on {written(day) if day else ''}.", lines)
    notes = [*chosen.notes, *_lacking(chosen, undated, "has no date", "have no date")]
    return rows.end(f"{_there_are(chosen, count).removesuffix('.')}:" if count > 1 else "", notes)


@dataclass(frozen=True, slots=True)
class _Facet:
    """By what articles are grouped, or whom they are from."""

    kind: str
    labels: Callable[[Metadata], tuple[str, ...]]
    """Of an article; empty where it states none."""
    field: str
    """Of the metadata: where an article states it."""
    lacks: str
    """What is said of an article without it."""
    lack: str
    """The same of several."""
    verb: str = ""
    """Stands between a single article and its label; empty for days, months and years."""


def _groups(chosen: Chosen, facet: _Facet, library: Library) -> LookedUp:
    """How many articles there are of each label; of a single article, what its label is."""
    query, rows = chosen.query, _Rows(library)
    labelled = [one for one in chosen.entries if facet.labels(one.metadata)]
    unlabelled = [one for one in chosen.entries if not facet.labels(one.metadata)]
    notes = [*chosen.notes, *_lacking(chosen, unlabelled, facet.lacks, facet.lack)]
    if facet.verb and not query.group and len(labelled) == 1:
        (entry,) = labelled
        title, names = source(library.article(entry.id)), _and(facet.labels(entry.metadata))
        rows.add(
            f"{title} {facet.verb} {names}.",
            rows.lines(labelled, [facet.field], query.mentioning),
        )
        return rows.end("", notes)
    for label, entries in _ranked(_grouped(labelled, facet), facet, query).items():
        title = source(library.article(entries[0].id))
        titled = f", {title}" if not query.group and len(entries) == 1 else ""
        cited = rows.lines(entries[:_CITED], [facet.field], query.mentioning)
        rows.add(f"{label}: {counted(len(entries))}{titled}", cited)
    return rows.end(f"{_capital(chosen.called(len(labelled)))}, by {facet.kind}:", notes)


def _grouped(entries: Iterable[Entry], facet: _Facet) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        for label in facet.labels(entry.metadata):
            groups.setdefault(label, []).append(entry)
    return groups


def _ranked(
    groups: dict[str, list[Entry]], facet: _Facet, query: CatalogueQuery
) -> dict[str, list[Entry]]:
    """The groups to show: of names the largest first, and all that are as large as the last one;
    of days, months and years in order of time."""
    limit = query.limit or len(groups)
    if not facet.verb:
        # The entries come in the order asked for, else newest first.
        ordered = list(groups) if query.order else list(reversed(groups))
        return {label: groups[label] for label in ordered[:limit]}
    by_size = sorted(groups, key=lambda label: (-len(groups[label]), label))
    least = min((len(groups[label]) for label in by_size[:limit]), default=0)
    return {label: groups[label] for label in by_size if len(groups[label]) >= least}


def _compared(query: CatalogueQuery, within: Filter, library: Library) -> LookedUp:
    """How many articles there are of each name, or of each topic."""
    rows, notes, found = _Rows(library), [], {}
    for name in query.compared:
        chosen, fields, phrases = _side(name, query, within, library)
        if not chosen.entries:
            notes.append(nothing(chosen, library))
            continue
        found[name] = len(chosen.entries)
        entries = chosen.entries[:_CITED]
        rows.add(f"{name}: {counted(found[name])}", rows.lines(entries, fields, phrases))
    sizes = sorted(found.values(), reverse=True)
    if len(sizes) < 2:
        return rows.end("", notes)
    most = max(found, key=lambda name: found[name])
    lead = f"{most} has the most articles:" if sizes[0] > sizes[1] else "There are as many of each:"
    return rows.end(lead if sizes[0] > sizes[1] or len(sizes) == 2 else "", notes)


def _side(
    name: str, query: CatalogueQuery, within: Filter, library: Library
) -> tuple[Chosen, Sequence[str], Sequence[str]]:
    """The articles by this author or publisher or, if there is none, that mention the name."""
    register, bare = library.register(), replace(query, compared=())
    if register.holds(Filter(authors=(name,))):
        return choose(bare, replace(within, authors=(name,)), library), ("authors",), ()
    if register.holds(Filter(publishers=(name,))):
        return choose(bare, replace(within, publishers=(name,)), library), ("publisher",), ()
    bare = replace(bare, mentioning=(*bare.mentioning, name))
    return choose(bare, within, library), (), (name,)


def _fields(chosen: Chosen) -> list[str]:
    """What a row must cite of its article: what it was chosen or ordered by."""
    within = chosen.within
    asked = {
        "authors": bool(within.authors),
        "publisher": bool(within.publishers),
        "published": within.published != ALWAYS or chosen.query.order is not None,
    }
    return [field for field, is_asked in asked.items() if is_asked]


def _lacking(chosen: Chosen, entries: Sequence[Entry], lacks: str, lack: str) -> list[str]:
    """That these articles do not say what was asked for."""
    if not entries:
        return []
    if len(entries) == len(chosen.entries) == 1:
        return [f"{_title(entries[0])} {lacks}."]
    return [f"{counted(len(entries))} {lacks if len(entries) == 1 else lack}."]


def _not_found(*sentences: str) -> LookedUp:
    message = " ".join(filter(None, sentences))
    return LookedUp(Evidence(), (), Conclusion(Outcome.NOT_FOUND, message=message))


def _there_is(library: Library) -> str:
    """Whom articles are from, for a person."""
    holdings = library.register().holdings
    told = f"{who_there_is(holdings)} {_capital(where_from(holdings))}"
    return _capital(told)


def _title(entry: Entry) -> str:
    return quoted(entry.metadata.title) if entry.metadata.title else entry.paths[0]


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _day_label(form: str) -> Callable[[Metadata], tuple[str, ...]]:
    def label(known: Metadata) -> tuple[str, ...]:
        day = known.published
        return (f"{day:{form}}".lstrip("0"),) if day else ()

    return label


_NO_DATE = ("has no date", "have no date")
_FACETS = {
    Grouping.AUTHOR: _Facet(
        "author",
        lambda known: known.authors,
        "authors",
        "names no author",
        "name no author",
        "is by",
    ),
    Grouping.PUBLISHER: _Facet(
        "publisher",
        lambda known: (known.site,) if known.site else (),
        "publisher",
        "names no publisher",
        "name no publisher",
        "was published by",
    ),
    Grouping.YEAR: _Facet("year", _day_label("%Y"), "published", *_NO_DATE),
    Grouping.MONTH: _Facet("month", _day_label("%B %Y"), "published", *_NO_DATE),
    Grouping.DAY: _Facet("day", _day_label("%d %B %Y"), "published", *_NO_DATE),
}
