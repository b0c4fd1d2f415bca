"""The answerer that writes prose: numbered lines in, sentences with their numbers out."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.answerers.reply import Drafted, ReplyReader, closed_object, schema
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence
from assistant.llm.model import ChatModel, Piece
from assistant.prompting import asking
from assistant.understanding.question import Question
from prompts import load

SCHEMA = schema(
    sentences={
        "type": "array",
        "items": closed_object(
            {
                "text": {"type": "string"},
                "sources": {"type": "array", "items": {"type": "integer"}},
            }
        ),
    }
)
"""The reply's form. The sentences come first, so that they can be shown while the rest comes."""


class Writer:
    """Drafts what a language model writes about the evidence."""

    name = "writer"

    def __init__(self, model: ChatModel, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``answer.jinja``. Raises ``PromptError``."""
        self._model = model
        self._prompt = load("answer", prompts)

    @property
    def model(self) -> str | None:
        return self._model.name

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        """Sentences as they are complete, then the conclusion. Closing it ends the request.

        Raises ``LLMError``.
        """
        drafting = _Drafting(len(evidence.sentences))
        request = asking(self._model, self._prompt, question.standalone, evidence, SCHEMA)
        with self._model.stream(request) as reply:
            for piece in reply:
                yield from drafting.take(piece)
                if drafting.repeats:
                    break
        yield from drafting.finish()


class _Drafting:
    """One reply on its way into drafts."""

    def __init__(self, known: int) -> None:
        self._reader = ReplyReader(known)
        self._seen: set[str] = set()
        self._last = Piece("")
        self.repeats = False
        """The model says again what it said: it has come to the end of what it knows."""

    def take(self, piece: Piece) -> Iterator[Draft]:
        self._last = piece
        yield from self._drafts(self._reader.feed(piece.text))

    def finish(self) -> Iterator[Draft | Conclusion]:
        if not self.repeats:
            yield from self._drafts(self._reader.finish(self._last.cut))
        # Of a reply that is left early the server does not tell the usage.
        usage = replace(self._last.usage, calls=1)
        yield self._reader.ending.conclusion(bool(self._seen), usage, self._last.cut)

    def _drafts(self, sentences: Iterable[Drafted]) -> Iterator[Draft]:
        for sentence in sentences:
            self.repeats = self.repeats or sentence.text in self._seen
            if not self.repeats:
                self._seen.add(sentence.text)
                yield Draft(sentence.text, sentence.markers)
