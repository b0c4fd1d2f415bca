"""Questions about the collection, answered from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Outcome
from assistant.answerers.draft import Conclusion, Draft
from assistant.evidence import Evidence
from assistant.understanding.question import Question

if TYPE_CHECKING:
    from index.library import Library


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the catalogue says."""

    evidence: Evidence
    drafts: tuple[Draft, ...]
    conclusion: Conclusion


def look_up(question: Question, library: Library) -> LookedUp:
    """To be written."""
    return LookedUp(Evidence(), (), Conclusion(Outcome.NOT_FOUND))
