"""What a question takes for granted, and whether the articles contradict it.

"Why did Russia walk out of the talks?" takes for granted that Russia did. The question is held
against the sentence of the evidence that shares most with it: if that one speaks of the same thing
and denies it, says the opposite, or says it of somebody else, the premise is false. Where nothing
speaks of the same thing, nothing is concluded: whether the evidence answers is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.checks import names, polarity, speakers
from assistant.checks.tokens import tokens
from assistant.evidence import Evidence, EvidenceSentence
from assistant.ranking import Ranker, coverage
from assistant.support import Source
from assistant.words import ASKING_WORDS, content_stems, stem

SAME_THING = 0.6
"""A sentence that holds this share of a question's words, rare ones counting more, speaks of the
same thing."""

SAME_DEED = 0.75
"""The same, where what differs is only who did it."""

AS_NEAR = 0.05
"""Sentences so much behind the nearest one may still be what the question is about."""

_SUBJECT = re.compile(
    r"^\W*(?:why|how|when|where)\s+(?:did|does|do|is|are|was|were|has|have|had|will|would)\s+"
    r"(?:the\s+)?(?=[A-Z])",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"^\W*(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b", re.IGNORECASE
)
"""A question that asks whether something is so takes nothing for granted."""
_ASKS_WHY = re.compile(r"^\W*(?:and |but |so )?(?:why|how come|what made)\b", re.IGNORECASE)
_POINTS_BACK = frozenset("he she they it his her their its who this".split())
_ASKING = frozenset(stem(word) for word in ASKING_WORDS)


def contradicted(question: str, evidence: Evidence, ranker: Ranker) -> EvidenceSentence | None:
    """The sentence that contradicts what the question takes for granted; ``None`` for none."""
    if not evidence.sentences or _ASKS_WHETHER.match(question):
        return None
    weights = ranker.weights(question)
    shares = {one: _share(weights, one) for one in evidence.sentences}
    nearest = max(shares, key=lambda one: (shares[one], -one.number))
    if shares[nearest] < SAME_THING:
        return None
    others = [one for one in shares if shares[one] >= shares[nearest] - AS_NEAR]
    if all(_contradicts(question, one, shares[one]) for one in others):
        return nearest
    return None


def unheard(question: str, ranker: Ranker) -> str:
    """What to say of a question why something is so, if it is so in words that no article has.

    They may be another word for what the articles say: so it is told, and the question answered.
    Empty where there is nothing to tell.
    """
    words = ranker.unknown(question).values() if _ASKS_WHY.match(question) else ()
    if not words:
        return ""
    listed = " or ".join(f"“{word}”" for word in words)
    return f"No article mentions {listed}: the question may take for granted what they do not say."


def _share(weights: Mapping[str, float], sentence: EvidenceSentence) -> float:
    source = Source((sentence,))
    return coverage(weights, frozenset(content_stems(f"{source.text} {source.head}")))


def _contradicts(question: str, sentence: EvidenceSentence, share: float) -> bool:
    source = Source((sentence,))
    return (
        _denies(question, source)
        or _says_of_another(question, source)
        or (share >= SAME_DEED and _done_by_another(question, source))
    )


def _denies(question: str, source: Source) -> bool:
    """Of names nothing is denied: "not with Assad" speaks of a deed."""
    named = {token.stem for token in tokens(question) if token.name}
    reversed_ = set(polarity.reversed_in(question, source.text)) - named - _ASKING
    opposed = [pair for pair in polarity.opposed(question, source.text) if not _ASKING & set(pair)]
    return bool(reversed_ or opposed)


def _says_of_another(question: str, source: Source) -> bool:
    """Somebody speaks in the text who is not the one the question names, and that one is not
    there."""
    asked, there = speakers.speakers(question), speakers.speakers(source.text)
    missing = {token.stem for token in names.missing(question, source.known)}
    return bool(there) and bool(asked & missing)


def _done_by_another(question: str, source: Source) -> bool:
    """The one who did it, in the question, is not there."""
    subject = _SUBJECT.match(question)
    if subject is None:
        return False
    one = tokens(question[subject.end() :])[0]
    there = tokens(source.text)
    if _POINTS_BACK & {token.word for token in there}:
        return False
    return one.may_be_name and one.stem not in {token.stem for token in there}
