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
from assistant.conversation import Turn
from assistant.evaluation.excerpts import kept
from assistant.evaluation.journal import Journal
from assistant.evaluation.provenance import Indexed, corpus_of, versions
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Stretch, TestCase
from index.article import Hit
from index.errors import PinciteError

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

    turns: list[Turn]

    def ask(self, question: str) -> Answer:
        """The next answer."""


class Subject(Protocol):
    """What is evaluated: an :class:`assistant.Assistant` or anything that answers like one."""

    @property
    def library(self) -> Corpus:
        """Where it looks."""

    @property
    def settings(self) -> Configured:
        """How it is set."""

    @property
    def rewrite(self) -> Callable[[str, Sequence[Turn]], str]:
        """Follow-up and the turns before it → standalone question."""

    def ask(self, question: str) -> Answer:
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

    def as_dict(self) -> dict[str, Any]:
        """As a run's file notes it."""
        judge = self.judge and self.judge.model
        return {"answers": self.answers, "judge": judge, "jobs": self.jobs}


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
        question = _standalone(subject, case)
        record = replace(record, retrieved=_retrieved(subject.library, question, case, method.k))
        if not method.answers:
            return record
        started = perf_counter()
        answer = subject.ask(question).as_dict()
        return _judged(replace(record, answer=answer, latency_ms=_since(started)), method.judge)
    except PinciteError as error:
        return _failed(record, str(error) or type(error).__name__, started)
    except Exception as error:
        _logger.exception("a question could not be answered")
        return _failed(record, f"Unexpected {type(error).__name__}: {error}", started)


def _judged(record: Record, judge: Judge | None) -> Record:
    if judge is None or not record.case.answerable or record.abstained:
        return record
    try:
        return replace(record, judged=judge(record))
    except PinciteError as error:  # the answer is worth keeping without a verdict
        _logger.warning("%s was not judged: %s", record.case.id, error)
        return record


def _failed(record: Record, error: str, started: float) -> Record:
    return replace(record, answer={}, error=error, latency_ms=_since(started))


def _standalone(subject: Subject, case: TestCase) -> str:
    if not case.turns:
        return case.question
    chat = subject.conversation()
    for question in case.turns:
        chat.ask(question)
    return subject.rewrite(case.question, chat.turns)


def _retrieved(library: Corpus, question: str, case: TestCase, k: int) -> tuple[Stretch, ...]:
    """The ``k`` best passages or, where gold is whole articles, each article's best one of the
    ``k`` best articles."""
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
