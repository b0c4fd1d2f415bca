"""An evaluation: every question asked, and what came back recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from assistant.answer import Answer
from assistant.evaluation.excerpts import kept
from assistant.evaluation.journal import Journal
from assistant.evaluation.provenance import Indexed, corpus_of, versions
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Stretch, TestCase
from index.article import Hit
from index.errors import PinciteError
from index.filtering import EVERYTHING, Filter

_logger = logging.getLogger(__name__)

_DEPTH = 30
"""So many times deeper is the search where articles are counted: one has many passages."""


class Corpus(Indexed, Protocol):
    """What an evaluation needs of a library."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` best passages, best first."""


class Configured(Protocol):
    """What a run notes of the settings."""

    def as_dict(self) -> Mapping[str, Any]:
        """The settings by name, fit for JSON and without secrets."""


class Chat(Protocol):
    """A conversation."""

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """The next answer."""


class Subject(Protocol):
    """What is evaluated: an :class:`assistant.Assistant` or anything that answers like one."""

    @property
    def library(self) -> Corpus:
        """Where it looks."""

    @property
    def settings(self) -> Configured:
        """How it is set."""

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        """The answer. Raises ``PinciteError``."""

    def conversation(self) -> Chat:
        """A new conversation."""


class Judge(Protocol):
    """A language model that judges answers."""

    @property
    def model(self) -> str:
        """Which one."""

    def __call__(self, record: Record) -> str:
        """``right`` or ``wrong``; empty where it does not say. Raises ``PinciteError``."""


@dataclass(frozen=True, slots=True)
class Method:
    """How questions are asked."""

    k: int = 10
    """How many passages, or whole articles where gold is that, are searched out for retrieval."""
    jobs: int = 1
    """How many questions at a time."""
    answers: bool = True
    """Whether to ask for answers too, and not only what is retrieved."""
    judge: Judge | None = None
    """Judges every answer to an answerable question."""
    without_gold: bool = False
    """Whether every answerable question with gold is asked a second time, its gold articles
    excluded."""

    def as_dict(self) -> dict[str, Any]:
        """As a run's file notes it."""
        judge = self.judge and self.judge.model
        return {
            "answers": self.answers,
            "without_gold": self.without_gold,
            "judge": judge,
            "jobs": self.jobs,
        }


def evaluate(
    subject: Subject,
    cases: Iterable[TestCase],
    progress: Callable[[Record], None] | None = None,
    method: Method = Method(),
    out: Path | None = None,
) -> Run:
    """Ask every question. What fails is recorded, and the next one asked.

    With ``out`` the run is saved there, and each record at once beside it: a run that was
    interrupted goes on where it stopped. Raises ``StorageError``.
    """
    head = _head(subject, method)
    cases = tuple(cases)
    journal = Journal(out, head) if out else None
    known = dict(journal.known) if journal else {}
    open_cases = [case for case in cases if case not in known]
    for record in (known[case] for case in cases if case in known):
        _tell(progress, record)
    for record in _observed(subject, open_cases, method):
        known[record.case] = record
        if journal:
            journal.add(record)
        _tell(progress, record)
    records = tuple(known[case] for case in cases)
    texts = kept(records, subject.library)
    run = Run(records=records, texts=texts, **(journal.head if journal else head))
    if out and journal:
        run.save(out)
        journal.discard()
    return run


def _head(subject: Subject, method: Method) -> dict[str, Any]:
    return {
        "k": method.k,
        "method": method.as_dict(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": dict(subject.settings.as_dict()),
        "corpus": corpus_of(subject.library),
        "versions": versions(),
    }


def _tell(progress: Callable[[Record], None] | None, record: Record) -> None:
    if progress:
        progress(record)


def _observed(subject: Subject, cases: Sequence[TestCase], method: Method) -> Iterator[Record]:
    """The records as they come."""
    pool = ThreadPoolExecutor(method.jobs, thread_name_prefix="evaluate")
    try:
        asked = [pool.submit(_observe, subject, case, method) for case in cases]
        done = asked if method.jobs == 1 else as_completed(asked)
        yield from (future.result() for future in done)
    finally:
        # An interrupt does not wait for what was not begun.
        pool.shutdown(cancel_futures=True)


def _observe(subject: Subject, case: TestCase, method: Method) -> Record:
    record = Record(case, (), {}, 0.0)
    started = perf_counter()
    try:
        record = replace(record, retrieved=_retrieved(subject.library, case.question, case, method))
        if not method.answers and not case.turns:
            return record
        ask = _asking(subject, case)
        started = perf_counter()
        answer = ask(case.question, EVERYTHING)
        record = replace(record, answer=answer.as_dict(), latency_ms=_since(started))
        return _completed(subject, record, method)
    except PinciteError as error:
        return _failed(record, str(error) or type(error).__name__, started)
    except Exception as error:
        _logger.exception("a question could not be answered")
        return _failed(record, f"Unexpected {type(error).__name__}: {error}", started)


def _completed(subject: Subject, record: Record, method: Method) -> Record:
    """The record with what is known only once there is an answer."""
    case, standalone = record.case, record.answer["standalone"]
    if standalone != case.question:
        found = _retrieved(subject.library, standalone, case, method)
        record = replace(record, retrieved=found)
    if not method.answers:  # a follow-up was answered only to learn how it was understood
        return replace(record, answer={}, latency_ms=0.0)
    if method.without_gold and case.answerable and case.gold:
        paths = {at.path: None for piece in case.gold for at in piece.stretches}
        again = _asking(subject, case)(case.question, Filter(excluded=tuple(paths)))
        record = replace(record, without_gold=again.as_dict())
    return _judged(record, method.judge)


def _asking(subject: Subject, case: TestCase) -> Callable[[str, Filter], Answer]:
    """What the question is put to: a conversation in which its turns have been asked."""
    if not case.turns:
        return subject.ask
    chat = subject.conversation()
    for question in case.turns:
        chat.ask(question)
    return chat.ask


def _judged(record: Record, judge: Judge | None) -> Record:
    if judge is None or not record.case.answerable or not record.answered:
        return record
    try:
        return replace(record, judged=judge(record))
    except PinciteError as error:  # the answer is worth keeping without a verdict
        _logger.warning("%s was not judged: %s", record.case.id, error)
        return record


def _failed(record: Record, error: str, started: float) -> Record:
    return replace(record, answer={}, error=error, latency_ms=_since(started))


def _retrieved(
    library: Corpus, question: str, case: TestCase, method: Method
) -> tuple[Stretch, ...]:
    """The ``k`` best passages or, where gold is whole articles, each article's best one of the
    ``k`` best articles."""
    k = method.k
    if not any(piece.whole for piece in case.gold):
        return tuple(_stretches(library.search(question, k)))
    best: dict[str, Stretch] = {}
    for stretch in _stretches(library.search(question, _DEPTH * k)):
        best.setdefault(stretch.path, stretch)
    return tuple(best.values())[:k]


def _stretches(hits: Iterable[Hit]) -> Iterator[Stretch]:
    for passage in (hit.passage for hit in hits):
        yield Stretch(passage.article.path, passage.start, passage.end)


def _since(started: float) -> float:
    return 1000 * (perf_counter() - started)
