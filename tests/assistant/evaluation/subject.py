"""An assistant small enough to predict: it quotes the sentence that shares most words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.answer import Answer, Citation, Consulted, Outcome, Statement, Support
from assistant.errors import LLMUnavailableError
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Gold, Quote, Stretch, TestCase
from index.article import Article, Hit, Metadata, Passage, Span, article_id
from index.filtering import EVERYTHING, Filter

WALKED = "The delegates walked out on April 21."
PLANES = "Six planes stayed at the base."
KERRY = "Kerry spoke of a common threat."


def article(path: str, *sentences: str) -> Article:
    text = " ".join(sentences)
    return Article(article_id(text), text, Metadata(title=path), (path,))


ARTICLES = (article("a.txt", WALKED, PLANES), article("b.txt", KERRY))


@dataclass(frozen=True)
class Named:
    name: str = "words"


@dataclass(frozen=True)
class Settled:
    values: Mapping[str, str] = field(default_factory=lambda: {"openai_api_key": "set"})

    def as_dict(self) -> Mapping[str, str]:
        return self.values


@dataclass(frozen=True)
class Shelf:
    """Three sentences in two articles, each a passage."""

    articles: tuple[Article, ...] = ARTICLES
    embedder: Named = Named()

    def fingerprint(self) -> Mapping[str, str]:
        return {"embedding": "words"}

    def metadata(self) -> Iterator[tuple[str, Metadata, tuple[str, ...]]]:
        for one in self.articles:
            yield one.id, one.metadata, one.paths

    def article(self, id: str) -> Article:
        return next(one for one in self.articles if one.id == id)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        asked = words(query)
        hits = []
        for one in self.articles:
            for sentence in (s for s in (WALKED, PLANES, KERRY) if s in one.text):
                start = one.text.index(sentence)
                passage = Passage(1, one, "", (Span(start, start + len(sentence)),))
                hits.append(Hit(passage, float(len(asked & words(sentence)))))
        return sorted(hits, key=lambda hit: -hit.score)[:k]


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


@dataclass(frozen=True)
class Quoter:
    """Quotes the best passage; finds nothing where no word is shared; fails where asked to."""

    library: Shelf = Shelf()
    settings: Settled = Settled()

    def conversation(self) -> Talk:
        return Talk(self)

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        return self.answer(question, question, within)

    def answer(self, question: str, standalone: str, within: Filter = EVERYTHING) -> Answer:
        if "fail" in question:
            raise LLMUnavailableError("The server does not answer: start it.")
        hits = [
            hit
            for hit in self.library.search(standalone)
            if within.admits(hit.passage.article.id, Metadata(), hit.passage.article.paths)
        ]
        read = tuple(
            Consulted(one.article, one.start, one.end, 0.0) for one in (hit.passage for hit in hits)
        )
        if not hits or not hits[0].score:
            message = "Nothing was found."
            return Answer(
                question, standalone, (), (), Outcome.NOT_FOUND, message=message, consulted=read
            )
        passage = hits[0].passage
        citation = Citation(1, passage.article, passage.start, passage.end)
        statement = Statement(passage.text, (1,), Support.QUOTED)
        return Answer(
            question, standalone, (statement,), (citation,), Outcome.ANSWERED, consulted=read
        )


@dataclass
class Talk:
    """A conversation with the quoter, which takes a follow-up for its last question continued."""

    quoter: Quoter
    asked: list[str] = field(default_factory=list)

    def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
        standalone = " ".join([*self.asked[-1:], question])
        self.asked.append(question)
        return self.quoter.answer(question, standalone, within)


def gold(*sentences: str) -> Gold:
    """A piece of gold: any of these sentences of the shelf."""
    quotes = []
    for sentence in sentences:
        (home,) = (one for one in ARTICLES if sentence in one.text)
        start = home.text.index(sentence)
        quotes.append(Quote(Stretch(home.path, start, start + len(sentence)), sentence))
    return Gold(tuple(quotes))


CASES = (
    TestCase("date", "When did the delegates walk out?", "date", True, (gold(WALKED),),
             (("21 April", "April 21"),), "On April 21."),
    TestCase("planes", "How many planes stayed?", "single-fact", True, (gold(PLANES),),
             (("seven",),), "Seven planes."),
    TestCase("recipe", "What is the recipe for kibbeh?", "unanswerable", False),
    TestCase("threat", "Which threat follows from warming?", "unanswerable", False),
    TestCase("premise", "Why did the planes leave?", "false-premise", False, (gold(PLANES),)),
    TestCase("error", "Did Kerry fail?", "single-fact", True, (gold(KERRY),), (("threat",),)),
)  # fmt: skip


def record(case: TestCase, subject: Quoter | None = None, latency_ms: float = 5.0) -> Record:
    """What the quoter does with a case."""
    subject = subject or Quoter()
    passages = [hit.passage for hit in subject.library.search(case.question, 10)]
    retrieved = tuple(Stretch(one.article.path, one.start, one.end) for one in passages)
    try:
        return Record(case, retrieved, subject.ask(case.question).as_dict(), latency_ms)
    except LLMUnavailableError as error:
        return Record(case, retrieved, {}, latency_ms, str(error))
