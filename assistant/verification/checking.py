"""Whether given texts, or the articles of a library, support what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, cast

from assistant.answer import Answer, Consulted, Outcome, Scope, Statement, Support, Usage
from assistant.evidence import EvidenceSentence, gather
from assistant.llm import ChatModel, as_chat_model
from assistant.verification.attribution import attribute
from assistant.verification.citations import Cited, cite, stretches
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
_TOLD = 0.35
"""Share of a sentence's words, weighed, that the articles hold where they tell of it: of 40 true
paraphrases of the seeds 38 hold more, of 12 sentences about other things in their world none."""
_CONTRADICTED = 0.6
"""The same, where they can be said to contradict it."""
_JUDGED = 0.2
"""The same, below which not even a judge is asked."""
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
    sentences = list(_read(text, library, within, _TOLD if judge is None else _JUDGED))
    verdicts, usage = _judged([one.claim for one in sentences], judge)
    cited = Cited()
    for one, verdict in zip(sentences, verdicts, strict=True):
        cited = _with(cited, one, verdict)
    return Answer(
        question=text,
        standalone=text,
        statements=cited.statements,
        citations=cited.citations,
        outcome=_outcome(cited.statements),
        message=None if sentences else "The text claims nothing that could be checked.",
        consulted=_consulted(sentences),
        scope=Scope(within),
        answerer="check",
        model=judge.model.name if judge and sentences else None,
        usage=usage,
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the text, and what it may rest on."""

    claim: Claim
    hits: tuple[Hit, ...]
    rests_on: tuple[EvidenceSentence, ...]
    held: float
    """How much of its words they hold, 0 to 1."""


def _read(text: str, library: Library, within: Filter, least: float) -> Iterator[_Sentence]:
    """The sentences that claim something, with what holds at least so much of their words."""
    before: list[Hit] = []
    for span in (span for run in runs(text) for span in run.sentences):
        sentence = plain(span.of(text))
        if not claims_something(sentence):
            continue
        hits = library.search_in(within, sentence, _HITS)
        # Who "he" is stands in the sentence before, and so may what is told of him.
        evidence = gather(_once([*hits, *before]), _BUDGET)
        before = hits
        found = attribute(sentence, evidence.sentences)
        rests_on = found.sentences if found.coverage >= least else ()
        sources = tuple(cited_source(one) for one in stretches(rests_on))
        claim = Claim(sentence, sources, find_mismatches(sentence, sources))
        yield _Sentence(claim, tuple(hits), rests_on, found.coverage)


def _once(hits: Iterable[Hit]) -> list[Hit]:
    return [*{hit.passage.id: hit for hit in hits}.values()]


def _with(cited: Cited, sentence: _Sentence, verdict: Verdict) -> Cited:
    """One more statement. One that fails is contradicted where much of it is told of; else the
    articles know nothing of it, and nothing is cited."""
    untold = verdict.support is Support.UNSUPPORTED and sentence.held < _CONTRADICTED
    citations, numbers = cite(cited.citations, () if untold else sentence.rests_on)
    findings = () if untold else verdict.findings
    statement = Statement(sentence.claim.statement, numbers, verdict.support, findings)
    return Cited((*cited.statements, statement), citations)


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


def _consulted(sentences: Sequence[_Sentence]) -> tuple[Consulted, ...]:
    return tuple(
        Consulted(hit.passage.article, hit.passage.start, hit.passage.end, hit.score)
        for hit in _once(hit for one in sentences for hit in one.hits)
    )


def _outcome(statements: Sequence[Statement]) -> Outcome:
    """How much of the text the articles bear out."""
    if all(not one.citations for one in statements):
        return Outcome.NOT_FOUND
    failed = any(one.support in (Support.UNSUPPORTED, Support.PARTLY) for one in statements)
    return Outcome.PARTIAL if failed else Outcome.ANSWERED
