"""WiCE's claims with the evidence they are checked against.

Kamoi and others, WiCE: Real-World Entailment for Claims in Wikipedia (EMNLP 2023).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.evidence import EvidenceSentence
from assistant.support import shared
from index.article import Article, Metadata, Span, article_id

READ = 40
"""Sentences of a page that are looked at: those that share most words with the claim."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A claim, the sentences of its evidence that are looked at, and what people say of it."""

    claim: str
    sentences: tuple[EvidenceSentence, ...]
    supported: bool
    """Wholly; a claim supported in part is not."""
    gold: tuple[frozenset[int], ...]
    """Numbers of the sentences that support it, 1 and up: sets, of which any one will do."""


def cases(folder: Path) -> list[Case]:
    """The claims of ``dev.jsonl`` in ``folder``."""
    lines = (folder / "dev.jsonl").read_text("utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines]


def _case(row: dict[str, object]) -> Case:
    evidence, gold = row["evidence"], row["supporting_sentences"]
    assert isinstance(evidence, list)
    assert isinstance(gold, list)
    claim = str(row["claim"])
    sentences = list(_sentences([str(text) for text in evidence]))
    near = sorted(sentences, key=lambda one: (-shared(claim, one.text), one.number))[:READ]
    return Case(
        claim,
        tuple(sorted(near, key=lambda one: one.number)),
        row["label"] == "supported",
        tuple(frozenset(number + 1 for number in numbers) for numbers in gold),
    )


def _sentences(texts: list[str]) -> Iterator[EvidenceSentence]:
    whole = "\n".join(texts)
    title = texts[0].removeprefix("(meta data) TITLE: ") if texts[0].startswith("(meta") else None
    article = Article(article_id(whole), whole, Metadata(title=title), ("page.txt",))
    start = 0
    for number, text in enumerate(texts, start=1):
        yield EvidenceSentence(number, article, Span(start, start + len(text)), "", 1.0)
        start += len(text) + 1
