"""Who does what to whom: the names on the two sides of a verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checks.places import PLACES
from assistant.checks.tokens import Token, Tokens, sentences, tokens

_REACH = 6
"""Words on each side of a verb among which its names are looked for."""
_BEFORE_NOUN = frozenset(
    "a an the of in at on by for with its his her their this that these those no any some".split()
)
_BEFORE_VERB = frozenset(
    "to will would can could may might must should did does do has have had was were is are been"
    " be who which".split()
)
_IRREGULAR = frozenset(
    "met beat sent gave took told won lost led left bought sold fought struck hit shot taught"
    " caught found brought built paid".split()
)
_SAYING = frozenset("says said writes wrote adds added notes noted explains explained".split())
"""Who says what is another rule's; these may stand before their subject."""
_ADJECTIVE = ("an", "ish", "ese", "ern", "i", "ch")


@dataclass(frozen=True, slots=True)
class Role:
    """A word with the names before it and after it in one clause."""

    verb: str
    before: frozenset[str]
    after: frozenset[str]


def roles(found: Tokens) -> list[Role]:
    """Of each verb: the names around it, the agent's before."""
    result = []
    for sentence in sentences(found):
        for place, token in enumerate(sentence):
            if _is_verb(sentence, place):
                before = _names(sentence[max(place - _REACH, 0) : place])
                after = _names(sentence[place + 1 : place + 1 + _REACH])
                if _passive(sentence, place):
                    before, after = after, before
                if before and after:
                    result.append(Role(token.stem, before, after))
    return result


def swapped(statement: str, text: str) -> list[str]:
    """Verbs of the statement whose agent and object stand the other way round in the text."""
    theirs = roles(tokens(text))
    return [
        mine.verb
        for mine in roles(tokens(statement))
        if any(_turned(mine, other) for other in theirs)
        and not any(_agree(mine, other) for other in theirs)
    ]


def _turned(mine: Role, other: Role) -> bool:
    return (
        mine.verb == other.verb
        and bool(mine.before & other.after)
        and bool(mine.after & other.before)
    )


def _agree(mine: Role, other: Role) -> bool:
    return mine.verb == other.verb and bool(mine.before & other.before or mine.after & other.after)


def _is_verb(sentence: Sequence[Token], place: int) -> bool:
    """By its form and the word before it: no more than a good guess."""
    token = sentence[place]
    if (
        token.word in _SAYING
        or not token.content
        or token.capital
        or token.joined
        or token.word[0].isdigit()
    ):
        return False
    before = sentence[place - 1] if place else None
    if before and (before.word in _BEFORE_NOUN or before.possessive):
        return False
    return (
        token.word.endswith(("ed", "s"))
        or bool(before and before.word in _BEFORE_VERB)
        or (token.word in _IRREGULAR)
    )


def _names(found: Sequence[Token]) -> frozenset[str]:
    """Names that stand for somebody: no possessives, no "Russian" before a noun."""
    return frozenset(
        token.stem
        for place, token in enumerate(found)
        if token.may_be_name
        and not token.joined
        and not (token.word.endswith(_ADJECTIVE) and token.word in PLACES)
    )


def _passive(sentence: Sequence[Token], place: int) -> bool:
    """``was attacked by``."""
    return any(token.word == "by" for token in sentence[place + 1 : place + 3])
