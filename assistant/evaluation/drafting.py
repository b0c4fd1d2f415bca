"""Test cases proposed from the corpus, for a person to confirm.

By rule (:mod:`assistant.evaluation.wording`), or by a language model that is shown one passage with
numbered sentences. Either way the gold is one or more of the corpus's own sentences, so it is exact
by construction. Questions without an answer are not proposed: no rule can vouch for that.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Protocol

from assistant.evaluation.cases import Gold, Quote, Stretch, TestCase
from assistant.evaluation.gold import Articles
from assistant.evaluation.metrics import contains_all
from assistant.evaluation.wording import GAP, Wording, people, wordings
from assistant.words import words
from index.article import Article, Span
from index.plain import plain
from index.sentences import runs

_SEED = 20_160_421


class Contents(Articles, Protocol):
    """What drafting needs of a library."""

    def boilerplate(self, id: str) -> tuple[Span, ...]:
        """What of the article's text is no content."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with the sentences that answer it."""

    wording: Wording
    sentences: tuple[Span, ...]


Propose = Callable[[Article, Sequence[Sequence[Span]]], Iterator[Proposal]]
"""An article and its sentences in runs under one heading → what can be asked, the best first.
The same article gives the same proposals."""


def by_rule(article: Article, found: Sequence[Sequence[Span]]) -> Iterator[Proposal]:
    """What the rules make of an article: questions first, gaps to fill last."""
    known = people(article.text)
    gaps = []
    for span in (span for run in found for span in run):
        for wording in wordings(" ".join(plain(span.of(article.text)).split()), known):
            proposal = Proposal(wording, (span,))
            if wording.rule == GAP:
                gaps.append(proposal)
            else:
                yield proposal
    yield from gaps


def draft(
    library: Contents, count: int, known: Collection[str] = (), propose: Propose = by_rule
) -> Iterator[TestCase]:
    """At most ``count`` cases, spread over the articles and the kinds of question.

    ``known``: questions that are not to be proposed again. The same corpus gives the same cases. An
    article at a time is in memory. Raises what ``propose`` raises.
    """
    drafting = _Drafting(library, propose, known)
    ids = sorted(id for id, _, _ in library.metadata())
    random.Random(_SEED).shuffle(ids)  # noqa: S311 (no secret)
    cases = chain(
        _in_turn(ids[: _TRIED * count], partial(drafting.next_of, gaps=False)),
        _in_turn(ids, partial(drafting.next_of, gaps=True)),
    )
    yield from islice(cases, count)


_TRIED = 20
"""So many articles for each case are tried before gaps have to do."""


def _in_turn(ids: list[str], next_of: Callable[[str], TestCase | None]) -> Iterator[TestCase]:
    """A case of each article, then another of each that had one, until none has."""
    while ids:
        productive = []
        for id in ids:
            case = next_of(id)
            if case is not None:
                productive.append(id)
                yield case
        ids = productive


class _Drafting:
    """What was proposed so far."""

    def __init__(self, library: Contents, propose: Propose, known: Collection[str]) -> None:
        self._library = library
        self._propose = propose
        self._asked = {_key(question) for question in known}
        self._used: set[tuple[str, Span]] = set()
        self._rules: Counter[str] = Counter()

    def next_of(self, id: str, gaps: bool) -> TestCase | None:
        """Another case of the article: of its fresh proposals one of the rarest kind so far;
        one with a gap only where ``gaps`` are wanted."""
        article = self._library.article(id)
        found = [run.sentences for run in runs(article.text, self._library.boilerplate(id))]
        fresh = [
            one
            for one in self._propose(article, found)
            if (gaps or one.wording.rule != GAP) and self._is_fresh(article, one)
        ]
        if not fresh:
            return None
        proposal = min(fresh, key=lambda one: self._rules[one.wording.rule])
        self._rules[proposal.wording.rule] += 1
        self._asked.add(_key(proposal.wording.question))
        self._used |= {(id, span) for span in proposal.sentences}
        return _case(article, proposal)

    def _is_fresh(self, article: Article, proposal: Proposal) -> bool:
        wording = proposal.wording
        quoted = " ".join(span.of(article.text) for span in proposal.sentences)
        return (
            _key(wording.question) not in self._asked
            and not any((article.id, span) in self._used for span in proposal.sentences)
            and contains_all(quoted, wording.must_contain)
            and not (wording.must_contain and contains_all(wording.question, wording.must_contain))
        )


def _key(question: str) -> str:
    return " ".join(words(question))


def _case(article: Article, proposal: Proposal) -> TestCase:
    wording = proposal.wording
    digest = hashlib.sha256(f"{article.id} {wording.question}".encode()).hexdigest()[:8]
    return TestCase(
        id=f"draft-{digest}",
        question=wording.question,
        type=wording.type,
        gold=tuple(_gold(article, span) for span in proposal.sentences),
        must_contain=wording.must_contain,
        answer=wording.answer,
        tags=(wording.rule,),
        draft=True,
    )


def _gold(article: Article, span: Span) -> Gold:
    quote = span.of(article.text)
    return Gold((Quote(Stretch(article.path, span.start, span.end), quote),))
