"""``verbatim evaluate``: the one place where an evaluation meets the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import TestSetError
from assistant.evaluation import report
from assistant.evaluation.run import Run, Subject
from assistant.evaluation.run import evaluate as ask_all
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import Selection, TestCase, Unresolved, check, load
from assistant.terminal import safe
from index.errors import StorageError

Show = Callable[[Iterable[str]], None]
"""Prints lines."""


def evaluate(subject: Subject, options: Namespace, show: Show) -> int:
    """Run what ``options`` ask for; 1 if gold does not resolve (``--check``) or an answer failed.

    Options: ``testset``, ``check``, ``type``, ``split``, ``limit``, ``out``, ``json``. Raises
    ``TestSetError``, and ``StorageError`` before anything is asked if ``out`` cannot be written.
    """
    selection = Selection(options.type or "", options.split or "", options.limit or 0)
    cases = selection.of(load(Path(options.testset)))
    unresolved = check(cases, subject.library)
    if options.check:
        show(_check_lines(cases, unresolved))
        return 1 if unresolved else 0
    _refuse(unresolved)
    run = _run(subject, cases, Path(options.out) if options.out else None)
    show(_json_lines(run) if options.json else map(safe, report.lines(run)))
    return 1 if any(record.error for record in run.records) else 0


def _check_lines(cases: Sequence[TestCase], unresolved: Sequence[Unresolved]) -> Iterator[str]:
    yield from (safe(str(one)) for one in unresolved)
    quotes = sum(len(gold.any_of) for case in cases for gold in case.gold)
    yield f"{len(cases)} questions; {quotes - len(unresolved)} of {quotes} gold quotes resolve."


def _refuse(unresolved: Sequence[Unresolved]) -> None:
    if unresolved:
        raise TestSetError(
            f"{len(unresolved)} gold quotes do not stand in the corpus, the first of them "
            f"{unresolved[0]}. See all with --check and mend the test set, or set VERBATIM_CORPUS "
            "to the corpus it was written for."
        )


def _run(subject: Subject, cases: Sequence[TestCase], out: Path | None) -> Run:
    if out and not out.parent.is_dir():
        raise StorageError(f"There is no folder {out.parent}: create it, or choose another --out.")
    with _progress(len(cases)) as progress:
        run = ask_all(subject, cases, progress)
    if out:
        run.save(out)
    return run


def _json_lines(run: Run) -> Iterator[str]:
    yield json.dumps(report.figures(run), ensure_ascii=False, indent=2)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Record], None]]:
    from tqdm import tqdm

    with tqdm(total=total, unit="question", disable=None) as bar:  # None: only on a terminal

        def advance(_: Record) -> None:
            bar.update()

        yield advance
