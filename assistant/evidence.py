"""Hits → evidence: numbered sentences, within a token budget, each text once.

The numbers are what an answerer cites (``[s12]``); offsets follow by construction. A sentence that
other articles repeat, as syndicated copies do, is shown once and keeps the places of its copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answer import Location
from index import tokens
from index.article import Article, Hit, Span
from index.plain import plain

COPY = 40
"""Letters and digits that a sentence has at least to be told from one that merely reads alike."""

_Key = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence as an answerer sees it."""

    number: int
    """1 and up, in the order shown."""
    article: Article
    span: Span
    heading: str
    score: float
    """Of the best hit that holds the sentence."""
    also_in: tuple[Location, ...] = ()
    """Where other articles say the same word for word."""

    @property
    def text(self) -> str:
        """The sentence as plain text, on one line."""
        return plain(self.span.of(self.article.text))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answerer is shown for one question."""

    hits: tuple[Hit, ...] = ()
    """Best first."""
    sentences: tuple[EvidenceSentence, ...] = ()
    """Grouped by article (best article first), each article's in the order of its text."""

    def __getitem__(self, number: int) -> EvidenceSentence:
        """The sentence with this number. Raises ``KeyError`` for a number never given."""
        if not 1 <= number <= len(self.sentences):
            raise KeyError(number)
        return self.sentences[number - 1]

    def articles(self) -> Iterator[tuple[Article, tuple[EvidenceSentence, ...]]]:
        """Each article with its sentences."""
        for _, group in groupby(self.sentences, key=lambda sentence: sentence.article.id):
            sentences = tuple(group)
            yield sentences[0].article, sentences


def gather(
    hits: Sequence[Hit],
    budget: int,
    most: int | None = None,
    count: Callable[[str], int] | None = None,
) -> Evidence:
    """Number the sentences of ``hits`` (best first) until ``budget`` tokens are used.

    A hit is taken whole or not at all; one that does not fit is passed over, a later, shorter one
    may still fit. At most ``most`` hits are taken; those after them only show where copies lie.
    ``count`` gives a text's tokens; without it tiktoken counts.
    """
    gathering = _Gathering(budget, len(hits) if most is None else most, count or count_tokens)
    for hit in hits:
        gathering.take(hit)
    return gathering.evidence()


class _Gathering:
    """Evidence on its way, hit by hit."""

    def __init__(self, budget: int, most: int, count: Callable[[str], int]) -> None:
        self._left = budget
        self._most = most
        self._count = count
        self._hits: list[Hit] = []
        self._articles: dict[str, None] = {}
        self._best: dict[_Key, Hit] = {}
        self._first: dict[str, _Key] = {}
        """Folded text → the sentence that says it first."""
        self._copies: dict[_Key, dict[_Key, Location]] = {}

    def take(self, hit: Hit) -> None:
        article = hit.passage.article
        fresh = []
        for span in hit.passage.sentences:
            folded = _folded(span.of(article.text))
            first = self._first.get(folded)
            if first and first[0] != article.id:
                self._copies.setdefault(first, {})[article.id, span] = Location(
                    article, span.start, span.end
                )
            elif (article.id, span) not in self._best:
                fresh.append((span, folded))
        if not fresh or len(self._hits) >= self._most:
            return
        cost = sum(self._count(_shown(article, span)) for span, _ in fresh)
        cost += 0 if article.id in self._articles else self._count(_head(article))
        if cost > self._left:
            return
        self._left -= cost
        self._hits.append(hit)
        self._articles[article.id] = None
        for span, folded in fresh:
            self._best[article.id, span] = hit
            if len(folded) >= COPY:
                self._first.setdefault(folded, (article.id, span))

    def evidence(self) -> Evidence:
        order = {id: place for place, id in enumerate(self._articles)}
        keys = sorted(self._best, key=lambda key: (order[key[0]], key[1]))
        sentences = tuple(
            EvidenceSentence(
                number,
                self._best[key].passage.article,
                key[1],
                self._best[key].passage.heading,
                self._best[key].score,
                tuple(self._copies.get(key, {}).values()),
            )
            for number, key in enumerate(keys, start=1)
        )
        return Evidence(tuple(self._hits), sentences)


def size(evidence: Evidence) -> int:
    """Its tokens as shown."""
    heads = sum(count_tokens(_head(article)) for article, _ in evidence.articles())
    return heads + sum(count_tokens(_shown(one.article, one.span)) for one in evidence.sentences)


def within(evidence: Evidence, budget: int, count: Callable[[str], int] | None = None) -> Evidence:
    """As much of ``evidence`` as ``budget`` tokens hold: best hits first, and whole sentences.

    They keep their numbers, so what is cited of it is found in the whole by ``evidence[number]``.
    """
    count = count or count_tokens
    numbered = {(one.article.id, one.span): one for one in evidence.sentences}
    kept: dict[int, EvidenceSentence] = {}
    used = 0
    for one in _best_first(evidence, numbered):
        opens = one.article.id not in {other.article.id for other in kept.values()}
        used += count(_shown(one.article, one.span)) + (count(_head(one.article)) if opens else 0)
        if used > budget:
            break
        kept[one.number] = one
    if len(kept) == len(evidence.sentences):
        return evidence
    read = {(one.article.id, one.span) for one in kept.values()}
    hits = tuple(hit for hit in evidence.hits if read & set(_keys(hit)))
    return Evidence(hits, tuple(kept[number] for number in sorted(kept)))


def _best_first(
    evidence: Evidence, numbered: Mapping[_Key, EvidenceSentence]
) -> list[EvidenceSentence]:
    keys = dict.fromkeys(key for hit in evidence.hits for key in _keys(hit))
    return [numbered[key] for key in keys if key in numbered]


def _keys(hit: Hit) -> list[_Key]:
    return [(hit.passage.article.id, span) for span in hit.passage.sentences]


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _shown(article: Article, span: Span) -> str:
    return f"[s000] {plain(span.of(article.text))}\n"


def _head(article: Article) -> str:
    return f"{source(article)}, {', '.join(article.authors)}\n\n"


def source(article: Article) -> str:
    """An article as a person would name it: ``“Title” (Publisher, 28 April 2016)``."""
    known = ", ".join(part for part in (article.site, _date(article)) if part)
    return f"{_title(article)} ({known or 'undated'})"


def dated(article: Article) -> str:
    """The same, shorter: ``The Moscow Times, 28 April 2016``; where no publisher is known, its
    title stands for it."""
    return ", ".join(part for part in (article.site or _title(article), _date(article)) if part)


def _title(article: Article) -> str:
    return f"“{article.title}”" if article.title else article.path


def _date(article: Article) -> str:
    published = article.published
    return f"{published.day} {published:%B %Y}" if published else ""


def count_tokens(text: str) -> int:
    """Tokens of ``text`` in OpenAI's ``o200k_base``: close enough for other models."""
    return tokens.count_tokens(text, "o200k_base")
