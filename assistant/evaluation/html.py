"""A run as one HTML file that needs nothing else: no script, no request.

Whatever comes from articles, models and test sets is escaped by Jinja; a Content-Security-Policy
in the file forbids what an oversight could let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation.cards import Facet, cards, facets
from assistant.evaluation.compare import CHANCE, Comparison, compare
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.report import answerers, number, sections
from assistant.evaluation.run import Run
from assistant.evaluation.summary import Summary, by_result, by_type, summarise
from index.errors import StorageError

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'"
"""Content Security Policy Level 3 (W3C): no script, no image, no font, no connection."""

_HERE = Path(__file__).parent
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as a table shows it."""

    label: str
    value: str
    interval: str
    count: int
    bar: tuple[float, float, float] | None
    """Low, value and high in percent, where the figure is a share."""


def page(run: Run, before: Run | None = None, links: Mapping[str, str] | None = None) -> str:
    """The report of ``run``, and what changed from ``before``. ``links`` (text → address) stand
    above it. Raises ``TestSetError`` if the two runs share no question."""
    from assistant.evaluation.plots import plots

    comparison = compare(before, run) if before else None
    shown = cards(run, *((comparison.won, comparison.lost) if comparison else ()))
    filters = facets(shown)
    summary = summarise(run.records, run.k)
    groups = by_type(run.records)
    types = {name: summarise(records, run.k) for name, records in groups.items()}
    return render(
        "report.html.jinja",
        run=run,
        links=links or {},
        answerers=answerers(run),
        comparison=comparison and _compared(comparison),
        headlines=_headlines(summary, run.k),
        figures=list(_figures(summary, run.k)),
        columns=_columns(run.k),
        types=[(name, len(groups[name]), _cells(found, run.k)) for name, found in types.items()],
        results=[(one, len(group)) for one, group in by_result(run.records).items()],
        plots=plots(run, types),
        cards=shown,
        facets=filters,
        rules=list(_rules(filters)),
    )


def write(path: Path, run: Run, before: Run | None = None) -> None:
    """Write :func:`page` to a file. Raises ``StorageError`` and ``TestSetError``."""
    text = page(run, before)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"The report cannot be written to {path} ({error.strerror}): "
            "choose a folder that exists and can be written, or make room."
        ) from error


def render(template: str, **variables: Any) -> str:
    """A template of this folder, in the report's look. Half characters that no encoding knows
    (they can come from JSON) are shown as ``?``."""
    text = _environment().get_template(template).render(policy=POLICY, **variables)
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup((_HERE / "report.css").read_text("utf-8"))  # noqa: S704
    environment.filters["number"] = number
    environment.filters["tight"] = lambda text: _BLANK_LINES.sub("\n", text)
    return environment


def _headlines(summary: Summary, k: int) -> list[Row]:
    labels = {
        "right": "right answers and refusals",
        "correctness": "correct, of answerable questions",
        f"recall@{k}": f"gold found, recall@{k}",
        f"article_recall@{k}": f"gold articles found, recall@{k}",
        "abstention_f1": "refusals, F1",
        "answered_without_gold": "still answered without gold",
        "citation_precision": "citation precision",
        "citation_recall": "citation recall",
        "supported": "statements supported",
        "unsupported": "statements unsupported",
        "latency_p50_ms": "latency p50, ms",
    }
    if f"recall@{k}" in summary:
        del labels[f"article_recall@{k}"]
    return [_row(label, summary[name]) for name, label in labels.items() if name in summary]


def _figures(summary: Summary, k: int) -> Iterator[tuple[str, list[Row]]]:
    for heading, rows in sections(k).items():
        known = [_row(label, summary[name]) for name, label in rows if name in summary]
        if known:
            yield heading, known


def _row(label: str, found: Estimate) -> Row:
    interval = f"{number(found.low)} to {number(found.high)}"
    is_share = found.low >= 0 and found.high <= 1 and not label.startswith("US")
    bar = (100 * found.low, 100 * found.value, 100 * found.high) if is_share else None
    return Row(label, number(found.value), interval, found.count, bar)


def _columns(k: int) -> list[str]:
    return [
        "right",
        f"recall@{k}",
        f"article_recall@{k}",
        "citation_precision",
        "citation_recall",
        "refused",
    ]


def _cells(found: Summary, k: int) -> list[Row | None]:
    return [_row(name, found[name]) if name in found else None for name in _columns(k)]


def _compared(comparison: Comparison) -> dict[str, Any]:
    """The verdict, each figure's change with whether it is significant, and who won and lost."""
    changes = [
        (name, change, change.p < CHANCE and change.difference.value != 0)
        for name, change in comparison.changes.items()
    ]
    return {
        "verdict": comparison.verdict,
        "changes": changes,
        "won": comparison.won,
        "lost": comparison.lost,
    }


def _rules(filters: Sequence[Facet]) -> Iterator[str]:
    """CSS that hides the questions which lack what is chosen. Only numbers come into it."""
    for facet in filters:
        for at in range(len(facet.values)):
            chosen = f'#by-{facet.name} option[value="{at}"]:checked'
            yield f':root:has({chosen}) .case:not([data-{facet.name}~="{at}"])'
