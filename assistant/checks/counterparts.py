"""Which word of a text a word of a statement stands for: ``retook`` for ``retaking``.

By what the words mean in their sentences: two words are counterparts if each is the nearest to the
other, and neither stands in the other text. Names and numbers have none: they are compared as they
are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from assistant.checks.irregular import base
from assistant.checks.opposites import opposites_of
from assistant.checks.tokens import Tokens
from assistant.words import FUNCTION_WORDS, fold, stem
from index.embedding import WordsInContext

Counterparts = Mapping[str, str]
"""Stem of the statement → stem of the text."""

NONE: Counterparts = MappingProxyType({})

NEAREST = 0.35
"""The cosine from which two words that are nearest to each other are counterparts: chosen on the
paraphrases of the split "tune" (``benchmarks/alterations.py``); .3 to .4 do as well, .5 worse."""

_SHORTEST = 3


def counterparts(statement: WordsInContext, texts: Sequence[WordsInContext]) -> Counterparts:
    """The counterparts of the statement's words in the texts, taken together."""
    mine = _stems(statement.words)
    theirs = _stems([word for text in texts for word in text.words])
    if not mine or not theirs:
        return NONE
    vectors = np.concatenate([text.vectors for text in texts]).astype(np.float32)
    cosines = statement.vectors.astype(np.float32) @ vectors.T
    nearest, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    return {
        one: other
        for place, one in enumerate(mine)
        if one
        and (other := theirs[nearest[place]])
        and back[nearest[place]] == place
        and cosines[place, nearest[place]] >= NEAREST
        and one not in theirs
        and other not in mine
    }


def renamed(found: Tokens, same: Counterparts) -> Tokens:
    """The tokens, each read as its counterpart, but for those that are its opposite."""
    kept = {one: other for one, other in same.items() if other not in opposites_of(one)}
    if not kept:
        return found
    return tuple(replace(token, stem=kept.get(token.stem, token.stem)) for token in found)


def _stems(words: Sequence[str]) -> list[str]:
    """The stem of each word that may have a counterpart; empty for the others."""
    return [
        "" if _has_none(word, place) else stem(base(fold(word))) for place, word in enumerate(words)
    ]


def _has_none(word: str, place: int) -> bool:
    is_name = word[0].isupper() and place > 0
    bare = fold(word)
    return is_name or not bare.isalpha() or len(bare) < _SHORTEST or bare in FUNCTION_WORDS
