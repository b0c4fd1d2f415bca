"""Names: which words of a text are names, and whether a name stands in another text.

A surname stands for the full name, an acronym for the name whose initials it is, a people or a
capital for its country, and a transliteration for another that differs in a vowel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

from assistant.checks.places import PLACES
from assistant.checks.tokens import Token, acronyms, runs, tokens

_COMMON_ENDINGS = (
    "s", "ing", "ed", "ly", "tion", "sion", "ment", "ness", "ity", "ance", "ence", "ism", "ship",
    "al", "ous", "ive", "ic", "ful", "ible", "able", "ary", "less", "er", "ry", "ure", "age",
)  # fmt: skip
"""Endings of words that are seldom names: such an opener of a sentence is none without proof."""
_VERBS = frozenset(
    """
    is was were are has had will would can could may might must should does did do said says told
    wants met left won lost led sent put let went took gave made came came saw held began became
    """.split()
)
_SELF = frozenset("himself herself itself then also never again later now".split())
_VOWELS = re.compile(r"[aeiouy]")


def names(text: str, elsewhere: str = "") -> list[Token]:
    """The words of a text that are names, in order.

    ``elsewhere`` is what is known of the subject: it shows whether the word that opens a sentence
    is a name, or common.
    """
    found = tokens(text)
    other = tokens(elsewhere)
    named = {token.stem for token in (*other, *found) if token.name}
    common = {token.word for token in (*other, *found) if not token.capital}
    return [
        token
        for place, token in enumerate(found)
        if token.name or _opener_is_name(token, found[place + 1 : place + 2], named, common)
    ]


def missing(statement: str, text: str, elsewhere: str = "") -> list[Token]:
    """Names of the statement that do not stand in ``text``. ``elsewhere``: as in :func:`names`."""
    there = tokens(text)
    known = {token.stem for token in there if not token.mark}
    capitals = {token.word for token in there if token.capital}
    initials, spelled = acronyms(there), _spelled_out(statement, there)
    return [
        token
        for token in names(statement, f"{text} . {elsewhere}")
        if token.stem not in known | spelled
        and not (token.acronym and token.word in initials)
        and not any(alike(token.word, word) for word in capitals)
    ]


def mismatched(statement: str, text: str) -> list[tuple[str, str]]:
    """Neighbouring names, such as first name and surname, that the text pairs otherwise."""
    theirs = runs(tokens(text))
    return [
        (one.word, other.word)
        for run in runs(tokens(statement))
        for one, other in pairwise(run)
        if other.start - one.start <= len(one.word) + 2
        and _paired_otherwise(one.stem, other.stem, theirs)
    ]


def _paired_otherwise(one: str, other: str, theirs: Sequence[Sequence[Token]]) -> bool:
    """Whether ``one`` opens names of the text, and ``other`` is in none of them."""
    if one in PLACES.values():
        return False
    opened = [[token.stem for token in run] for run in theirs if run[0].stem == one]
    return bool(opened) and not any(other in run for run in opened)


def alike(one: str, other: str) -> bool:
    """Whether two folded names are transliterations of one: ``sergei``, ``sergey``."""
    if one == other:
        return True
    if min(len(one), len(other)) < 5 or one[0] != other[0]:
        return False
    same = _VOWELS.sub("", one) == _VOWELS.sub("", other)
    return same and _distance(one, other) <= (1 if min(len(one), len(other)) < 7 else 2)


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, right in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (left != right))
    return row[-1]


def _opener_is_name(
    token: Token, after: Sequence[Token], named: Set[str], common: Set[str]
) -> bool:
    if not token.may_be_name or token.word in common:
        return False
    if token.stem in named or token.possessive:
        return True
    if token.word.endswith(_COMMON_ENDINGS) or not after:
        return False
    follower = after[0]
    return (
        follower.name
        or follower.word in _VERBS | _SELF
        or follower.word.endswith(("ed", "s"))
        or (follower.mark and follower.word in {",", "("})
    )


def _spelled_out(statement: str, there: Iterable[Token]) -> set[str]:
    """Stems of the statement's names whose initials stand in the text: of ``SNC``, three."""
    known = {token.word for token in there if token.acronym}
    found: set[str] = set()
    for run in runs(tokens(statement)):
        letters = "".join(token.word[0] for token in run)
        for end in range(2, len(run) + 1):
            for start in range(end - 1):
                if letters[start:end] in known:
                    found |= {token.stem for token in run[start:end]}
    return found
