"""The commands: one function each, arguments in, exit status out."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Answer, Outcome, Support
from assistant.assistant import Assistant
from assistant.cli import terminal
from assistant.cli.setup import AT_MOST, corpus, library_options, open_library, remember
from assistant.cli.streams import STDIN, flush, put, put_json, put_lines, read_text, say
from assistant.errors import QuestionError
from assistant.settings import Settings
from index.filtering import Filter, filter_of

if TYPE_CHECKING:
    from index.library import Library, Options
    from index.sync import SyncReport

NOT_ANSWERED = 3
"""Nothing clearly answers the question, or a statement is not supported."""


def index(options: Namespace) -> int:
    """1 if a file could not be read, or another process is indexing."""
    settings = Settings.load()
    paths = [Path(path) for path in options.paths]
    named = paths if paths and settings.corpus is None else None
    how = replace(library_options(settings), rebuild=options.rebuild)
    with _opened(settings, named, how) as library:
        reports = [library.report]
        if settings.corpus is not None:
            with terminal.progress_bar() as progress:
                reports += [library.sync(path, progress) for path in paths]
            _say_failed(reports[1:])
        if named:
            remember(settings, named)
    if options.json:
        put_json([asdict(report) for report in reports])
    elif not library.notice:
        put_lines(map(terminal.report_line, reports))
    return 1 if library.notice or any(report.failed for report in reports) else 0


def ask(options: Namespace) -> int:
    """3 if nothing clearly answers it."""
    question = _question(options.question)
    settings = _styled(options)
    with _ready(settings) as library:
        answer = Assistant(library, settings).ask(question, _wanted(options))
    if options.json:
        put_json(answer.as_dict())
    else:
        put_lines(terminal.answer_lines(answer))
    return 0 if answer.outcome in (Outcome.ANSWERED, Outcome.PARTIAL) else NOT_ANSWERED


def chat(options: Namespace) -> int:
    """Questions from standard input until it ends."""
    from assistant.cli.chat import talk

    settings = _styled(options)
    with _ready(settings) as library:
        return talk(Assistant(library, settings))


def search(options: Namespace) -> int:
    """Passages, whether any was found or not."""
    settings = Settings.load()
    with _ready(settings) as library:
        hits = library.search_in(_wanted(options), options.query, options.k)
    if options.json:
        put_json(terminal.hits_dict(options.query, hits))
    else:
        put_lines(terminal.hit_lines(hits))
    return 0


def serve(options: Namespace) -> int:
    """The chat in the browser, until it is ended."""
    given = {"host": options.host, "port": options.port}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = Settings.load().with_changes(**changes)
    from assistant.web.app import launch

    how = replace(library_options(settings), allow_empty=True)
    with _opened(settings, options=how) as library:
        assistant = Assistant(library, settings)
        launch(assistant, settings.host, settings.port, options.open, settings.runs, _say_where)
    return 0


def check(options: Namespace) -> int:
    """3 if a sentence of the text is not, or only partly, supported."""
    text = read_text(options.file)
    settings = Settings.load()
    with _ready(settings) as library:
        answer = Assistant(library, settings).check(text, _wanted(options))
    if options.json:
        put_json(answer.as_dict())
    else:
        put_lines(terminal.check_lines(answer))
    return NOT_ANSWERED if _is_doubtful(answer) else 0


def verify(options: Namespace) -> int:
    """1 if a citation does not stand any more."""
    from assistant.saved import Standing, load, verify_citations

    saved = load(read_text(options.file), options.file)
    checks = verify_citations(saved, list(corpus(Settings.load())))
    if options.json:
        put_json([asdict(one) for one in checks])
    else:
        put_lines(terminal.verify_lines(checks))
    return 0 if all(one.standing is Standing.STANDS for one in checks) else 1


def evaluate(options: Namespace) -> int:
    """What the evaluation says: 1 if the gate is shut."""
    from assistant.evaluation import command

    if options.compare:
        return command.compare(options, put_lines)
    if options.kept:
        return command.again(options, put_lines)
    settings = Settings.load()

    def opened(folder: Path | None) -> Library:
        return _opened(settings, [folder] if folder else None)

    return command.run(options, settings, opened, put_lines)


def doctor(options: Namespace) -> int:
    """1 if something is not sound and was not mended."""
    from assistant.cli.doctor import examine

    results = []
    for result in examine(Settings.load(), repair=options.repair):
        results.append(result)
        if not options.json:
            put(str(result))
    if options.json:
        put_json([asdict(result) for result in results])
    return 0 if all(result.sound for result in results) else 1


def _question(given: str | None) -> str:
    """The question, from standard input where it is not given. Raises ``QuestionError``."""
    if given is None and sys.stdin.isatty():
        raise QuestionError("There is no question: write one after `pincite ask`, or pipe one in.")
    return read_text(STDIN) if given in (None, STDIN) else str(given)


def _styled(options: Namespace) -> Settings:
    settings = Settings.load()
    return settings.with_changes(style=options.style) if options.style else settings


def _is_doubtful(answer: Answer) -> bool:
    return any(one.support in (Support.PARTLY, Support.UNSUPPORTED) for one in answer.statements)


def _wanted(options: Namespace) -> Filter:
    """The filter that the options ask for. Raises ``FilterError``."""
    period = (options.from_day, options.to_day)
    return filter_of(period, options.author, options.publisher, options.article)


def _opened(
    settings: Settings, paths: list[Path] | None = None, options: Options | None = None
) -> Library:
    """The library, brought up to date under a progress bar; what went wrong with files is said."""
    with terminal.progress_bar() as progress:
        library = open_library(settings, paths, options=options, progress=progress)
    if library.notice:
        say(f"pincite: {library.notice}")
    _say_failed([library.report])
    return library


def _ready(settings: Settings) -> Library:
    """The library for one question: a small corpus is indexed on the way, a large one is not."""
    return _opened(settings, options=replace(library_options(settings), index_at_most=AT_MOST))


def _say_failed(reports: Iterable[SyncReport]) -> None:
    for report in reports:
        for line in terminal.failure_lines(report):
            say(line)


def _say_where(url: str) -> None:
    put(f"The chat is open at {url} (Ctrl-C ends it).")
    flush()
