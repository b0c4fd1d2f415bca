"""Settings → a library: which corpus, which embedding model, where its index lies."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from index.errors import StorageError

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from index.library import Library, Options
    from index.sync import Progress

_REMEMBERED = "corpus.json"


AT_MOST = 50
"""Files that are indexed on the way to an answer; more are left to ``pincite index``."""


def open_library(
    settings: Settings,
    paths: list[Path] | None = None,
    *,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Library:
    """The library of ``paths`` (by default of :func:`corpus`), with what is new in it indexed.

    ``options``: by default :func:`library_options`.
    """
    from index.library import Library

    return Library.open(
        paths or corpus(settings),
        settings.home,
        options=options or library_options(settings),
        progress=progress,
    )


def library_options(settings: Settings) -> Options:
    """What the settings say about how a library is indexed and searched.

    Raises ``EmbeddingError``, ``RerankingError`` for a model that cannot be loaded.
    """
    from index.embedding import open_embedder
    from index.library import Options

    key = settings.openai_api_key
    embedder = open_embedder(
        settings.embedding,
        settings.embedding_model,
        key.get_secret_value() if key else "",
        settings.openai_base_url or "",
    )
    return Options(
        embedder=embedder,
        chroma_url=settings.chroma_url,
        chroma_headers=settings.headers_for_chroma(),
        passage_tokens=settings.passage_tokens,
        overlap_tokens=settings.overlap_tokens,
        rerankers=_rerankers(settings),
    )


def _rerankers(settings: Settings) -> Sequence[BaseNodePostprocessor]:
    if settings.reranker == "none":
        return ()
    from index.reranking import open_rerankers

    return open_rerankers(settings.reranker, _ask(settings))


def _ask(settings: Settings) -> Callable[[str], str] | None:
    """The language model as a function of a prompt."""
    from llama_index.core.llms import ChatMessage

    from assistant.llm import Request, chat_model

    model = chat_model(settings)
    if model is None:
        return None
    return lambda prompt: model.complete(Request([ChatMessage(prompt)])).text


def corpus(settings: Settings) -> list[Path]:
    """The corpus that is set; else the one indexed last by name; else the seeds."""
    if settings.corpus is not None:
        return [settings.corpus]
    file = settings.home / _REMEMBERED
    if file.is_file():
        try:
            return [Path(path) for path in json.loads(file.read_text("utf-8"))]
        except (ValueError, TypeError) as error:
            raise StorageError(
                f"{file} is damaged: run `pincite index PATH` with your articles, or remove it."
            ) from error
    return [settings.corpus_path]


def remember(settings: Settings, paths: list[Path]) -> None:
    """Make ``paths`` what :func:`corpus` names from now on, where no setting names another."""
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / _REMEMBERED
    file.write_text(json.dumps([str(path.resolve()) for path in paths]), "utf-8")
