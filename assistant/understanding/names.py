"""The register's names in a text: authors, publishers, titles and paths, in any script and order.

Nothing is guessed from phrasing: what is found stands in the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from index.analysis import normalised
from index.filtering import squeezed
from index.register import Register

_Key = TypeVar("_Key")

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 7
"""Words in a name."""
_TITLE_WORDS = 4
"""A shorter title is an ordinary phrase, unless it stands in quotation marks."""
_QUOTED = re.compile(r"[\"“„«‘]([^\"“”„«»‘]{2,200})[\"”“»’]")
_TYPO = 88.0
"""Similarity, 0 to 100, from which a name that is not in the register is taken for a misspelt one
that is. "Borshevskaya" and "Borshchevskaya" have 92, "Smith" and "Smit" 89, "Lee" and "Leo" 67."""
_SHORTEST_TYPO = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits, and how names are compared."""

    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class Named:
    """Names of the register at a place in a text."""

    start: int
    end: int
    field: str
    """``author``, ``publisher`` or ``article``."""
    names: tuple[str, ...]
    """Whom it can mean: several authors may share a last name. Of articles: paths."""


def words_of(text: str) -> list[Word]:
    """The words of a text, in order; each ``Word`` with its characters."""
    return [Word(match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text)]


def fold(text: str) -> str:
    """Lower case, without accents."""
    return normalised(text).casefold()


@lru_cache(maxsize=2)
def names_of(register: Register) -> Names:
    """The names of a register; made once for each."""
    return Names(register)


class Names:
    """The names of a register, prepared to be looked up. Any number of threads may use it."""

    def __init__(self, register: Register) -> None:
        held = register.holdings
        self._authors = {name: _parts(name) for name in held.authors}
        self._surnames = _by_key((_surname(name), name) for name in held.authors)
        self._by_word = _by_key(
            (part, name) for name, parts in self._authors.items() for part in parts
        )
        self._publishers = _by_key(
            (label, name) for name in held.publishers for label in _labels(name)
        )
        known = [(entry.paths[0], entry.metadata.title or "") for entry in register.entries]
        self._titles = _by_key((tuple(_parts(title)), path) for path, title in known if title)
        lengths = {len(title) for title in self._titles}
        self._lengths = sorted(length for length in lengths if length >= _TITLE_WORDS)
        self._words = {path: {_stem(part) for part in _parts(f"{path} {t}")} for path, t in known}
        self._paths = _by_key(
            (key, entry.paths[0])
            for entry in register.entries
            for path in entry.paths
            for key in (path.casefold(), path.rpartition("/")[2].casefold())
        )

    def find(self, text: str) -> list[Named]:
        """What of the register the text names, in order; nothing twice at one place."""
        words = words_of(text)
        found = [
            *self._find_paths(text),
            *self._find_quoted(text),
            *self._find_titles(words),
            *self._find_publishers(text, words),
            *self._find_authors(text, words),
        ]
        kept: list[Named] = []
        for one in found:
            if all(one.end <= other.start or other.end <= one.start for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda one: one.start)

    def authors(self, name: str) -> tuple[str, ...]:
        """Whom ``name`` means: in any order, with initials, with a typo; empty: nobody known."""
        words = words_of(name)
        found = [one for one in self._find_authors(name, words) if one.names]
        if found:
            return max(found, key=lambda one: one.end - one.start).names
        folded = " ".join(word.folded for word in words)
        full = {" ".join(parts): [name] for name, parts in self._authors.items()}
        return _nearest(folded, full) or _nearest(folded, self._surnames)

    def publishers(self, name: str) -> tuple[str, ...]:
        """The publishers that ``name`` means."""
        exact = self._publishers.get(squeezed(name))
        if exact:
            return tuple(exact)
        parts = set(_parts(name))
        wider = [
            one
            for ones in self._publishers.values()
            for one in ones
            if len(parts) > 1 and parts <= set(_parts(one))
        ]
        return tuple(dict.fromkeys(wider)) or _nearest(squeezed(name), self._publishers)

    def articles(self, name: str) -> tuple[str, ...]:
        """Paths of the articles of that title or path; else of those with all its words in title
        and path. Empty where none has."""
        exact = self._paths.get(name.casefold()) or self._titles.get(tuple(_parts(name)))
        if exact:
            return tuple(exact)
        stems = {_stem(part) for part in _parts(name)}
        return tuple(path for path, words in self._words.items() if stems and stems <= words)

    # Inside

    def _find_paths(self, text: str) -> Iterator[Named]:
        for match in re.finditer(r"[^\s,;:?!\"“”«»()]+", text):
            written = match.group().rstrip(".")
            if "." in written and (paths := self._paths.get(written.casefold())):
                yield Named(match.start(), match.start() + len(written), "article", tuple(paths))

    def _find_quoted(self, text: str) -> Iterator[Named]:
        for match in _QUOTED.finditer(text):
            if paths := self._titles.get(tuple(_parts(match[1]))):
                yield Named(match.start(1), match.end(1), "article", tuple(paths))

    def _find_titles(self, words: Sequence[Word]) -> Iterator[Named]:
        folded = [word.folded for word in words]
        for length in reversed(self._lengths):
            for at in range(len(words) - length + 1):
                if paths := self._titles.get(tuple(folded[at : at + length])):
                    end = words[at + length - 1].end
                    yield Named(words[at].start, end, "article", tuple(paths))

    def _find_publishers(self, text: str, words: Sequence[Word]) -> Iterator[Named]:
        for at, first in enumerate(words):
            for last in reversed(words[at : at + _LONGEST]):
                found = self._publishers.get(squeezed(text[first.start : last.end]))
                if found:
                    yield Named(first.start, last.end, "publisher", tuple(found))
                    break

    def _find_authors(self, text: str, words: Sequence[Word]) -> Iterator[Named]:
        at = 0
        while at < len(words):
            length, names = self._longest_author(text, words, at)
            if names:
                yield Named(words[at].start, words[at + length - 1].end, "author", names)
            at += max(length, 1)

    def _longest_author(
        self, text: str, words: Sequence[Word], at: int
    ) -> tuple[int, tuple[str, ...]]:
        """How many words from ``at`` on name an author, and which authors fit so many."""
        best: tuple[int, tuple[str, ...]] = (0, ())
        candidates = self._by_word.get(words[at].folded, ())
        if len(words[at].folded) == 1 and at + 1 < len(words):  # an initial
            candidates = self._by_word.get(words[at + 1].folded, ())
        for name in candidates:
            length = _length(self._authors[name], text, words[at:])
            if length > best[0]:
                best = length, (name,)
            elif length and length == best[0]:
                best = length, (*best[1], name)
        length, names = best
        own = words[at].folded
        if length == 1 and (own not in self._surnames or _is_of_another(text, words, at)):
            return 0, ()
        if length == 1:
            names = tuple(name for name in names if name in self._surnames[own])
        return length, names


def _length(parts: Sequence[str], text: str, words: Sequence[Word]) -> int:
    """How many of the words, from the first on, are an author's, in whatever order."""
    left, length = list(parts), 0
    for at, word in enumerate(words[: len(parts)]):
        if at and not re.fullmatch(r"[\s.,'’-]{0,3}", text[words[at - 1].end : word.start]):
            break
        match = next((part for part in left if part == word.folded), None) or next(
            (part for part in left if len(word.folded) == 1 and part.startswith(word.folded)), None
        )
        if match is None:
            break
        left.remove(match)
        length += 1
    return length


def _is_of_another(text: str, words: Sequence[Word], at: int) -> bool:
    """Whether a last name follows another first name than its author's: "Otto Hollis"."""
    if at < 2:
        return False
    before = text[words[at - 1].start : words[at - 1].end]
    gap = text[words[at - 1].end : words[at].start]
    return gap.isspace() and before[:1].isupper() and len(before) > 3 and not before.isupper()


def _surname(name: str) -> str:
    family, comma, _ = name.partition(",")
    parts = _parts(family if comma else name)
    return parts[-1] if parts else ""


def _labels(publisher: str) -> Iterator[str]:
    """What a text may call a publisher, squeezed: its name, or its host without the ending."""
    yield squeezed(publisher)
    if " " not in publisher:
        yield from (squeezed(label) for label in publisher.split(".")[:-1] if len(label) > 2)


def _parts(name: str) -> list[str]:
    return [word.folded for word in words_of(name)]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _by_key(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    found: dict[_Key, list[str]] = {}
    for key, value in pairs:
        if key and value not in (values := found.setdefault(key, [])):
            values.append(value)
    return found


def _nearest(name: str, known: dict[str, list[str]]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    if len(name) < _SHORTEST_TYPO:
        return ()
    best = process.extractOne(name, known.keys(), scorer=fuzz.ratio, score_cutoff=_TYPO)
    return tuple(known[best[0]]) if best else ()
