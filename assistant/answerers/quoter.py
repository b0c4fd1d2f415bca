"""An answer with no language model: the fewest sentences that answer, word for word."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answer import Outcome, Support
from assistant.answerers.relevance import Relevance, Scored, weights
from assistant.answerers.units import Unit, is_all_quotation, is_head, runs
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence, EvidenceSentence, source
from assistant.understanding.question import Intent, Kind, Question
from assistant.verification.kinds import states
from index.analysis import stems

if TYPE_CHECKING:
    from index.library import Library

MOST = 3
"""Sentences, with what belongs to them, that one part of a question is answered by."""

NEARLY = 1.0
"""A further sentence is quoted where its log odds are this near to the best one's …"""

FURTHER = 0.2
"""… or where it brings this share of the question's words, by weight, …"""

BEHIND = 3.0
"""… and its log odds are not further behind than this."""

ALIKE = 0.8
"""Sentences that share this much of the shorter one's words say the same."""

BEGINNING = 3
"""Sentences of each article that an overview quotes."""

CLOSEST = "Nothing here clearly answers this. Closest:"
NOT_FOUND = "The articles do not seem to answer this."
_KINDS = {
    Kind.NUMBER: "a number",
    Kind.DATE: "a date or a time",
    Kind.DURATION: "a length of time",
}


@dataclass(frozen=True, slots=True)
class Quoter:
    """Chooses sentences of the evidence and says where they are from."""

    library: Library
    name: str = "quoter"
    model: None = None
    relevance: Relevance = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "relevance", Relevance(self.library))

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        """The chosen sentences, then how clearly they answer."""
        if question.intent is Intent.OVERVIEW and evidence.sentences:
            yield from drafts(self._beginnings(evidence))
            yield Conclusion(Outcome.ANSWERED, message="How it begins, in its own words:")
            return
        found = [
            self._part(query, evidence) for query in question.queries or (question.standalone,)
        ]
        confidence = max((part.confidence for part in found), default=0.0)
        if confidence < weights().far:
            yield Conclusion(Outcome.NOT_FOUND, message=NOT_FOUND, confidence=confidence)
            return
        chosen = [unit for part in found for unit in part.units]
        yield from drafts(list(runs(chosen)))
        yield _conclusion(question, found, confidence)

    def _part(self, query: str, evidence: Evidence) -> _Part:
        ranked = self.relevance.rank(query, evidence)
        confidence = self.relevance.confidence(query, ranked)
        return _Part(query, fewest(ranked, self.relevance.words(query)), confidence)

    def _beginnings(self, evidence: Evidence) -> list[tuple[EvidenceSentence, ...]]:
        found = []
        for article, sentences in evidence.articles():
            aside = self.library.boilerplate(article.id)
            content = [
                one
                for one in sentences
                if not any(span.overlap(one.span) for span in aside) and not is_head(one)
            ]
            found.append(tuple(content[:BEGINNING]) or sentences[:BEGINNING])
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a question, with what answers it."""

    query: str
    units: tuple[Unit, ...]
    confidence: float


def fewest(ranked: Sequence[Scored], weighed: dict[str, float]) -> tuple[Unit, ...]:
    """The best unit, with those that are nearly as good or bring words of the question that are
    not covered yet."""
    if not ranked:
        return ()
    best, *others = ranked
    chosen, covered = [best], best.covers
    total = sum(weighed.values()) or 1.0
    for one in others:
        behind = best.odds - one.odds
        if len(chosen) == MOST or behind > BEHIND:
            break
        fresh = sum(weighed[stem] for stem in one.covers - covered) / total
        if (behind <= NEARLY or fresh >= FURTHER) and not any(_alike(one, two) for two in chosen):
            chosen.append(one)
            covered |= one.covers
    return tuple(one.unit for one in chosen)


def _alike(one: Scored, other: Scored) -> bool:
    """Whether the two share a sentence, or say nearly the same in the same words."""
    if set(one.unit.numbers) & set(other.unit.numbers):
        return True
    mine, theirs = frozenset(stems(one.unit.text)), frozenset(stems(other.unit.text))
    return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))


def drafts(several: Sequence[tuple[EvidenceSentence, ...]]) -> list[Draft]:
    """A draft for each run of sentences, in their own words."""
    found: list[Draft] = []
    last = ""
    for run in several:
        text = " ".join(sentence.text for sentence in run)
        numbers = tuple(sentence.number for sentence in run)
        introduction = _introduction(run, text, again=run[0].article.id == last)
        last = run[0].article.id
        found.append(Draft(text, numbers, Support.QUOTED, introduction))
    return found


def _introduction(run: Sequence[EvidenceSentence], text: str, *, again: bool) -> str:
    """Where the sentences are from; and that they do not say who speaks, where that is so."""
    said = [] if again else [source(run[0].article)]
    if is_all_quotation(text):
        said.append("speaker not stated")
    joined = ", ".join(said)
    return f"{joined[:1].upper()}{joined[1:]}:" if joined else ""


def _conclusion(question: Question, found: Sequence[_Part], confidence: float) -> Conclusion:
    quoted = " ".join(unit.text for part in found for unit in part.units)
    lacking = [_KINDS[kind] for kind in question.kinds if not states(quoted, kind)]
    if confidence < weights().clear or (lacking and len(found) == 1):
        told = f"{CLOSEST[:-1]}, without {lacking[0]}:" if lacking else CLOSEST
        return Conclusion(Outcome.CLOSEST, message=told, confidence=confidence)
    unclear = [part.query for part in found if part.confidence < weights().clear]
    if unclear or lacking:
        missing = "; ".join(unclear) or f"{lacking[0]} is not quoted"
        return Conclusion(Outcome.PARTIAL, missing=missing, confidence=confidence)
    return Conclusion(Outcome.ANSWERED, confidence=confidence)
