"""``pincite doctor``: what is configured, what would be called, whether the index is sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.setup import corpus, library_options
from index.errors import PinciteError
from index.library import Library


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    sound: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.sound else 'BAD '} {self.what}: {self.text}"


def examine(settings: Settings, repair: bool = False) -> list[Finding]:
    """Look at everything; with ``repair``, first make anew what of the index is not sound."""
    paths = corpus(settings)
    findings = [
        Finding("corpus", all(path.exists() for path in paths), ", ".join(map(str, paths))),
        Finding("index folder", True, str(settings.home.absolute())),
        Finding("embedding", True, _embedding(settings)),
        Finding("vectors", True, settings.chroma_url or "Chroma, embedded in this program"),
    ]
    try:
        return [*findings, *_library_findings(settings, paths, repair)]
    except PinciteError as error:
        return [*findings, Finding("index", False, str(error))]


def _embedding(settings: Settings) -> str:
    if settings.embedding == "offline":
        return "the bundled model; nothing leaves this machine"
    server = settings.openai_base_url or "https://api.openai.com/v1"
    return f"{settings.embedding_model} at {server}"


def _library_findings(settings: Settings, paths: list[Path], repair: bool) -> Iterator[Finding]:
    with _opened(settings, paths, repair) as library:
        yield _answers(library, settings)
        problems = library.check()
        count = sum(1 for _ in library.metadata())
        sound = f"sound; {count} articles, {library.passage_count()} passages"
        yield Finding("index", not problems, "; ".join(problems) or sound)
        for path, problem in library.report.failed:
            yield Finding("file", False, f"{path}: {problem}")


def _answers(library: Library, settings: Settings) -> Finding:
    try:
        return Finding("answers", True, Assistant(library, settings).describe())
    except PinciteError as error:
        return Finding("answers", False, str(error))


def _opened(settings: Settings, paths: list[Path], repair: bool) -> Library:
    options = library_options(settings)
    if not repair:
        return Library.open(paths, settings.home, options=options)
    # A sound index is left as it is: making it anew may take an hour.
    try:
        library = Library.open(paths, settings.home, options=options)
        if not library.check():
            return library
        library.close()
    except PinciteError:
        pass
    return Library.repair(paths, settings.home, options=options)
