"""``pincite doctor``: what is configured, whether it answers, whether the index is sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.cli.setup import corpus, library_options
from assistant.settings import Settings
from index.errors import PinciteError
from index.library import Library

if TYPE_CHECKING:
    from assistant.llm import ChatModel

_REPLY_TOKENS = 256
"""Enough for a model that thinks before it says one word."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at."""

    what: str
    sound: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.sound else 'BAD '} {self.what}: {self.text}"


def examine(settings: Settings, repair: bool = False) -> Iterator[Result]:
    """Look at everything, one thing after the other.

    With ``repair``, what of the index is not sound is first made anew.
    """
    paths = corpus(settings)
    yield Result("corpus", all(path.exists() for path in paths), ", ".join(map(str, paths)))
    yield Result("index folder", True, str(settings.home.absolute()))
    yield Result("embedding", True, _embedding(settings))
    yield Result("vectors", True, settings.chroma_url or "Chroma, in this program")
    yield from _language_models(settings)
    try:
        yield from _library(settings, paths, repair)
    except PinciteError as error:
        yield Result("index", False, str(error))


def _embedding(settings: Settings) -> str:
    if settings.embedding == "offline":
        return "the bundled model; nothing leaves this machine"
    if settings.embedding == "openai":
        server = settings.openai_base_url or "https://api.openai.com/v1"
        return f"{settings.embedding_model} at {server}"
    return f"{settings.embedding}, on this machine"


def _language_models(settings: Settings) -> Iterator[Result]:
    """The language models, each asked for one word."""
    from assistant.llm import chat_model

    try:
        model = chat_model(settings)
        if model is None:
            yield Result("language model", True, "none; answers are quotations")
            return
        yield _asked("language model", model)
        if settings.uses_judge and settings.judge_model:
            yield _asked("judge", model.named(settings.judge_model))
    except PinciteError as error:
        yield Result("language model", False, str(error))


def _asked(what: str, model: ChatModel) -> Result:
    from llama_index.core.llms import ChatMessage

    from assistant.llm import Request

    started = perf_counter()
    try:
        model.complete(Request([ChatMessage("Reply with OK.")], max_tokens=_REPLY_TOKENS))
        seconds, context = perf_counter() - started, model.context()
    except PinciteError as error:
        return Result(what, False, str(error))
    reads = f"; it reads {context:,} tokens" if context else ""
    return Result(what, True, f"{model.describe()}; it answered in {seconds:.1f} s{reads}")


def _library(settings: Settings, paths: list[Path], repair: bool) -> Iterator[Result]:
    with _opened(settings, paths, repair) as library:
        if library.notice:
            yield Result("index", True, library.notice)
        problems = library.check()
        if not problems:
            library.search("test", 1)  # the embedding model's server answers, too
        count = sum(1 for _ in library.metadata())
        sound = f"sound; {count} articles, {library.passage_count()} passages"
        yield Result("index", not problems, "; ".join(problems) or sound)
        for path, problem in library.report.failed:
            yield Result("file", False, f"{path}: {problem}")


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
