"""What a question takes for granted, and whether the articles contradict it.

"Why did Russia walk out of the talks?" takes for granted that Russia did. The question is held
against the sentence of the evidence that matches it best, what may be said otherwise left aside: if
that one denies it, says the opposite, says it of somebody else, or has another number, date, place
or title, the premise is false. Where nothing speaks of the same thing, nothing is concluded, unless
the question has nothing but names in common with the articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.checks import dates, names, polarity, slots, speakers, titles
from assistant.checks.opposites import opposites
from assistant.checks.tokens import tokens
from assistant.evidence import Evidence, EvidenceSentence
from assistant.ranking import Ranker
from assistant.support import Source
from assistant.words import ASKING_WORDS, question_words, stem

SAME_THING = 0.8
"""How well a sentence must match the question's words, on the average and rare ones counting more,
to speak of the same thing. What is said otherwise is left aside."""

AS_NEAR = 0.05
"""Sentences so much behind the nearest one may still be what the question is about."""

OF_THE_SAME = 0.1
"""The same for those in which the one who is asked about does what is asked about."""

SPEAKS_OF_IT = 0.7
"""How well a sentence must match to affirm, by the very words, what the nearest one denies."""

CANDIDATES = 8
"""So many sentences, those that match the whole question best, are held against it."""

FEWEST_WORDS = 2
"""So many words of the question must be left to compare."""

_ASKS_WHETHER = re.compile(
    r"^\W*(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should)\b", re.IGNORECASE
)
"""A question that asks whether something is so takes nothing for granted."""
_ASKS_WHY = re.compile(r"^\W*(?:and |but |so )?(?:why|how come|what made)\b", re.IGNORECASE)
_PRESUMES = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how|when|where)\s+"
    r"(?=(?:did|does|do|is|are|was|were|has|have|had|will|would)\b)",
    re.IGNORECASE,
)
"""What opens a question that takes for granted what follows it."""
_ASKING = frozenset(stem(word) for word in (*ASKING_WORDS, "difference", "differ", "compare"))


@dataclass(frozen=True, slots=True)
class _Held:
    """A sentence held against the question."""

    sentence: EvidenceSentence
    otherwise: frozenset[str]
    """Stems of the question for which the sentence says something else."""
    match: float
    """How well it matches the others, 0 to 1."""


def contradicted(question: str, evidence: Evidence, ranker: Ranker) -> EvidenceSentence | None:
    """The sentence that contradicts what the question takes for granted; ``None`` for none."""
    if not evidence.sentences or _ASKS_WHETHER.match(question):
        return None
    held = _held(question, evidence, ranker)
    nearest = max(held, key=lambda one: (one.match, -one.sentence.number))
    if not nearest.otherwise or nearest.match < SAME_THING:
        return None
    if len(nearest.otherwise) + FEWEST_WORDS > len(question_words(question)):
        return None
    denied = _denied(question, Source((nearest.sentence,)))
    if any(_confirms(one, nearest, question, denied) for one in held):
        return None
    return nearest.sentence


def _held(question: str, evidence: Evidence, ranker: Ranker) -> list[_Held]:
    weights = ranker.weights(question)
    shares = np.asarray(list(weights.values()), np.float32)
    matches = ranker.matches(question, evidence)
    found = []
    for place in np.argsort(-(matches @ shares), kind="stable")[:CANDIDATES]:
        sentence = evidence.sentences[place]
        otherwise = _otherwise(question, Source((sentence,)))
        compared = shares * [word not in otherwise for word in weights]
        match = float(matches[place] @ compared) / max(float(compared.sum()), 1e-9)
        found.append(_Held(sentence, otherwise, match))
    return found


def _confirms(one: _Held, nearest: _Held, question: str, denied: frozenset[str]) -> bool:
    """Whether a sentence contradicts nothing and is as near, or nearly and tells the deed of the
    one who is asked about; or affirms what the nearest denies."""
    if one.otherwise:
        return False
    if denied and denied <= _stems(one.sentence.text) and one.match >= SPEAKS_OF_IT:
        return True
    tells_it = slots.same_agent(question, one.sentence.text)
    return one.match >= nearest.match - (OF_THE_SAME if tells_it else AS_NEAR)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(token.word) for token in tokens(text))


def _otherwise(question: str, source: Source) -> frozenset[str]:
    return frozenset().union(*(rule(question, source) for rule in RULES.values()))


def _denied(question: str, source: Source) -> frozenset[str]:
    """Words whose deed the text denies, or has the opposite of. Of names and dates nothing is
    denied: "not with Assad" speaks of a deed."""
    asked = {token.stem for token in tokens(question)}
    opposed = {one for one, _ in polarity.opposed(question, source.text)}
    both = {one for one in opposed if asked & opposites()[one]}  # "where does it start and end"
    turned = {*polarity.reversed_in(question, source.text), *opposed} - both
    return frozenset(
        word
        for token in tokens(question)
        if token.stem in turned and not token.name and not token.no_name
        if (word := stem(token.word)) not in _ASKING and not word.isdigit()
    )


def _said_by_another(question: str, source: Source) -> frozenset[str]:
    """The one who speaks, in the question, where somebody else speaks in the text and that one is
    not there."""
    missing = {token.stem for token in names.missing(question, source.known)}
    asked, there = speakers.speakers(question), speakers.speakers(source.text)
    return asked & missing if there else frozenset()


def _done_by_another(question: str, source: Source) -> frozenset[str]:
    return slots.other_agent(question, source.text)


def _other_number(question: str, source: Source) -> frozenset[str]:
    return slots.other_number(question, source.text, f"{source.text} . {source.head}")


def _other_date(question: str, source: Source) -> frozenset[str]:
    (sentence,) = source.cited
    beside = dates.dates(f"{source.head} . {source.context}")
    return slots.other_date(question, source.text, beside, sentence.article.published)


def _other_place(question: str, source: Source) -> frozenset[str]:
    (sentence,) = source.cited
    return slots.other_place(question, source.text, source.known, sentence.article.text)


def _other_title(question: str, source: Source) -> frozenset[str]:
    (sentence,) = source.cited
    return titles.other_title(question, sentence.article.text)


RULES: dict[str, Callable[[str, Source], frozenset[str]]] = {
    "denied": _denied,
    "speaker": _said_by_another,
    "agent": _done_by_another,
    "number": _other_number,
    "date": _other_date,
    "place": _other_place,
    "title": _other_title,
}
"""What a sentence can say otherwise than the question, by name: each gives the question's words."""


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


def only_names_known(question: str, ranker: Ranker) -> bool:
    """Whether a question why somebody did something has nothing but names in common with the
    articles: they know who is asked about, and nothing of the deed, in these words at least."""
    if not _ASKS_WHY.match(question):
        return False
    named = {stem(token.word) for token in tokens(question) if token.name}
    deeds = question_words(question).keys() - named
    return bool(named) and bool(deeds) and deeds <= ranker.unknown(question).keys()


def asked_whether(question: str) -> str:
    """The question whether it is so at all: "Why did Russia leave?" → "Did Russia leave?".

    Empty for a question of another form.
    """
    asked = _PRESUMES.sub("", question)
    return f"{asked[:1].upper()}{asked[1:].rstrip(' .?!')}?" if asked != question else ""
