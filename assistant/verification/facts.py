"""Does the cited text carry the statement?

First rules, each of which can only refute: every number, date, name and quotation of the statement
must stand in the cited text (names also in the head of its article, or where a pronoun points back
to them); nothing may be denied that the text says, nor said that it denies; nobody may be given
another's words or another's part. Where it is known what the words mean, negations and opposites
are compared through other words for the same, too. What no rule refutes is weighed by its words and
its closeness in meaning, with a small fitted model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from assistant.answer import Support
from assistant.checks import dates, names, numbers, polarity, roles, speakers, wording
from assistant.checks.counterparts import Counterparts
from assistant.checks.tokens import content_stems, stems
from assistant.evidence import EvidenceSentence
from assistant.ranking import model
from assistant.words import words
from index.plain import plain

ENOUGH_WORDS = 0.5
"""The share of a statement's content words that the cited text must hold, where no closeness in
meaning is known."""

NEARLY_ALL = 0.75
"""The share of words that is enough whatever the closeness: a line of metadata has little of it."""

SUPPORT_FEATURES = ("closeness", "words")
"""Of a statement and its sentences. closeness: cosine of the statement and the nearest sentence;
words: share of the statement's content words that the text, its head or its context holds."""

SAME_SUBJECT = 0.6
"""A text that holds this share of a statement's words speaks of the same thing: what it denies of
it is a contradiction, and not only no support."""

CONTEXT = 400
"""Characters before a cited sentence in which what its pronouns mean is looked for."""

_QUOTATION = re.compile(r"[\"“«„]([^\"“”«»„]{2,})[\"”»“]")
_LEFT_OUT = re.compile(r"\[[^\]]*\]|…|\.{3}")
_POINTS_BACK = re.compile(
    r"\b(?:he|she|him|his|her|they|them|their|it|its|this|these|those|such|one|who"
    r"|the (?:[\w-]+ ){0,2}(?:group|organi[sz]ation|city|country|region|town|leader|president"
    r"|minister|analyst|expert|author|columnist|newspaper|magazine|paper|company|party|team|government"
    r"|regime|document|plan|talks|meeting|conference))\b",
    re.IGNORECASE,
)
_SPEAKS_OF_ARTICLE = re.compile(
    r"\b(?:article|published|publishes|writes|wrote|written|reports?|reported|newspaper)\b"
)


@dataclass(frozen=True)
class Source:
    """What is cited, with what a reader knows beside it."""

    cited: tuple[EvidenceSentence, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.cited)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """One by one, and together."""
        single = tuple(sentence.text for sentence in self.cited)
        return single if len(single) == 1 else (*single, self.text)

    @cached_property
    def head(self) -> str:
        """Titles, authors, publishers and headings of the articles."""
        heads = dict.fromkeys(_head(sentence) for sentence in self.cited)
        return " . ".join(heads)

    @cached_property
    def context(self) -> str:
        """What stands before the cited sentences, where something in them points back."""
        before = [
            plain(one.article.text[max(one.span.start - CONTEXT, 0) : one.span.start])
            for one in self.cited
            if _POINTS_BACK.search(one.text)
        ]
        return " ".join(before)

    @cached_property
    def known(self) -> str:
        """All of it, and when the articles were published."""
        days = {one.article.published for one in self.cited if one.article.published}
        published = " ".join(f"published {day.day} {day:%B %Y}" for day in sorted(days))
        return f"{self.text} . {self.head} . {self.context} . {published}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks against a statement."""

    refuted_by: tuple[str, ...]
    """Names of :data:`RULES`."""
    likely: bool
    """Words and meaning are near enough."""
    words: float
    """The share of the statement's content words that the text holds, 0 to 1."""

    @property
    def support(self) -> Support:
        carried = self.likely and not self.refuted_by
        return Support.SUPPORTED if carried else Support.UNVERIFIED

    @property
    def contradicted(self) -> bool:
        """The text speaks of the same thing and says otherwise."""
        return self.words >= SAME_SUBJECT and bool(CONTRADICTIONS.intersection(self.refuted_by))


class Meaning(Protocol):
    """What is known of the meaning of a statement and its sentences; asked only where rules that
    need none of it let the statement pass."""

    def closeness(self) -> float:
        """The cosine of the statement and the nearest sentence."""

    def counterparts(self) -> Counterparts:
        """Which words of the sentences those of the statement stand for."""


def check(statement: str, cited: Sequence[EvidenceSentence]) -> Support:
    """Whether the sentences, taken together, carry the statement, meaning left aside."""
    return examine(statement, cited).support


def examine(
    statement: str,
    cited: Sequence[EvidenceSentence],
    meaning: Meaning | None = None,
) -> Verdict:
    """What speaks against the sentences, taken together, carrying the statement.

    Without ``meaning`` words alone are compared and weighed.
    """
    if not cited:
        return Verdict((), likely=False, words=0.0)
    source = Source(tuple(cited))
    if pincite(statement, source.text):
        return Verdict((), likely=True, words=1.0)
    words = shared(statement, source.known)
    refuted_by = tuple(name for name, refutes in RULES.items() if refutes(statement, source))
    if meaning is not None and not refuted_by:
        refuted_by = _refuted_through(meaning.counterparts(), statement, source)
    likely = not refuted_by and _likely(words, meaning)
    return Verdict(refuted_by, likely, words)


def _refuted_through(same: Counterparts, statement: str, source: Source) -> tuple[str, ...]:
    """The rules that refute a statement once its words are read as those they stand for."""
    if not same:
        return ()
    rules = {
        "negation": polarity.reversed_in(statement, source.text, same),
        "opposite": polarity.opposed(statement, source.text, same),
    }
    return tuple(name for name, found in rules.items() if found)


def _likely(words: float, meaning: Meaning | None) -> bool:
    if meaning is None:
        return words >= ENOUGH_WORDS
    if words >= NEARLY_ALL:
        return True
    fitted = model("support")
    return (
        float(fitted(np.asarray([[meaning.closeness(), words]], np.float32))[0]) >= fitted.threshold
    )


def pincite(statement: str, text: str) -> bool:
    """Whether the statement is a stretch of the text, word for word."""
    return f" {' '.join(words(statement))} " in f" {' '.join(words(text))} "


def quotations(text: str) -> list[str]:
    """What stands between quotation marks."""
    return [match.group(1) for match in _QUOTATION.finditer(text)]


def shared(statement: str, text: str) -> float:
    """The share of the statement's content words that ``text`` holds, 0 to 1."""
    mine = content_stems(statement)
    there = stems(text)
    return sum(one in there for one in mine) / len(mine) if mine else 1.0


def _wrong_number(statement: str, source: Source) -> bool:
    known = numbers.numbers(f"{source.text} . {source.head}")
    return bool(numbers.missing(numbers.numbers(statement), known))


def _wrong_date(statement: str, source: Source) -> bool:
    claimed = dates.dates(statement)
    if not claimed:
        return False
    published = {one.article.published for one in source.cited if one.article.published}
    known = dates.dates(source.text)
    if source.context:
        known += dates.dates(source.context)
    if not known or _SPEAKS_OF_ARTICLE.search(statement):
        known += [dates.Day(one.year, one.month, one.day) for one in published]
    known += dates.dates(source.head)
    return bool(dates.missing(claimed, known, max(published, default=None)))


def _wrong_name(statement: str, source: Source) -> bool:
    whole = " ".join(dict.fromkeys(one.article.text for one in source.cited))
    return bool(names.missing(statement, source.known, whole)) or bool(
        names.mismatched(statement, source.known)
    )


def _wrong_quotation(statement: str, source: Source) -> bool:
    known = f" {' '.join(words(f'{source.text} . {source.head}'))} "
    pieces = [
        piece
        for quotation in quotations(statement)
        for piece in _LEFT_OUT.split(plain(quotation))
        if words(piece)
    ]
    return any(f" {' '.join(words(piece))} " not in known for piece in pieces)


def _denied(statement: str, source: Source) -> bool:
    return polarity.unfounded(statement, source.text) or bool(
        polarity.reversed_in(statement, source.text)
    )


def _opposite(statement: str, source: Source) -> bool:
    return bool(polarity.opposed(statement, source.text))


def _wrong_speaker(statement: str, source: Source) -> bool:
    claimed, there = speakers.speakers(statement), speakers.speakers(source.text)
    if not claimed or claimed & there:
        return False
    voices = stems(source.head)
    if not there:
        there = speakers.speakers(source.context)
        return bool(there) and not claimed & (there | voices)
    return True


def _wrong_role(statement: str, source: Source) -> bool:
    return bool(roles.swapped(statement, source.text))


def _another_word(statement: str, source: Source) -> bool:
    return (
        bool(wording.replaced(statement, source.sentences))
        or wording.turned(statement, source.sentences)
        or wording.exchanged(statement, source.sentences)
    )


RULES: dict[str, Callable[[str, Source], bool]] = {
    "number": _wrong_number,
    "date": _wrong_date,
    "name": _wrong_name,
    "quotation": _wrong_quotation,
    "negation": _denied,
    "opposite": _opposite,
    "speaker": _wrong_speaker,
    "role": _wrong_role,
    "wording": _another_word,
}
"""What can refute a statement, by name."""

CONTRADICTIONS = frozenset({"negation", "opposite", "role", "wording"})
"""Rules by which a text does not only fail to say something, but says otherwise."""


def _head(sentence: EvidenceSentence) -> str:
    article = sentence.article
    parts = (article.title, *article.authors, article.site, sentence.heading)
    return " . ".join(part for part in parts if part)
