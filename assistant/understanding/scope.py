"""Which articles a question wants: by their date, author or publisher, as far as it says.

A question that speaks of the articles themselves ("articles from 2015", "what was written since
May", "according to" a publisher of the corpus) restricts what is searched. One that only names a
time or a person who writes ("what happened in April 2016?", "what does Barmin say?") prefers
articles of about that time, or theirs: the answer may stand in others. What the corpus has not is
not silently widened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from assistant.periods import Mention, mentions, written
from assistant.words import fold
from index.filtering import ALWAYS, EVERYTHING, Filter, Period, squeezed
from index.register import Holdings

_AROUND = relativedelta(years=1)
"""So far from a period, articles about it are preferred."""

_LISTED = 6
"""How many names a refusal gives."""

_NOUNS = ("article", "piece", "column", "op-ed", "oped", "post", "essay", "text")
_ARTICLES = rf"(?:(?:{'|'.join(_NOUNS)})s?|coverage|news)"
_LINKS = frozenset(
    """
    about appear appeared appearing are available been by came come dated do exist from had has
    have in is of on out posted printed published released that the there was were which written
    you
    """.split()
)
"""Words that may stand between "articles" and what says which."""
_WHAT_WAS_SAID = re.compile(
    r"^\W*(?:and |so |but )?what(?: else)? (?:was|is|were|has been|had been|have been) (?:\w+ )?"
    r"(?:said|written|published|reported|printed|posted)\b",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\W*(?:what|who|which)\b.*\b(?:wrote|write|writes|written|publish|published|printed|posted"
    r"|came out|come out|appeared)(?: anything| something)?\s*$",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:also |really |actually )?(?:say|said|think|thought|argue|believe|write|wrote|claim|advise"
    r"|recommend|conclude|propose|suggest|view|expect|warn|describe|explain|see|judge|assess|report"
    r"|stress|note|predict|consider|call|tell|told)(?:s|d|ed)?\b"
)
_HE_SAYS = re.compile(rf"^(?:['’]s (?:view|opinion|words|eyes|analysis|judge?ment)\b|\s+{_SAYS})")
_HE_WROTE = re.compile(r"^\s+(?:also |ever )?(?:write|wrote|written|publish|published)\b")
_ASKS_WHAT = re.compile(
    r"^\W*(?:and |so |but )?(?:what|which|how many)(?: \w+){0,2} (?:did|does|do|has|have) $",
    re.IGNORECASE,
)
_HIS_ARTICLES = re.compile(rf"^['’]s?\s+(?:\w+\s+){{0,2}}?{_ARTICLES}\b")
_ACCORDING = re.compile(r"\baccording to (?:the )?$", re.IGNORECASE)
_WRITTEN_BY = re.compile(r"\b(?:written|published|authored|penned) (?:by|in|on) (?:the )?$")
_BY = re.compile(r"\b(?:by|of|from) $")
_IN = re.compile(r"\b(?:in|on|by) (?:the )?$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{2,}[\"”“»]")
_TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_NAME = r"(?:[A-ZÀ-Þ][\w.-]*(?: (?:of|for|and|de|van|von|al|el|bin) (?=[A-ZÀ-Þ]))?\s?)+"
_BY_SOMEBODY = re.compile(rf"\b{_ARTICLES} (?:\w+ )?by (?P<name>{_NAME})")
_SAID_BY_SOMEBODY = re.compile(rf"\b[Aa]ccording to (?:the )?(?P<name>{_NAME})")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are asked about."""

    within: Filter = EVERYTHING
    """Only these are searched."""
    preferred: Filter = EVERYTHING
    """These are favoured."""
    unheard: tuple[str, ...] = ()
    """Words of which one must stand in the articles, or none can answer: a year after all of
    them, a source that is no publisher here."""

    def inside(self, given: Filter) -> Scope:
        """This scope under a filter that was given beside the question, which goes first."""
        return replace(self, within=given.narrowed(self.within))

    @property
    def words(self) -> str:
        """For a person: ``Articles from 2015 only.``; empty where nothing is restricted."""
        said = []
        if self.within:
            said.append(f"{described(self.within)} only.")
        if self.preferred:
            said.append(f"{described(self.preferred)} first.")
        return " ".join(said)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "words": self.words,
            "within": _filter_dict(self.within),
            "preferred": _filter_dict(self.preferred),
        }


NO_SCOPE = Scope()
"""All articles alike."""


def understand(question: str, held: Holdings, today: date) -> Scope:
    """The scope that the question states, given what the corpus holds."""
    text = unquoted(question)
    periods = mentions(text, held.days, today)
    by_period = _of_periods(text, periods, held)
    by_author = _of_authors(text, held)
    by_publisher = _of_publishers(text, held)
    unknown = Scope()
    if not (by_author.within.authors or by_publisher.within.publishers):
        unknown = _of_nobody(text, held)
    return _joined((by_period, by_author, by_publisher, unknown))


def unquoted(question: str) -> str:
    """The question with its quotations, which may be titles, blanked: offsets stay true."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted.group()), question)


def _joined(scopes: Sequence[Scope]) -> Scope:
    joined = Scope()
    for one in scopes:
        joined = Scope(
            joined.within.narrowed(one.within),
            joined.preferred.narrowed(one.preferred),
            joined.unheard + one.unheard,
        )
    return joined


# Periods


def _of_periods(text: str, periods: Sequence[Mention], held: Holdings) -> Scope:
    explicit = [one for one in periods if _is_of_articles(text, one)]
    if len(explicit) == 1:
        return Scope(within=Filter(explicit[0].period))
    if len(periods) != 1 or explicit:
        return Scope()
    (one,) = periods
    first, last = one.period
    if held.days and one.dated and first and first > held.days[-1]:
        return Scope(unheard=tuple(_years(one.period)))
    if not one.dated and first == last:
        return Scope()  # the day of an event
    return Scope(preferred=Filter(_around(one.period)))


def _around(period: Period) -> Period:
    """When what happened in that period is written about: announced, told, looked back on.

    What happened since a day is told from then on; what happened before it, at any time.
    """
    first, last = period
    if first is None or last is None:
        return first, None
    day = relativedelta(days=1)  # a year after the last of a month is the last of a month
    return first - _AROUND, last + day + _AROUND - day


def _is_of_articles(text: str, one: Mention) -> bool:
    before = text[: one.start]
    if _of_articles(before) or _WROTE.search(before):
        return True
    said = _WHAT_WAS_SAID.search(before)
    first, last = one.period
    is_of_an_event = first == last and said and "said" in said.group()  # somebody spoke that day
    return bool(said) and not is_of_an_event


def _of_articles(before: str) -> bool:
    """Whether what follows ``before`` says which articles: "articles that came out in"."""
    end = len(before)
    for token in reversed(list(_TOKEN.finditer(before))):
        if re.search(r"[^\s'’]", before[token.end() : end]):
            return False
        word, end = token.group().lower(), token.start()
        if re.fullmatch(_ARTICLES, word):
            return True
        if word not in _LINKS and not token.group()[0].isupper():
            return False
    return False


def _years(period: Period) -> Iterator[str]:
    first, last = period
    if first:
        for year in range(first.year, min((last or first).year, first.year + 10) + 1):
            yield str(year)


# Authors


def _of_authors(text: str, held: Holdings) -> Scope:
    scope = Scope()
    for start, end, authors in authors_named(text, held):
        before, after = text[:start], text[end:]
        wanted = Filter(authors=authors)
        if _writes(before, after):
            scope = replace(scope, within=scope.within.narrowed(wanted))
        elif _ACCORDING.search(before) or _HE_SAYS.search(after):
            scope = replace(scope, preferred=scope.preferred.narrowed(wanted))
    return replace(scope, preferred=EVERYTHING) if scope.within else scope


def _writes(before: str, after: str) -> bool:
    """Whether the name between is said to have written articles."""
    return bool(
        (_BY.search(before) and _of_articles(before))
        or _WRITTEN_BY.search(before)
        or _HIS_ARTICLES.search(after)
        or (_HE_WROTE.search(after) and _ASKS_WHAT.search(before))
    )


def authors_named(text: str, held: Holdings) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where authors are named, by their last names at least, and which."""
    surnames = _surnames(held.authors)
    tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        word = re.sub(r"['’]s?$", "", token.group())
        candidates = surnames.get(fold(word), ())
        found, start = _matching(candidates, tokens, at)
        if found and (start < token.start() or word[:1].isupper()):
            yield start, token.start() + len(word), found


def _matching(
    candidates: Sequence[str], tokens: Sequence[re.Match[str]], at: int
) -> tuple[tuple[str, ...], int]:
    """Those of the candidates whom the words before the last name fit, and where it begins."""
    best: tuple[str, ...] = ()
    start = tokens[at].start()
    for name in candidates:
        first_names = [fold(one.group()) for one in _TOKEN.finditer(name)][:-1]
        before = [fold(one.group()) for one in tokens[max(0, at - len(first_names)) : at]]
        if first_names and before == first_names:
            return (name,), tokens[at - len(first_names)].start()
    previous = tokens[at - 1].group() if at else ""
    if not previous[:1].isupper() or at == 1 or previous.lower() in _NO_FIRST_NAME:
        best = tuple(candidates)
    return best, start


_NO_FIRST_NAME = frozenset("mr mrs ms dr prof professor sir according in by does did what".split())


@lru_cache(maxsize=4)
def _surnames(authors: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in authors:
        parts = _TOKEN.findall(name)
        if parts and len(parts[-1]) > 1:
            last = fold(parts[-1])
            found[last] = (*found.get(last, ()), name)
    return found


# Publishers


def _of_publishers(text: str, held: Holdings) -> Scope:
    scope = Scope()
    for start, end, publisher in publishers_named(text, held):
        before, after = text[:start], text[end:]
        wanted = Filter(publishers=(publisher,))
        if _ACCORDING.search(before) or _of_articles(before) or _WRITTEN_BY.search(before):
            scope = replace(scope, within=scope.within.narrowed(wanted))
        elif _IN.search(before) or _HE_SAYS.search(after):
            scope = replace(scope, preferred=scope.preferred.narrowed(wanted))
    return replace(scope, preferred=EVERYTHING) if scope.within else scope


def publishers_named(text: str, held: Holdings) -> Iterator[tuple[int, int, str]]:
    """Where publishers are named, and which."""
    known = _sites(held.publishers)
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        for last in range(min(at + _LONGEST, len(tokens)) - 1, at - 1, -1):
            start, end = tokens[at].start(), tokens[last].end()
            name = re.sub(r"['’]s?$", "", text[start:end])
            site = known.get(squeezed(name))
            if site and (name[:1].isupper() or "." in name) and len(squeezed(name)) > 1:
                yield start, start + len(name), site
                at = last
                break
        at += 1


_LONGEST = 7
"""Words in a publisher's name."""


@lru_cache(maxsize=4)
def _sites(publishers: tuple[str, ...]) -> dict[str, str]:
    """What a question may call the publishers, squeezed."""
    found = {squeezed(label): name for name in publishers for label in name.split(".")[:-1]}
    return found | {squeezed(name): name for name in publishers}


# What the corpus has not


def _of_nobody(text: str, held: Holdings) -> Scope:
    if match := _BY_SOMEBODY.search(text):
        return Scope(within=Filter(authors=(match["name"].strip(),)))
    if match := _SAID_BY_SOMEBODY.search(text):
        name = match["name"].strip()
        if not any(True for _ in authors_named(name, held)):
            return Scope(unheard=tuple(_TOKEN.findall(name)))
    return Scope()


def described(wanted: Filter) -> str:
    """The articles that a filter admits, in words: ``Articles from 2015 by Ann Lee``."""
    parts = ["Articles"]
    if wanted.published != ALWAYS:
        parts.append(written(wanted.published))
    if wanted.authors:
        parts.append(f"by {' or '.join(wanted.authors)}")
    if wanted.publishers:
        parts.append(f"in {' or '.join(wanted.publishers)}")
    if wanted.articles:
        count = len(wanted.articles)
        parts.append(f"({wanted.articles[0]})" if count == 1 else f"({count} of them)")
    return " ".join(parts)


def lacking(wanted: Filter, held: Holdings) -> str:
    """Why no article passes the filter, and what there is instead."""
    sentences = [f"There are no {described(wanted)[0].lower()}{described(wanted)[1:]}."]
    if wanted.published != ALWAYS:
        sentences.append(_period(held) or "No article is dated.")
    if wanted.authors:
        sentences.append(_listed("authors", held.authors))
    if wanted.publishers:
        sentences.append(_listed("publishers", held.publishers))
    return " ".join(sentences)


def unheard(words: Sequence[str], held: Holdings) -> str:
    """Why nothing can answer: no article is of that time or source, and none mentions it."""
    named = " or ".join(words)
    return f"No article is of, by or about {named}. {_period(held)}".rstrip()


def _period(held: Holdings) -> str:
    if not held.days:
        return ""
    dated = held.articles - held.undated
    count = "The dated article is" if dated == 1 else f"The {dated:,} dated articles are"
    others = f"; {held.undated:,} more bear no date" if held.undated else ""
    return f"{count} {written((held.days[0], held.days[-1]))}{others}."


def _listed(what: str, names: Sequence[str]) -> str:
    if not names:
        return f"No {what} are known."
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return f"Known {what}: {', '.join(names[:_LISTED])}{more}."


def _filter_dict(wanted: Filter) -> dict[str, object] | None:
    if not wanted:
        return None
    first, last = wanted.published
    return {
        "published": [first and first.isoformat(), last and last.isoformat()],
        "authors": list(wanted.authors),
        "publishers": list(wanted.publishers),
        "articles": list(wanted.articles),
    }
