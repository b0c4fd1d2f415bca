"""Markers → citations: checked, merged, numbered. Pure functions.

A marker is a claim. One that names no evidence is dropped; adjacent sentences of an article
become one citation; a number is given at first use and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Citation, Location, Statement
from assistant.evidence import Evidence, EvidenceSentence
from index.article import Article, Span

if TYPE_CHECKING:
    from assistant.draft import Draft


@dataclass(frozen=True, slots=True)
class Cited:
    """Statements with their citations, as far as an answer has come."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()

    def of(self, statement: Statement) -> tuple[Citation, ...]:
        """The citations that ``statement`` rests on."""
        numbered = {citation.number: citation for citation in self.citations}
        return tuple(numbered[number] for number in statement.citations)


def resolve(cited: Cited, draft: Draft, evidence: Evidence) -> Cited:
    """One more statement: ``draft``, with the citations that its markers name."""
    citations, numbers = cite(cited.citations, known(draft.markers, evidence))
    statement = Statement(draft.text, numbers, draft.support, introduction=draft.introduction)
    return Cited((*cited.statements, statement), citations)


def cite(
    citations: tuple[Citation, ...], sentences: Sequence[EvidenceSentence]
) -> tuple[tuple[Citation, ...], tuple[int, ...]]:
    """``citations``, with new ones for what of the sentences is not cited yet; and the numbers
    of those that the sentences make up."""
    numbers: list[int] = []
    for stretch in stretches(sentences):
        found = find(citations, stretch.article, stretch.span)
        if found is None:
            found = replace(stretch, number=len(citations) + 1)
            citations = (*citations, found)
        numbers.append(found.number)
    return citations, tuple(dict.fromkeys(numbers))


def known(markers: Iterable[int], evidence: Evidence) -> tuple[EvidenceSentence, ...]:
    """The sentences that the markers name, in order of the text; unknown markers are dropped."""
    numbers = {number for number in markers if 1 <= number <= len(evidence.sentences)}
    return tuple(evidence[number] for number in sorted(numbers))


def stretches(sentences: Sequence[EvidenceSentence]) -> list[Citation]:
    """The stretches that the sentences make up, not numbered: those with only white space between
    are one.

    In the order in which the sentences are given; a sentence given twice counts once.
    """
    found: list[Citation] = []
    for one in sentences:
        article, span = one.article, one.span
        if found and _adjoins(found[-1], article, span):
            last = found[-1]
            start, end = min(last.start, span.start), max(last.end, span.end)
            found[-1] = Citation(0, article, start, end, _joined(last.also_in, one.also_in))
        else:
            found.append(Citation(0, article, span.start, span.end, one.also_in))
    return found


def _adjoins(last: Citation, article: Article, span: Span) -> bool:
    if last.article.id != article.id or span.start < last.start:
        return False
    return span.start <= last.end or not article.text[last.end : span.start].strip()


def _joined(some: Iterable[Location], others: Iterable[Location]) -> tuple[Location, ...]:
    """The copies of two adjacent sentences that adjoin in their articles, too."""
    copies = {copy.article.id: copy for copy in others}
    return tuple(
        Location(copy.article, copy.start, next_.end)
        for copy in some
        if (next_ := copies.get(copy.article.id))
        and copy.end <= next_.start
        and not copy.article.text[copy.end : next_.start].strip()
    )


def find(citations: Sequence[Citation], article: Article, span: Span) -> Citation | None:
    """The citation of exactly this stretch, if there is one."""
    for citation in citations:
        if citation.article.id == article.id and citation.span == span:
            return citation
    return None
