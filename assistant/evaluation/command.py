"""``pincite evaluate``: the one place where an evaluation meets the command line."""

from __future__ import annotations

import json
import logging
import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError, TestSetError
from assistant.evaluation import html, layouts, report
from assistant.evaluation.asking import Judge, Method, Subject
from assistant.evaluation.asking import evaluate as ask_all
from assistant.evaluation.compare import compare as compare_runs
from assistant.evaluation.gate import Gate, beyond, bounds
from assistant.evaluation.layouts import Benchmark
from assistant.evaluation.run import Run
from assistant.evaluation.testset import Selection, TestCase, Unresolved, check, load
from assistant.settings import Settings
from index.corpus import Corpus
from index.errors import StorageError

if TYPE_CHECKING:
    from assistant.evaluation.drafting import Contents
    from index.library import Library

_logger = logging.getLogger(__name__)

Show = Callable[[Iterable[str]], None]
"""Prints lines."""

Open = Callable[[Path | None], AbstractContextManager["Library"]]
"""Opens the library of a corpus, by default of the configured one."""


def run(options: Namespace, settings: Settings, open_library: Open, show: Show) -> int:
    """What ``pincite evaluate`` is asked to do with a library or a model; the exit status.

    ``--compare`` and ``--from`` need neither: :func:`compare`, :func:`again`.
    """
    from assistant.evaluation import statements

    if options.draft:
        with open_library(None) as library:
            return draft(library, settings, options, show)
    if files := statements.find(Path(options.testset)):
        return check_statements(files, settings, options, show)
    found = benchmark(options, settings.home)
    with open_library(found.corpus if found else None) as library:
        from assistant.assistant import Assistant

        extras = Extras(found, judge(settings) if options.judge else None)
        return evaluate(Assistant(library, settings), options, show, extras)


def benchmark(options: Namespace, home: Path) -> Benchmark | None:
    """The public benchmark in the folder ``options.testset``; ``None`` where it is a file.

    What has to be written anew of it is written under ``home``. Raises ``TestSetError``.
    """
    folder = Path(options.testset)
    if not folder.is_dir():
        return None
    found = layouts.read(folder, home / "benchmarks" / Corpus.of(folder).name, options.split or "")
    options.split = ""  # it chose the judgements
    return found


def check_statements(
    files: Sequence[Path], settings: Settings, options: Namespace, show: Show
) -> int:
    """Check labelled statements: by the judge that ``settings`` name, else by facts alone.

    Figures only, no run is kept. Options: ``limit``, ``fail_under``, ``json``. Raises
    ``TestSetError``, ``SettingsError``, ``LLMError``.
    """
    from assistant.evaluation import statements, support
    from assistant.llm import chat_model

    limits = bounds(options.fail_under or "")
    model = chat_model(settings) if settings.uses_judge else None
    if model and settings.judge_model:
        model = model.named(settings.judge_model)
    labelled = statements.load(files, options.limit)
    checked = []
    with _progress(len(labelled), "statement") as progress:
        for one in support.check_all(labelled, model):
            checked.append(one)
            progress(one)
    summary = support.summarise(checked)
    reasons = beyond(summary, limits)
    name = model.name if model else None
    if options.json:
        found = {name: one.as_dict() for name, one in summary.items()}
        told = {"statements": len(labelled), "judge": name, "summary": found, "gate": reasons}
        show(_json_lines(told))
    else:
        show((f"Judge: {name or 'none, facts alone'}", *support.lines(summary), *reasons))
    return 1 if reasons else 0


def draft(library: Contents, settings: Settings, options: Namespace, show: Show) -> int:
    """Propose ``options.draft`` test cases: added to ``options.out``, or shown; 1 if none.

    What stands in that file already is not proposed again. Raises ``TestSetError``,
    ``StorageError``, ``LLMError``, and ``SettingsError`` without a language model.
    """
    from assistant.evaluation import drafting
    from assistant.llm import chat_model

    model = chat_model(settings)
    if model is None:
        raise SettingsError(
            "Drafts of test questions need a language model: set OPENAI_API_KEY or "
            "OPENAI_BASE_URL, or PINCITE_LLM=gguf:/path/model.gguf."
        )
    out = _writable(options.out, "--out")
    known = [case.question for case in load(out, library)] if out and out.exists() else []
    count = 0
    for case in drafting.draft(library, options.draft, model, known, settings.prompts):
        line = json.dumps(_stated(case), ensure_ascii=False)
        # At once: what was proposed before the model failed is worth keeping.
        _append(out, line) if out else show([line])
        count += 1
    if out:
        show([_DRAFTED.format(count, out)])
    return 0 if count else 1


_DRAFTED = (
    "{} drafts were added to {}: read each, mend it, and confirm it by removing its "
    '"draft": true. Add questions that the articles do not answer, too.'
)


def _stated(case: TestCase) -> dict[str, object]:
    """The case without what is empty."""
    return {name: value for name, value in case.as_dict().items() if value not in ("", [], None)}


def _append(file: Path, line: str) -> None:
    try:
        before = file.read_bytes()[-1:] if file.exists() else b""
        with file.open("a", encoding="utf-8") as stream:
            stream.write(("" if before in (b"", b"\n") else "\n") + line + "\n")
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written ({error.strerror}): give --out another file."
        ) from error


def judge(settings: Settings) -> Judge:
    """The language model as judge. Raises ``SettingsError`` where none is configured."""
    from assistant.evaluation.llm_judge import LLMJudge

    return LLMJudge.from_settings(settings)


@dataclass(frozen=True, slots=True)
class Extras:
    """What an evaluation may have beside a test set."""

    benchmark: Benchmark | None = None
    """Whose cases are asked, instead of a file's."""
    judge: Judge | None = None


def evaluate(subject: Subject, options: Namespace, show: Show, extras: Extras = Extras()) -> int:
    """Run what ``options`` ask for; the exit status.

    1 if gold does not resolve (``--check``), an answer failed, or the gate is shut.

    Options: ``testset``, ``check``, ``type``, ``split``, ``limit``, ``sample``, ``jobs``, ``out``,
    ``json``, ``report``, ``fail_under``, ``baseline``, ``retrieval``, ``without_gold``. Raises
    ``TestSetError``, ``SettingsError`` for a bound that is none, and ``StorageError`` if ``out`` or
    ``report`` cannot be written: as far as possible before asking.
    """
    benchmark = extras.benchmark
    every = _cases(options, subject, benchmark)
    if options.check:
        lost = check(every, subject.library)
        show(_check_lines(every, lost))
        return 1 if lost else 0
    cases = _chosen(options, every)
    _refuse(check(cases, subject.library))
    gate = _gate(options)
    _writable(options.report, "--report")
    answers = not options.retrieval and (benchmark is None or benchmark.answers)
    method = Method(
        jobs=options.jobs,
        answers=answers,
        judge=extras.judge,
        without_gold=options.without_gold and answers,
    )
    run = _run(subject, cases, options, method)
    return _tell(run, gate, options, show)


def again(options: Namespace, show: Show) -> int:
    """The same of the kept run ``options.kept``, of which ``type``, ``split`` and ``limit`` choose
    questions, without asking anything. Raises as :func:`evaluate` does."""
    run = Run.load(Path(options.kept))
    _writable(options.report, "--report")
    cases = set(_selection(options).of(record.case for record in run.records))
    chosen = tuple(record for record in run.records if record.case in cases)
    return _tell(replace(run, records=chosen), _gate(options), options, show)


def _tell(run: Run, gate: Gate, options: Namespace, show: Show) -> int:
    """Show the figures and write the report; the exit status."""
    if options.report:
        html.write(Path(options.report), run, gate.baseline)
    reasons = gate.reasons(run)
    if options.json:
        show(_json_lines(report.figures(run) | {"gate": reasons}))
    else:
        show((*report.lines(run), *reasons))
    return 1 if reasons or any(record.error for record in run.records) else 0


def compare(options: Namespace, show: Show) -> int:
    """Compare the two runs ``options.compare``, as text or ``json``, and ``report`` the second.

    Raises ``TestSetError`` and ``StorageError``."""
    before, after = (Run.load(Path(path)) for path in options.compare)
    if options.report:
        html.write(Path(options.report), after, before)
    comparison = compare_runs(before, after)
    show(_json_lines(comparison.as_dict()) if options.json else comparison.lines())
    return 0


def _cases(
    options: Namespace, subject: Subject, benchmark: Benchmark | None
) -> tuple[TestCase, ...]:
    if benchmark:
        return layouts.at_first_paths(benchmark.cases, subject.library)
    return load(Path(options.testset), subject.library)


def _chosen(options: Namespace, cases: Sequence[TestCase]) -> tuple[TestCase, ...]:
    drafts = sum(case.draft for case in cases)
    if drafts:
        _logger.warning(
            '%d drafts are left out: confirm one by removing its "draft": true.', drafts
        )
    return _selection(options).of(cases)


def _selection(options: Namespace) -> Selection:
    return Selection(
        options.type or "", options.split or "", options.limit or 0, options.sample or 0
    )


def _gate(options: Namespace) -> Gate:
    baseline = Run.load(Path(options.baseline)) if options.baseline else None
    return Gate(bounds(options.fail_under or ""), baseline)


def _check_lines(cases: Sequence[TestCase], unresolved: Sequence[Unresolved]) -> Iterator[str]:
    yield from map(str, unresolved)
    quotes = sum(len(gold.any_of) for case in cases for gold in case.gold)
    yield f"{len(cases)} questions; {quotes - len(unresolved)} of {quotes} gold quotes resolve."


def _refuse(unresolved: Sequence[Unresolved]) -> None:
    if unresolved:
        raise TestSetError(
            f"{len(unresolved)} gold quotes do not stand in the corpus, the first of them "
            f"{unresolved[0]}. See all with --check and mend the test set, or set PINCITE_CORPUS "
            "to the corpus it was written for."
        )


def _run(subject: Subject, cases: Sequence[TestCase], options: Namespace, method: Method) -> Run:
    out = _writable(options.out, "--out")
    with _progress(len(cases)) as progress:
        return ask_all(subject, cases, progress, method, out)


def _writable(name: str | None, option: str) -> Path | None:
    # Known before a long run rather than after it.
    path = Path(name) if name else None
    if path and path.parent.parent.is_dir() and not path.parent.exists():
        path.parent.mkdir(exist_ok=True)
    if path and (path.is_dir() or not os.access(path.parent, os.W_OK)):
        raise StorageError(f"{path} cannot be written: give {option} a file in an existing folder.")
    return path


def _json_lines(value: object) -> Iterator[str]:
    yield json.dumps(value, ensure_ascii=False, indent=2)


@contextmanager
def _progress(total: int, unit: str = "question") -> Iterator[Callable[[object], None]]:
    from tqdm import tqdm

    with tqdm(total=total, unit=unit, disable=None) as bar:  # None: only on a terminal

        def advance(_: object) -> None:
            bar.update()

        yield advance
