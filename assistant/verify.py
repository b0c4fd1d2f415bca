"""Draft → statement: markers checked, support checked, evidence found anew where a marker fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answer import Support
from assistant.answerer import Draft
from assistant.citations import Cited, known
from assistant.evidence import Evidence, EvidenceSentence
from assistant.ranking import Ranker
from assistant.support import check, shared

CANDIDATES = 4
"""How many sentences are tried as the evidence of a statement whose own markers fail."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Turns drafts into statements of one answer."""

    ranker: Ranker
    strict: bool
    """Leave out what is not supported, rather than mark it."""

    def add(self, cited: Cited, draft: Draft, evidence: Evidence) -> Cited:
        """``cited`` with the draft's statement, or as it was if the statement is left out."""
        rests_on, support = self._attribute(draft, evidence)
        if self.strict and support is Support.UNVERIFIED:
            return cited
        return cited.add(f"{draft.introduction} {draft.text}".strip(), rests_on, support)

    def support(self, statement: str, sentences: Sequence[EvidenceSentence]) -> Support:
        """Whether the sentences, taken together, carry the statement."""
        return check(statement, sentences)

    def _attribute(
        self, draft: Draft, evidence: Evidence
    ) -> tuple[Sequence[EvidenceSentence], Support]:
        claimed = known(draft.markers, evidence)
        if self.support(draft.text, claimed) is Support.SUPPORTED:
            return claimed, Support.SUPPORTED
        for sentences in self._candidates(draft.text, evidence):
            if self.support(draft.text, sentences) is Support.SUPPORTED:
                return sentences, Support.SUPPORTED
        return claimed, Support.UNVERIFIED

    def _candidates(self, text: str, evidence: Evidence) -> list[tuple[EvidenceSentence, ...]]:
        """Single sentences that may carry ``text``, likeliest first; then their pairs."""
        if not evidence.sentences:
            return []
        closeness = self.ranker.closeness(text, evidence.sentences)
        scores = {
            sentence.number: float(near) + shared(text, sentence.text)
            for sentence, near in zip(evidence.sentences, closeness, strict=True)
        }
        best = sorted(scores, key=lambda number: (-scores[number], number))[:CANDIDATES]
        single = [(evidence[number],) for number in best]
        pairs = [known(pair, evidence) for pair in pairwise(best)]
        return [*single, *pairs]
