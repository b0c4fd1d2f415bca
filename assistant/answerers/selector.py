"""The answerer that lets a language model choose lines, which are quoted.

Nothing the model says is shown but what it asks back, so nothing of the answer can be wrong: only
badly chosen.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.answerers.quoter import drafts
from assistant.answerers.reply import ENDING, Ending, schema, split_markers, unreadable
from assistant.draft import Conclusion, Draft
from assistant.evidence import Evidence, EvidenceSentence
from assistant.llm.model import ChatModel, Piece
from assistant.llm.reading import read_json
from assistant.prompting import adjoin, asking
from assistant.understanding.question import Question
from prompts import load

SCHEMA = schema(lines={"type": "array", "items": {"type": "integer"}})


class Selector:
    """Drafts the sentences of the evidence that a language model chooses."""

    name = "selector"

    def __init__(self, model: ChatModel, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``select.jinja``. Raises ``PromptError``."""
        self._model = model
        self._prompt = load("select", prompts)

    @property
    def model(self) -> str | None:
        return self._model.name

    def answer(
        self, question: Question, evidence: Evidence
    ) -> Generator[Draft | Conclusion, None, None]:
        """The chosen sentences, those that adjoin together, then the conclusion.

        Raises ``LLMError``.
        """
        request = asking(self._model, self._prompt, question.standalone, evidence, SCHEMA)
        piece = self._model.complete(request)
        numbers, ending = _read(piece, len(evidence.sentences))
        chosen = [evidence[number] for number in sorted(numbers)]
        yield from drafts(list(_runs(chosen)))
        yield ending.conclusion(bool(chosen), piece.usage, piece.cut)


def _read(piece: Piece, known: int) -> tuple[set[int], Ending]:
    """The lines that the reply chooses, of those that there are, and its ending.

    Raises ``LLMReplyError`` for a reply of neither form.
    """
    said = read_json(piece.text)
    if isinstance(said, dict) and said.keys() & {"lines", *ENDING}:
        return _numbers(said, known), Ending.of(said)
    _, markers = split_markers(piece.text, known)
    if not markers and "NO ANSWER" not in piece.text:
        raise unreadable(piece.text, piece.cut)
    return set(markers) & set(range(1, known + 1)), Ending()


def _numbers(said: Mapping[str, Any], known: int) -> set[int]:
    listed = said.get("lines")
    numbers = [one for one in listed if isinstance(one, int)] if isinstance(listed, list) else []
    return set(numbers) & set(range(1, known + 1))


def _runs(sentences: Iterable[EvidenceSentence]) -> Iterator[tuple[EvidenceSentence, ...]]:
    """Sentences that adjoin, together."""
    run: list[EvidenceSentence] = []
    for sentence in sentences:
        if run and not adjoin(run[-1], sentence):
            yield tuple(run)
            run = []
        run.append(sentence)
    if run:
        yield tuple(run)
