"""An answer with no language model: the fewest sentences that answer, word for word."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass

from assistant.answerer import Draft
from assistant.evidence import Evidence, EvidenceSentence, source
from assistant.ranking import Ranked, Ranker
from index.article import Article

MOST_SENTENCES = 4
"""An answer of quotations is no reading matter: a person looks at three or four."""

CLOSE_SECOND = 0.6
"""A further sentence must be this probable, as a share of the best one's probability."""


@dataclass(frozen=True, slots=True)
class ExtractiveAnswerer:
    """Chooses sentences of the evidence; introduces each with where it comes from."""

    ranker: Ranker
    name: str = "extractive"
    model: None = None

    def draft(self, question: str, evidence: Evidence) -> Generator[Draft, None, None]:
        """The chosen sentences, those of one article together, the best article first."""
        chosen = choose(self.ranker.rank(question, evidence))
        last: Article | None = None
        for sentence in chosen:
            again = last is not None and last.id == sentence.article.id
            last = sentence.article
            introduction = "" if again else f"{source(sentence.article)}:"
            yield Draft(sentence.text, (sentence.number,), introduction)

    async def adraft(self, question: str, evidence: Evidence) -> AsyncGenerator[Draft, None]:
        for draft in self.draft(question, evidence):
            yield draft


def choose(ranked: Sequence[Ranked]) -> list[EvidenceSentence]:
    """The best sentence, and those nearly as good; grouped by article, in the text's order."""
    if not ranked:
        return []
    bar = ranked[0].probability * CLOSE_SECOND
    near = [one.sentence for one in ranked[:MOST_SENTENCES] if one.probability >= bar]
    order = list(dict.fromkeys(sentence.article.id for sentence in near))
    return sorted(near, key=lambda one: (order.index(one.article.id), one.number))
