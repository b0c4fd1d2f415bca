"""Who bears which title: "Shoigu, the foreign minister" against "Foreign Minister Lavrov"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile

from assistant.checks.names import alike
from assistant.checks.places import PLACES
from assistant.checks.tokens import Token, tokens
from assistant.words import stem

_ROLES = frozenset(
    """
    adviser advisor ambassador analyst chairman chairwoman chancellor chief commander director
    editor envoy expert governor head judge king leader mayor minister patriarch pope premier
    president prince princess professor queen representative secretary senator speaker spokesman
    spokesperson spokeswoman
    """.split()
)
_LINKS = frozenset("of for to".split())
_ARTICLES = frozenset("the a an".split())
_COUNTRIES = frozenset(PLACES.values())
_LONGEST = 5
"""Words before a role, and after it, that may say which: "Russian deputy foreign minister"."""
_TELLING = 2
"""Words of a title that tell its bearer: there are many ministers, and few foreign ministers."""


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Somebody with a title."""

    name: tuple[Token, ...]
    title: tuple[Token, ...]
    """Its content words."""

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(one.stem for one in self.title)

    def may_be(self, other: _Bearer) -> bool:
        """Whether both may be one person."""
        return any(alike(self.name[-1].word, one.word) for one in other.name)

    def is_called_like(self, other: _Bearer) -> bool:
        """Whether this one's title is the other's, or the same without a country."""
        return other.stems <= self.stems or (
            other.stems - _COUNTRIES <= self.stems and not self.stems & _COUNTRIES
        )


def other_title(question: str, text: str) -> frozenset[str]:
    """Titles that the question gives to one whom the text calls otherwise, where the text gives
    them to another."""
    return frozenset(
        stem(one.word)
        for asked in _bearers(question)
        if len(asked.stems) >= _TELLING and _is_anothers(asked, _bearers(text))
        for one in asked.title
    )


def _is_anothers(asked: _Bearer, known: Sequence[_Bearer]) -> bool:
    own = [one for one in known if asked.may_be(one)]
    if any(one.stems <= asked.stems or asked.stems <= one.stems for one in own):
        return False
    return bool(own) and any(one.is_called_like(asked) for one in known if one not in own)


@lru_cache(maxsize=4_096)
def _bearers(text: str) -> tuple[_Bearer, ...]:
    return tuple(_read(tokens(text)))


def _read(found: Sequence[Token]) -> Iterator[_Bearer]:
    for place, token in enumerate(found):
        if token.word in _ROLES:
            before = _qualifiers(found[:place])
            after = found[place + 1 :]
            apposed = _name_before(found[: place - len(before)])
            if apposed:
                yield _bearer(apposed, [*before, token, *_until_mark(after)[:_LONGEST]])
            elif name := _name_after(after):
                links = after[: after.index(name[0])]
                yield _bearer(name, [*before, token, *links])


def _bearer(name: Iterable[Token], title: Iterable[Token]) -> _Bearer:
    return _Bearer(tuple(name), tuple(one for one in title if one.content))


def _qualifiers(found: Sequence[Token]) -> list[Token]:
    """The words right before a role; of "told Foreign Minister Lavrov" those with capitals."""
    near = list(takewhile(lambda one: one.content, reversed(found[-_LONGEST:])))
    return list(takewhile(lambda one: one.capital or not near[0].capital, near))[::-1]


def _name_before(found: Sequence[Token]) -> list[Token]:
    """The name before a comma and an article: "Sergei Shoigu, the"."""
    rest = list(dropwhile(lambda one: one.word in _ARTICLES, reversed(found)))
    if not rest or rest[0].word != ",":
        return []
    return list(takewhile(_of_name, rest[1:]))[::-1]


def _name_after(found: Sequence[Token]) -> list[Token]:
    """The name after a role: "Sergei Shoigu", "of state John Kerry"."""
    if found and found[0].word in _LINKS:
        small = [*takewhile(lambda one: not one.capital and not one.mark, found[:_LONGEST])]
        found = found[len(small) :]
    return list(takewhile(_of_name, found))


def _of_name(token: Token) -> bool:
    return not token.mark and (token.capital or token.joined)


def _until_mark(found: Sequence[Token]) -> list[Token]:
    return list(takewhile(lambda one: not one.mark, found))
