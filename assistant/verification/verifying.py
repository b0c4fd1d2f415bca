"""The verification of an answer: facts, then the judge, then repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.answer import Citation, Statement, Support, Usage
from assistant.errors import LLMError
from assistant.evidence import Evidence
from assistant.understanding.question import Question
from assistant.verification.attribution import attribute, coverage
from assistant.verification.citations import Cited, cite
from assistant.verification.facts import find_mismatches
from assistant.verification.judge import Claim, Judge
from assistant.verification.source import Verdict, cited_source
from index.plain import plain

Unsupported = Literal["quote", "mark", "drop"]
"""What becomes of a statement that is not supported: the words it cites in its place, nothing but
a mark, or nothing at all."""

_HELD = 0.5
"""Share of a statement's words, weighed, that other sentences must hold to be cited instead."""


@dataclass(frozen=True, slots=True)
class Verified:
    """An answer whose statements have been checked."""

    cited: Cited
    """Without the statements that were dropped."""
    statements: tuple[Statement | None, ...] = ()
    """What became of each statement given, in order; ``None`` where it was dropped."""
    usage: Usage = field(default_factory=Usage)
    message: str | None = None
    """For a person: what could not be checked, or was left out."""


def verify(
    cited: Cited,
    question: Question,
    evidence: Evidence,
    judge: Judge | None,
    unsupported: Unsupported,
) -> Verified:
    """Check what a language model wrote against what it cites.

    Quotations are what they are and stay as they are. Never raises ``LLMError``: where the judge
    cannot be asked, the message says so.
    """
    written = [n for n, one in enumerate(cited.statements) if one.support is Support.UNCHECKED]
    first = _check(cited, written, question, evidence, judge)
    failed = [n for n in written if _fails(first.cited.statements[n])]
    moved, places = _attributed(first.cited, failed, question, evidence)
    second = _check(moved, places, question, evidence, judge if first.message is None else None)
    mended = [n for n in places if not _fails(second.cited.statements[n])]
    statements = [
        _settled(second.cited if n in mended else first.cited, n, unsupported)
        for n in range(len(cited.statements))
    ]
    statements = _without_repetitions(statements)
    return Verified(
        _used([one for one in statements if one], second.cited.citations),
        tuple(statements),
        first.usage + second.usage,
        _message(statements, first.message or second.message),
    )


@dataclass(frozen=True, slots=True)
class _Checked:
    cited: Cited
    usage: Usage = field(default_factory=Usage)
    message: str | None = None
    """Why the judge could not be asked."""


def _check(
    cited: Cited, places: Sequence[int], question: Question, evidence: Evidence, judge: Judge | None
) -> _Checked:
    """The statements at ``places`` with their verdicts."""
    claims = [_claim(cited, cited.statements[n], question, evidence) for n in places]
    asked = [n for n, claim in enumerate(claims) if claim.sources]
    said: dict[int, Verdict | None] = {}
    usage, message = Usage(), None
    if judge is not None and asked:
        try:
            judgement = judge.judge(question.standalone, [claims[n] for n in asked])
            said, usage = dict(zip(asked, judgement.verdicts, strict=True)), judgement.usage
        except LLMError as error:
            message = f"The sentences could not be judged by the language model. {error}"
    statements = [*cited.statements]
    for n, claim in enumerate(claims):
        verdict = decide(claim, said.get(n))
        statements[places[n]] = replace(
            statements[places[n]], support=verdict.support, findings=verdict.findings
        )
    return _Checked(Cited(tuple(statements), cited.citations), usage, message)


def decide(claim: Claim, judged: Verdict | None) -> Verdict:
    """The verdict that stands: the judge's, or, where it gave none, what comparing facts tells."""
    if judged is not None:
        return judged
    refuted = bool(claim.findings) or not claim.sources
    return Verdict(Support.UNSUPPORTED if refuted else Support.UNCHECKED, claim.findings)


def _claim(cited: Cited, statement: Statement, question: Question, evidence: Evidence) -> Claim:
    sources = tuple(cited_source(one, _heading(one, evidence)) for one in cited.of(statement))
    findings = find_mismatches(statement.text, sources, question.standalone)
    return Claim(statement.text, sources, findings)


def _heading(citation: Citation, evidence: Evidence) -> str:
    for one in evidence.sentences:
        if one.article.id == citation.article.id and citation.span.contains(one.span):
            return one.heading
    return ""


def _fails(statement: Statement) -> bool:
    return statement.support is Support.UNSUPPORTED


def _attributed(
    cited: Cited, failed: Sequence[int], question: Question, evidence: Evidence
) -> tuple[Cited, list[int]]:
    """The failed statements citing other sentences of the evidence, where some hold more of their
    words and no fact speaks against it; and which statements these are."""
    places = []
    for n in failed:
        statement = cited.statements[n]
        found = attribute(statement.text, evidence.sentences)
        texts = [plain(one.quote) for one in cited.of(statement)]
        if found.coverage <= max(_HELD, coverage(statement.text, texts, evidence.sentences)):
            continue
        citations, numbers = cite(cited.citations, found.sentences)
        moved = replace(statement, citations=numbers)
        new = Cited((*cited.statements[:n], moved, *cited.statements[n + 1 :]), citations)
        if not _claim(new, moved, question, evidence).findings:
            cited = new
            places.append(n)
    return cited, places


def _settled(cited: Cited, n: int, unsupported: Unsupported) -> Statement | None:
    """The statement as it is answered with: one that fails is replaced, marked or dropped."""
    statement = cited.statements[n]
    if not _fails(statement) or unsupported == "mark":
        return statement
    if unsupported == "drop" or not statement.citations:
        return None
    quoted = " ".join(plain(one.quote) for one in cited.of(statement))
    return replace(
        statement, text=quoted, support=Support.QUOTED, findings=(), replaced=statement.text
    )


def _without_repetitions(statements: Sequence[Statement | None]) -> list[Statement | None]:
    """A replacement that only repeats a quotation is dropped."""
    seen: set[tuple[int, ...]] = set()
    kept: list[Statement | None] = []
    for one in statements:
        repeated = one is not None and one.replaced is not None and one.citations in seen
        kept.append(None if repeated else one)
        if one is not None and one.support is Support.QUOTED:
            seen.add(one.citations)
    return kept


def _used(statements: Sequence[Statement], citations: Sequence[Citation]) -> Cited:
    """Numbers stay as they were given: there may be gaps between them."""
    numbers = {number for one in statements for number in one.citations}
    return Cited(tuple(statements), tuple(one for one in citations if one.number in numbers))


def _message(statements: Sequence[Statement | None], problem: str | None) -> str | None:
    said = [problem] if problem else []
    if dropped := statements.count(None):
        said.append(
            "A sentence that the articles do not support was left out."
            if dropped == 1
            else f"{dropped} sentences that the articles do not support were left out."
        )
    return " ".join(said) or None
