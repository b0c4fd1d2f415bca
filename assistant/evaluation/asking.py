"""An evaluation: every question asked, and what came back recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from assistant.answer import Answer
from assistant.conversation import Turn
from assistant.evaluation.journal import Journal
from assistant.evaluation.provenance import Indexed, corpus_of, versions
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Stretch, TestCase
from index.article import Hit
from index.errors import VerbatimError

_logger = logging.getLogger(__name__)


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
        """The answer. Raises ``VerbatimError``."""

    def conversation(self) -> Chat:
        """A new conversation."""


def evaluate(
    subject: Subject,
    cases: Iterable[TestCase],
    progress: Callable[[Record], None] | None = None,
    k: int = 10,
    jobs: int = 1,
    out: Path | None = None,
) -> Run:
    """Ask every question, ``jobs`` at a time. What fails is recorded, and the next one asked.

    With ``out`` the run is saved there, and each record at once beside it: a run that was
    interrupted goes on where it stopped. Raises ``StorageError``.
    """
    head = _head(subject, k)
    cases = tuple(cases)
    journal = Journal(out, head) if out else None
    known = dict(journal.known) if journal else {}
    open_cases = [case for case in cases if case not in known]
    for record in (known[case] for case in cases if case in known):
        _tell(progress, record)
    for record in _observed(subject, open_cases, k, jobs):
        known[record.case] = record
        if journal:
            journal.add(record)
        _tell(progress, record)
    run = Run(records=tuple(known[case] for case in cases), **(journal.head if journal else head))
    if out and journal:
        run.save(out)
        journal.discard()
    return run


def _head(subject: Subject, k: int) -> dict[str, Any]:
    return {
        "k": k,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": dict(subject.settings.as_dict()),
        "corpus": corpus_of(subject.library),
        "versions": versions(),
    }


def _tell(progress: Callable[[Record], None] | None, record: Record) -> None:
    if progress:
        progress(record)


def _observed(subject: Subject, cases: Sequence[TestCase], k: int, jobs: int) -> Iterator[Record]:
    """The records as they come."""
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="evaluate")
    try:
        asked = [pool.submit(_observe, subject, case, k) for case in cases]
        done = asked if jobs == 1 else as_completed(asked)
        yield from (future.result() for future in done)
    finally:
        # An interrupt does not wait for what was not begun.
        pool.shutdown(cancel_futures=True)


def _observe(subject: Subject, case: TestCase, k: int) -> Record:
    record = Record(case, (), {}, 0.0)
    started = perf_counter()
    try:
        question = _standalone(subject, case)
        retrieved = _stretches(subject.library.search(question, k))
        record = replace(record, retrieved=retrieved)
        started = perf_counter()
        answer = subject.ask(question).as_dict()
        return replace(record, answer=answer, latency_ms=_since(started))
    except VerbatimError as error:
        return replace(record, error=str(error) or type(error).__name__, latency_ms=_since(started))
    except Exception as error:
        _logger.exception("a question could not be answered")
        said = f"Unexpected {type(error).__name__}: {error}"
        return replace(record, error=said, latency_ms=_since(started))


def _standalone(subject: Subject, case: TestCase) -> str:
    if not case.turns:
        return case.question
    chat = subject.conversation()
    for question in case.turns:
        chat.ask(question)
    return subject.rewrite(case.question, chat.turns)


def _stretches(hits: Iterable[Hit]) -> tuple[Stretch, ...]:
    passages = [hit.passage for hit in hits]
    return tuple(Stretch(one.article.path, one.start, one.end) for one in passages)


def _since(started: float) -> float:
    return 1000 * (perf_counter() - started)
