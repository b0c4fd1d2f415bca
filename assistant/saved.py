"""Do the citations of a saved answer still stand in the files? Nothing is indexed for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.errors import SavedAnswerError
from index.article import article_id
from index.corpus import Corpus
from index.errors import ReadingError
from index.reading import Reading, find, read


class Standing(StrEnum):
    """What became of a citation."""

    STANDS = "stands"
    """The quote is at its place."""
    MOVED = "moved"
    """The quote is elsewhere in the article, which has changed."""
    GONE = "gone"
    """The article no longer contains the quote."""
    MISSING = "missing"
    """The article is not in the corpus."""


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """One citation of a saved answer, looked up in the files."""

    number: int
    path: str
    """As the answer names it."""
    standing: Standing
    message: str
    """For a person, one sentence."""


@dataclass(frozen=True, slots=True)
class _Saved:
    number: int
    article_id: str
    path: str
    start: int
    end: int
    quote: str


def load(text: str, name: str = "The text") -> dict[str, Any]:
    """The answer that ``pincite ask --json`` printed. Raises ``SavedAnswerError``."""
    try:
        saved = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SavedAnswerError(
            f"{name} is not JSON: save an answer with `pincite ask --json`."
        ) from error
    _citations(saved, name)
    return dict(saved)


def verify_citations(
    answer: Mapping[str, Any], corpus: str | Path | Sequence[str | Path]
) -> tuple[CitationCheck, ...]:
    """Each citation of ``answer`` (as ``Answer.as_dict()`` gives it), looked up in the files.

    Raises ``SavedAnswerError`` where it is no answer, ``CorpusError`` where there is no corpus.
    """
    files = _Files(Corpus.of(corpus))
    return tuple(_check(one, files) for one in _citations(answer, "This"))


class _Files:
    """The texts in a corpus's files."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def at(self, path: str) -> str | None:
        """The text at an article's path, which may name a line of its file (``talks.jsonl#3``)."""
        name, _, line = path.rpartition("#")
        for file, fragment in ((path, ""), (name, f"#{line}")):
            for reading in _readings(self._corpus.file_at(file)):
                if reading.fragment == fragment:
                    return reading.text
        return None

    @cached_property
    def paths(self) -> dict[str, str]:
        """Where each text lies, by its id. Reads every file."""
        return {
            article_id(reading.text): f"{self._corpus.path_of(file)}{reading.fragment}"
            for source in self._corpus.sources
            for file in find(source)
            for reading in _readings(file)
        }


def _citations(answer: object, name: str) -> list[_Saved]:
    given = answer.get("citations") if isinstance(answer, Mapping) else None
    try:
        if not isinstance(given, list):
            raise TypeError("citations are a list")
        return [_saved(one) for one in given]
    except (KeyError, TypeError) as error:
        raise SavedAnswerError(
            f"{name} is not a saved answer: save one with `pincite ask --json`."
        ) from error


def _saved(given: Mapping[str, Any]) -> _Saved:
    kinds = {"number": int, "article_id": str, "path": str, "start": int, "end": int, "quote": str}
    values = {name: given[name] for name in kinds}
    if not all(isinstance(values[name], kind) for name, kind in kinds.items()):
        raise TypeError("a field of a citation is of another type")
    return _Saved(**values)


def _check(saved: _Saved, files: _Files) -> CitationCheck:
    text, where = _text(saved, files)
    if text is None:
        standing, message = Standing.MISSING, "The corpus has no such article, nor one like it."
    elif text[saved.start : saved.end] == saved.quote:
        standing, message = Standing.STANDS, f"The quote is at its place{where}."
    elif (start := text.find(saved.quote)) >= 0:
        end = start + len(saved.quote)
        standing, message = Standing.MOVED, f"The quote is now at characters {start}-{end}{where}."
    else:
        standing, message = Standing.GONE, f"The article no longer contains the quote{where}."
    return CitationCheck(saved.number, saved.path, standing, message)


def _text(saved: _Saved, files: _Files) -> tuple[str | None, str]:
    """The cited article's text and, where it is not the one cited or elsewhere, which it is."""
    there = files.at(saved.path)
    if there is not None and article_id(there) == saved.article_id:
        return there, ""
    if elsewhere := files.paths.get(saved.article_id):
        return files.at(elsewhere), f" in {elsewhere}"
    return there, "; the article has changed"


def _readings(file: Path) -> tuple[Reading, ...]:
    """What a file holds; nothing where it cannot be read."""
    try:
        return read(file).readings if file.is_file() else ()
    except ReadingError:
        return ()
