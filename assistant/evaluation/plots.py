"""The plots of a report: a run → SVG that takes its colours and its font from the page around it.

The one file that imports Matplotlib, when a plot is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from assistant.evaluation import calibration, metrics
from assistant.evaluation.intervals import Estimate, estimate
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record
from assistant.evaluation.summary import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Locator

# Matplotlib knows no colour of a page: these stand for them until the SVG is written.
_INK, _LINE, _FIRST, _SECOND = "#010101", "#020202", "#030303", "#040404"
_ON_PAGE = {
    _INK: "currentColor",
    _LINE: "var(--line)",
    _FIRST: "var(--first)",
    _SECOND: "var(--second)",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "font.size": 11,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
}
_WIDTH = 4.6  # inches of 72 points
_LONGEST = 24
_SHOWN_TYPES = 30


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing and what it says."""

    title: str
    caption: str
    svg: str
    """An ``<svg>`` element, safe to put into a page as it is."""


Draw = Callable[["Axes"], None]


def plots(run: Run, types: Mapping[str, Summary]) -> list[Plot]:
    """Every plot for which the run has figures; ``types``: those of each type of question."""
    return [*_by_type(run, types), *_retrieval(run), *_confidence(run), *_latency(run)]


def _by_type(run: Run, types: Mapping[str, Summary]) -> Iterator[Plot]:
    for figure, title in (
        ("right", "Right answers and refusals, by type"),
        (f"recall@{run.k}", f"Retrieval: recall@{run.k}, by type"),
        (f"article_recall@{run.k}", f"Retrieval of articles: recall@{run.k}, by type"),
        ("citation_precision", "Citation precision, by type"),
        ("citation_recall", "Citation recall, by type"),
    ):
        known = {name: found[figure] for name, found in types.items() if figure in found}
        if known:
            caption = "Mean of each type of question with its 95 % interval."
            yield _typed(title, caption, dict(list(known.items())[:_SHOWN_TYPES]))


def _typed(title: str, caption: str, known: Mapping[str, Estimate]) -> Plot:
    # A type's name may hold anything: it comes into the drawing after Matplotlib is done with it.
    names = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in known]
    tokens = [f"@{at}@".ljust(max(4, len(name)), "x") for at, name in enumerate(names)]
    rows = range(len(known))

    def draw(axes: Axes) -> None:
        _intervals(axes, list(known.values()), rows)
        axes.set_yticks(list(rows), tokens)
        axes.set_ylim(len(known) - 0.4, -0.6)
        axes.set_xlim(-0.03, 1.03)
        axes.grid(visible=False, axis="y")

    svg = _svg(title, draw, 0.9 + 0.27 * len(known))
    for token, name in zip(tokens, names, strict=True):
        svg = svg.replace(f">{token}<", f">{escape(name)}<")
    return Plot(title, caption, svg)


def _intervals(axes: Axes, found: Sequence[Estimate], rows: Sequence[int]) -> None:
    values = [one.value for one in found]
    axes.hlines(rows, [one.low for one in found], [one.high for one in found], _FIRST, lw=2.5)
    axes.plot(values, rows, "o", color=_FIRST, markersize=7)


def _retrieval(run: Run) -> Iterator[Plot]:
    records = [record for record in run.records if record.case.answerable and record.case.gold]
    if not records:
        return
    deepest = min(run.k, max(1, *(len(record.retrieved) for record in records)))
    ks = range(1, deepest + 1)
    exact = [record for record in records if not any(one.whole for one in record.case.gold)]
    curves = {"articles": (_SECOND, _recalls(records, metrics.article_ranks, ks))}
    if exact:  # of a whole article no passage is the right one
        curves["passages"] = (_FIRST, _recalls(exact, metrics.span_ranks, ks))

    def draw(axes: Axes) -> None:
        for name, (colour, found) in curves.items():
            _band(axes, ks, found, colour, name)
        axes.set_ylim(0, 1.03)
        axes.set_xlabel("k")
        axes.set_xticks([k for k in ks if deepest <= 12 or k == 1 or k % 5 == 0])
        axes.legend(loc="lower right")

    title = "Retrieval: recall over k"
    ends = "; ".join(
        f"of {name} {found[0].value:.3f} at 1 and {found[-1].value:.3f} at {deepest}"
        for name, (_, found) in curves.items()
    )
    caption = (
        f"Share of the gold among the first k of what was searched out, {len(records)} questions: "
        f"{ends}. Bands are 95 % intervals."
    )
    yield Plot(title, caption, _svg(title, draw))


def _recalls(
    records: Sequence[Record], ranks: Callable[..., metrics.Ranks], ks: Sequence[int]
) -> list[Estimate]:
    found = [ranks(record.case.gold, record.retrieved) for record in records]
    return [estimate([metrics.recall_at(k, one) for one in found]) for k in ks]


def _band(
    axes: Axes, ks: Sequence[int], found: Sequence[Estimate], colour: str, label: str
) -> None:
    low, high = [one.low for one in found], [one.high for one in found]
    axes.fill_between(ks, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(ks, [one.value for one in found], "o-", color=colour, lw=2, ms=4, label=label)


def _confidence(run: Run) -> Iterator[Plot]:
    pairs = calibration.estimates(run.records)
    if not pairs:
        return
    yield _reliability(pairs)
    yield _histogram(pairs)
    yield _risk(calibration.risk_coverage(run.records))


def _reliability(pairs: calibration.Estimates) -> Plot:
    found = calibration.bins(pairs)

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_INK, lw=1, ls=(0, (2, 3)))
        places = [one.confidence for one in found]
        axes.vlines(places, [one.low for one in found], [one.high for one in found], _FIRST, lw=2)
        axes.plot(places, [one.answerable for one in found], "o", color=_FIRST, markersize=6)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("confidence")
        axes.set_ylabel("share with an answer")

    title = "Calibration of refusals"
    caption = (
        f"Confidence that what is quoted answers the question, against how often there "
        f"was one: {len(pairs)} questions in bins of a tenth. Brier score "
        f"{calibration.brier(pairs):.3f}, calibration error "
        f"{calibration.calibration_error(pairs):.3f}; on the dotted line it would be 0."
    )
    return Plot(title, caption, _svg(title, draw))


def _histogram(pairs: calibration.Estimates) -> Plot:
    answerable = [confidence for confidence, known in pairs if known]
    others = [confidence for confidence, known in pairs if not known]
    edges = [at / 20 for at in range(21)]

    def draw(axes: Axes) -> None:
        axes.hist(answerable, edges, color=_FIRST, alpha=0.55, label="with an answer")
        axes.hist(others, edges, color=_SECOND, histtype="step", lw=2, label="without")
        axes.set_xlim(0, 1)
        axes.set_xlabel("confidence")
        axes.set_ylabel("questions")
        axes.yaxis.set_major_locator(_whole_numbers())
        axes.legend(loc="upper left")
        axes.margins(y=0.25)

    title = "Confidence, with and without an answer"
    caption = (
        f"{len(answerable)} questions with an answer and {len(others)} without: the less the two "
        "overlap, the better refusing can be decided."
    )
    return Plot(title, caption, _svg(title, draw))


def _risk(points: Sequence[calibration.Point]) -> Plot:
    def draw(axes: Axes) -> None:
        coverages = [point.coverage for point in points]
        axes.plot(coverages, [point.risk for point in points], color=_FIRST, lw=2)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("coverage")
        axes.set_ylabel("risk")

    title = "Risk and coverage"
    caption = (
        "If only the questions with the most confidence were answered: which share of them cites "
        "no gold or has no answer (risk), over the share answered (coverage)."
    )
    return Plot(title, caption, _svg(title, draw))


def _latency(run: Run) -> Iterator[Plot]:
    seconds = [record.latency_ms / 1000 for record in run.records if record.answer]
    seconds = [one for one in seconds if one > 0]
    if not seconds:
        return
    middle, late = (float(one) for one in _percentiles(seconds))

    def draw(axes: Axes) -> None:
        axes.hist(seconds, _log_edges(seconds), color=_FIRST, alpha=0.55)
        axes.set_xscale("log")
        for place, name in ((middle, "p50"), (late, "p95")):
            axes.axvline(place, color=_SECOND, lw=2)
            axes.annotate(
                name,
                (place, 1),
                (4, -2),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                color=_SECOND,
                va="top",
            )
        axes.margins(y=0.15)
        axes.xaxis.set_major_formatter(lambda value, _: _time(value))
        axes.xaxis.set_minor_formatter("")
        axes.set_ylabel("answers")
        axes.yaxis.set_major_locator(_whole_numbers())

    title = "Latency of an answer"
    caption = (
        f"{len(seconds)} answers, time on a logarithmic scale: half within "
        f"{_time(middle)}, 19 of 20 within {_time(late)}."
    )
    yield Plot(title, caption, _svg(title, draw))


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _percentiles(values: Sequence[float]) -> Sequence[float]:
    import numpy as np

    found: list[float] = np.percentile(values, [50, 95]).tolist()
    return found


def _log_edges(values: Sequence[float]) -> list[float]:
    import numpy as np

    edges: list[float] = np.geomspace(0.9 * min(values), 1.1 * max(values), 25).tolist()
    return edges


def _whole_numbers() -> Locator:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(6, integer=True)


def _svg(title: str, draw: Draw, height: float = 2.9) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({**_STYLE, "svg.hashsalt": title}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        file = StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", transparent=True, metadata=nothing)
    return _for_page(file.getvalue(), title)


def _for_page(svg: str, title: str) -> str:
    """The bare element, in the page's colours, with ids that no other drawing has."""
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(r"font-family: [^;]*; ", "", svg)
    for colour, on_page in _ON_PAGE.items():
        svg = svg.replace(colour, on_page)
    own = re.sub(r"\W+", "-", title.lower())
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{own}-", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
