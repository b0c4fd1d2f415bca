"""A question with its names and periods replaced by stand-ins, and what the reader makes of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, pairwise

import numpy as np

from assistant.understanding.dates import periods
from assistant.understanding.names import Names
from assistant.understanding.reader import (
    ARTICLE,
    AUTHORS,
    PERIOD,
    PUBLISHERS,
    Matrix,
    Reading,
    Role,
    reader,
)
from index.filtering import ALWAYS, Period

_LINK = re.compile(r"[\s'’.&/–-]*")
"""What may stand between the words of one topic."""
_STAND_INS = {"author": AUTHORS, "publisher": PUBLISHERS, "article": (ARTICLE,)}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question that has a role of its own."""

    start: int
    end: int
    """Characters of the question."""
    text: str
    role: Role
    kind: str = "words"
    """``author``, ``publisher``, ``article``, ``period``; else ``words``."""
    names: tuple[str, ...] = ()
    """Of the register, where it is one of its names."""
    period: Period = ALWAYS
    vector: Matrix = field(default_factory=lambda: np.zeros(384, np.float32), compare=False)
    """What it means in its question, ``(384,)``."""

    @property
    def is_name(self) -> bool:
        """Whether it is somebody's or something's own name, as far as its letters tell."""
        return self.kind in ("author", "publisher") or any(map(str.isupper, self.text))


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it was typed, and what the reader makes of it."""

    text: str
    heads: dict[str, str]
    parts: tuple[Part, ...]
    """In order; without those that only say how the question is put."""

    def having(self, *roles: Role) -> tuple[Part, ...]:
        """The parts with one of these roles."""
        return tuple(part for part in self.parts if part.role in roles)

    def of(self, kind: str) -> tuple[Part, ...]:
        """The parts of that kind."""
        return tuple(part for part in self.parts if part.kind == kind)


def read(text: str, names: Names, held: Sequence[date], today: date) -> Read:
    """The question, read. Raises ``EmbeddingError``."""
    masked = _masked(text, _named(text, names, held, today))
    reading = reader().read("".join(one.written for one in masked))
    return Read(text, reading.heads, tuple(_parts(text, masked, reading)))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of what the reader reads, and where it comes from."""

    written: str
    start: int
    """Characters of the question."""
    part: Part | None
    """What ``written`` stands for; ``None``: it is the question's own words."""


def _named(text: str, names: Names, held: Sequence[date], today: date) -> list[Part]:
    """The register's names and the periods; a name in a period's place is none."""
    found = [
        Part(one.start, one.end, text[one.start : one.end], Role.FRAME, "period", (), one.period)
        for one in periods(text, held, today)
    ]
    for one in names.find(text):
        if all(one.end <= other.start or other.end <= one.start for other in found):
            start, end = _with_quotes(text, one.start, one.end)
            said = text[start:end]
            found.append(Part(start, end, said, Role.FRAME, one.field, one.names))
    return sorted(found, key=lambda part: part.start)


def _with_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """A name's characters, with the quotation marks around it."""
    if start and end < len(text) and text[start - 1] in "\"'“‘«„" and text[end] in "\"'”’»“":
        return start - 1, end + 1
    return start, end


def _masked(text: str, named: Sequence[Part]) -> list[_Stretch]:
    """The question's own words, and the stand-ins for what is named between them."""
    stretches, end = [], 0
    counts: Counter[str] = Counter()
    for part in named:
        stand_ins = _STAND_INS.get(part.kind, (PERIOD,))
        stretches.append(_Stretch(text[end : part.start], end, None))
        written = stand_ins[counts[part.kind] % len(stand_ins)]
        stretches.append(_Stretch(written, part.start, part))
        counts[part.kind] += 1
        end = part.end
    return [*stretches, _Stretch(text[end:], end, None)]


def _parts(text: str, masked: Sequence[_Stretch], reading: Reading) -> Iterator[Part]:
    """Runs of words of one role; a name that is a topic is like any other words."""
    words = _settled(text, list(_read_words(masked, reading)))
    for (role, kind, _), run in groupby(words, key=_shared):
        for words in _joined(text, list(run)):
            if role is not Role.FRAME or kind != "words":
                start, last = words[0].start, words[-1]
                vector = np.stack([word.vector for word in words]).mean(axis=0)
                said = text[start : last.end]
                yield replace(last, start=start, text=said, kind=kind, vector=vector)


def _read_words(masked: Sequence[_Stretch], reading: Reading) -> Iterator[Part]:
    """Each word as a part of its own; all the words of a stand-in as what it stands for."""
    words = list(zip(reading.spans, reading.roles, reading.vectors, strict=True))
    end = 0
    for stretch in masked:
        start, end = end, end + len(stretch.written)
        inside = [word for word in words if start <= word[0][0] < end]
        if stretch.part is not None:
            _, role, vector = inside[-1]
            yield replace(stretch.part, role=role, vector=vector)
            continue
        for (first, last), role, vector in inside:
            at, to = stretch.start + first - start, stretch.start + last - start
            said = stretch.written[first - start : last - start]
            yield Part(at, to, said, role, vector=vector)


def _settled(text: str, words: list[Part]) -> list[Part]:
    """The words, those of one name with one role: where only one of two neighbours is told to be
    an author's who is not known, both are a topic."""
    for at, (one, other) in enumerate(pairwise(words)):
        roles = {one.role, other.role}
        is_one_name = roles == {Role.TOPIC, Role.RESTRICTS} and one.kind == other.kind == "words"
        if is_one_name and text[one.end : other.start].isspace():
            words[at] = replace(one, role=Role.TOPIC)
            words[at + 1] = replace(other, role=Role.TOPIC)
    return words


def _shared(part: Part) -> tuple[Role, str, int]:
    """What the words of one part have in common."""
    is_topic = part.role in (Role.TOPIC, Role.EXCLUDED) and part.kind != "period"
    kind = "words" if is_topic else part.kind
    return part.role, kind, 0 if kind == "words" else part.start


def _joined(text: str, words: Sequence[Part]) -> Iterator[list[Part]]:
    """Words that follow each other without a comma or the like."""
    run: list[Part] = []
    for word in words:
        if run and not _LINK.fullmatch(text[run[-1].end : word.start]):
            yield run
            run = []
        run.append(word)
    if run:
        yield run
