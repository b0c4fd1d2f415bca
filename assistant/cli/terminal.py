"""Answers, hits and reports as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from assistant.answer import Answer, Citation, Outcome, Statement, Support
from assistant.evidence import source
from assistant.saved import CitationCheck
from index.article import Hit
from index.plain import plain

if TYPE_CHECKING:
    from index.sync import Progress, SyncReport

_WIDTH = 100

_OUTCOMES = {
    Outcome.CLOSEST: "Nothing here clearly answers this. Closest:",
    Outcome.NOT_FOUND: "The articles do not answer this.",
}
"""What is said of an answer that brings no message of its own."""

_MARKS = {
    Support.PARTLY: "(partly supported)",
    Support.UNSUPPORTED: "(not supported)",
    Support.UNCHECKED: "(unchecked)",
}
"""Shown behind a statement; support that holds is not remarked on."""

_ALL_UNCHECKED = "Unchecked: no language model has judged whether the sources say this."


def answer_lines(answer: Answer) -> Iterator[str]:
    """The whole answer: what is said, what it rests on, what the reader must know."""
    statements = [_statement_lines(one, _is_marked(one, answer)) for one in answer.statements]
    return _spaced([_opening(answer), *statements, *_endings(answer)])


def closing_lines(answer: Answer) -> Iterator[str]:
    """What follows an answer whose statements have been shown as they came."""
    doubtful = [
        _statement_lines(one, True)
        for one in answer.statements
        if one.replaced or one.findings or one.support in (Support.PARTLY, Support.UNSUPPORTED)
    ]
    return _spaced([_opening(answer), *doubtful, *_endings(answer)])


def check_lines(answer: Answer) -> Iterator[str]:
    """A text that was checked: each sentence with its support, then what it rests on."""
    yield from filter(None, (answer.message,))
    for statement in answer.statements:
        found = statement.support.value if statement.citations else "no source found"
        yield f"{found:<16} {statement.shown}"
        yield from (f"{'':<16} ! {finding.message}" for finding in statement.findings)
    if answer.citations:
        yield from ("", *_citations(answer))


def verify_lines(checks: Sequence[CitationCheck]) -> Iterator[str]:
    """Each citation of a saved answer and what became of it."""
    for check in checks:
        yield f"[{check.number}] {check.standing.value:<8} {check.path}: {check.message}"
    if not checks:
        yield "The answer has no citations."


def hit_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """Each hit: its rank, score and place, then its words."""
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = f"{passage.article.path}, characters {passage.start}-{passage.end}"
        yield f"{rank}. {source(passage.article)}  ({place}; score {hit.score:.4f})"
        yield f"   {plain(passage.text)}"
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
        yield f"pincite: {path}: {problem}"


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


def _opening(answer: Answer) -> list[str]:
    said = answer.message or _OUTCOMES.get(answer.outcome)
    return [*filter(None, (said,)), *(f"- {choice}" for choice in answer.choices)]


def _statement_lines(statement: Statement, is_marked: bool) -> list[str]:
    mark = _MARKS.get(statement.support) if is_marked else None
    lines = [f"{statement.shown} {mark}" if mark else statement.shown]
    if statement.replaced:
        lines.append(f"  Quoted in place of: {_short(statement.replaced)}")
    return [*lines, *(f"  ! {finding.message}" for finding in statement.findings)]


def _is_marked(statement: Statement, answer: Answer) -> bool:
    return statement.support is not Support.UNCHECKED or not _is_unchecked(answer)


def _is_unchecked(answer: Answer) -> bool:
    """Whether no statement was checked: said once, not of each."""
    return bool(answer.statements) and all(
        one.support is Support.UNCHECKED for one in answer.statements
    )


def _endings(answer: Answer) -> list[list[str]]:
    missing = [f"Not answered: {answer.missing}"] if answer.missing else []
    unchecked = [_ALL_UNCHECKED] if _is_unchecked(answer) else []
    understood = answer.standalone != answer.question
    remarks = [f"Understood as: {answer.standalone}"] if understood else []
    return [missing, unchecked, _citations(answer), [*remarks, *filter(None, [answer.scope.words])]]


def _citations(answer: Answer) -> list[str]:
    return [line for citation in answer.citations for line in _citation_lines(citation)]


def _citation_lines(citation: Citation) -> Iterator[str]:
    article, copies = citation.article, len(citation.also_in)
    authors = f", {' and '.join(article.authors)}" if article.authors else ""
    also = f"; also in {copies} other{'s' if copies > 1 else ''}" if copies else ""
    yield f"[{citation.number}] {source(article)}{authors}"
    yield f"    {article.path}, characters {citation.start}-{citation.end}{also}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _spaced(blocks: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the blocks, an empty line between two."""
    for place, block in enumerate(filter(None, blocks)):
        yield from (("", *block) if place else block)
