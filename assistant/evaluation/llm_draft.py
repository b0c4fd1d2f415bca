"""Test cases proposed by a language model that is shown one passage, its sentences numbered."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.evaluation.drafting import Proposal
from assistant.evaluation.wording import Wording
from assistant.evidence import source
from assistant.llm import LLM, Request
from assistant.neutral import neutral
from index.article import Article, Span
from index.plain import plain
from prompts import load

LINES = 12
"""How many sentences the model is shown."""

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "answer": {"type": "string"},
        "key": {"type": "string"},
        "lines": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["question", "answer", "key", "lines"],
    "additionalProperties": False,
}

_logger = logging.getLogger(__name__)


class LLMDrafter:
    """Asks a language model for a question about some sentences of an article."""

    def __init__(self, llm: LLM, prompts: Path | None = None) -> None:
        """``prompts``: a folder that may hold another ``draft.jinja``."""
        self._llm = llm
        self._prompt = load("draft", prompts)
        self._random = random.Random(0)  # noqa: S311 (no secret)

    def __call__(self, article: Article, found: Sequence[Sequence[Span]]) -> Iterator[Proposal]:
        """At most one proposal; a reply that is not sound brings none. Raises ``LLMError``."""
        shown = self._some(found)
        if not shown:
            return
        lines = [
            {"number": number, "text": neutral(plain(span.of(article.text)))}
            for number, span in enumerate(shown, start=1)
        ]
        variables = {"source": neutral(source(article)), "lines": lines}
        request = Request(self._prompt.messages(variables), schema=_SCHEMA)
        proposal = _proposal(self._llm.complete(request).text, shown)
        if proposal is None:
            _logger.info("what the model proposed for %s is of no use", article.path)
        else:
            yield proposal

    def _some(self, found: Sequence[Sequence[Span]]) -> Sequence[Span]:
        """Some sentences in a row, under one heading."""
        long = [run for run in found if len(run) > 1]
        if not long:
            return ()
        run = self._random.choice(long)
        start = self._random.randrange(max(1, len(run) - LINES + 1))
        return run[start : start + LINES]


def _proposal(reply: str, shown: Sequence[Span]) -> Proposal | None:
    """What the reply proposes, if its question is one and its lines exist."""
    try:
        said: Mapping[str, Any] = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
        question, answer, key = (str(said[name]).strip() for name in ("question", "answer", "key"))
        numbers = sorted({int(number) for number in said["lines"]})
    except (ValueError, KeyError, TypeError):
        return None
    if not question.endswith("?") or not answer or not key:
        return None
    if not numbers or not 1 <= numbers[0] <= numbers[-1] <= len(shown):
        return None
    wording = Wording(question, answer, ((key,),), "single-fact", "llm")
    return Proposal(wording, tuple(shown[number - 1] for number in numbers))
