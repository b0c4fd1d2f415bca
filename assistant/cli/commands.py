"""The commands of the command line: one function each, arguments in, exit status out."""

# ruff: noqa: T201 (a command prints)
from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import terminal
from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.setup import corpus, open_library, remember
from index.errors import PinciteError
from index.filtering import Filter, filter_of

if TYPE_CHECKING:
    from index.library import Library
    from index.sync import SyncReport


def index(options: Namespace) -> int:
    """``pincite index [PATH…]``: 1 if a file could not be read, or another process is indexing."""
    settings = Settings.load()
    paths = [Path(path) for path in options.paths]
    named = paths if paths and settings.corpus is None else None
    with _opened(settings, named, rebuild=options.rebuild) as library:
        reports = [library.report]
        if settings.corpus is not None:
            with terminal.progress_bar() as progress:
                reports += [library.sync(path, progress) for path in paths]
            _say_failed(reports[1:])
        if named:
            remember(settings, named)
    if options.json:
        _print_json([asdict(report) for report in reports])
    elif not library.notice:
        _print_lines(map(terminal.report_line, reports))
    return 1 if library.notice or any(report.failed for report in reports) else 0


def ask(options: Namespace) -> int:
    """``pincite ask QUESTION``."""
    settings = Settings.load()
    with _opened(settings) as library:
        answer = Assistant(library, settings).ask(options.question, _wanted(options))
    if options.json:
        _print_json(answer.as_dict())
    else:
        _print_lines(terminal.answer_lines(answer))
    return 0


def chat(_: Namespace) -> int:
    """``pincite chat``: questions from standard input until it ends."""
    settings = Settings.load()
    with _opened(settings) as library:
        assistant = Assistant(library, settings)
        conversation = assistant.conversation()
        print(f"{assistant.describe()}. An empty line ends the conversation.")
        while question := _read_line():
            try:
                for event in conversation.stream(question):
                    _print_event(event)
            except PinciteError as error:
                print(f"{error}\n", file=sys.stderr)
    return 0


def search(options: Namespace) -> int:
    """``pincite search QUERY``."""
    settings = Settings.load()
    with _opened(settings) as library:
        hits = library.search_in(_wanted(options), options.query, options.k)
    if options.json:
        _print_json(terminal.hits_dict(options.query, hits))
    else:
        _print_lines(terminal.hit_lines(hits))
    return 0


def serve(options: Namespace) -> int:
    """``pincite serve``: the chat in the browser, until it is ended."""
    settings = Settings.load()
    given = {"host": options.host, "port": options.port}
    settings = replace(settings, **{name: v for name, v in given.items() if v is not None})
    from assistant.web.app import launch

    with _opened(settings) as library:
        assistant = Assistant(library, settings)
        launch(assistant, settings.host, settings.port, options.open, settings.runs, _say_where)
    return 0


def evaluate(options: Namespace) -> int:
    """``pincite evaluate TESTSET``, ``--from RUN``, ``--compare RUN RUN`` or ``--draft N``."""
    from assistant.evaluation import claims, command

    if options.compare:
        return command.compare(options, _print_lines)
    if options.kept:
        return command.again(options, _print_lines)
    settings = Settings.load()
    if options.draft:
        with _opened(settings) as library:
            return command.draft(library, settings, options, _print_lines)
    if file := claims.find(Path(options.testset)):
        return command.judge_claims(file, options, _print_lines)
    benchmark = command.benchmark(options, settings.home)
    with _opened(settings, [benchmark.corpus] if benchmark else None) as library:
        assistant = Assistant(library, settings)
        judge = command.judge(settings) if options.judge else None
        return command.evaluate(assistant, options, _print_lines, command.Extras(benchmark, judge))


def doctor(options: Namespace) -> int:
    """``pincite doctor``: 1 if something is not sound and was not mended."""
    from assistant.doctor import examine

    findings = examine(Settings.load(), repair=options.repair)
    if options.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        _print_lines(str(finding) for finding in findings)
    return 0 if all(finding.sound for finding in findings) else 1


def _wanted(options: Namespace) -> Filter:
    """The filter that the options ask for. Raises ``FilterError``."""
    period = (options.from_day, options.to_day)
    return filter_of(period, options.author, options.publisher, options.article)


def _opened(
    settings: Settings, paths: list[Path] | None = None, *, rebuild: bool = False
) -> Library:
    """The library, brought up to date under a progress bar; what went wrong with files is said."""
    paths = paths or corpus(settings)
    with terminal.progress_bar() as progress:
        library = open_library(settings, paths, rebuild=rebuild, progress=progress)
    if library.notice:
        print(f"pincite: {library.notice}", file=sys.stderr)
    _say_failed([library.report])
    return library


def _say_failed(reports: Iterable[SyncReport]) -> None:
    for report in reports:
        for line in terminal.failure_lines(report):
            print(line, file=sys.stderr)


def _say_where(url: str) -> None:
    print(f"The chat is open at {url} (Ctrl-C ends it).", flush=True)


def _print_event(event: str | Answer) -> None:
    if isinstance(event, str):
        print(terminal.safe(event), end="", flush=True)
    else:
        _print_lines(["", *terminal.closing_lines(event), ""])


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _read_line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        print()
        return ""
