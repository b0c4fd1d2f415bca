"""Two runs of the same questions: what changed, and whether it could be chance.

Only questions that both runs asked are compared, and each figure only over those for which it is
defined in both: a question is compared with itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import TestSetError
from assistant.evaluation.intervals import Estimate, estimate, sign_flip
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record, measures

CHANCE = 0.05
"""A difference that chance would bring less often than this is significant."""

LESS_IS_BETTER = frozenset(
    """
    failed false_refusal answered_without_gold unsupported partly findings replaced
    statements quoted_characters latency_ms latency_p50_ms latency_p95_ms
    prompt_tokens completion_tokens cost_usd false_alarms false_called_supported
    """.split()
)


_DECIDING = ("right", "ndcg@10", "article_ndcg@10")
"""By which figure two runs are told apart: the first that both have."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two runs."""

    before: float
    after: float
    difference: Estimate
    """``after - before``, question by question."""
    p: float
    """How often chance alone would bring as large a difference."""

    def as_dict(self) -> dict[str, Any]:
        difference = self.difference.as_dict()
        return {
            "before": self.before,
            "after": self.after,
            "difference": difference,
            "p": self.p,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    changes: Mapping[str, Change]
    """By figure."""
    won: tuple[str, ...]
    """Ids of the questions that are right now and were not."""
    lost: tuple[str, ...]
    """Ids of the questions that were right and are not now."""
    questions: int
    """How many both runs asked."""

    @property
    def verdict(self) -> str:
        """In a sentence: better, worse, or no telling. It goes by ``right`` or, where nothing was
        answered, by what is retrieved."""
        name = next(name for name in (*_DECIDING, *self.changes) if name in self.changes)
        change = self.changes[name]
        counted = f"{len(self.won)} questions won, {len(self.lost)} lost of {self.questions}"
        if name != "right":
            counted = f"{name} {change.before:.3f} before, {change.after:.3f} now"
        if change.p >= CHANCE:
            return f"No telling: {counted}, which may be chance (p = {change.p:.3f})."
        word = "Better" if change.difference.value > 0 else "Worse"
        return f"{word}: {counted} (p = {change.p:.3f})."

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "questions": self.questions,
            "won": list(self.won),
            "lost": list(self.lost),
            "changes": {name: change.as_dict() for name, change in self.changes.items()},
        }

    def lines(self) -> Iterator[str]:
        """As plain text."""
        yield self.verdict
        yield ""
        yield f"{'':26}{'before':>10}{'after':>10}{'difference':>12}{'95 % interval':>22}{'p':>8}"
        for name, change in self.changes.items():
            found = change.difference
            interval = f"{found.low:+.3f} to {found.high:+.3f}"
            yield (
                f"{name[:25]:26}{change.before:>10.3f}{change.after:>10.3f}"
                f"{found.value:>+12.3f}{interval:>22}{change.p:>8.3f}"
            )
        yield ""
        yield f"Won: {' '.join(self.won) or 'none'}"
        yield f"Lost: {' '.join(self.lost) or 'none'}"


def compare(before: Run, after: Run) -> Comparison:
    """What changed. Raises ``TestSetError`` if the runs share no question."""
    pairs = list(_pairs(before, after))
    if not pairs:
        raise TestSetError("The two runs share no question: compare runs of the same test set.")
    k = min(before.k, after.k)
    scored = {one.case.id: (measures(one, k), measures(two, k)) for one, two in pairs}
    names = dict.fromkeys(name for one, two in scored.values() for name in one if name in two)
    right = {
        id: (one["right"], two["right"])
        for id, (one, two) in scored.items()
        if "right" in one and "right" in two
    }
    return Comparison(
        {name: _change(name, list(scored.values())) for name in names},
        tuple(id for id, pair in right.items() if pair == (0, 1)),
        tuple(id for id, pair in right.items() if pair == (1, 0)),
        len(pairs),
    )


def _pairs(before: Run, after: Run) -> Iterator[tuple[Record, Record]]:
    # A question or its gold may have been mended in between: then it is another one.
    earlier = {record.case: record for record in before.records}
    for record in after.records:
        if record.case in earlier:
            yield earlier[record.case], record


def _change(name: str, scored: list[tuple[dict[str, float], dict[str, float]]]) -> Change:
    pairs = [(one[name], two[name]) for one, two in scored if name in one and name in two]
    differences = [two - one for one, two in pairs]
    return Change(
        before=sum(one for one, _ in pairs) / len(pairs),
        after=sum(two for _, two in pairs) / len(pairs),
        difference=estimate(differences),
        p=sign_flip(differences),
    )
