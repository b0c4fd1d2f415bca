"""Labelled statements: what people say of whether some cited text supports them.

Read are files of JSON Lines with ``id``, ``question``, ``statement``, ``cited`` (each with the
``article``'s head and the ``text``), ``label`` and ``kind``; and the claims of WiCE (Kamoi, Goyal,
Rodriguez and Durrett, WiCE: Real-World Entailment for Claims in Wikipedia, EMNLP 2023).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Support
from assistant.errors import TestSetError
from assistant.evaluation.layouts import rows
from assistant.evaluation.metrics import words
from assistant.verification import Source

Row = Mapping[str, Any]

WICE_CITED = 5
"""So many sentences are taken for cited where people marked none: those that share most words."""

_TITLE = "(meta data) TITLE: "
_HEAD = re.compile(r"“(?P<title>.*)” \((?P<published>[^()]*)\)(?:, (?P<authors>.*))?", re.DOTALL)
_WICE_LABELS = {
    "supported": Support.SUPPORTED,
    "partially_supported": Support.PARTLY,
    "not_supported": Support.UNSUPPORTED,
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement, what it cites, and what people say of it."""

    id: str
    question: str
    """What it answers; statements of one question are not independent."""
    statement: str
    sources: tuple[Source, ...]
    label: Support
    """``SUPPORTED``, ``PARTLY`` or ``UNSUPPORTED``."""
    kind: str
    """How it came about: ``original``, ``paraphrase``, or what is wrong with it."""


def find(path: Path) -> list[Path]:
    """The files of labelled statements at ``path``, a file or a folder; none if it has others."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [file for file in files if file.is_file() and _reader(next(rows(file), {}))]


def load(files: Sequence[Path], limit: int | None = None) -> tuple[Labelled, ...]:
    """The first ``limit`` statements. Raises ``TestSetError``."""
    return tuple(one for _, one in zip(range(limit or 10**9), _all(files), strict=False))


def _all(files: Sequence[Path]) -> Iterator[Labelled]:
    for file in files:
        for number, row in enumerate(rows(file), start=1):
            read = _reader(row)
            if read is None:
                raise TestSetError(f"{file}, line {number}: no labelled statement.")
            try:
                yield read(row, f"{file.stem}-{number}")
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise TestSetError(
                    f"{file}, line {number}: the labelled statement lacks what it needs ({error})."
                ) from error


def _reader(row: object) -> Callable[[Row, str], Labelled] | None:
    names = set(row) if isinstance(row, dict) else set()
    if {"statement", "cited", "label"} <= names:
        return _statement
    return _claim if {"claim", "evidence", "label"} <= names else None


def _statement(row: Row, id: str) -> Labelled:
    return Labelled(
        id=str(row.get("id", id)),
        question=row.get("question", ""),
        statement=_text(row["statement"]),
        sources=tuple(_source(one["article"], one["text"]) for one in row["cited"]),
        label=Support(row["label"]),
        kind=row.get("kind", row["label"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("an empty statement")
    return value


def _source(head: str, text: str) -> Source:
    """The source, its article's head read: ``“Title” (Publisher, 2 June 2015), Author``."""
    found = _HEAD.fullmatch(head)
    if found is None:
        return Source(text, title=head)
    publisher, published = _published(found["published"])
    authors = tuple((found["authors"] or "").split(", ")) if found["authors"] else ()
    return Source(text, found["title"], authors, publisher, published)


def _published(text: str) -> tuple[str | None, date | None]:
    publisher, _, day = text.rpartition(", ")
    try:
        return publisher or None, datetime.strptime(day, "%d %B %Y").date()
    except ValueError:
        return (None if text == "undated" else text), None


def _claim(row: Row, id: str) -> Labelled:
    evidence: Sequence[str] = row["evidence"]
    title = evidence[0].removeprefix(_TITLE) if evidence[0].startswith(_TITLE) else None
    marked = [evidence[at] for at in next(iter(row["supporting_sentences"]), [])]
    cited = marked or _nearest(row["claim"], evidence[1:] if title else evidence)
    label = _WICE_LABELS[row["label"]]
    sources = tuple(Source(text, title) for text in cited)
    return Labelled(id, "", row["claim"], sources, label, row["label"])


def _nearest(claim: str, evidence: Sequence[str]) -> list[str]:
    wanted = words(claim)
    return sorted(evidence, key=lambda one: -len(wanted & words(one)))[:WICE_CITED]
