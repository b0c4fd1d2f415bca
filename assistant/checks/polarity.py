"""What is said and what is denied: negations in their clauses, and words of opposite meaning.

A negation reaches to the end of its clause. Words such as *accept* and *reject* are one pair: the
statement must stand on the side of it on which the text stands, "did not accept" being the side of
*reject*. Where it is known which word of the text a word of the statement stands for
(:mod:`assistant.checks.counterparts`), it is read as that word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.counterparts import NONE, Counterparts, renamed
from assistant.checks.opposites import negated, opposites_of
from assistant.checks.tokens import Token, Tokens, tokens
from assistant.words import stem

_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor without cannot unable unlikely hardly lack lacks
    lacked lacking impossible stopped nowhere naught barely scarcely rarely seldom
    avoid avoids avoided avoiding
    """.split()
)
_WITH_TO = frozenset(
    "fail fails failed failing refuse refuses refused declines declined unwilling".split()
)
"""Negations of the verb that follows with "to"."""
_NOUNS_WITH_TO = frozenset({"failure", "refusal", "inability"})
"""The same, where the one who fails may stand between."""
_DENIALS = frozenset("deny denies denied".split())
"""Negations of the clause that follows with "that"."""
_PLAIN = frozenset("not no never none nobody nothing neither nor cannot nowhere".split())
"""The negations that are nothing else."""
_SCARCE = frozenset("few little".split())
"""Negations of the next word, unless they are "a few", "a little"."""
_INSTEAD = frozenset({("rather", "than"), ("instead", "of"), ("absence", "of")})
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
_ORDER = frozenset({"befor", "after", "more", "less"})
"""Opposites only of the same thing: "A after B" is "B before A"."""
_NEAR = 6
"""Words on each side of an opposite that are its neighbours."""
_SURE = 2
"""Content words after a negation that it does reach."""
_NEGATIVE = frozenset(
    stem(word)
    for word in """
    fail failure refuse refusal reject rejection decline deny denial doubt doubtful absent absence
    prevent stop halt end cease avoid exclude exception except instead despite oppose inability
    unwilling reluctant abandon drop quit lose loss miss ban forbid prohibit cancel different
    differently difficult hard empty missing until still continue stay remain
    """.split()
)
"""Words by which a text can say, without a negation, what another one says with it."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a text says and denies."""

    said: frozenset[str]
    """Stems outside the reach of any negation."""
    denials: tuple[frozenset[str], ...]
    """For each negation, the stems that it reaches."""
    scarcities: tuple[frozenset[str], ...]
    """The same for "few" and "little"."""
    touched: frozenset[str]
    """Stems that a negation may reach."""
    signs: Mapping[str, frozenset[bool]]
    """Stem → whether it is affirmed, or denied, or both."""


@lru_cache(maxsize=4_096)
def polarity(found: Tokens) -> Polarity:
    """The polarity of each word of a text."""
    sure, maybe = list(_scopes(found, _SURE)), list(_scopes(found, _REACH))
    denied, touched = _odd(sure), _odd(maybe)
    signs: dict[str, set[bool]] = {}
    for place, token in enumerate(found):
        if not token.joined and not token.mark:
            signs.setdefault(token.stem, set()).add(place not in denied)
    content = {place for place, token in enumerate(found) if token.content}
    reached: dict[bool, list[frozenset[str]]] = {False: [], True: []}
    for scope in sure:
        stems = (found[place].stem for place in content & denied.intersection(scope.places))
        reached[scope.scarce].append(frozenset(stems))
    return Polarity(
        said=frozenset(found[place].stem for place in content - denied),
        denials=tuple(reached[False]),
        scarcities=tuple(reached[True]),
        touched=frozenset(found[place].stem for place in content & touched),
        signs={stem: frozenset(both) for stem, both in signs.items()},
    )


def reversed_in(statement: str, text: str, same: Counterparts = NONE) -> list[str]:
    """Stems that the statement affirms and the text denies, or the other way round."""
    mine, theirs = renamed(tokens(statement), same), tokens(text)
    said_otherwise = _pairs(polarity(mine), polarity(theirs))
    excused = {word for pair in said_otherwise for word in pair}
    turned: set[str] = set()
    for denying, other in ((mine, theirs), (theirs, mine)):
        # Other words for the same may have the "no" in them.
        if not same or _noes(denying) > _noes(other):
            denials = polarity(denying).denials
            # "Little time" may be a way to put what a text says otherwise, "time" is none.
            denials += polarity(denying).scarcities if denying is theirs else ()
            turned |= _turned(denials, polarity(denying), polarity(other))
    return sorted((turned - excused) | misplaced(mine, theirs))


def opposed(statement: str, text: str, same: Counterparts = NONE) -> list[tuple[str, str]]:
    """Words of the statement in whose place the text has the opposite."""
    found, others = renamed(tokens(statement), same), tokens(text)
    mine, theirs = polarity(found), polarity(others)
    near_mine, near_theirs = _neighbours(found), _neighbours(others)
    return [
        (one, other)
        for one, other in _pairs(mine, theirs)
        if mine.signs[one] & theirs.signs[other]
        and not mine.signs[one] & theirs.signs.get(one, frozenset())
        and other not in mine.signs
        and (same.get(one) == other or near_mine[one] & near_theirs[other])
        and (one not in _ORDER or _next(found, one) & _next(others, other))
    ]


def unfounded(statement: str, text: str) -> bool:
    """Whether the statement denies something, and nothing in the text has the sense of a "no"."""
    found, others = tokens(statement), tokens(text)
    denies = any(
        (token.word in _PLAIN or token.word.endswith("n't"))
        and _opens_negation(found, place) is not None
        for place, token in enumerate(found)
    )
    return denies and not _noes(others) and not _pairs(polarity(found), polarity(others))


def _noes(found: Tokens) -> int:
    """How many words of a text can have the sense of a "no"."""
    return sum(
        _opens_negation(found, place) is not None or token.stem in _NEGATIVE or negated(token.stem)
        for place, token in enumerate(found)
    )


def _next(found: Tokens, stem: str) -> set[str]:
    """The first content word after each occurrence of ``stem``."""
    return {
        next((after.stem for after in found[place + 1 :] if after.content), "")
        for place, token in enumerate(found)
        if token.stem == stem
    }


def _pairs(mine: Polarity, theirs: Polarity) -> list[tuple[str, str]]:
    """Words of one text with their opposites in the other."""
    return [
        (one, other) for one in mine.signs for other in opposites_of(one) if other in theirs.signs
    ]


@lru_cache(maxsize=4_096)
def _neighbours(found: Tokens) -> Mapping[str, frozenset[str]]:
    """For each stem, the content words that stand near it."""
    near: dict[str, set[str]] = {}
    words = [token for token in found if not token.mark]
    for place, token in enumerate(words):
        around = words[max(place - _NEAR, 0) : place + _NEAR + 1]
        near.setdefault(token.stem, set()).update(one.stem for one in around if one.content)
    return {stem: frozenset(words - {stem}) for stem, words in near.items()}


def misplaced(mine: Tokens, theirs: Tokens) -> set[str]:
    """Words before which one text has a "not" where the other, with the same words around, has
    none: ``has not used`` and ``has used``."""
    return _inserted(mine, theirs) | _inserted(theirs, mine)


def negations(found: Tokens) -> int:
    """How many negations a text holds."""
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


def _turned(denials: Iterable[frozenset[str]], denying: Polarity, other: Polarity) -> set[str]:
    """What one text denies and the other affirms, if the other does not deny it as well: of each
    negation by itself."""
    return {
        stem
        for about in denials
        if not about & other.touched
        for stem in about & other.said - denying.said
    }


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a negation reaches."""

    places: tuple[int, ...]
    repeated: bool
    """It says again what the one before it says: "has not and will not"."""
    scarce: bool
    """It says "few" or "little", not "no"."""


def _scopes(found: Tokens, reach: int) -> Iterator[_Scope]:
    last = -_REACH
    needed = False
    for place in range(len(found)):
        start = _opens_negation(found, place)
        if start is None:
            continue
        word = found[place].word
        scarce = word in _SCARCE
        places = tuple(_reached(found, start, 1 if scarce else reach))
        # "Not without him" is "with him": neither denies.
        is_without, needed = word == "without" and needed, _holds_without(found, start)
        if not (needed or is_without):
            yield _Scope(places, repeated=place - last <= 3, scarce=scarce)
        last = place


def _reached(found: Tokens, start: int, reach: int) -> Iterator[int]:
    """The places from ``start`` to the end of the clause, at most ``reach`` words of content."""
    for position in range(start, len(found)):
        if not reach or _ends_clause(found, position):
            return
        yield position
        reach -= found[position].content


def _holds_without(found: Tokens, start: int) -> bool:
    return any(found[place].word == "without" for place in _reached(found, start, _REACH))


def _odd(scopes: Iterable[_Scope]) -> set[int]:
    """The places that a negation reaches, and no second one undoes that."""
    odd: set[int] = set()
    for scope in scopes:
        odd = odd.union(scope.places) if scope.repeated else odd.symmetric_difference(scope.places)
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
    if word in _NEGATIONS or word.endswith("n't") or (word in _SCARCE and before != "a"):
        return place + 1
    if word in _DENIALS and following == "that":
        return place + 2
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
