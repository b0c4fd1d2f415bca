"""Facts: every number, date, name and quotation of a statement, compared with what it cites.

Exact comparison, in any language, and no judgement: a finding says that something is not in the
cited text. Where that can be doubted there is none, since a false alarm costs trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answer import Finding
from assistant.verification.dates import Calendar, DateMention, Day, calendar, mentions
from assistant.verification.language import language_of, script_of, words
from assistant.verification.names import KnownNames, names
from assistant.verification.numbers import Number, agrees, numbers, units_of_time
from assistant.verification.source import Source
from index.sentences import runs

_QUOTATION = re.compile(r"[\"“«„]([^\"“”«»„]{2,})[\"”»“]")
_FEW = 3
"""Words, fewer than which tell nothing."""
_LEFT_OUT = re.compile(r"\[[^\]]*\]|\([^)]*\)|…|\.{3}")


def find_mismatches(
    statement: str, sources: Sequence[Source], question: str | None = None
) -> tuple[Finding, ...]:
    """What of ``statement`` is not in the texts it cites, in order of its characters.

    Names of the ``question`` are taken as known: an answer repeats them.
    """
    known = _Known(statement, tuple(sources), question or "")
    if not sources or known.holds(statement):
        return ()
    stated = known.mentions(statement)
    quoted = [*_quotations(statement, known)]
    rest = _blank(statement, stated)
    found = [*_dates(statement, stated, known), *_numbers(rest, known), *_names(rest, known)]
    found = [
        one for one in found if not any(q.start <= one.start and one.end <= q.end for q in quoted)
    ]
    return tuple(sorted([*quoted, *found], key=lambda one: one.start))


def is_quoted(statement: str, sources: Sequence[Source]) -> bool:
    """Whether ``statement`` is a whole sentence of one of ``sources``, or all of it.

    Part of a sentence is not enough: "It is not true that Kerry met Lavrov."
    """
    said = words(statement)
    return bool(said) and any(said in _sentences(source.text) for source in sources)


def _sentences(text: str) -> list[list[str]]:
    spans = [span for run in runs(text) for span in run.sentences]
    return [words(text), *(words(span.of(text)) for span in spans)]


def claims_something(sentence: str) -> bool:
    """Whether ``sentence`` may be wrong: it is no question, and has a name, a number, a date or
    more than a few words."""
    if sentence.rstrip('"”’»)').endswith(("?", "？", "؟")):
        return False
    code = language_of(sentence)
    stated = mentions(sentence, code)
    rest = _blank(sentence, stated)
    said = words(sentence)
    enough = len(said) >= _FEW or any(len(word) >= 2 * _FEW for word in said if not word.isascii())
    return enough and bool(len(said) > _FEW or stated or names(rest, code) or numbers(rest, code))


@dataclass(frozen=True)
class _Known:
    """What the cited texts and the heads of their articles state."""

    statement: str
    sources: tuple[Source, ...]
    question: str

    @cached_property
    def language(self) -> str:
        """The statement's."""
        return language_of(self.statement, self.text)

    @cached_property
    def text(self) -> str:
        return " ".join(source.text for source in self.sources)

    @cached_property
    def _head(self) -> str:
        parts = [
            part
            for source in self.sources
            for part in (source.title, *source.authors, source.publisher, source.heading)
            if part
        ]
        return " . ".join(dict.fromkeys(parts))

    @cached_property
    def _before(self) -> str:
        return " . ".join(dict.fromkeys(source.before for source in self.sources if source.before))

    @cached_property
    def source_language(self) -> str:
        return language_of(self.text, self.statement)

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.source_language, self.language)))

    @cached_property
    def word_sequence(self) -> str:
        """All words, folded, for whole phrases to be looked for in."""
        return f" {' '.join(words(f'{self.text} {self._head}'))} "

    def holds(self, phrase: str) -> bool:
        """Whether the words of ``phrase`` stand there in this order."""
        return f" {' '.join(words(phrase))} " in self.word_sequence

    def mentions(self, text: str) -> list[DateMention]:
        """The dates in ``text``, in the statement's language or the cited text's."""
        return mentions(text, *self._languages)

    @cached_property
    def stated(self) -> tuple[tuple[str, DateMention], ...]:
        """The dates of the cited text itself, as written."""
        return tuple((self.text[one.start : one.end], one) for one in self.mentions(self.text))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return tuple(
            number
            for text in (self.text, self._head)
            for code in self._languages
            for number in numbers(_blank(text, self.mentions(text)), code)
        )

    @cached_property
    def calendar(self) -> Calendar:
        parts = [text for text in (self.text, self._head, self._before) if text]
        published = [source.published for source in self.sources if source.published]
        lengths = {
            (int(value), number.unit)
            for number in self.numbers
            for value in number.values
            if number.unit.isalpha() and value == int(value)
        }
        return calendar(parts, self._languages, published, lengths)

    @cached_property
    def years(self) -> tuple[Number, ...]:
        years = {float(day.year) for day in self.calendar.days if day.year}
        return tuple(Number(0, 0, frozenset({year})) for year in sorted(years))

    @cached_property
    def names(self) -> KnownNames:
        known = (self.text, self._head, self._before, self.question)
        return KnownNames(" . ".join(known), self.language)

    @cached_property
    def units(self) -> set[str]:
        return {unit for code in self._languages for unit in units_of_time(self.text, code)}


def _quotations(statement: str, known: _Known) -> Iterator[Finding]:
    if known.source_language != known.language:
        return  # translated
    for match in _QUOTATION.finditer(statement):
        parts = [part for part in _LEFT_OUT.split(match[1]) if words(part)]
        if _is_title(match[1]):
            continue  # its words are compared as names
        if not all(known.holds(part) for part in parts):
            yield Finding(
                "quotation", *match.span(), f"{match.group()} is not quoted from the cited text."
            )


def _is_title(quoted: str) -> bool:
    """Whether most long words have a capital letter: the title of a work."""
    long: list[str] = re.findall(r"[^\W\d_]{4,}", quoted)
    return sum(word[0].isupper() for word in long) > (len(long) + 1) / 2


def _dates(statement: str, stated: Sequence[DateMention], known: _Known) -> Iterator[Finding]:
    for mention in stated:
        agreed = any(known.calendar.agrees(day) for day in mention.readings)
        if agreed or _is_known_number(mention, known):
            continue
        said = statement[mention.start : mention.end]
        yield _finding("date", mention.start, mention.end, said, _other_date(mention, known))


def _is_known_number(mention: DateMention, known: _Known) -> bool:
    """Whether what looks like a year is a number that the text states."""
    only = mention.readings[0]
    if only.year is None or only != Day(year=only.year):
        return False
    return any(float(only.year) in number.values for number in known.numbers)


def _other_date(mention: DateMention, known: _Known) -> str | None:
    """The one date of the text that may be meant: equally exact, and partly the same."""
    claimed = mention.readings[0]
    alike = [
        (said, day)
        for said, one in known.stated
        for day in one.readings
        if _shape(day) == _shape(claimed)
    ]
    same = {said for said, day in alike if _shared(day, claimed)} or {said for said, _ in alike}
    return same.pop() if len(same) == 1 else None


def _shape(day: Day) -> tuple[bool, ...]:
    return (day.month is not None, day.day is not None, day.weekday is not None)


def _shared(one: Day, other: Day) -> bool:
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return any(a is not None and a == b for a, b in pairs)


def _numbers(statement: str, known: _Known) -> Iterator[Finding]:
    stated = numbers(statement, known.language)
    for number in stated:
        if agrees(number, (*known.numbers, *known.years), known.units):
            continue
        if known.calendar.elapsed(number.unit) & {int(value) for value in number.values}:
            continue
        said = statement[number.start : number.end]
        instead = _other_number(number, stated, known)
        yield _finding("number", number.start, number.end, said, instead)


def _other_number(number: Number, stated: Sequence[Number], known: _Known) -> str | None:
    """The one number of the text that may be meant: it measures or counts the same."""
    taken = [one.values for one in stated]
    code = known.source_language
    here = numbers(_blank(known.text, [one for _, one in known.stated]), code)
    alike = {
        known.text[one.start : one.end]
        for one in here
        if one.values not in taken
        and one.unit == number.unit
        and (one.unit not in ("", "%") or one.noun[:4] == number.noun[:4])
    }
    return alike.pop() if len(alike) == 1 else None


def _names(statement: str, known: _Known) -> Iterator[Finding]:
    if known.source_language != known.language or script_of(statement) != script_of(known.text):
        return  # names of places differ between languages
    for name in names(statement, known.language):
        missing = known.names.missing(name)
        if missing:
            said = statement[name.start : name.end]
            start = name.start + said.index(missing[0])
            end = name.start + said.rindex(missing[-1]) + len(missing[-1])
            yield _finding("name", start, end, statement[start:end], None)


def _finding(kind: str, start: int, end: int, said: str, instead: str | None) -> Finding:
    message = f"“{said}” is not in the cited text" + (f"; it says “{instead}”." if instead else ".")
    return Finding(kind, start, end, message, instead)


def _blank(text: str, stated: Sequence[DateMention]) -> str:
    """``text`` with its dates blanked out, every other character in its place."""
    for one in stated:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text
