"""A statement that repeats a sentence almost word for word: what it has in another's place.

Whoever copies a sentence and changes one word of it changes what it says. Where the wording differs
anyhow, other words prove nothing, and these rules are silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.checks.polarity import negations
from assistant.checks.tokens import Token, tokens

ALMOST = 0.85
"""The share of words in common, in their order, from which a statement counts as a copy."""

LONGEST = 2
"""Words put in place of as many: longer stretches are another wording."""


def replaced(statement: str, sentences: Iterable[str]) -> list[tuple[str, str]]:
    """Words of the copy, and those of the sentence in whose place they stand."""
    found = []
    mine = _words(statement)
    for sentence in sentences:
        theirs = _words(sentence)
        for tag, i, end, j, last in _differences(statement, sentence):
            new, old = mine[i:end], theirs[j:last]
            if tag == "replace" and _short(new) and _short(old) and not _alike(new, old):
                found.append((new[0].word, old[0].word))
    return found


def exchanged(statement: str, sentences: Iterable[str]) -> bool:
    """Whether the copy has all words of its sentence, and its names in another order."""
    return any(
        _same_words(statement, sentence) and _order(statement) != _order(sentence)
        for sentence in sentences
    )


def turned(statement: str, sentences: Iterable[str]) -> bool:
    """Whether the copy has a negation more or less than its sentence."""
    return any(
        _differences(statement, sentence)
        and negations(tokens(statement)) != negations(tokens(sentence))
        for sentence in sentences
    )


@lru_cache(maxsize=4_096)
def _differences(statement: str, sentence: str) -> tuple[tuple[str, int, int, int, int], ...]:
    """Where a copy and its sentence differ; none if the statement is no copy of it."""
    mine, theirs = ([token.stem for token in _words(text)] for text in (statement, sentence))
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if matcher.quick_ratio() < ALMOST or matcher.ratio() < ALMOST:
        return ()
    return tuple(code for code in matcher.get_opcodes() if code[0] != "equal")


def _same_words(one: str, other: str) -> bool:
    left, right = ([token.stem for token in _words(text)] for text in (one, other))
    return sorted(left) == sorted(right)


def _order(text: str) -> list[str]:
    """The names of a text in order, those that "and" joins in alphabetical order."""
    found = tokens(text)
    order: list[str] = []
    for place, token in enumerate(found):
        if token.capital and token.content:
            order.append(token.stem)
            if place > 1 and found[place - 1].word == "and" and found[place - 2].capital:
                order[-2:] = sorted(order[-2:])
    return order


def _words(text: str) -> list[Token]:
    return [token for token in tokens(text) if not token.mark]


def _short(found: Sequence[Token]) -> bool:
    return len(found) <= LONGEST and any(token.content for token in found)


def _alike(new: Sequence[Token], old: Sequence[Token]) -> bool:
    """Numbers and dates are compared by value elsewhere."""
    return any(token.word[0].isdigit() for token in (*new, *old))
