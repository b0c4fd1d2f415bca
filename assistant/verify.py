"""Draft → statement: markers checked, support checked, evidence found anew where a marker fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Support
from assistant.answerer import Draft
from assistant.checks.counterparts import Counterparts, counterparts
from assistant.checks.tokens import content_stems, stems
from assistant.citations import Cited, known
from assistant.evidence import Evidence, EvidenceSentence
from assistant.ranking import Ranker
from assistant.support import Verdict, examine

MOST = 4
"""Sentences that are tried as the evidence of a statement whose own markers fail."""

GAIN = 0.1
"""A further sentence must hold this share of the statement's words that no other one holds."""

CLOSENESS = 0.5
"""What a sentence's closeness in meaning weighs against the share of words it holds."""

Denied = Callable[[str, Sequence[EvidenceSentence]], bool]
"""Statement and the sentences it rests on → whether somebody beside the rules denies it."""


def nobody(_statement: str, _cited: Sequence[EvidenceSentence]) -> bool:
    """No judge."""
    return False


@dataclass(frozen=True, slots=True)
class _Read:
    """A statement and its sentences, as the bundled model reads them."""

    ranker: Ranker
    statement: str
    cited: Sequence[EvidenceSentence]

    def closeness(self) -> float:
        return float(self.ranker.closeness(self.statement, self.cited).max())

    def counterparts(self) -> Counterparts:
        mine, *theirs = self.ranker.in_context([self.statement, *(one.text for one in self.cited)])
        return counterparts(mine, theirs)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Turns drafts into statements of one answer."""

    ranker: Ranker
    strict: bool
    """Leave out what is not supported, rather than mark it."""
    denied: Denied = nobody
    """Asked about what the rules let pass, but for sentences taken over word for word."""

    def add(self, cited: Cited, draft: Draft, evidence: Evidence) -> Cited:
        """``cited`` with the draft's statement, or as it was if the statement is left out."""
        rests_on, support = self._attribute(draft, evidence)
        if support is Support.SUPPORTED and self._is_denied(draft.text, rests_on):
            support = Support.UNVERIFIED
        if self.strict and support is Support.UNVERIFIED:
            return cited
        return cited.add(draft.text, rests_on, support, draft.introduction)

    def _is_denied(self, text: str, rests_on: Sequence[EvidenceSentence]) -> bool:
        quoted = text in " ".join(sentence.text for sentence in rests_on)
        return not quoted and self.denied(text, rests_on)

    def examine(self, statement: str, cited: Sequence[EvidenceSentence]) -> Verdict:
        """What speaks against the sentences, taken together, carrying the statement."""
        return examine(statement, cited, _Read(self.ranker, statement, cited))

    def _attribute(
        self, draft: Draft, evidence: Evidence
    ) -> tuple[Sequence[EvidenceSentence], Support]:
        """The sentences that carry the draft. One that contradicts it ends the search: it is
        what the draft should have said, and a fainter likeness elsewhere is no support."""
        claimed = known(draft.markers, evidence)
        for sentences in self._candidates(draft.text, claimed, evidence):
            verdict = self.examine(draft.text, sentences)
            if verdict.support is Support.SUPPORTED:
                return sentences, Support.SUPPORTED
            if verdict.contradicted:
                break
        return claimed, Support.UNVERIFIED

    def _candidates(
        self, text: str, claimed: Sequence[EvidenceSentence], evidence: Evidence
    ) -> Iterator[Sequence[EvidenceSentence]]:
        """What the draft claims to rest on; then what it may rest on, likeliest first."""
        if claimed:
            yield claimed
        if not evidence.sentences:
            return
        closeness = self.ranker.closeness(text, evidence.sentences)
        near = dict(zip(evidence.sentences, closeness.tolist(), strict=True))
        chosen = choose(text, near)
        for count in range(1, len(chosen) + 1):
            yield sorted(chosen[:count], key=lambda one: one.number)
        for sentence in sorted(near, key=lambda one: -near[one])[:MOST]:
            yield (sentence,)


def choose(statement: str, near: Mapping[EvidenceSentence, float]) -> list[EvidenceSentence]:
    """The sentences that together hold most of the statement, the first one the best.

    ``near``: the sentences with their closeness in meaning to the statement, as a cosine. Greedy:
    each further sentence must bring words that are still missing.
    """
    wanted = frozenset(content_stems(statement))
    holds = {sentence: stems(sentence.text) & wanted for sentence in near}
    chosen: list[EvidenceSentence] = []
    missing = wanted
    while len(chosen) < min(MOST, len(near)):
        total = max(len(wanted), 1)
        score = {
            one: CLOSENESS * near[one] + len(holds[one] & missing) / total
            for one in near
            if one not in chosen
        }
        best = max(score, key=lambda one: (score[one], -one.number))
        if chosen and len(holds[best] & missing) / total < GAIN:
            break
        chosen.append(best)
        missing -= holds[best]
    return chosen
