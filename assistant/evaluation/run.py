"""A run: what an evaluation observed, to be scored then or years later.

A run keeps what was observed, not what was computed from it: measures follow from its records,
so that an old run is scored by today's definitions.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import TestSetError
from assistant.evaluation.excerpts import Kept, Texts
from assistant.evaluation.schema import check_head, check_record
from assistant.evaluation.scoring import Record, measures, result
from assistant.evaluation.testset import Stretch, case_of
from index.errors import StorageError

FORMAT = 2
"""Version of a run's JSON. 2: answers have an outcome and supports."""


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
    """As :func:`assistant.evaluation.provenance.corpus_of` has it."""
    versions: Mapping[str, str]
    """Of Python, the system, the libraries that matter, and the program's ``commit``."""
    method: Mapping[str, Any] = field(default_factory=dict)
    """Whether ``answers`` were asked for, and again ``without_gold``; which model was the
    ``judge``; and how many ``jobs``."""
    texts: Texts = field(default_factory=dict)
    """What a report shows of the articles."""

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON form. Measures are written for other programs, and never read."""
        return {
            "pincite_run": FORMAT,
            "created": self.created,
            "k": self.k,
            "method": dict(self.method),
            "settings": dict(self.settings),
            "corpus": dict(self.corpus),
            "versions": dict(self.versions),
            "records": [record_dict(record, self.k) for record in self.records],
            "texts": {path: one.as_dict() for path, one in self.texts.items()},
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
            data = json.loads(path.read_text(encoding="utf-8"))
            _refuse_older(data, path)
            return _run_of(data)
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise TestSetError(
                f"{path} cannot be read as a run: make one with `pincite evaluate --out FILE`."
            ) from error


def record_dict(record: Record, k: int) -> dict[str, Any]:
    """A record as a run's file holds it."""
    return {
        "case": record.case.as_dict(),
        "retrieved": [
            {"path": one.path, "start": one.start, "end": one.end} for one in record.retrieved
        ],
        "answer": dict(record.answer),
        "latency_ms": record.latency_ms,
        "error": record.error,
        "judged": record.judged,
        "without_gold": dict(record.without_gold),
        "result": result(record).value,
        "measures": measures(record, k),
    }


def record_of(data: Mapping[str, Any]) -> Record:
    """A record read back. Raises ``TestSetError`` and ``ValueError``."""
    check_record(data)
    return Record(
        case=case_of(data["case"]),
        retrieved=tuple(
            Stretch(one["path"], one["start"], one["end"]) for one in data["retrieved"]
        ),
        answer=dict(data["answer"]),
        latency_ms=float(data["latency_ms"]),
        error=str(data["error"]),
        judged=str(data.get("judged", "")),
        without_gold=dict(data.get("without_gold", {})),
    )


def _refuse_older(data: Mapping[str, Any], path: Path) -> None:
    version = data["pincite_run"]
    if isinstance(version, int) and version < FORMAT:
        raise TestSetError(
            f"{path} was made by an earlier version, whose answers had no outcome and supports: "
            "make the run again with `pincite evaluate --out FILE`."
        )


def _run_of(data: Mapping[str, Any]) -> Run:
    if data["pincite_run"] != FORMAT:
        raise ValueError(f"format {data['pincite_run']}")
    check_head(data)
    return Run(
        records=tuple(record_of(item) for item in data["records"]),
        k=int(data["k"]),
        created=str(data["created"]),
        settings=dict(data["settings"]),
        corpus=dict(data["corpus"]),
        versions=dict(data["versions"]),
        method=dict(data.get("method", {})),
        texts={path: Kept.of(one) for path, one in data.get("texts", {}).items()},
    )
