"""A run as a person reads it in a terminal, and as a program reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from assistant.evaluation.calibration import TENTHS, risk_coverage
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record, cutoffs
from assistant.evaluation.summary import Summary, by_result, by_tag, by_type, summarise

_WIDTH = 100
_TAGGED = 5
"""So many questions need a tag for its figures to be shown; ``--json`` has them all."""


def figures(run: Run) -> dict[str, Any]:
    """The figures of a run, for JSON: all questions, each type and tag, the ids by result."""
    return {
        "created": run.created,
        "questions": len(run.records),
        "answerers": answerers(run),
        "corpus": dict(run.corpus),
        "summary": _summary_dict(run.records, run.k),
        "types": {
            name: _summary_dict(records, run.k) for name, records in by_type(run.records).items()
        },
        "tags": {
            name: _summary_dict(records, run.k) for name, records in by_tag(run.records).items()
        },
        "results": {
            result.value: [record.case.id for record in records]
            for result, records in by_result(run.records).items()
        },
        "risk_coverage": [asdict(point) for point in risk_coverage(run.records)],
    }


def _summary_dict(records: Sequence[Record], k: int) -> dict[str, dict[str, float]]:
    return {name: found.as_dict() for name, found in summarise(records, k).items()}


def lines(run: Run) -> Iterator[str]:
    """The figures of a run as plain text, at most 100 characters a line."""
    yield f"{len(run.records)} questions, {run.corpus['articles']} articles, {run.created}"
    yield f"Answers: {', '.join(answerers(run)) or 'none'}; vectors: {run.corpus['embedding']}"
    yield from _figures_table(summarise(run.records, run.k), run.k)
    yield from _groups_table("By type", by_type(run.records), run.k)
    tags = {tag: group for tag, group in by_tag(run.records).items() if len(group) >= _TAGGED}
    yield from _groups_table(f"By tag ({_TAGGED} or more)", tags, run.k) if tags else ()
    yield from _risk_table(run)
    yield from _results_table(run) if any(record.asked for record in run.records) else ()


def answerers(run: Run) -> list[str]:
    """The models, or where none was used the answerers, that gave the answers."""
    answers = [record.answer for record in run.records if record.answer]
    names = {answer["model"] or answer["answerer"]: None for answer in answers}
    return list(names)


def sections(k: int) -> dict[str, list[tuple[str, str]]]:
    """Heading → the figures under it: name and label."""
    ks = cutoffs(k)
    levels = [("Retrieval of the gold passages", ""), ("Retrieval of their articles", "article_")]
    retrieval = {
        heading: [(f"{level}hit@{n}", f"hit@{n}") for n in ks]
        + [(f"{level}recall@{n}", f"recall@{n}") for n in ks]
        + [(f"{level}mrr@{k}", f"MRR@{k}"), (f"{level}ndcg@{k}", f"nDCG@{k}")]
        for heading, level in levels
    }
    return retrieval | {
        "Citations": [
            ("citation_precision", "precision: citations that overlap gold"),
            ("citation_recall", "recall: pieces of gold that are cited"),
            ("citation_f1", "F1 of the two"),
            ("gold_cited", "questions of which any gold is cited"),
            ("gold_cited_answered", "the same, of those answered"),
            ("answer_quoted", "half of the answer's words quoted"),
            ("answer_quoted_answered", "the same, of those answered"),
        ],
        "Statements": [
            ("statements", "statements of an answer"),
            ("quoted_characters", "characters quoted"),
            ("quoted", "the source's own words"),
            ("supported", "supported, as a language model judges"),
            ("partly", "partly supported"),
            ("unsupported", "unsupported"),
            ("unchecked", "unchecked"),
            ("findings", "findings per statement"),
            ("replaced", "replaced by what is cited"),
        ],
        "Answers": [
            ("right", "right: correct, or rightly refused"),
            ("correctness", "correctness, of answerable questions"),
            ("correctness_answered", "the same, of those answered"),
            ("correct_and_cited", "correct, and all of the gold cited"),
            ("token_f1", "token F1 with the reference"),
            ("rouge_l", "ROUGE-L with the reference"),
            ("judged_right", "right, as the language model judges"),
            ("judge_agreement", "its agreement with correctness"),
            ("judge_kappa", "Cohen's kappa with correctness"),
            ("failed", "failed with an error"),
        ],
        "Outcomes": [
            ("answered", "answered, wholly or partly"),
            ("partial", "answered partly"),
            ("closest", "closest passages only"),
            ("not_found", "not found"),
            ("unclear", "asked back"),
        ],
        "Refusals": [
            ("abstention_precision", "precision"),
            ("abstention_recall", "recall"),
            ("abstention_f1", "F1"),
            ("false_refusal", "answerable questions refused"),
            ("premise_refused", "false premises refused"),
            ("answered_without_gold", "still answered without gold articles"),
        ],
        "Cost of an answer": [
            ("latency_p50_ms", "latency p50, ms"),
            ("latency_p95_ms", "latency p95, ms"),
            ("prompt_tokens", "prompt tokens"),
            ("completion_tokens", "completion tokens"),
            ("cost_usd", "US dollars"),
        ],
    }


def _figures_table(summary: Summary, k: int) -> Iterator[str]:
    yield ""
    yield f"{'':44}{'value':>10}{'95 % interval':>20}{'cases':>8}"
    for heading, rows in sections(k).items():
        known = [(summary[name], label) for name, label in rows if name in summary]
        if known:
            yield heading
            yield from (_figure(label, found) for found, label in known)


def _figure(label: str, found: Estimate) -> str:
    interval = f"{number(found.low)} to {number(found.high)}"
    return f"  {label:42}{number(found.value):>10}{interval:>20}{found.count:>8}"


def number(value: float) -> str:
    """A figure as read: three decimals where it is small, none where it is large."""
    if 0 < abs(value) < 0.0005:
        return f"{value:.1e}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def _groups_table(heading: str, groups: Mapping[str, Sequence[Record]], k: int) -> Iterator[str]:
    columns = {
        f"recall@{k}": f"recall@{k}",
        f"article_recall@{k}": "articles",
        "citation_precision": "cit.prec.",
        "citation_recall": "cit.recall",
        "refused": "refused",
        "right": "right",
    }
    summaries = {name: summarise(records, k) for name, records in groups.items()}
    there = [one for one in columns if any(one in summary for summary in summaries.values())]
    yield ""
    yield f"{heading:24}{'cases':>6}" + "".join(f"{columns[one]:>11}" for one in there)
    for name, summary in summaries.items():
        cells = [number(summary[one].value) if one in summary else "-" for one in there]
        yield f"  {name[:21]:22}{len(groups[name]):>6}" + "".join(f"{cell:>11}" for cell in cells)


def _risk_table(run: Run) -> Iterator[str]:
    points = risk_coverage(run.records, TENTHS)
    if not points:
        return
    again = any(record.without_gold for record in run.records)
    yield ""
    heads = ("coverage", "risk", "answered", *(["without gold"] if again else []))
    yield f"{'Answering from a confidence of':32}" + "".join(f"{head:>14}" for head in heads)
    for point in points:
        values = (point.coverage, point.risk, point.answered, point.answered_without_gold)
        cells = [number(value) for value in values if value is not None]
        yield f"  {point.threshold:<30.1f}" + "".join(f"{cell:>14}" for cell in cells)


def _results_table(run: Run) -> Iterator[str]:
    yield ""
    yield f"{'Result':36}{'cases':>6}"
    for result, records in by_result(run.records).items():
        yield f"  {result.value:34}{len(records):>6}"
        if result.wrong:
            ids = " ".join(record.case.id for record in records)
            yield from wrap(ids, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
