"""What is said and what is denied: negations in their clauses, and words of opposite meaning.

A negation reaches to the end of its clause. Words such as *accept* and *reject* are one pair: the
statement must stand on the side of it on which the text stands, "did not accept" being the side of
*reject*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.opposites import opposites
from assistant.checks.tokens import Token, tokens

_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot unable unlikely hardly lack lacks
    lacked lacking impossible stopped nowhere avoid avoids avoided avoiding
    """.split()
)
_WITH_TO = frozenset(
    "fail fails failed failing refuse refuses refused declines declined unwilling".split()
)
"""Negations of the verb that follows with "to"."""
_NOUNS_WITH_TO = frozenset({"failure", "refusal", "inability"})
"""The same, where the one who fails may stand between."""
_INSTEAD = frozenset({("rather", "than"), ("instead", "of")})
_EMPTY = frozenset(
    {
        ("not", "only"),
        ("not", "just"),
        ("no", "doubt"),
        ("no", "matter"),
        ("or", "not"),
        ("not", "least"),
        ("no", "less"),
        ("no", "choice"),
    }
)
"""Pairs that look like negations and are none."""
_ENDS = frozenset(
    "but although though while because since which who whom whose if unless until whereas when"
    " where after before so yet".split()
)
_SUBJECTS = frozenset("he she it they we you i that this these those there".split())
_FEW = frozenset("two three four five six seven eight nine ten all every".split())
_REACH = 7
"""Content words after a negation that it may reach."""
_ORDER = frozenset({"befor", "after"})
"""Opposites only of the same thing: "A after B" is "B before A"."""
_NEAR = 6
"""Words on each side of an opposite that are its neighbours."""
_SURE = 2
"""Content words after a negation that it does reach."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a text says and denies."""

    said: frozenset[str]
    """Stems outside the reach of any negation."""
    denied: frozenset[str]
    """Stems that a negation reaches."""
    touched: frozenset[str]
    """Stems that a negation may reach."""
    signs: Mapping[str, frozenset[bool]]
    """Stem → whether it is affirmed, or denied, or both."""


@lru_cache(maxsize=4_096)
def polarity(text: str) -> Polarity:
    """The polarity of each word of a text."""
    found = tokens(text)
    sure, maybe = _reached(found, _SURE), _reached(found, _REACH)
    signs: dict[str, set[bool]] = {}
    for token, negated in zip(found, sure, strict=True):
        if not token.joined and not token.mark:
            signs.setdefault(token.stem, set()).add(not negated)
    content = [place for place, token in enumerate(found) if token.content]
    return Polarity(
        said=frozenset(found[place].stem for place in content if not sure[place]),
        denied=frozenset(found[place].stem for place in content if sure[place]),
        touched=frozenset(found[place].stem for place in content if maybe[place]),
        signs={stem: frozenset(both) for stem, both in signs.items()},
    )


def reversed_in(statement: str, text: str) -> list[str]:
    """Stems that the statement affirms and the text denies, or the other way round."""
    mine, theirs = polarity(statement), polarity(text)
    said_otherwise = _pairs(mine, theirs)
    excused = {word for pair in said_otherwise for word in pair}
    turned = _turned(mine, theirs) | _turned(theirs, mine)
    return sorted((turned - excused) | set(misplaced(statement, text)))


def opposed(statement: str, text: str) -> list[tuple[str, str]]:
    """Words of the statement in whose place the text has the opposite."""
    mine, theirs = polarity(statement), polarity(text)
    near_mine, near_theirs = _neighbours(statement), _neighbours(text)
    return [
        (one, other)
        for one, other in _pairs(mine, theirs)
        if mine.signs[one] & theirs.signs[other]
        and not mine.signs[one] & theirs.signs.get(one, frozenset())
        and other not in mine.signs
        and near_mine[one] & near_theirs[other]
        and (one not in _ORDER or _next(statement, one) & _next(text, other))
    ]


def _next(text: str, stem: str) -> set[str]:
    """The first content word after each occurrence of ``stem``."""
    found = tokens(text)
    return {
        next((after.stem for after in found[place + 1 :] if after.content), "")
        for place, token in enumerate(found)
        if token.stem == stem
    }


def _pairs(mine: Polarity, theirs: Polarity) -> list[tuple[str, str]]:
    """Words of one text with their opposites in the other."""
    return [
        (one, other)
        for one in mine.signs
        for other in opposites().get(one, ())
        if other in theirs.signs
    ]


@lru_cache(maxsize=4_096)
def _neighbours(text: str) -> Mapping[str, frozenset[str]]:
    """For each stem, the content words that stand near it."""
    near: dict[str, set[str]] = {}
    found = [token for token in tokens(text) if not token.mark]
    for place, token in enumerate(found):
        around = found[max(place - _NEAR, 0) : place + _NEAR + 1]
        near.setdefault(token.stem, set()).update(one.stem for one in around if one.content)
    return {stem: frozenset(words - {stem}) for stem, words in near.items()}


def misplaced(statement: str, text: str) -> list[str]:
    """Words before which one text has a "not" where the other, with the same words around, has
    none: ``has not used`` and ``has used``."""
    mine, theirs = tokens(statement), tokens(text)
    return sorted(_inserted(mine, theirs) | _inserted(theirs, mine))


def negations(text: str) -> int:
    """How many negations a text holds."""
    found = tokens(text)
    return sum(_opens_negation(found, place) is not None for place in range(len(found)))


def _inserted(denying: Sequence[Token], other: Sequence[Token]) -> set[str]:
    plain = set(_joints(other, with_negation=False))
    denied = set(_joints(other, with_negation=True))
    joints = set(_joints(denying, with_negation=True))
    return {after for before, after in (joints & plain) - denied}


def _joints(found: Sequence[Token], with_negation: bool) -> Iterator[tuple[str, str]]:
    """Neighbouring words of a clause, with or without a negation between them; adverbs skipped."""
    words = [token for token in found if not token.word.endswith("ly") or not token.content]
    for place, token in enumerate(words[:-1]):
        after = words[place + 1]
        negated = _opens_negation(words, place + 1) == place + 2
        if negated and with_negation and place + 2 < len(words):
            after = words[place + 2]
        elif negated or with_negation:
            continue
        if not token.mark and not after.mark and (token.content or after.content):
            yield token.stem, after.stem


def _turned(denying: Polarity, other: Polarity) -> set[str]:
    """What one text denies and the other affirms, if the other denies nothing of it."""
    about = set(denying.denied)
    return set() if about & other.touched else about & other.said - denying.said


def _reached(found: Sequence[Token], reach: int) -> list[bool]:
    """For each token, whether a negation reaches it, and no second one undoes that."""
    odd = [False] * len(found)
    last = -_REACH
    for place in range(len(found)):
        start = _opens_negation(found, place)
        if start is None:
            continue
        repeated = place - last <= 3  # "has not and will not"
        last = place
        left = reach
        for position in range(start, len(found)):
            if not left or _ends_clause(found, position):
                break
            odd[position] = repeated or not odd[position]
            left -= found[position].content
    return odd


def _opens_negation(found: Sequence[Token], place: int) -> int | None:
    """Where the reach of the negation at ``place`` begins; ``None`` if there is none."""
    word = found[place].word
    following = found[place + 1].word if place + 1 < len(found) else ""
    before = found[place - 1].word if place else ""
    if (word, following) in _INSTEAD:
        return place + 2
    if (word, following) in _EMPTY or (before, word) in _EMPTY or _counts(word, following):
        return None
    if word in _NEGATIONS or word.endswith("n't"):
        return place + 1
    after = [one.word for one in found[place + 1 : place + 9]]
    if "to" in after and (word in _NOUNS_WITH_TO or (word in _WITH_TO and following == "to")):
        return place + 2 + after.index("to")
    return None


def _counts(word: str, following: str) -> bool:
    """``not two months ago``, ``not all``: less is said, nothing is denied."""
    return word == "not" and (following[:1].isdigit() or following in _FEW)


def _ends_clause(found: Sequence[Token], place: int) -> bool:
    token = found[place]
    if token.word == "and" and place + 1 < len(found):
        return found[place + 1].word in _SUBJECTS
    return (token.mark and token.word not in {'"', "“", "”", "[", "]"}) or token.word in _ENDS
