"""A test set: questions with their gold, one JSON object a line.

The schema stands in ``docs/evaluation.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from assistant.errors import TestSetError
from index.article import Article, Metadata

T = TypeVar("T")

FALSE_PREMISE = "false-premise"
"""The type of a question that takes for granted what the corpus denies or does not say."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters ``[start, end)`` of the article at ``path``."""

    path: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.path} {self.start}-{self.end}"

    def overlap(self, other: Stretch) -> int:
        """How many characters the two share."""
        if self.path != other.path:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def covers(self, other: Stretch) -> bool:
        """Whether more than half of ``other``'s characters lie in this one."""
        return 2 * self.overlap(other) > other.end - other.start


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch together with the characters that stood there when the gold was written."""

    at: Stretch
    text: str

    def as_dict(self) -> dict[str, Any]:
        at = self.at
        return {"path": at.path, "start": at.start, "end": at.end, "quote": self.text}


@dataclass(frozen=True, slots=True)
class Gold:
    """One piece that a full answer rests on: any one of its quotes will do."""

    any_of: tuple[Quote, ...]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(quote.at for quote in self.any_of)

    def as_dict(self) -> dict[str, Any]:
        if len(self.any_of) == 1:
            return self.any_of[0].as_dict()
        return {"any_of": [quote.as_dict() for quote in self.any_of]}


@dataclass(frozen=True, slots=True)
class TestCase:
    """A question with its gold."""

    __test__ = False  # pytest would take the name for a test class

    id: str
    question: str
    type: str = "question"
    answerable: bool = True
    gold: tuple[Gold, ...] = ()
    """Every piece is required. Of a false premise: what the corpus says instead, if anything."""
    must_contain: tuple[tuple[str, ...], ...] = ()
    """A right answer has one of each group; ``withdr*`` stands for any ending."""
    answer: str = ""
    """A right answer in a sentence, or why there is none."""
    tags: tuple[str, ...] = ()
    split: str = ""
    turns: tuple[str, ...] = ()
    """What is asked before, in the same conversation."""
    draft: bool = False
    """Proposed, and not confirmed by a person yet: not asked."""

    @property
    def false_premise(self) -> bool:
        return self.type == FALSE_PREMISE

    def as_dict(self) -> dict[str, Any]:
        """The case as its line in a test set."""
        return {
            "id": self.id,
            "question": self.question,
            "type": self.type,
            "answerable": self.answerable,
            "gold": [gold.as_dict() for gold in self.gold],
            "must_contain": [list(group) for group in self.must_contain],
            "answer": self.answer,
            "tags": list(self.tags),
            "split": self.split,
            "turns": list(self.turns),
            "draft": self.draft,
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases of a test set to run, drafts never: empty means any, 0 means all."""

    type: str = ""
    split: str = ""
    limit: int = 0

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
        return tuple(chosen[: self.limit or None])


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Gold that the corpus no longer bears out."""

    case_id: str
    quote: Quote
    problem: str

    def __str__(self) -> str:
        at = self.quote.at
        return f"{self.case_id}: {at.path} {at.start}-{at.end}: {self.problem}"


class Articles(Protocol):
    """What :func:`check` needs of a library."""

    def metadata(self) -> Iterator[tuple[str, Metadata, tuple[str, ...]]]:
        """Id, metadata and paths of every article."""

    def article(self, id: str) -> Article:
        """The article with this id."""


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


def check(cases: Iterable[TestCase], articles: Articles) -> tuple[Unresolved, ...]:
    """Which gold does not stand in the corpus at its place, in order."""
    quotes = [(case.id, quote) for case in cases for gold in case.gold for quote in gold.any_of]
    wanted = {quote.at.path for _, quote in quotes}
    found = {path: id for id, _, paths in articles.metadata() for path in paths if path in wanted}
    texts = {path: articles.article(id).text for path, id in found.items()}
    return tuple(
        Unresolved(case_id, quote, problem)
        for case_id, quote in quotes
        if (problem := _problem(quote, texts))
    )


class Places:
    """Where quotes stand in the articles."""

    def __init__(self, articles: Articles | None = None) -> None:
        self._articles = articles
        self._ids: dict[str, str] | None = None

    def only(self, quote: str, path: str, where: str) -> Stretch:
        """The one place of ``quote``: in the article at ``path``, or in any if that is empty.

        Raises ``TestSetError``, which names ``where``, if there is none or more than one.
        """
        found = list(islice(self._all(quote, path, where), 2))
        if not found:
            raise TestSetError(
                f"{where}: the quote stands in no article{path and f' at {path}'}: copy it from "
                "there character for character, no-break spaces and line breaks too."
            )
        if len(found) > 1:
            raise TestSetError(
                f"{where}: the quote stands at {found[0]} and at {found[1]}: make it longer, "
                "or give path, start and end."
            )
        return found[0]

    def _all(self, quote: str, path: str, where: str) -> Iterator[Stretch]:
        if self._articles is None:
            raise TestSetError(f"{where}: a quote without start and end needs the articles.")
        if self._ids is None:
            listed = self._articles.metadata()
            self._ids = {place: id for id, _, paths in listed for place in paths[::-1]}
        # The same text at several paths is one article, known by its first path.
        if path:
            ids = [self._ids[path]] if path in self._ids else []
        else:
            ids = sorted({*self._ids.values()})
        for article in map(self._articles.article, ids):
            yield from _finds(quote, path or article.path, article.text)


def _finds(quote: str, path: str, text: str) -> Iterator[Stretch]:
    start = text.find(quote)
    while start >= 0:
        yield Stretch(path, start, start + len(quote))
        start = text.find(quote, start + 1)


def _problem(quote: Quote, texts: Mapping[str, str]) -> str:
    text = texts.get(quote.at.path)
    if text is None:
        return "no such article"
    if text[quote.at.start : quote.at.end] == quote.text:
        return ""
    start = text.find(quote.text)
    if start < 0:
        return "the quote does not stand in the article any more"
    return f"the quote stands at {start}-{start + len(quote.text)} now"


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
    if "any_of" not in fields:
        return Gold((_quote(data, where, places),))
    fields.refuse_others(("any_of",))
    quotes = tuple(_quote(item, where, places) for item in fields.get("any_of", list, []))
    if not quotes:
        raise TestSetError(f"{where}: any_of is empty; give one quote or more.")
    return Gold(quotes)


def _quote(data: object, where: str, places: Places) -> Quote:
    fields = _Fields(data, where)
    fields.refuse_others(("path", "start", "end", "quote"))
    if "start" not in fields and "end" not in fields:
        text = fields.required("quote")
        return Quote(places.only(text, fields.get("path", str, ""), where), text)
    start, end = fields.get("start", int, -1), fields.get("end", int, -1)
    text = fields.required("quote")
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
