"""A text as the rules read it: words with their stems, and the marks between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.irregular import base
from assistant.checks.places import PLACES
from assistant.words import FUNCTION_WORDS, fold, stem

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W_]+(?:['’][^\W_]+)*"
    r"|--+|[,;:.!?()\[\]—–…\"“”«»„]"
)
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.){2,}")
_UNITED = re.compile(r"\bUnited (States|Kingdom|Nations)\b")
_OPENERS = frozenset(".!?:…([")
_QUOTES = frozenset('"“«„')
_HYPHENS = frozenset("-‑")
_TITLES = frozenset("president mr mrs ms dr professor prof sir".split())
_CALENDAR = frozenset(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday
    sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
    """.split()
)
_ARTICLES = frozenset("al el ash as ad an ar at".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark."""

    word: str
    """Folded, without a possessive ending."""
    stem: str
    """One for all forms of a word, and for all names of a country."""
    start: int
    capital: bool
    """Written with a capital letter."""
    opens: bool
    """First of a sentence, heading or quotation, where any word has a capital letter."""
    possessive: bool
    joined: bool
    """Part of a hyphenated word."""
    acronym: bool
    """Capital letters only."""

    @property
    def mark(self) -> bool:
        return not self.word[0].isalnum()

    @property
    def content(self) -> bool:
        """A word that carries meaning."""
        return not self.mark and self.word not in FUNCTION_WORDS

    @property
    def no_name(self) -> bool:
        """Dates and titles: their capital letters say nothing."""
        return self.word in _TITLES or self.word in _CALENDAR

    @property
    def name(self) -> bool:
        """A capital letter that only a name explains."""
        if not self.capital or self.no_name:
            return False
        if self.word in PLACES:
            return True
        return not self.opens and self.word not in FUNCTION_WORDS and self.word not in _ARTICLES

    @property
    def may_be_name(self) -> bool:
        """A name, or a word that opens a sentence and could be one."""
        return self.name or (self.capital and self.opens and self.content and not self.no_name)


Tokens = tuple[Token, ...]


@lru_cache(maxsize=4_096)
def tokens(text: str) -> Tokens:
    """The words and marks of a text, in order; hyphenated words apart."""
    found: list[Token] = []
    for match in _TOKEN.finditer(_UNITED.sub(_shorter, text)):
        found.append(_token(match, not found or _opens(found[-1], match.start())))
    return tuple(found)


def _opens(before: Token, start: int) -> bool:
    """Whether a word after ``before`` opens a sentence or, right after its mark, a quotation."""
    return before.word in _OPENERS or (before.word in _QUOTES and before.start + 1 == start)


def _shorter(match: re.Match[str]) -> str:
    return f"U{match.group(1)[0]}".ljust(len(match.group()))


def _token(match: re.Match[str], opens: bool) -> Token:
    shown = match.group()
    word = fold(shown)
    if _ABBREVIATION.fullmatch(shown):
        word = word.replace(".", "")
    bare = word.removesuffix("'s")
    possessive = bare != word or word.endswith("'")
    capital = shown[0].isupper() and (len(shown) > 1 or shown != "I")
    if bare == "us" and shown[:3].isupper():  # the country, not the pronoun
        bare = "usa"
    place = PLACES.get(bare) if capital else None
    text, start, end = match.string, match.start(), match.end()
    joined = text[end : end + 1] in _HYPHENS or text[max(start - 1, 0) : start] in _HYPHENS
    acronym = len(shown) > 1 and shown.removesuffix("'s").removesuffix("’s").isupper()
    return Token(
        bare, place or stem(base(bare)), start, capital, opens, possessive, joined, acronym
    )


def sentences(found: Tokens) -> list[Tokens]:
    """Tokens between full stops, question and exclamation marks."""
    apart: list[list[Token]] = [[]]
    for token in found:
        if token.word in {".", "!", "?"}:
            apart.append([])
        else:
            apart[-1].append(token)
    return [tuple(one) for one in apart if one]


def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(token.stem for token in tokens(text) if not token.mark)


def content_stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order, repeated ones too."""
    return [token.stem for token in tokens(text) if token.content]


def runs(found: Sequence[Token]) -> list[list[Token]]:
    """Names of several words: neighbouring tokens with a capital letter; ``of`` and the like may
    stand between them."""
    grouped: list[list[Token]] = []
    gap = 0
    for token in found:
        if token.capital and not token.mark and (token.name or token.opens):
            if grouped and gap <= 1 and grouped[-1]:
                grouped[-1].append(token)
            else:
                grouped.append([token])
            gap = 0
        else:
            gap += 1 if token.word in {"of", "the", "for", "and", "de", "al", "bin"} else 2
    return [group for group in grouped if len(group) > 1]


def acronyms(found: Sequence[Token]) -> frozenset[str]:
    """The initials of names of several words, whole and in part: ``snc``, ``un``."""
    initials = set()
    for run in runs(found):
        letters = "".join(token.word[0] for token in run)
        ends = range(2, len(letters) + 1)
        initials |= {letters[start:end] for end in ends for start in range(end - 1)}
    return frozenset(initials)
