"""What every answerer brings: drafted sentences, then a conclusion.

Nothing of a draft is believed before it is verified.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Outcome, Support, Usage
from assistant.evidence import Evidence
from assistant.understanding.question import Question


@dataclass(frozen=True, slots=True)
class Draft:
    """One drafted sentence and the evidence it claims to rest on."""

    text: str
    """Without markers."""
    markers: tuple[int, ...]
    """Numbers of evidence sentences, as claimed: a number may not exist."""
    support: Support = Support.UNCHECKED
    """``QUOTED`` where the text is the marked sentences' own words."""
    introduction: str = ""
    """Shown before the text; made from metadata, never by a model: not verified."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How an answerer ends."""

    outcome: Outcome
    missing: str | None = None
    """What of the question is not answered, for a person."""
    message: str | None = None
    """Why there is no answer, or what is asked back, for a person."""
    choices: tuple[str, ...] = ()
    confidence: float | None = None
    usage: Usage = field(default_factory=Usage)


class Answerer(Protocol):
    """Evidence in, drafts out."""

    @property
    def name(self) -> str:
        """``writer``, ``selector``, ``quoter`` or ``catalogue``."""

    @property
    def model(self) -> str | None:
        """The language model's name; ``None`` where there is none."""

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        """Drafts as they come, then one conclusion. Closing the generator ends the work.

        Raises ``LLMError``.
        """
