"""A test set: questions with their gold, one JSON object a line.

The schema stands in ``docs/evaluation.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.errors import TestSetError
from assistant.evaluation.cases import FALSE_PREMISE, Gold, Quote, Stretch, TestCase
from assistant.evaluation.gold import Articles, Places, Unresolved, check
from assistant.evaluation.sampling import sample

__all__ = [
    "FALSE_PREMISE",
    "Articles",
    "Gold",
    "Quote",
    "Selection",
    "Stretch",
    "TestCase",
    "Unresolved",
    "case_of",
    "check",
    "load",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases of a test set to run, drafts never: empty means any, 0 means all."""

    type: str = ""
    split: str = ""
    limit: int = 0
    sample: int = 0

    def of(self, cases: Iterable[TestCase]) -> tuple[TestCase, ...]:
        """The chosen cases, in order. Raises ``TestSetError`` if there is none."""
        cases = tuple(cases)
        chosen = [
            case
            for case in cases
            if not case.draft and self.type in ("", case.type) and self.split in ("", case.split)
        ]
        if not chosen:
            types = ", ".join(sorted({case.type for case in cases}))
            splits = ", ".join(sorted({case.split for case in cases if case.split})) or "none"
            raise TestSetError(
                "No confirmed question has the chosen type and split: choose among the types "
                f"{types} and the splits {splits}."
            )
        chosen = chosen[: self.limit or None]
        return sample(chosen, self.sample or len(chosen))


def load(path: Path, articles: Articles | None = None) -> tuple[TestCase, ...]:
    """The cases of a test set. Raises ``TestSetError``, which names the line.

    ``articles`` are needed where gold is a quote alone: its place is looked up in them.
    """
    places = Places(articles)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TestSetError(
            f"{path} cannot be read as a test set: give a file of JSON lines in UTF-8."
        ) from error
    cases: dict[str, TestCase] = {}
    # Not splitlines(): a JSON string may hold U+2028, which is no end of line.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        case = case_of(_parsed(line, where), where, places)
        if case.id in cases:
            raise TestSetError(f"{where}: the id {case.id!r} is given twice; make it unique.")
        cases[case.id] = case
    if not cases:
        raise TestSetError(f"{path} holds no question: write one JSON object a line.")
    return tuple(cases.values())


def case_of(data: object, where: str = "test case", places: Places | None = None) -> TestCase:
    """The case that a parsed line describes. Raises ``TestSetError``, which names ``where``."""
    places = places or Places()
    fields = _Fields(data, where)
    fields.refuse_others(TestCase.__slots__)
    case = TestCase(
        id=fields.required("id"),
        question=fields.required("question"),
        type=fields.get("type", str, "question"),
        answerable=fields.get("answerable", bool, True),
        gold=tuple(_gold(item, where, places) for item in fields.get("gold", list, [])),
        must_contain=tuple(_texts(group, where) for group in fields.get("must_contain", list, [])),
        answer=fields.get("answer", str, ""),
        tags=_texts(fields.get("tags", list, []), where),
        split=fields.get("split", str, ""),
        turns=_texts(fields.get("turns", list, []), where),
        draft=fields.get("draft", bool, False),
    )
    _refuse_contradictions(case, where)
    return case


def _refuse_contradictions(case: TestCase, where: str) -> None:
    if case.answerable and not case.gold and not case.must_contain:
        raise TestSetError(f"{where}: an answerable question needs gold or must_contain.")
    if not case.answerable and case.must_contain:
        raise TestSetError(f"{where}: a question without an answer cannot have must_contain.")
    if case.false_premise and case.answerable:
        raise TestSetError(f"{where}: a question with a false premise must have answerable false.")


class _Fields:
    """A JSON object read field by field; what is wrong is said with its place."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise TestSetError(f"{where}: expected a JSON object in braces.")
        self._data = data
        self._where = where

    def get(self, name: str, kind: type[T], default: T) -> T:
        value = self._data.get(name, default)
        # JSON's true is no number, though Python's is.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise TestSetError(f"{self._where}: {name} must be {_JSON_NAMES[kind]}.")
        return value

    def required(self, name: str) -> str:
        if not (value := self.get(name, str, "")).strip():
            raise TestSetError(f"{self._where}: {name} is missing or empty.")
        return value

    def refuse_others(self, known: Iterable[str]) -> None:
        if unknown := sorted(set(self._data) - set(known)):
            raise TestSetError(
                f"{self._where}: unknown field {unknown[0]!r}; known are {', '.join(known)}."
            )

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._data)

    def __contains__(self, name: str) -> bool:
        return name in self._data


_JSON_NAMES: Mapping[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
}


def _gold(data: object, where: str, places: Places) -> Gold:
    fields = _Fields(data, where)
    grade = fields.get("grade", int, 1)
    if grade < 1:
        raise TestSetError(f"{where}: grade is {grade}; give 1 or more, or leave the piece out.")
    if "any_of" not in fields:
        return Gold((_quote(data, where, places),), grade)
    fields.refuse_others(("any_of", "grade"))
    quotes = tuple(_quote(item, where, places) for item in fields.get("any_of", list, []))
    if not quotes:
        raise TestSetError(f"{where}: any_of is empty; give one quote or more.")
    return Gold(quotes, grade)


def _quote(data: object, where: str, places: Places) -> Quote:
    fields = _Fields(data, where)
    fields.refuse_others(("path", "start", "end", "quote", "grade"))
    if fields.names <= {"path", "grade"}:
        return Quote(Stretch.all_of(fields.required("path")), "")
    text = fields.required("quote")
    if "start" not in fields and "end" not in fields:
        return Quote(places.only(text, fields.get("path", str, ""), where), text)
    start, end = fields.get("start", int, -1), fields.get("end", int, -1)
    if start < 0 or end - start != len(text):
        raise TestSetError(
            f"{where}: start and end ({start}, {end}) do not fit the quote's "
            f"{len(text)} characters."
        )
    return Quote(Stretch(fields.required("path"), start, end), text)


def _texts(data: object, where: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(item, str) and item for item in data):
        raise TestSetError(f"{where}: tags, turns and must_contain's groups are lists of texts.")
    return tuple(data)


def _parsed(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise TestSetError(f"{where}: not JSON ({error}).") from error
