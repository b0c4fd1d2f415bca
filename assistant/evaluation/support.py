"""How well the support check does on labelled statements: false alarms, and what it catches.

Intervals are clustered by question, as statements of one question are alike: questions are drawn
with replacement, each with all its statements (Cameron, Gelbach and Miller, Bootstrap-Based
Improvements for Inference with Clustered Errors, Review of Economics and Statistics 90(3), 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answer import Support
from assistant.evaluation.intervals import Estimate, estimate
from assistant.evaluation.metrics import Floats
from assistant.evaluation.statements import Labelled
from assistant.evaluation.summary import Summary
from assistant.llm import ChatModel
from assistant.verification import Verdict, check

FLAGGED = (Support.PARTLY, Support.UNSUPPORTED)

Belongs = Callable[["Checked"], bool]


@dataclass(frozen=True, slots=True)
class Checked:
    """A labelled statement and the verdict on it."""

    labelled: Labelled
    verdict: Verdict

    @property
    def flagged(self) -> bool:
        """Whether it was called unsupported, wholly or in part."""
        return self.verdict.support in FLAGGED


def check_all(statements: Iterable[Labelled], model: ChatModel | None) -> Iterator[Checked]:
    """The verdict on each statement: by facts and ``model``, or facts alone. Raises ``LLMError``.

    Each is asked about alone: beside its variants it would be easier.
    """
    for one in statements:
        question = one.question or None
        yield Checked(one, check(one.statement, one.sources, model, question))


def summarise(checked: Iterable[Checked]) -> Summary:
    """Figures by name; what is defined for no statement is absent."""
    checked = tuple(checked)
    kinds = dict.fromkeys(one.labelled.kind for one in checked if _is_false(one))
    figures = {
        "false_alarms": _share(checked, _is_true, lambda one: one.flagged),
        "caught": _share(checked, _is_false, lambda one: one.flagged),
        "balanced_accuracy": _balanced_accuracy(checked),
        "partly_flagged": _share(checked, _is_partly, lambda one: one.flagged),
        "true_called_supported": _share(checked, _is_true, _called_supported),
        "false_called_supported": _share(checked, _is_false, _called_supported),
    } | {
        f"caught:{kind}": _share(checked, _is_false_of(kind), lambda one: one.flagged)
        for kind in kinds
    }
    return {name: found for name, found in figures.items() if found is not None}


def lines(summary: Summary) -> Iterator[str]:
    """The figures as plain text."""
    yield f"{'Support check':34}{'value':>8}{'95 % interval':>20}{'statements':>12}"
    for name, found in summary.items():
        interval = f"{found.low:.3f} to {found.high:.3f}"
        yield f"  {name.replace('_', ' '):32}{found.value:>8.3f}{interval:>20}{found.count:>12}"


def _is_true(one: Checked) -> bool:
    return one.labelled.label is Support.SUPPORTED


def _is_false(one: Checked) -> bool:
    return one.labelled.label is Support.UNSUPPORTED


def _is_partly(one: Checked) -> bool:
    return one.labelled.label is Support.PARTLY


def _is_false_of(kind: str) -> Belongs:
    return lambda one: _is_false(one) and one.labelled.kind == kind


def _called_supported(one: Checked) -> bool:
    return one.verdict.support in (Support.SUPPORTED, Support.QUOTED)


def _share(checked: Sequence[Checked], belongs: Belongs, counts: Belongs) -> Estimate | None:
    """Share of the statements that belong here for which ``counts`` holds."""
    chosen = [one for one in checked if belongs(one)]
    clusters = [
        (sum(map(counts, cluster)), len(cluster)) for cluster in _by_question(chosen).values()
    ]
    return replace(estimate(clusters, _ratio), count=len(chosen)) if clusters else None


def _balanced_accuracy(checked: Sequence[Checked]) -> Estimate | None:
    """Mean of the share of true statements let pass and of false ones caught."""
    chosen = [one for one in checked if _is_true(one) or _is_false(one)]
    if not any(map(_is_true, chosen)) or not any(map(_is_false, chosen)):
        return None
    clusters = [
        (
            sum(_is_true(one) and not one.flagged for one in cluster),
            sum(map(_is_true, cluster)),
            sum(_is_false(one) and one.flagged for one in cluster),
            sum(map(_is_false, cluster)),
        )
        for cluster in _by_question(chosen).values()
    ]
    return replace(estimate(clusters, _mean_of_ratios), count=len(chosen))


def _by_question(checked: Iterable[Checked]) -> dict[str, list[Checked]]:
    """The statements of each question; one without a question stands for itself."""
    clusters: dict[str, list[Checked]] = {}
    for one in checked:
        clusters.setdefault(one.labelled.question or one.labelled.id, []).append(one)
    return clusters


def _ratio(samples: Floats) -> Floats:
    """(samples, clusters, 2) → (samples,): what counts over what belongs."""
    counted, all_of = np.moveaxis(samples.sum(axis=1), -1, 0)
    return np.asarray(counted / np.maximum(all_of, 1))


def _mean_of_ratios(samples: Floats) -> Floats:
    """(samples, clusters, 4) → (samples,)."""
    return np.asarray((_ratio(samples[..., :2]) + _ratio(samples[..., 2:])) / 2)
