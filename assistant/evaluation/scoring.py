"""One question's record → its measures and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any

from assistant.evaluation import metrics
from assistant.evaluation.carried import carried
from assistant.evaluation.cases import Stretch, TestCase
from assistant.prices import price_of

CUTOFFS = (1, 4, 10)
"""The k of hit@k and recall@k: those below the depth of the search, and the depth itself."""


class Outcome(StrEnum):
    """What became of a question."""

    CORRECT = "correct"
    RIGHTLY_REFUSED = "rightly refused"
    FAILED = "failed"
    """The answerer raised an error."""
    REFUSED = "refused though answerable"
    ANSWERED = "answered though unanswerable"
    PREMISE_ACCEPTED = "false premise accepted"
    NOT_READ = "wrong: gold not read"
    """It was not among the passages that the answerer was shown."""
    NOT_CITED = "wrong: gold read but not cited"
    CITED = "wrong: gold cited but not said"
    NOT_ASKED = "not asked"
    """Only retrieval was measured."""

    @property
    def right(self) -> bool:
        return self in (Outcome.CORRECT, Outcome.RIGHTLY_REFUSED)

    @property
    def wrong(self) -> bool:
        return not self.right and self is not Outcome.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Record:
    """A question, what was retrieved for it and what was answered."""

    case: TestCase
    retrieved: tuple[Stretch, ...]
    """Best first."""
    answer: Mapping[str, Any]
    """``Answer.as_dict()``; empty where the answerer failed."""
    latency_ms: float
    error: str = ""
    """Why there is no answer; empty where there is one."""
    judged: str = ""
    """``right`` or ``wrong``, as a language model judged the answer; empty where none did."""

    @property
    def asked(self) -> bool:
        """Whether an answer was asked for, and not only what is retrieved."""
        return bool(self.answer or self.error)

    @property
    def abstained(self) -> bool:
        return bool(self.answer.get("abstained", False))

    @property
    def confidence(self) -> float | None:
        """The probability, before answering, that there is an answer; ``None`` if not estimated."""
        value = self.answer.get("confidence")
        return None if value is None else float(value)

    @property
    def citations(self) -> tuple[Stretch, ...]:
        return self._stretches("citations")

    @property
    def read(self) -> tuple[Stretch, ...]:
        """The passages that the answerer was shown."""
        return self._stretches("consulted")

    @property
    def said(self) -> str:
        """The statements without citation numbers; empty for a refusal."""
        return "\n".join(one["text"] for one in self.answer.get("statements", ()))

    def _stretches(self, name: str) -> tuple[Stretch, ...]:
        places = self.answer.get(name, ())
        return tuple(Stretch(one["path"], one["start"], one["end"]) for one in places)


def measures(record: Record, k: int) -> dict[str, float]:
    """Every measure that is defined for this record, by name."""
    found = _of_retrieval(record, k) if record.case.answerable else {}
    if not record.asked:
        return found
    first = {"right": float(outcome(record).right), "failed": float(bool(record.error))}
    if record.answer:
        first |= _of_answer(record)
    first |= _of_abstention(record)
    return first | found | (_of_correctness(record) if record.case.answerable else {})


def _of_answer(record: Record) -> dict[str, float]:
    found = {"latency_ms": record.latency_ms}
    if record.answer["model"] is not None:
        usage = record.answer["usage"]
        found["prompt_tokens"] = usage["prompt_tokens"]
        found["completion_tokens"] = usage["completion_tokens"]
        found |= _cost(record.answer)
    statements = record.answer["statements"]
    if statements:
        supported = sum(one["support"] == "supported" for one in statements)
        found["statement_support"] = supported / len(statements)
        found |= carried(record.answer)
    return found


def _cost(answer: Mapping[str, Any]) -> dict[str, float]:
    price, usage = price_of(str(answer["model"])), answer["usage"]
    if price is None:
        return {}
    return {"cost_usd": price.of(usage["prompt_tokens"], usage["completion_tokens"])}


def _of_abstention(record: Record) -> dict[str, float]:
    refused = float(record.abstained)
    if record.case.false_premise:
        return {"refused": refused, "premise_refused": refused}
    found = {"refused": refused}
    found["false_refusal" if record.case.answerable else "abstention_recall"] = refused
    if record.abstained:
        found["abstention_precision"] = float(not record.case.answerable)
    return found


def _of_retrieval(record: Record, k: int) -> dict[str, float]:
    gold = record.case.gold
    if not gold:
        return {}
    grades = [piece.grade for piece in gold]
    levels = {"article_": metrics.article_ranks(gold, record.retrieved)}
    if not any(piece.whole for piece in gold):  # of a whole article no passage is the right one
        levels = {"": metrics.span_ranks(gold, record.retrieved)} | levels
    return {
        f"{level}{name}": value
        for level, ranks in levels.items()
        for name, value in _of_ranks(ranks, grades, k).items()
    }


def _of_ranks(ranks: metrics.Ranks, grades: Sequence[float], k: int) -> dict[str, float]:
    found = {}
    for cutoff in cutoffs(k):
        found[f"hit@{cutoff}"] = metrics.hit_at(cutoff, ranks)
        found[f"recall@{cutoff}"] = metrics.recall_at(cutoff, ranks)
    found[f"mrr@{k}"] = metrics.reciprocal_rank(k, ranks)
    found[f"ndcg@{k}"] = metrics.ndcg_at(k, ranks, grades)
    return found


def cutoffs(k: int) -> tuple[int, ...]:
    """The k of hit@k and recall@k for a search of depth ``k``."""
    return (*(cutoff for cutoff in CUTOFFS if cutoff < k), k)


def _of_correctness(record: Record) -> dict[str, float]:
    case = record.case
    found: dict[str, float] = {}
    if case.gold:
        recall = metrics.citation_recall(record.citations, case.gold)
        found["citation_recall"] = recall
        found["citation_f1"] = metrics.citation_f1(record.citations, case.gold)
        found["correct_and_cited"] = float(_is_correct(record) and recall == 1)
        if record.citations:
            found["citation_precision"] = metrics.citation_precision(record.citations, case.gold)
    found["correctness"] = float(_is_correct(record))
    if case.answer:
        found["token_f1"] = metrics.token_f1(record.said, case.answer)
        found["rouge_l"] = metrics.rouge_l(record.said, case.answer)
    if record.judged:
        judged = record.judged == "right"
        found["judged_right"] = float(judged)
        found["judge_agreement"] = float(judged == _is_correct(record))
    return found


def _is_correct(record: Record) -> bool:
    case = record.case
    if record.abstained or not record.said:
        return False
    if not case.must_contain:
        return metrics.citation_recall(record.citations, case.gold) == 1
    return metrics.contains_all(record.said, case.must_contain)


def outcome(record: Record) -> Outcome:
    """What became of the question."""
    if not record.asked:
        return Outcome.NOT_ASKED
    if record.error:
        return Outcome.FAILED
    if record.case.answerable:
        return Outcome.REFUSED if record.abstained else _of_answerable(record)
    if record.abstained:
        return Outcome.RIGHTLY_REFUSED
    return Outcome.PREMISE_ACCEPTED if record.case.false_premise else Outcome.ANSWERED


def _of_answerable(record: Record) -> Outcome:
    gold = record.case.gold
    if _is_correct(record):
        return Outcome.CORRECT
    if gold and inf in metrics.span_ranks(gold, record.read):
        return Outcome.NOT_READ
    if gold and metrics.citation_recall(record.citations, gold) < 1:
        return Outcome.NOT_CITED
    return Outcome.CITED
