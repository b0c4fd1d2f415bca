"""A gate for continuous integration: bounds to keep, and falls that are more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.evaluation.compare import CHANCE, LESS_IS_BETTER, Change, compare
from assistant.evaluation.run import Run
from assistant.evaluation.summary import Summary, summarise

_GUARDED = (
    "right",
    "correctness",
    "citation_precision",
    "citation_recall",
    "abstention_recall",
    "false_refusal",
    "premise_refused",
    "answered_without_gold",
    "unsupported",
    "failed",
)
"""The figures of a run that may not fall significantly, beside ``recall@k``."""


def bounds(text: str) -> dict[str, float]:
    """``recall@10=0.9,false_refusal=0.1`` → bound by figure.

    ``text`` without an equals sign names a file of bounds, one a line; what follows ``#`` there is
    a remark. Raises ``SettingsError``.
    """
    items = _lines(Path(text)) if text and "=" not in text else text.split(",")
    return dict(_bound(item.strip()) for item in items if item.strip())


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"A bound reads FIGURE=NUMBER, and {str(file)!r} is no file of bounds either."
        ) from error
    return [line.partition("#")[0] for line in lines]


def _bound(item: str) -> tuple[str, float]:
    name, _, value = item.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise SettingsError(f"A bound reads FIGURE=NUMBER, not {item!r}.") from None


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run is held to."""

    limits: Mapping[str, float]
    """Bound by figure: the least that will do, or the most where less is better."""
    baseline: Run | None = None

    def reasons(self, run: Run) -> list[str]:
        """Why ``run`` does not pass, a sentence each; none if it does."""
        falls = fallen(self.baseline, run) if self.baseline else ()
        return [*beyond(summarise(run.records, run.k), self.limits), *falls]


def beyond(summary: Summary, limits: Mapping[str, float]) -> tuple[str, ...]:
    """A sentence for each figure that is worse than its bound, in order.

    Raises ``SettingsError`` for a figure that the run does not have.
    """
    if unknown := [name for name in limits if name not in summary]:
        raise SettingsError(
            f"This run has no figure {unknown[0]!r}; it has {', '.join(sorted(summary))}."
        )
    return tuple(
        f"{name} is {summary[name].value:.3f}, worse than {limit:g}."
        for name, limit in limits.items()
        if _gain(name, summary[name].value - limit) < 0
    )


def fallen(baseline: Run, run: Run) -> tuple[str, ...]:
    """A sentence for each guarded figure that is significantly worse than in ``baseline``.

    As many figures are tested at once, p-values are corrected: Holm, A Simple Sequentially
    Rejective Multiple Test Procedure (Scandinavian Journal of Statistics 6, 1979).
    """
    changes = compare(baseline, run).changes
    guarded = [name for name in (*_GUARDED, f"recall@{run.k}") if name in changes]
    found = []
    for tested, name in enumerate(sorted(guarded, key=lambda one: changes[one].p)):
        if changes[name].p * (len(guarded) - tested) >= CHANCE:
            break
        if _gain(name, changes[name].difference.value) < 0:
            found.append(_fall(name, changes[name]))
    return tuple(found)


def _gain(name: str, rise: float) -> float:
    return -rise if name in LESS_IS_BETTER else rise


def _fall(name: str, change: Change) -> str:
    return (
        f"{name} went from {change.before:.3f} to {change.after:.3f}, "
        f"which is not chance (p = {change.p:.4f})."
    )
