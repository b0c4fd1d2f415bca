"""Markers → citations: checked, merged, numbered. Pure functions.

A marker is a claim. One that names no evidence is dropped; adjacent sentences of an article
become one citation; a number is given at first use and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Statement, Support
from assistant.evidence import Evidence, EvidenceSentence
from index.article import Article, Span


@dataclass(frozen=True, slots=True)
class Cited:
    """Statements with their citations, as far as an answer has come."""

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()

    def add(
        self,
        text: str,
        rests_on: Sequence[EvidenceSentence],
        support: Support,
        introduction: str = "",
    ) -> Cited:
        """One more statement, which rests on these sentences of the evidence."""
        citations = self.citations
        numbers: list[int] = []
        for article, span in quotes(rests_on):
            known = find(citations, article, span)
            if known is None:
                known = Citation(len(citations) + 1, article, span.start, span.end)
                citations = (*citations, known)
            numbers.append(known.number)
        whole = f"{introduction} {text}".strip()
        statement = Statement(whole, tuple(dict.fromkeys(numbers)), support, introduction)
        return Cited((*self.statements, statement), citations)


def known(markers: Iterable[int], evidence: Evidence) -> tuple[EvidenceSentence, ...]:
    """The sentences that the markers name, in order of the text; unknown markers are dropped."""
    numbers = {number for number in markers if 1 <= number <= len(evidence.sentences)}
    return tuple(evidence[number] for number in sorted(numbers))


def quotes(sentences: Sequence[EvidenceSentence]) -> list[tuple[Article, Span]]:
    """The stretches that the sentences make up: those with only white space between are one.

    In the order in which the sentences are given; a sentence given twice counts once.
    """
    stretches: list[tuple[Article, Span]] = []
    for sentence in sentences:
        article, span = sentence.article, sentence.span
        if stretches and _adjoins(stretches[-1], article, span):
            first = stretches[-1][1]
            span = Span(min(first.start, span.start), max(first.end, span.end))
            stretches[-1] = (article, span)
        else:
            stretches.append((article, span))
    return stretches


def _adjoins(last: tuple[Article, Span], article: Article, span: Span) -> bool:
    other, before = last
    if other.id != article.id or span.start < before.start:
        return False
    return span.start <= before.end or not article.text[before.end : span.start].strip()


def find(citations: Sequence[Citation], article: Article, span: Span) -> Citation | None:
    """The citation of exactly this stretch, if there is one."""
    for citation in citations:
        if citation.article.id == article.id and citation.span == span:
            return citation
    return None
