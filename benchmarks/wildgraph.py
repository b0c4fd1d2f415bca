"""The layout of WildGraphBench: ``articles/*.md`` and ``questions.jsonl`` with gold articles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the files that answer it."""

    text: str
    articles: frozenset[str]


def questions(folder: Path, limit: int | None = None) -> list[Question]:
    """The questions of a set, the first ``limit`` of them."""
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return [Question(case["question"], frozenset(case["articles"])) for case in cases[:limit]]
