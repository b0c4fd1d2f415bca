"""Whether given texts, or the articles of a library, support what somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, cast

from assistant.answer import Answer, Consulted, Outcome, Scope, Statement, Support, Usage
from assistant.evidence import Evidence, gather
from assistant.llm import ChatModel, as_chat_model
from assistant.verification.attribution import attribute
from assistant.verification.citations import Cited, cite
from assistant.verification.facts import claims_something, find_mismatches, is_quoted
from assistant.verification.judge import Claim, Judge
from assistant.verification.source import Source, Verdict, cited_source
from assistant.verification.verifying import decide
from index.article import Hit
from index.filtering import EVERYTHING, Filter
from index.plain import plain
from index.sentences import runs

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from index.library import Library

_HITS = 6
"""Passages in which a sentence's evidence is looked for."""
_BUDGET = 4_000
"""Tokens of them."""
_HELD = 0.35
"""Share of a sentence's words, weighed, below which the articles are taken to say nothing of it."""
_AT_ONCE = 20
"""Sentences that are judged by one request."""


def check(
    statement: str,
    sources: Sequence[Source],
    llm: ChatModel | LLM | None = None,
    question: str | None = None,
) -> Verdict:
    """Whether ``sources``, taken together, support ``statement``.

    ``llm``: a language model to judge it; without one a statement is ``unchecked``, or
    ``unsupported`` where a fact in it is wrong. ``question``: what it answers, if it does. Raises
    ``LLMError``, ``PromptError``.
    """
    if is_quoted(statement, sources):
        return Verdict(Support.QUOTED)
    findings = find_mismatches(statement, sources, question)
    claim = Claim(statement, tuple(sources), findings)
    if llm is None or not sources:
        return decide(claim, None)
    return decide(claim, Judge(as_chat_model(llm)).judge(question, [claim]).verdicts[0])


def check_text(
    text: str, library: Library, judge: Judge | None = None, within: Filter = EVERYTHING
) -> Answer:
    """Whether the articles that ``within`` admits support ``text``, sentence by sentence.

    Sentences that claim nothing are left out. A sentence that is ``unsupported`` and has citations
    is contradicted by them; one without citations is about something that the articles do not
    tell of. Raises ``LLMError`` and what :meth:`Library.search` raises.
    """
    places = [_place(sentence, library, within) for sentence in _sentences(text)]
    cited = Cited()
    claims = []
    for place, last in zip(places, [_Place("", ()), *places], strict=False):
        # Who "he" is stands in the sentence before, and so may what is told of him.
        evidence = gather(_once([*place.hits, *last.hits]), _BUDGET)
        statement, cited = _attributed(place.sentence, evidence, cited)
        claims.append(_claim(statement, cited))
    verdicts, usage = _judged(claims, judge)
    statements = tuple(map(_settled, cited.statements, claims, verdicts))
    numbers = {number for one in statements for number in one.citations}
    return Answer(
        question=text,
        standalone=text,
        statements=statements,
        citations=tuple(one for one in cited.citations if one.number in numbers),
        outcome=_outcome(statements),
        message=None if statements else "The text claims nothing that could be checked.",
        consulted=_consulted(places),
        scope=Scope(within),
        answerer="check",
        model=judge.model.name if judge and claims else None,
        usage=usage,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence, and where its evidence is looked for."""

    sentence: str
    hits: tuple[Hit, ...]


def _sentences(text: str) -> list[str]:
    found = [plain(span.of(text)) for run in runs(text) for span in run.sentences]
    return [sentence for sentence in found if claims_something(sentence)]


def _place(sentence: str, library: Library, within: Filter) -> _Place:
    return _Place(sentence, tuple(library.search_in(within, sentence, _HITS)))


def _once(hits: Sequence[Hit]) -> list[Hit]:
    return [*{hit.passage.id: hit for hit in reversed(hits)}.values()][::-1]


def _attributed(sentence: str, evidence: Evidence, cited: Cited) -> tuple[Statement, Cited]:
    """The sentence with what it may rest on; without citations where nothing tells of it."""
    found = attribute(sentence, evidence.sentences)
    rests_on = found.sentences if found.coverage >= _HELD else ()
    citations, numbers = cite(cited.citations, rests_on)
    statement = Statement(sentence, numbers, Support.UNCHECKED)
    return statement, Cited((*cited.statements, statement), citations)


def _claim(statement: Statement, cited: Cited) -> Claim:
    sources = tuple(cited_source(citation) for citation in cited.of(statement))
    return Claim(statement.text, sources, find_mismatches(statement.text, sources))


def _judged(claims: Sequence[Claim], judge: Judge | None) -> tuple[list[Verdict], Usage]:
    """The verdicts on all claims; the judge is asked of those that are not quotations."""
    verdicts = [decide(claim, None) for claim in claims]
    quoted = [is_quoted(claim.statement, claim.sources) for claim in claims]
    for n in compress(range(len(claims)), quoted):
        verdicts[n] = Verdict(Support.QUOTED)
    usage = Usage()
    asked = [n for n, claim in enumerate(claims) if claim.sources and not quoted[n]]
    for start in range(0, len(asked) if judge else 0, _AT_ONCE):
        batch = asked[start : start + _AT_ONCE]
        judgement = cast(Judge, judge).judge(None, [claims[n] for n in batch])
        usage += judgement.usage
        for n, verdict in zip(batch, judgement.verdicts, strict=True):
            verdicts[n] = decide(claims[n], verdict)
    return verdicts, usage


def _settled(statement: Statement, claim: Claim, verdict: Verdict) -> Statement:
    return replace(statement, support=verdict.support, findings=verdict.findings)


def _consulted(places: Sequence[_Place]) -> tuple[Consulted, ...]:
    hits = _once([hit for place in places for hit in place.hits])
    return tuple(
        Consulted(hit.passage.article, hit.passage.start, hit.passage.end, hit.score)
        for hit in hits
    )


def _outcome(statements: Sequence[Statement]) -> Outcome:
    """How much of the text the articles bear out."""
    if all(not one.citations for one in statements):
        return Outcome.NOT_FOUND
    failed = any(one.support in (Support.UNSUPPORTED, Support.PARTLY) for one in statements)
    return Outcome.PARTIAL if failed else Outcome.ANSWERED
