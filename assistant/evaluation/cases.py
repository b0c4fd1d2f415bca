"""What a test set is made of: questions with their gold."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

FALSE_PREMISE = "false-premise"
"""The type of a question that takes for granted what the corpus denies or does not say."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters ``[start, end)`` of the article at ``path``."""

    path: str
    start: int
    end: int

    @classmethod
    def all_of(cls, path: str) -> Stretch:
        """The whole article at ``path``, however long it is."""
        return cls(path, 0, sys.maxsize)

    @property
    def whole(self) -> bool:
        """Whether it is a whole article rather than some characters of it."""
        return self.end == sys.maxsize

    def __str__(self) -> str:
        return self.path if self.whole else f"{self.path} {self.start}-{self.end}"

    def overlap(self, other: Stretch) -> int:
        """How many characters the two share."""
        if self.path != other.path:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def covers(self, other: Stretch) -> bool:
        """Whether more than half of ``other``'s characters lie in this one. Of a whole article
        any will do."""
        if other.whole:
            return self.path == other.path
        return 2 * self.overlap(other) > other.end - other.start


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch together with the characters that stood there when the gold was written."""

    at: Stretch
    text: str
    """Empty where the stretch is a whole article."""

    def as_dict(self) -> dict[str, Any]:
        at = self.at
        if at.whole:
            return {"path": at.path}
        return {"path": at.path, "start": at.start, "end": at.end, "quote": self.text}


@dataclass(frozen=True, slots=True)
class Gold:
    """One piece that a full answer rests on: any one of its quotes will do."""

    any_of: tuple[Quote, ...]
    grade: int = 1
    """How relevant it is, 1 and up: its gain in nDCG."""

    @property
    def whole(self) -> bool:
        """Whether it says which article answers, and not where in it."""
        return any(quote.at.whole for quote in self.any_of)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(quote.at for quote in self.any_of)

    def as_dict(self) -> dict[str, Any]:
        quotes = [quote.as_dict() for quote in self.any_of]
        found = quotes[0] if len(quotes) == 1 else {"any_of": quotes}
        return found if self.grade == 1 else found | {"grade": self.grade}


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
