"""Hits → evidence: numbered sentences, within a token budget.

The numbers are what an answerer cites (``[s12]``); offsets follow by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from index import tokens
from index.article import Article, Hit, Span
from index.plain import plain


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

    @property
    def text(self) -> str:
        """The sentence as plain text, on one line."""
        return plain(self.span.of(self.article.text))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answerer is shown for one question."""

    hits: tuple[Hit, ...]
    """Best first."""
    sentences: tuple[EvidenceSentence, ...]
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


def gather(hits: Sequence[Hit], budget: int, count: Callable[[str], int] | None = None) -> Evidence:
    """Number the sentences of ``hits`` (best first) until ``budget`` tokens are used.

    A hit is taken whole or not at all; one that does not fit is passed over, a later, shorter
    one may still fit. ``count`` gives a text's tokens; without it tiktoken counts.
    """
    count = count or count_tokens
    best: dict[tuple[str, Span], tuple[Hit, float]] = {}
    taken: list[Hit] = []
    used = 0
    for hit in hits:
        article = hit.passage.article
        fresh = [span for span in hit.passage.sentences if (article.id, span) not in best]
        cost = sum(count(_shown(article, span)) for span in fresh)
        if article.id not in {other.passage.article.id for other in taken}:
            cost += count(_head(article))
        if used + cost > budget:
            continue
        used += cost
        taken.append(hit)
        best.update({(article.id, span): (hit, hit.score) for span in fresh})
    return Evidence(tuple(taken), _numbered(taken, best))


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
    evidence: Evidence, numbered: Mapping[tuple[str, Span], EvidenceSentence]
) -> list[EvidenceSentence]:
    keys = dict.fromkeys(key for hit in evidence.hits for key in _keys(hit))
    return [numbered[key] for key in keys if key in numbered]


def _keys(hit: Hit) -> list[tuple[str, Span]]:
    return [(hit.passage.article.id, span) for span in hit.passage.sentences]


def _numbered(
    taken: Sequence[Hit], best: dict[tuple[str, Span], tuple[Hit, float]]
) -> tuple[EvidenceSentence, ...]:
    order = list(dict.fromkeys(hit.passage.article.id for hit in taken))
    keys = sorted(best, key=lambda key: (order.index(key[0]), key[1]))
    sentences = []
    for number, key in enumerate(keys, start=1):
        hit, score = best[key]
        passage = hit.passage
        sentences.append(EvidenceSentence(number, passage.article, key[1], passage.heading, score))
    return tuple(sentences)


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
