"""Do the citations of a saved answer still stand in the files? Nothing is indexed for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import SavedAnswerError
from index.article import article_id
from index.corpus import Corpus
from index.errors import ReadingError
from index.reading import Reading, find, read

Read = Callable[[Path], tuple[Reading, ...]]


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
    found = Corpus.of(corpus)
    readings = cache(_readings)
    return tuple(_check(one, found, readings) for one in _citations(answer, "This"))


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


def _check(saved: _Saved, corpus: Corpus, readings: Read) -> CitationCheck:
    standing, message = _standing(saved, corpus, readings)
    return CitationCheck(saved.number, saved.path, standing, message)


def _standing(saved: _Saved, corpus: Corpus, readings: Read) -> tuple[Standing, str]:
    there = _at_its_path(saved, corpus, readings)
    if there is None or article_id(there) != saved.article_id:
        if elsewhere := _same_text(saved, corpus, readings):
            where = "" if elsewhere == saved.path else f" in {elsewhere}"
            return Standing.STANDS, f"The quote is at its place{where}."
    if there is None:
        return Standing.MISSING, "The corpus has no such article, under this path or another."
    if there[saved.start : saved.end] == saved.quote:
        is_same = article_id(there) == saved.article_id
        changed = "" if is_same else "; the article has changed elsewhere"
        return Standing.STANDS, f"The quote is at its place{changed}."
    if (start := there.find(saved.quote)) >= 0:
        end = start + len(saved.quote)
        return Standing.MOVED, f"The article has changed: the quote is at {start}-{end} now."
    return Standing.GONE, "The article has changed: it no longer contains the quote."


def _at_its_path(saved: _Saved, corpus: Corpus, readings: Read) -> str | None:
    """The text at the citation's path."""
    name, _, line = saved.path.rpartition("#")
    for path, fragment in ((saved.path, ""), (name, f"#{line}")):
        for reading in readings(corpus.file_at(path)):
            if reading.fragment == fragment:
                return reading.text
    return None


def _same_text(saved: _Saved, corpus: Corpus, readings: Read) -> str | None:
    """The path of any article with exactly the text that was cited."""
    return next(
        (
            f"{corpus.path_of(file)}{reading.fragment}"
            for file in _files(corpus)
            for reading in readings(file)
            if article_id(reading.text) == saved.article_id
            and reading.text[saved.start : saved.end] == saved.quote
        ),
        None,
    )


def _files(corpus: Corpus) -> Iterator[Path]:
    for source in corpus.sources:
        yield from find(source)


def _readings(file: Path) -> tuple[Reading, ...]:
    """What a file holds; nothing where it cannot be read."""
    try:
        return read(file).readings if file.is_file() else ()
    except ReadingError:
        return ()
