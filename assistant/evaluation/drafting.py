"""Test cases proposed by a language model, for a person to confirm.

It is shown one passage of an article, its sentences numbered, and names the lines that hold the
answer: so the gold is exact by construction. Questions without an answer are not proposed, as
nothing could vouch for that; ``pincite evaluate --without-gold`` asks about refusals without them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from assistant.evaluation.cases import Gold, Quote, Stretch, TestCase
from assistant.evaluation.gold import Articles
from assistant.evaluation.metrics import contains_all
from assistant.evidence import source
from assistant.llm import ChatModel, Request
from assistant.prompting import neutral
from index.article import Article, Span
from index.plain import plain
from index.sentences import runs
from prompts import load

LINES = 12
"""How many sentences the model is shown."""

ROUNDS = 5
"""So many times each article is tried at most."""

_SEED = 20_160_421

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


class Contents(Articles, Protocol):
    """What drafting needs of a library."""

    def boilerplate(self, id: str) -> tuple[Span, ...]:
        """What of the article's text is no content."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What the model proposes."""

    question: str
    answer: str
    key: str
    """The words without which an answer would be wrong."""
    sentences: tuple[Span, ...]


def draft(
    library: Contents,
    count: int,
    model: ChatModel,
    known: Collection[str] = (),
    prompts: Path | None = None,
) -> Iterator[TestCase]:
    """At most ``count`` cases, spread over the articles.

    ``known``: questions that are not to be proposed again. ``prompts``: a folder that may hold
    another ``draft.jinja``. An article at a time is in memory. Raises ``LLMError``.
    """
    yield from islice(_Drafting(library, model, known, prompts).cases(), count)


class _Drafting:
    """What was proposed so far."""

    def __init__(
        self, library: Contents, model: ChatModel, known: Collection[str], prompts: Path | None
    ) -> None:
        self._library = library
        self._model = model
        self._prompt = load("draft", prompts)
        self._random = random.Random(_SEED)  # noqa: S311 (no secret)
        self._asked = {question.casefold() for question in known}
        self._used: set[tuple[str, Span]] = set()

    def cases(self) -> Iterator[TestCase]:
        """A case of each article, then another of each."""
        ids = sorted(id for id, _, _ in self._library.metadata())
        self._random.shuffle(ids)
        for _ in range(ROUNDS):
            for id in ids:
                article = self._library.article(id)
                proposal = self._propose(article)
                if proposal and self._is_fresh(article, proposal):
                    self._asked.add(proposal.question.casefold())
                    self._used |= {(id, span) for span in proposal.sentences}
                    yield _case(article, proposal)

    def _propose(self, article: Article) -> _Proposal | None:
        shown = self._some_sentences(article)
        if not shown:
            return None
        lines = [
            {"number": number, "text": neutral(plain(span.of(article.text)))}
            for number, span in enumerate(shown, start=1)
        ]
        variables = {"source": neutral(source(article)), "lines": lines}
        request = Request(self._prompt.messages(variables), schema=_SCHEMA)
        proposal = _read(self._model.complete(request).text, shown)
        if proposal is None:
            _logger.info("what the model proposed for %s is of no use", article.path)
        return proposal

    def _some_sentences(self, article: Article) -> Sequence[Span]:
        """Some sentences in a row, under one heading."""
        found = [run.sentences for run in runs(article.text, self._library.boilerplate(article.id))]
        long = [sentences for sentences in found if len(sentences) > 1]
        if not long:
            return ()
        sentences = self._random.choice(long)
        start = self._random.randrange(max(1, len(sentences) - LINES + 1))
        return sentences[start : start + LINES]

    def _is_fresh(self, article: Article, proposal: _Proposal) -> bool:
        quoted = " ".join(span.of(article.text) for span in proposal.sentences)
        key = [[proposal.key]]
        return (
            proposal.question.casefold() not in self._asked
            and not any((article.id, span) in self._used for span in proposal.sentences)
            and contains_all(quoted, key)
            and not contains_all(proposal.question, key)
        )


def _read(reply: str, shown: Sequence[Span]) -> _Proposal | None:
    """What the reply proposes, if its question is one and its lines exist."""
    try:
        said: Mapping[str, Any] = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
        question, answer, key = (str(said[name]).strip() for name in ("question", "answer", "key"))
        numbers = sorted({int(number) for number in said["lines"]})
    except (ValueError, KeyError, TypeError):
        return None
    if not question or not answer or not key:
        return None
    if not numbers or not 1 <= numbers[0] <= numbers[-1] <= len(shown):
        return None
    return _Proposal(question, answer, key, tuple(shown[number - 1] for number in numbers))


def _case(article: Article, proposal: _Proposal) -> TestCase:
    digest = hashlib.sha256(f"{article.id} {proposal.question}".encode()).hexdigest()[:8]
    return TestCase(
        id=f"draft-{digest}",
        question=proposal.question,
        type="single-fact",
        gold=tuple(_gold(article, span) for span in proposal.sentences),
        must_contain=((proposal.key,),),
        answer=proposal.answer,
        draft=True,
    )


def _gold(article: Article, span: Span) -> Gold:
    return Gold((Quote(Stretch(article.path, span.start, span.end), span.of(article.text)),))
