"""An answer with no language model: the fewest sentences that answer, word for word.

For each part of the question the best sentence and those nearly as good; with each, the sentences
beside it without which it cannot be understood, or which answer too. Sentences that adjoin are one
statement with one citation, introduced by who speaks, where the text says so, and where.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass

from assistant.answerer import Draft
from assistant.checks.dates import without_dates
from assistant.checks.kinds import gives
from assistant.evidence import Evidence, EvidenceSentence, dated, source
from assistant.parts import parts
from assistant.ranking import Ranked, Ranker
from assistant.speaker import speaker
from assistant.words import words
from index.article import Article

MOST_SENTENCES = 4
"""An answer of quotations is no reading matter: a person looks at three or four."""

CLOSE_SECOND = 0.45
"""A further sentence must be this probable, as a share of the best one's probability."""

NEIGHBOUR = 0.3
"""The same for a sentence beside a chosen one."""

Run = tuple[EvidenceSentence, ...]
"""Sentences of an article that follow each other."""

_ADDRESS = re.compile(r"\S*/\S*")
_ASKS_WHO = re.compile(r"\b(?:who|whose|whom|authors?|wrote|written)\b", re.IGNORECASE)

_LEANS = re.compile(
    r"^[\W_]*(?:but|yet|instead|however|nevertheless|rather|otherwise)\b"
    r"|^[\W_]*(?:(?:and|so|thus|also)\b[\s,]*)?"
    r"(?:he|she|they|his|her|their|it|its|this|that|these|those|such"
    r"|the (?:group|organization|former|latter|document|move|operation|plan))\b",
    re.IGNORECASE,
)
"""A sentence that opens so is about what the one before it names, or turns against what it says."""

_SPELLS_OUT = re.compile(
    r"^[\W_]*(?:that is(?: to say)?,|in other words\b|namely\b|specifically,|among (?:them|these)\b"
    r"|(?:these|they) (?:\w+ )?(?:include|included|are|were)\b)",
    re.IGNORECASE,
)
"""A sentence that opens so says what the one before it only announces."""


@dataclass(frozen=True, slots=True)
class ExtractiveAnswerer:
    """Chooses sentences of the evidence; introduces each with where it comes from."""

    ranker: Ranker
    name: str = "extractive"
    model: None = None

    def draft(self, question: str, evidence: Evidence) -> Generator[Draft, None, None]:
        """The chosen sentences, those of one article together, the best article first."""
        asked = [(part, self.ranker.rank(part, evidence)) for part in parts(question)]
        last: Article | None = None
        for run in choose(asked, evidence):
            again = last is not None and last.id == run[0].article.id
            last = run[0].article
            text = " ".join(sentence.text for sentence in run)
            numbers = tuple(sentence.number for sentence in run)
            yield Draft(text, numbers, introduction(run, again))

    async def adraft(self, question: str, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        for draft in self.draft(question, evidence):
            yield draft


def choose(asked: Sequence[tuple[str, Sequence[Ranked]]], evidence: Evidence) -> list[Run]:
    """What answers each part of a question, given with its ranking, best first; in runs, grouped
    by article, in the text's order.

    None if every part asks for a date, a number or a length of time, and what was chosen for it
    gives none; nor bylines and datelines, which tell nothing.
    """
    order: dict[str, None] = {}
    chosen: set[int] = set()
    answered = False
    for part, ranked in asked:
        near = _near(ranked, max(1, MOST_SENTENCES + 1 - len(asked)))
        near = [one for one in near if not _is_byline(one, part)]
        beside = _with_neighbours(near, {one.sentence.number: one for one in ranked}, evidence)
        several = [one for one in sorted(beside) if not _is_byline(evidence[one], part)]
        order |= dict.fromkeys(one.article.id for one in near)
        chosen.update(several)
        answered |= gives(" ".join(evidence[number].text for number in several), part)
    articles = list(order)
    runs = _runs([evidence[number] for number in sorted(chosen)]) if answered else []
    return sorted(runs, key=lambda run: (articles.index(run[0].article.id), run[0].number))


def _near(ranked: Sequence[Ranked], most: int) -> list[EvidenceSentence]:
    """The best sentence, and those nearly as good."""
    bar = ranked[0].probability * CLOSE_SECOND if ranked else 0.0
    return [one.sentence for one in ranked[:most] if one.probability >= bar]


def _is_byline(sentence: EvidenceSentence, question: str) -> bool:
    """Whether it has nothing but the article's date, or its authors where nobody asks for them."""
    said = set(words(_ADDRESS.sub(" ", without_dates(sentence.text))))
    authors = {"by", *words(" ".join(sentence.article.authors))}
    return not said or (said <= authors and not _ASKS_WHO.search(question))


def _with_neighbours(
    near: Sequence[EvidenceSentence], ranked: dict[int, Ranked], evidence: Evidence
) -> set[int]:
    """Numbers of these sentences, and of those beside them that answer or explain them."""
    bar = NEIGHBOUR * max((one.probability for one in ranked.values()), default=0.0)
    chosen: set[int] = set()
    for sentence in near:
        before, after = _beside(sentence, evidence)
        leans = bool(_LEANS.match(sentence.text)) or _inside_quotation(sentence.text)
        chosen.add(sentence.number)
        if before and (leans or ranked[before].probability >= bar):
            chosen.add(before)
        spelled_out = bool(after) and bool(_SPELLS_OUT.match(evidence[after].text))
        if after and (spelled_out or ranked[after].probability >= bar):
            chosen.add(after)
    return chosen


def _beside(sentence: EvidenceSentence, evidence: Evidence) -> tuple[int, int]:
    """The numbers of the sentences that adjoin it before and after; 0 where none does."""
    before, after = sentence.number - 1, sentence.number + 1
    has_before = before >= 1 and adjoin(evidence[before], sentence)
    has_after = after <= len(evidence.sentences) and adjoin(sentence, evidence[after])
    return before * has_before, after * has_after


def _inside_quotation(text: str) -> bool:
    """Whether a quotation that began before this sentence ends in it."""
    closing, opening = text.find("”"), text.find("“")
    if closing >= 0:
        return opening < 0 or closing < opening
    return text.count('"') % 2 == 1 and not text.startswith('"')


def adjoin(first: EvidenceSentence, second: EvidenceSentence) -> bool:
    """Whether nothing but white space stands between the two."""
    if first.article.id != second.article.id or second.span.start < first.span.end:
        return False
    return not first.article.text[first.span.end : second.span.start].strip()


def _runs(sentences: Sequence[EvidenceSentence]) -> list[Run]:
    runs: list[Run] = []
    for sentence in sentences:
        if runs and adjoin(runs[-1][-1], sentence):
            runs[-1] = (*runs[-1], sentence)
        else:
            runs.append((sentence,))
    return runs


def introduction(run: Run, again: bool) -> str:
    """Who speaks in which article: ``Vladimir Frolov, in The Moscow Times, 28 April 2016:``.

    ``again``: the article has been introduced already. Empty where there is nothing new to say.
    Only somebody's own words get a name: a sentence that tells what he said names him itself.
    """
    article = run[0].article
    speaks = speaker(run) if run[0].text.startswith(('"', "“")) else ""
    if speaks:
        return f"{speaks}:" if again else f"{speaks}, in {dated(article)}:"
    return "" if again else f"{source(article)}:"
