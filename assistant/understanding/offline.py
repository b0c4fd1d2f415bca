"""What a question asks, without a language model: the bundled reader, and the register's names.

The reader knows English. In other languages a question is one about what the articles say, and
nothing is guessed; names and dates are looked up nevertheless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.answer import Scope
from assistant.understanding.followup import cited, in_context, leans
from assistant.understanding.masking import Part, Read, read
from assistant.understanding.names import Names, fold, names_of, words_of
from assistant.understanding.question import (
    CatalogueQuery,
    Grouping,
    Intent,
    Kind,
    Order,
    Question,
    Shown,
)
from assistant.understanding.reader import Role
from assistant.understanding.resolving import both, resolve
from index.filtering import ALWAYS, Filter, Period
from index.register import Register

if TYPE_CHECKING:
    from assistant.conversation import Turn
    from index.library import Library

_FEW = 5
"""Articles that words of a title may mean."""
_TOLD_LATER = timedelta(days=365)
"""So long after something happened it is still written about."""
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()


def understand_offline(
    text: str, turns: Sequence[Turn], within: Filter, library: Library, today: date
) -> Question:
    """The question, understood from its words, the register and the turns before it."""
    register = library.register()
    names, days = names_of(register), register.holdings.days
    asked = read(text, names, days, today)
    if asked.heads["english"] == "no":
        return _content(text, asked, within, names)
    before = turns[:-1] if asked.heads["follows"] == "fragment" else turns
    if turns:
        asked = in_context(asked, turns, lambda said: read(said, names, days, today))
    if asked.heads["intent"] == Intent.TALK:
        return Question(text, text, Intent.TALK, Scope(within), (text,), "en")
    refers = leans(asked) or any(part.kind == "words" for part in asked.having(Role.ARTICLES))
    mentioned = cited(before) if refers else ()
    if asked.heads["intent"] == Intent.COLLECTION or _asks_for_a_time(asked):
        asked = _without_strangers(_with_passed_over(asked), names, library)
        question = _collection(text, asked, _chosen(within, mentioned), names)
        return _which(question, register) if refers and not question.scope.within else question
    if asked.heads["intent"] == Intent.OVERVIEW:
        return _overview(text, asked, _chosen(within, mentioned[:1]), names, register)
    question = replace(_content(text, asked, within, names, mentioned), language="en")
    if register.holds(question.scope.within):
        return question
    # The reader takes a time that something happened for one that articles are of: then it shows.
    return replace(question, scope=replace(question.scope, within=within))


def _with_passed_over(asked: Read) -> Read:
    """With names, as far as capitals tell them, that the reader took for no part: nobody's name
    is dropped, or all articles would answer for an author that has none."""
    taken = [range(part.start, part.end) for part in asked.parts]
    found: list[tuple[int, int]] = []
    for word in words_of(asked.text)[1:]:
        is_name = asked.text[word.start].isupper() and word.end - word.start > 1
        if not is_name or any(word.start in one for one in taken):
            continue
        joins = found and not asked.text[found[-1][1] : word.start].strip()
        found[-1:] = [(found[-1][0], word.end)] if joins else [*found[-1:], (word.start, word.end)]
    parts = [Part(start, end, asked.text[start:end], Role.RESTRICTS) for start, end in found]
    return replace(asked, parts=tuple(sorted((*asked.parts, *parts), key=lambda one: one.start)))


def _without_strangers(asked: Read, names: Names, library: Library) -> Read:
    """With those who are no authors but mentioned in articles as topics: "pieces quoting Penn"."""

    def is_mentioned(part: Part) -> bool:
        known = names.authors(part.text) or names.publishers(part.text)
        return not known and bool(library.mentioning(part.text))

    parts = [
        replace(part, role=Role.TOPIC)
        if part.role is Role.RESTRICTS and part.kind == "words" and is_mentioned(part)
        else part
        for part in asked.parts
    ]
    return replace(asked, parts=tuple(parts))


def _asks_for_a_time(asked: Read) -> bool:
    """Whether it names nothing but when: "What happened in May?" All articles of then answer it."""
    return bool(asked.parts) and all(
        part.kind == "period" and part.role is Role.RESTRICTS for part in asked.parts
    )


def _chosen(within: Filter, articles: Sequence[str]) -> Filter:
    return within.narrowed(Filter(articles=tuple(articles)))


# What the articles say


def _content(
    text: str, asked: Read, within: Filter, names: Names, mentioned: Sequence[str] = ()
) -> Question:
    is_english = asked.heads["english"] == "yes"
    named = asked.having(Role.PREFERRED) if is_english else asked.parts
    preferred = _filter(part for part in named if part.kind in ("author", "publisher", "period"))
    restricting = asked.having(Role.RESTRICTS) if is_english else ()
    # Words that name nobody known may be the reader's mistake: nothing is told of them.
    wanted, _ = resolve(_filter([*restricting, *asked.of("article")]), names)
    return Question(
        text,
        asked.text,
        scope=Scope(
            both(within, wanted),
            replace(preferred, published=_around(preferred.published), articles=tuple(mentioned)),
        ),
        queries=_queries(asked),
        kinds=tuple(kind for kind in Kind if asked.heads[kind] == "yes") if is_english else (),
    )


def _around(period: Period) -> Period:
    """When what happened in that period is written about: then, and for some time after it."""
    first, last = period
    return (first, last + _TOLD_LATER) if first and last else (first, None)


def _queries(asked: Read) -> tuple[str, ...]:
    """The whole question and, where it is several, each of them."""
    ends = [0, *(place for part in asked.having(Role.JOINS) for place in (part.start, part.end))]
    pairs = zip(ends[::2], [*ends[1::2], len(asked.text)], strict=True)
    queries = [asked.text[start:end].strip(" ,?") for start, end in pairs]
    return (asked.text, *queries) if len(queries) > 1 else (asked.text,)


# The articles themselves


def _collection(text: str, asked: Read, within: Filter, names: Names) -> Question:
    heads = asked.heads
    topics = [part for part in asked.parts if part.role is Role.TOPIC]
    compared = _compared(asked, topics) if heads["compared"] == "yes" else ()
    wanted = _filter(
        part
        for part in asked.parts
        if part.text not in compared and (part.kind != "words" or part.role is Role.RESTRICTS)
    )
    wanted = _known(wanted, names)
    shown = Shown(heads["show"]) if heads["intent"] == Intent.COLLECTION else Shown.ARTICLES
    if heads["single"] == "yes" and not heads["order"] and shown is not Shown.ARTICLES and topics:
        articles = _called(topics, names)
        wanted = replace(wanted, articles=wanted.articles or articles)
        topics = [] if articles else topics
    query = CatalogueQuery(
        shown,
        tuple(part.text for part in topics if part.text not in compared),
        tuple(part.text for part in asked.having(Role.EXCLUDED)),
        Grouping(heads["group"]) if heads["group"] else None,
        Order(heads["order"]) if heads["order"] else None,
        _limit(asked),
        tuple(_full(name, asked, names) for name in compared),
    )
    scope = Scope(both(within, wanted))
    return Question(
        text, asked.text, Intent.COLLECTION, scope, (asked.text,), "en", catalogue=query
    )


def _compared(asked: Read, topics: Sequence[Part]) -> tuple[str, ...]:
    """What is compared: two authors or publishers, or else two topics."""
    named = [part.text for part in asked.parts if part.kind in ("author", "publisher")]
    said = named if len(named) > 1 else [part.text for part in topics]
    return tuple(dict.fromkeys(said)) if len(said) > 1 else ()


def _full(said: str, asked: Read, names: Names) -> str:
    """An author's or publisher's whole name, where only one has that name; else as it is said."""
    found = next((part.names for part in asked.parts if part.text == said and part.names), ())
    return found[0] if len(found) == 1 else said


def _known(wanted: Filter, names: Names) -> Filter:
    """With names as the register has them; one that it does not have stays, and admits nothing."""
    authors: list[str] = []
    publishers = list(wanted.publishers)
    for name in wanted.authors:
        if found := names.authors(name):
            authors += found
        elif found := names.publishers(name):
            publishers += found
        else:
            authors.append(name)
    return replace(wanted, authors=tuple(authors), publishers=tuple(publishers))


def _called(topics: Sequence[Part], names: Names) -> tuple[str, ...]:
    """The few articles with all these words in their titles or paths; empty where none has, or
    many have."""
    found = names.articles(" ".join(part.text for part in topics))
    return found if len(found) <= _FEW else ()


def _limit(asked: Read) -> int | None:
    for part in asked.having(Role.LIMIT):
        said = fold(part.text)
        if said.isdecimal() and int(said) > 0:
            return int(said)
        if said in _NUMBERS:
            return _NUMBERS.index(said) + 1
    is_one = asked.heads["single"] == "yes" and asked.heads["order"]
    return 1 if is_one else None


# An article as a whole


def _overview(text: str, asked: Read, within: Filter, names: Names, register: Register) -> Question:
    wanted = _filter(part for part in asked.parts if part.kind != "words")
    if topics := asked.having(Role.TOPIC):
        wanted = replace(wanted, articles=wanted.articles or _called(topics, names))
    scope = Scope(both(within, wanted))
    question = Question(text, asked.text, Intent.OVERVIEW, scope, (asked.text,), "en")
    return question if scope.within or topics else _which(question, register)


def _which(question: Question, register: Register) -> Question:
    """Asks back, where one article is asked about and none has been named."""
    if len(register.entries) == 1:
        return question
    titles = [entry.name for entry in register.entries][:_FEW]
    choices = tuple(f"What is “{title}” about?" for title in titles)
    return replace(question, unclear="Which article do you mean? For example:", choices=choices)


# Filters


def _filter(parts: Iterable[Part]) -> Filter:
    """The filter that these parts of a question name; words are an author's who is not known."""
    named = list(parts)
    period = next((part.period for part in named if part.kind == "period"), ALWAYS)

    def of(kind: str) -> tuple[str, ...]:
        return tuple(name for part in named if part.kind == kind for name in part.names)

    authors = (*of("author"), *(part.text for part in named if part.kind == "words"))
    return Filter(period, authors, of("publisher"), of("article"))
