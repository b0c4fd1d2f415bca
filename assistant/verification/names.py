"""Names in a text, by their capital letters, and whether a text knows them.

Scripts without capital letters show no names, and nothing is claimed of them. Where a language
writes every noun with a capital letter, only what stands out even so is taken for a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.verification.language import WORD, akin, fold, words

_CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages that write every noun with a capital letter."""
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENS = re.compile(r"(?:^|[.!?:…;]|[\"“”„«»‘(\[–—])\s*$")
"""What a word stands after that has a capital letter whatever it is."""


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that look like a name."""

    start: int
    end: int
    words: tuple[str, ...]
    """As written, without possessive endings."""
    opening: str = ""
    """The word with a capital letter right before, where it opens a sentence: it may belong to the
    name, or not."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    opens: bool
    """First of a sentence or quotation."""
    possessive: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def odd(self) -> bool:
        """Capital letters beyond the first, or letters with digits: ``WHO``, ``iPad``, ``PS4``."""
        letters = self.text[1:]
        mixed = any(char.isdigit() for char in letters) and self.text[0].isalpha()
        return any(char.isupper() for char in letters) or (mixed and self.capital)


def names(text: str, language: str) -> list[Name]:
    """The names in ``text``, in order; dates should have been blanked out."""
    runs: list[list[_Word]] = []
    openings: list[str] = []
    last: _Word | None = None
    for word in _words(text):
        shows = word.odd or (word.capital and not word.opens and len(word.text) > 1)
        adjoins = last is not None and text[last.end : word.start] == " " and not last.possessive
        if shows and adjoins and runs and runs[-1][-1] is last:
            runs[-1].append(word)
        elif shows or (word.capital and word.possessive and len(word.text) > 2):
            runs.append([word])
            openings.append(last.text if last and adjoins and last.capital else "")
        last = word
    return [
        Name(run[0].start, run[-1].end, tuple(word.text for word in run), opening)
        for run, opening in zip(runs, openings, strict=True)
        if language not in _CAPITAL_NOUNS or len(run) > 1 or run[0].odd
    ]


def _words(text: str) -> Iterator[_Word]:
    for match in WORD.finditer(text):
        if unicodedata.category(text[match.end() : match.end() + 1] or " ") == "Sc":
            continue  # "US$"
        bare = _POSSESSIVE.sub("", match.group())
        possessive = bare != match.group() or text[match.end() : match.end() + 1] in ("'", "’")
        opens = bool(_OPENS.search(text[max(match.start() - 3, 0) : match.start()]))
        yield _Word(match.start(), match.start() + len(bare), bare, opens, possessive)


@lru_cache(maxsize=64)
def _peoples(language: str) -> dict[str, frozenset[str]]:
    """What a country's name, folded, its code and its people's adjective stand for: each other.

    From the CLDR: "American English" is the English of the country US; French is that of France.
    """
    from babel import Locale
    from babel.core import get_global

    locale = Locale(language)
    home = get_global("likely_subtags")
    found: dict[str, frozenset[str]] = {}
    groups = {code: {code, _joined(name)} for code, name in locale.territories.items()}
    for code, name in locale.languages.items():
        spoken_in = code.partition("_")[2] or home.get(code, "").rpartition("_")[2]
        if spoken_in in groups:
            groups[spoken_in].add(_joined(name.split()[0]))
    for group in groups.values():
        found |= {one: found.get(one, frozenset()) | group for one in group}
    return found


def _joined(text: str) -> str:
    return "".join(words(text))


@dataclass(frozen=True)
class KnownNames:
    """What texts know of names."""

    text: str
    language: str

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(words(self.text))

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._words:
            found.setdefault(word[:3], []).append(word)
        return found

    @cached_property
    def _run_together(self) -> str:
        """All letters and digits: names are written apart, together and hyphenated."""
        return "".join(re.findall(r"[^\W_]+", fold(self.text)))

    @cached_property
    def _initials(self) -> str:
        """The initials of words with a capital letter, runs of them divided by spaces."""
        runs = re.findall(
            r"[^\W\d_a-z]\w+(?:[\s\-‑]+(?:[^\W\d_]{1,3}\s+){0,2}[^\W\d_a-z]\w+)+", self.text
        )
        return " ".join(
            "".join(word[0] for word in WORD.findall(run) if word[0].isupper()) for run in runs
        ).casefold()

    def missing(self, name: Name) -> tuple[str, ...]:
        """The words of ``name`` that are nowhere in the texts; none where it is known otherwise,
        or enough of it is known that the rest may be a first name or a title."""
        together = _joined(" ".join(name.words))
        if self._holds(together) or self._holds(_joined(name.opening) + together):
            return ()
        if self._holds_people(together):
            return ()
        if self._spelled_out(name) or self._abbreviated(name):
            return ()
        unknown = tuple(word for word in name.words if not self._knows(word))
        surname = len(name.words) < 3 and name.words[-1] in unknown
        return unknown if surname or len(unknown) * 2 > len(name.words) else ()

    def _knows(self, word: str) -> bool:
        # Of "neo-Nazi" only the part with a capital letter is a name.
        parts = [
            one for part in re.split("[-‑]", word) if not part.islower() for one in words(part)
        ]
        if all(self._knows_part(part) for part in parts) or self._holds("".join(parts)):
            return True
        return self._holds_people(word if word.isupper() else "".join(parts))

    def _knows_part(self, part: str) -> bool:
        if part in self._words or part.isdigit():  # numbers are compared as such
            return True
        return any(akin(part, other) for other in self._beginnings.get(part[:3], ()))

    def _holds_people(self, name: str) -> bool:
        """Whether the texts name the same country, or its people, otherwise."""
        alike = _peoples(self.language).get(name, frozenset())
        return any(
            re.search(rf"\b{one}\b", self.text) if one.isupper() else self._holds(one)
            for one in alike
        )

    def _holds(self, letters: str) -> bool:
        """Whether these folded letters are a word, or part of what is written together."""
        return letters in self._words or (len(letters) >= 5 and letters in self._run_together)

    def _spelled_out(self, name: Name) -> bool:
        """``WHO``, where the texts say "World Health Organization"."""
        letters = _joined("".join(name.words))
        short = len(name.words) == 1 and name.words[0].isupper() and 2 <= len(letters) <= 6
        return short and letters in self._initials

    def _abbreviated(self, name: Name) -> bool:
        """``World Health Organization``, where the texts say "WHO"."""
        initials = fold("".join(word[0] for word in name.words))
        return len(initials) > 1 and initials in self._words
