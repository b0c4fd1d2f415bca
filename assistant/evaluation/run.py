"""An evaluation: every question asked, what came back recorded, to be scored then or years later.

A run keeps what was observed, not what was computed from it: measures follow from its records,
so that an old run is scored by today's definitions.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from assistant.answer import Answer
from assistant.errors import TestSetError
from assistant.evaluation.scoring import Record, measures, outcome
from assistant.evaluation.testset import Articles, Stretch, TestCase, case_of
from index.article import Hit
from index.errors import StorageError, VerbatimError

FORMAT = 1
"""Version of a run's JSON."""

_PACKAGES = ("verbatim", "chromadb", "llama-index-core", "onnxruntime", "openai", "tantivy")


class Embeds(Protocol):
    """What a run notes of an embedder."""

    @property
    def name(self) -> str:
        """Which model it is."""


class Corpus(Articles, Protocol):
    """What an evaluation needs of a library."""

    @property
    def embedder(self) -> Embeds:
        """What turns its texts into vectors."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The ``k`` best passages, best first."""


class Configured(Protocol):
    """What a run notes of the settings."""

    def as_dict(self) -> Mapping[str, Any]:
        """The settings by name, fit for JSON and without secrets."""


class Subject(Protocol):
    """What is evaluated: an :class:`assistant.Assistant` or anything that answers like one."""

    @property
    def library(self) -> Corpus:
        """Where it looks."""

    @property
    def settings(self) -> Configured:
        """How it is set."""

    def ask(self, question: str) -> Answer:
        """The answer. Raises ``VerbatimError``."""


@dataclass(frozen=True, slots=True)
class Run:
    """What an evaluation observed, and of what."""

    records: tuple[Record, ...]
    k: int
    """How many passages were searched out for a question to measure retrieval."""
    created: str
    """When it began: ISO 8601, UTC."""
    settings: Mapping[str, Any]
    """Without secrets."""
    corpus: Mapping[str, Any]
    """``articles`` (number), ``hash`` (of their ids), ``embedding`` (the model)."""
    versions: Mapping[str, str]
    """Of Python, the system and the libraries that matter."""

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON form. Measures are written for other programs, and never read."""
        return {
            "verbatim_run": FORMAT,
            "created": self.created,
            "k": self.k,
            "settings": dict(self.settings),
            "corpus": dict(self.corpus),
            "versions": dict(self.versions),
            "records": [_record_dict(record, self.k) for record in self.records],
        }

    def save(self, path: Path) -> None:
        """Write it as JSON, whole or not at all. Raises ``StorageError``."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, allow_nan=False, indent=1)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.write_text(text + "\n", encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StorageError(
                f"The run cannot be written to {path} ({error.strerror}): "
                "choose a folder that exists and can be written."
            ) from error

    @classmethod
    def load(cls, path: Path) -> Run:
        """A run that was saved. Raises ``TestSetError``."""
        try:
            return _run_of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise TestSetError(
                f"{path} cannot be read as a run: make one with `verbatim evaluate --out FILE`."
            ) from error


def evaluate(
    subject: Subject,
    cases: Iterable[TestCase],
    progress: Callable[[Record], None] | None = None,
    k: int = 10,
) -> Run:
    """Ask every question. An error of the answerer is recorded, and the next question asked."""
    created = datetime.now(UTC).isoformat(timespec="seconds")
    records = []
    for record in _records(subject, cases, k):
        records.append(record)
        if progress:
            progress(record)
    return Run(
        tuple(records),
        k,
        created,
        subject.settings.as_dict(),
        _corpus(subject.library),
        _versions(),
    )


def _records(subject: Subject, cases: Iterable[TestCase], k: int) -> Iterator[Record]:
    for case in cases:
        retrieved: tuple[Stretch, ...] = ()
        started = perf_counter()
        try:
            retrieved = _retrieved(subject.library.search(case.question, k))
            started = perf_counter()
            answer = subject.ask(case.question).as_dict()
        except VerbatimError as error:
            yield Record(case, retrieved, {}, _since(started), _said(error))
        else:
            yield Record(case, retrieved, answer, _since(started))


def _retrieved(hits: Iterable[Hit]) -> tuple[Stretch, ...]:
    passages = [hit.passage for hit in hits]
    return tuple(Stretch(one.article.path, one.start, one.end) for one in passages)


def _since(started: float) -> float:
    return 1000 * (perf_counter() - started)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _corpus(library: Corpus) -> dict[str, Any]:
    ids = sorted(id for id, _, _ in library.metadata())
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()
    return {"articles": len(ids), "hash": digest, "embedding": library.embedder.name}


def _versions() -> dict[str, str]:
    known = {"python": platform.python_version(), "system": platform.platform()}
    for package in _PACKAGES:
        try:
            known[package] = version(package)
        except PackageNotFoundError:
            known[package] = "not installed"
    return known


def _record_dict(record: Record, k: int) -> dict[str, Any]:
    return {
        "case": record.case.as_dict(),
        "retrieved": [
            {"path": one.path, "start": one.start, "end": one.end} for one in record.retrieved
        ],
        "answer": dict(record.answer),
        "latency_ms": record.latency_ms,
        "error": record.error,
        "outcome": outcome(record).value,
        "measures": measures(record, k),
    }


def _run_of(data: Mapping[str, Any]) -> Run:
    if data["verbatim_run"] != FORMAT:
        raise ValueError(f"format {data['verbatim_run']}")
    return Run(
        records=_records_of(data["records"]),
        k=int(data["k"]),
        created=str(data["created"]),
        settings=dict(data["settings"]),
        corpus=dict(data["corpus"]),
        versions=dict(data["versions"]),
    )


def _records_of(data: Sequence[Mapping[str, Any]]) -> tuple[Record, ...]:
    return tuple(
        Record(
            case=case_of(item["case"]),
            retrieved=tuple(
                Stretch(one["path"], one["start"], one["end"]) for one in item["retrieved"]
            ),
            answer=dict(item["answer"]),
            latency_ms=float(item["latency_ms"]),
            error=str(item["error"]),
        )
        for item in data
    )
