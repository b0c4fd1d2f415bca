"""An answerer: evidence in, draft out. Nothing of a draft is believed before it is checked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from typing import Protocol

from assistant.answer import Usage
from assistant.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Draft:
    """One drafted sentence and the evidence it claims to rest on."""

    text: str
    """Without markers. Empty: no sentence, only what the whole answer consumed."""
    markers: tuple[int, ...]
    """Numbers of evidence sentences, as claimed: a number may not exist."""
    introduction: str = ""
    """Set before the text; says where it comes from. Made here, never by a model: not checked."""
    usage: Usage = field(default_factory=Usage)
    """What this sentence and all before it consumed; the last one's is the total."""


class Answerer(Protocol):
    """Drafts an answer, sentence by sentence. Drafts no sentence where it finds no answer."""

    @property
    def name(self) -> str:
        """``extractive`` or ``generative``."""

    @property
    def model(self) -> str | None:
        """The language model's name; ``None`` where there is none."""

    def draft(self, question: str, evidence: Evidence) -> Generator[Draft, None, None]:
        """Drafted sentences as they come. Closing the iterator ends the work."""

    def adraft(self, question: str, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        """The same for asyncio."""
