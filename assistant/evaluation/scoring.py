"""One question's record → its measures and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import Any

from assistant.answer import Outcome, Support
from assistant.evaluation import metrics
from assistant.evaluation.cases import Stretch, TestCase

CUTOFFS = (1, 4, 10)
"""The k of hit@k and recall@k: those below the depth of the search, and the depth itself."""

ANSWERING = frozenset({Outcome.ANSWERED, Outcome.PARTIAL})
"""The outcomes that claim to answer; with any other a question counts as refused."""


class Result(StrEnum):
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
        return self in (Result.CORRECT, Result.RIGHTLY_REFUSED)

    @property
    def wrong(self) -> bool:
        return not self.right and self is not Result.NOT_ASKED


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
    without_gold: Mapping[str, Any] = field(default_factory=dict)
    """The answer to the same question with its gold articles excluded; empty where it was not
    asked again."""

    @property
    def asked(self) -> bool:
        """Whether an answer was asked for, and not only what is retrieved."""
        return bool(self.answer or self.error)

    @property
    def outcome(self) -> Outcome | None:
        """The answer's; ``None`` where there is no answer."""
        return Outcome(self.answer["outcome"]) if self.answer else None

    @property
    def answered(self) -> bool:
        """Whether the answer claims to be one."""
        return self.outcome in ANSWERING

    @property
    def refused(self) -> bool:
        """Whether there is an answer that does not claim to be one."""
        return bool(self.answer) and not self.answered

    @property
    def answered_without_gold(self) -> bool | None:
        """The same of the answer without gold articles; ``None`` where it was not asked."""
        return Outcome(self.without_gold["outcome"]) in ANSWERING if self.without_gold else None

    @property
    def confidence(self) -> float | None:
        """The estimated probability that the question is answered; ``None`` if not estimated."""
        return confidence_of(self.answer)

    @property
    def citations(self) -> tuple[Stretch, ...]:
        return self._stretches("citations")

    @property
    def read(self) -> tuple[Stretch, ...]:
        """The passages that the answerer was shown."""
        return self._stretches("consulted")

    @property
    def said(self) -> str:
        """The statements without citation numbers; empty where there is none."""
        return "\n".join(one["text"] for one in self.answer.get("statements", ()))

    @property
    def quoted(self) -> str:
        """The cited characters of all citations."""
        return "\n".join(one["quote"] for one in self.answer.get("citations", ()))

    def _stretches(self, name: str) -> tuple[Stretch, ...]:
        places = self.answer.get(name, ())
        return tuple(Stretch(one["path"], one["start"], one["end"]) for one in places)


def confidence_of(answer: Mapping[str, Any]) -> float | None:
    """The confidence of an answer in its JSON form."""
    value = answer.get("confidence")
    return None if value is None else float(value)


def measures(record: Record, k: int) -> dict[str, float]:
    """Every measure that is defined for this record, by name."""
    found = _of_retrieval(record, k) if record.case.answerable else {}
    if not record.asked:
        return found
    first = {"right": float(result(record).right), "failed": float(bool(record.error))}
    if record.answer:
        first |= _of_answer(record)
    first |= _of_refusal(record)
    return first | found | (_of_correctness(record) if record.case.answerable else {})


def _of_answer(record: Record) -> dict[str, float]:
    found = {"latency_ms": record.latency_ms}
    if record.answer["model"] is not None:
        usage = record.answer["usage"]
        found["prompt_tokens"] = usage["prompt_tokens"]
        found["completion_tokens"] = usage["completion_tokens"]
        if (cost := record.answer.get("cost_usd")) is not None:
            found["cost_usd"] = cost
    if statements := record.answer["statements"]:
        found["statements"] = len(statements)
        found["quoted_characters"] = sum(len(one["quote"]) for one in record.answer["citations"])
        found |= _of_statements(statements)
    return found


def _of_statements(statements: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    count = len(statements)
    supports = Counter(one["support"] for one in statements)
    found = {support.value: supports[support.value] / count for support in Support}
    found["findings"] = sum(len(one["findings"]) for one in statements) / count
    found["replaced"] = sum(one["replaced"] is not None for one in statements) / count
    return found


def _of_refusal(record: Record) -> dict[str, float]:
    refused = float(record.refused)
    outcomes = (Outcome.PARTIAL, Outcome.CLOSEST, Outcome.NOT_FOUND, Outcome.UNCLEAR)
    found = {one.value: float(record.outcome is one) for one in outcomes}
    found = {"answered": float(record.answered)} | found | {"refused": refused}
    if record.case.false_premise:
        return found | {"premise_refused": refused}
    found["false_refusal" if record.case.answerable else "abstention_recall"] = refused
    if record.refused:
        found["abstention_precision"] = float(not record.case.answerable)
    if record.answered_without_gold is not None:
        found["answered_without_gold"] = float(record.answered_without_gold)
    return found


def _of_retrieval(record: Record, k: int) -> dict[str, float]:
    gold = record.case.gold
    if not gold or not (record.retrieved or record.error or not record.answer):
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
    found = _of_citations(record) if record.case.gold else {}
    found["correctness"] = float(_is_correct(record))
    if record.case.answer:
        found |= _of_reference(record)
    if record.answered:
        # The same, of the questions that were answered: whether an answer can be relied on.
        for name in ("correctness", "gold_cited", "answer_quoted"):
            if name in found:
                found[f"{name}_answered"] = found[name]
    if record.judged:
        judged = record.judged == "right"
        found["judged_right"] = float(judged)
        found["judge_agreement"] = float(judged == _is_correct(record))
    return found


def _of_citations(record: Record) -> dict[str, float]:
    gold = record.case.gold
    recall = metrics.citation_recall(record.citations, gold)
    found = {
        "citation_recall": recall,
        "citation_f1": metrics.citation_f1(record.citations, gold),
        "gold_cited": float(recall > 0),
        "correct_and_cited": float(_is_correct(record) and recall == 1),
    }
    if record.citations:
        found["citation_precision"] = metrics.citation_precision(record.citations, gold)
    return found


def _of_reference(record: Record) -> dict[str, float]:
    case = record.case
    share = metrics.share_of_words(record.quoted, case.answer, beside=case.question)
    return {
        "token_f1": metrics.token_f1(record.said, case.answer),
        "rouge_l": metrics.rouge_l(record.said, case.answer),
    } | ({} if share is None else {"answer_quoted": float(share >= 0.5)})


def _is_correct(record: Record) -> bool:
    case = record.case
    if not record.answered or not record.said:
        return False
    if not case.must_contain:
        return metrics.citation_recall(record.citations, case.gold) == 1
    return metrics.contains_all(record.said, case.must_contain)


def result(record: Record) -> Result:
    """What became of the question."""
    if not record.asked:
        return Result.NOT_ASKED
    if record.error:
        return Result.FAILED
    if record.case.answerable:
        return Result.REFUSED if record.refused else _of_answerable(record)
    if record.refused:
        return Result.RIGHTLY_REFUSED
    return Result.PREMISE_ACCEPTED if record.case.false_premise else Result.ANSWERED


def _of_answerable(record: Record) -> Result:
    gold = record.case.gold
    if _is_correct(record):
        return Result.CORRECT
    if gold and inf in metrics.span_ranks(gold, record.read):
        return Result.NOT_READ
    if gold and metrics.citation_recall(record.citations, gold) < 1:
        return Result.NOT_CITED
    return Result.CITED
