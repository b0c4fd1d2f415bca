"""Answers, hits and reports as a terminal shows them.

Articles and models are not trusted: control characters, with which a text could rewrite the
screen, are shown as ``�``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from assistant.answer import Answer, Citation, Statement, Support
from assistant.evidence import source
from index.article import Hit
from index.plain import plain

if TYPE_CHECKING:
    from index.sync import Progress, SyncReport

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WIDTH = 160


def safe(text: str) -> str:
    """``text`` without what a terminal would obey."""
    return _CONTROL.sub("�", text)


def answer_lines(answer: Answer) -> Iterator[str]:
    """The whole answer: text, then what it rests on, then what the reader must know."""
    yield safe(answer.text)
    yield from closing_lines(answer)


def closing_lines(answer: Answer) -> Iterator[str]:
    """What follows the text of an answer."""
    doubtful = [one for one in answer.statements if one.support is Support.UNVERIFIED]
    if doubtful:
        yield ""
        yield from (f"Unverified: {safe(_short(statement))}" for statement in doubtful)
    if answer.citations:
        yield ""
        for citation in answer.citations:
            yield from _citation_lines(citation)
    for said in filter(None, (answer.scope.words, answer.note)):
        yield ""
        yield safe(said)


def _short(statement: Statement) -> str:
    return statement.text if len(statement.text) <= _WIDTH else statement.text[:_WIDTH] + "…"


def _citation_lines(citation: Citation) -> Iterator[str]:
    article = citation.article
    authors = f", {' and '.join(article.authors)}" if article.authors else ""
    yield safe(f"[{citation.number}] {source(article)}{authors}")
    yield safe(f"    {article.path}, characters {citation.start}-{citation.end}")


def hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """Each hit: its rank, score and place, then its words."""
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = f"{passage.article.path}, characters {passage.start}-{passage.end}"
        yield safe(f"{rank}. {source(passage.article)}  ({place}; score {hit.score:.4f})")
        yield safe(f"   {plain(passage.text)}")
        yield ""


def report_line(report: SyncReport) -> str:
    """What a sync did."""
    counts = ("added", "changed", "removed", "moved", "unchanged")
    done = ", ".join(f"{count} {name}" for name in counts if (count := getattr(report, name)))
    return (
        f"{done or 'Nothing'}; {report.passages_embedded} passages embedded "
        f"in {report.seconds:.1f} s."
    )


def failure_lines(report: SyncReport) -> Iterator[str]:
    """What a sync could not read, each with its path."""
    for path, problem in report.failed:
        yield safe(f"pincite: {path}: {problem}")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar of files with rate and time left, on standard error; none where nothing is to do."""
    from tqdm import tqdm

    bar: tqdm[NoReturn] | None = None

    def advance(done: int, total: int, passages: int, path: str, /) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=total, desc="Indexing", unit=" files", leave=False)
        bar.total = total
        bar.set_postfix_str(f"{passages} passages", refresh=done == bar.n)
        bar.update(done - bar.n)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.close()


def hits_dict(query: str, hits: Sequence[Hit]) -> dict[str, object]:
    """The documented JSON form (``pincite search --json``)."""
    return {
        "query": query,
        "hits": [
            {
                "article_id": hit.passage.article.id,
                "path": hit.passage.article.path,
                "title": hit.passage.article.title,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "score": hit.score,
                "text": hit.passage.text,
            }
            for hit in hits
        ],
    }
