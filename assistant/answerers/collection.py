"""Which articles a question about the collection is about, and how they are called.

Articles are chosen by what the register knows of them and, where a topic is asked for, by the index
of words: completely, and without reading their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer import described
from assistant.understanding.question import CatalogueQuery, Order
from index.filtering import ALWAYS, Filter

if TYPE_CHECKING:
    from index.library import Library
    from index.register import Entry, Holdings

_NAMED = 10
"""Authors or publishers named where nothing was found."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The articles that a query over the catalogue is about."""

    query: CatalogueQuery
    within: Filter
    entries: tuple[Entry, ...]
    """In the order asked for, else newest first; those without a date last."""
    notes: tuple[str, ...] = ()
    """What a person should know about how they were chosen, a sentence each."""
    titles: tuple[str, ...] = ()
    """Of the articles that the filter names."""

    def called(self, count: int) -> str:
        """``12 articles from 2016 that mention “ferry”``."""
        clause = self.clause(count)
        return f"{self.subject(count)} that {clause}" if clause else self.subject(count)

    def sentence(self, count: int) -> str:
        """``12 articles from 2016 mention “ferry”``."""
        return f"{self.subject(count)} {self.clause(count)}".strip()

    def subject(self, count: int) -> str:
        """``12 articles from 2016``."""
        return f"{counted(count)}{self.scope}"

    @property
    def scope(self) -> str:
        """`` from 2016 by Ann Lee``; empty where every article is admitted."""
        wanted = replace(self.within, articles=self.titles) if self.titles else self.within
        return described(wanted).removeprefix("Articles")

    def clause(self, count: int) -> str:
        """``mention “ferry” but not “storm”``; empty where no topic is asked for."""
        mention = "mentions" if count == 1 else "mention"
        held = " and ".join(map(quoted, self.query.mentioning))
        missing = " or ".join(map(quoted, self.query.without))
        if held and missing:
            return f"{mention} {held} but not {missing}"
        if missing:
            return f"{'does' if count == 1 else 'do'} not mention {missing}"
        return f"{mention} {held}" if held else ""


def choose(query: CatalogueQuery, within: Filter, library: Library) -> Chosen:
    """The articles that ``within`` admits and the topics of the query fit."""
    register = library.register()
    sought, notes = _mentioned(query, within, library)
    entries = [one for one in register.articles(within) if sought is None or one.id in sought]
    if within.published != ALWAYS:
        anytime = register.articles(replace(within, published=ALWAYS))
        notes += _undated(sum(_fits(one, sought) and not one.metadata.published for one in anytime))
    if query.order and any(one.metadata.published for one in entries):
        undated = [one for one in entries if not one.metadata.published]
        notes += _undated(len(undated))
        entries = [one for one in entries if one.metadata.published]
    ordered = sorted(entries, key=_age, reverse=query.order is not Order.OLDEST)
    titles = tuple(one.name for one in register.articles(Filter(articles=within.articles)))
    return Chosen(query, within, tuple(ordered), tuple(notes), titles if within.articles else ())


def nothing(chosen: Chosen, library: Library) -> str:
    """Why no article fits, and what there is instead, for a person."""
    within, register = chosen.within, library.register()
    holdings = register.holdings
    if not holdings.articles:
        return "There are no articles yet."
    if within.authors and not register.holds(Filter(authors=within.authors)):
        return f"No article is by {' or '.join(within.authors)}; {who_there_is(holdings)}"
    if within.publishers and not register.holds(Filter(publishers=within.publishers)):
        return f"No article is from {' or '.join(within.publishers)}; {where_from(holdings)}"
    period = Filter(within.published)
    if period and not register.holds(period):
        return f"There is no article{replace(chosen, within=period).scope}; {when(holdings)}"
    if not register.holds(within):
        return f"There is no article{chosen.scope}; there are {holdings.articles:,} in all."
    return _no_mention(chosen, library)


def who_there_is(holdings: Holdings) -> str:
    """``the authors are Ann Lee, Bo Ek and 12 others.``"""
    return _there_is("author", holdings.authors)


def where_from(holdings: Holdings) -> str:
    """The same of publishers."""
    return _there_is("publisher", holdings.publishers)


def when(holdings: Holdings) -> str:
    """``the articles are from 3 May 2015 to 9 June 2016.``"""
    if not holdings.days:
        return "no article has a date."
    return f"the articles are from {written(holdings.days[0])} to {written(holdings.days[-1])}."


def written(day: date) -> str:
    """``28 April 2016``."""
    return f"{day.day} {day:%B %Y}"


def counted(count: int) -> str:
    """``1 article``, ``12 articles``."""
    return "1 article" if count == 1 else f"{count:,} articles"


def quoted(phrase: str) -> str:
    """``“ferry”``."""
    return f"“{phrase}”"


def _mentioned(
    query: CatalogueQuery, within: Filter, library: Library
) -> tuple[frozenset[str] | None, list[str]]:
    """Ids of the articles whose words fit, ``None`` where any do; and what is to be said of it."""
    found: frozenset[str] | None = None
    notes = []
    for phrase in query.mentioning:
        holding = library.mentioning(phrase, within)
        if not holding and (holding := library.mentioning(phrase, within, together=False)):
            notes.append(f"The words {quoted(phrase)} stand in the same passage, not together.")
        found = holding if found is None else found & holding
    for phrase in query.without:
        if found is None:
            found = frozenset(entry.id for entry in library.register().entries)
        found -= library.mentioning(phrase)
    return found, notes


def _fits(entry: Entry, sought: frozenset[str] | None) -> bool:
    return sought is None or entry.id in sought


def _age(entry: Entry) -> tuple[date, str]:
    return entry.metadata.published or date.min, entry.paths[0]


def _undated(count: int) -> list[str]:
    return [f"{counted(count)} without a date {are(count)} excluded."] if count else []


def are(count: int) -> str:
    """``is`` or ``are``."""
    return "is" if count == 1 else "are"


def _no_mention(chosen: Chosen, library: Library) -> str:
    query = chosen.query
    if not query.mentioning:
        missing = " or ".join(map(quoted, query.without))
        return f"Every article{chosen.scope} mentions {missing}."
    phrases = (*query.mentioning, *query.without)
    counts = {phrase: len(library.mentioning(phrase, chosen.within)) for phrase in phrases}
    each = [
        f"{counted(count)} {'mentions' if count == 1 else 'mention'} {quoted(phrase)}"
        for phrase, count in counts.items()
        if count
    ]
    told = f"; {', '.join(each)}" if each else ""
    return f"No article{chosen.scope} {chosen.clause(1)}{told}."


def _there_is(kind: str, names: Sequence[str]) -> str:
    if not names:
        return f"no article names its {kind}."
    if len(names) == 1:
        return f"the only {kind} is {names[0]}."
    shown, more = names[:_NAMED], len(names) - _NAMED
    if more > 0:
        return f"the {kind}s are {', '.join(shown)} and {more:,} others."
    return f"the {kind}s are {', '.join(shown[:-1])} and {shown[-1]}."
