"""Files and folders → what was read: texts with their metadata, one reader a format.

Text files (``.txt``, ``.md``) are read unchanged, so that an offset into the article is an
offset into the decoded file. The other formats are turned into text once, here.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index import formats
from index.article import Metadata
from index.decoding import decode
from index.errors import CorpusError, ReadingError
from index.metadata import from_fields, from_front_matter
from index.stated import stated

READER_VERSION = 2
"""Raised whenever texts or metadata come out differently from the same files."""

MAX_BYTES = 50 * 2**20
"""Of one file: more is no article but an archive."""

MAX_CHARACTERS = 5_000_000
"""Of one article: more than *War and Peace*, which has some 3,200,000 in English."""

_NO_TEXT = "it holds no text: remove it or fill it"


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as read from one file, before it has an id or passages."""

    text: str
    """Never blank, and without surrogates: it can be encoded."""
    metadata: Metadata
    fragment: str = ""
    """Empty, or which of the file's articles it is: ``#3`` for the third line of a ``.jsonl``.
    The article's path is the file's with the fragment after it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file brought."""

    readings: tuple[Reading, ...]
    """At least one."""
    problems: tuple[str, ...] = ()
    """What in it could not be read, each with its place; empty for files of one article."""


def find(root: Path) -> Iterator[Path]:
    """The files under ``root`` that can be read, or ``root`` itself if it is a file.

    In the order of their names, folder by folder: the same tree gives the same order. Hidden
    files and folders and those with other suffixes are left out; links are followed, each
    folder once. A folder that cannot be listed, or a link that leads nowhere, is given itself, so
    that :func:`read` says so.

    Raises:
        CorpusError: there is no ``root``.
        ReadingError: ``root`` is a file of a format that is not read.
    """
    if os.path.isdir(root):
        return _walk(root, set())
    if not os.path.lexists(root):
        raise CorpusError(f"{shown(root)} does not exist: name a folder or a file of articles")
    _reader(root)
    return iter((root,))


def read(path: Path) -> Outcome:
    """The articles in one file.

    Raises:
        ReadingError: it cannot be read. The message says why of "it": whoever shows it names the
            file. Its cause is an ``OSError`` where the file could not be opened, and an
            ``ImportError`` where a part of Pincite is missing: then nothing is known of its
            content, which may be as good as ever.
    """
    if _encodable(str(path)) != str(path):
        raise ReadingError("its name or its folder's is not UTF-8: rename it")
    try:
        return _read(path)
    except OSError as error:
        raise ReadingError(unopened(error)) from error


def unopened(error: OSError) -> str:
    """Why a file or folder cannot be opened, and what to do."""
    if isinstance(error, FileNotFoundError) or error.errno == errno.ELOOP:
        return "it is gone, or a link that leads nowhere: mend or remove it"
    reason = error.strerror or str(error) or type(error).__name__
    return f"it cannot be opened ({reason}): check its permissions"


def shown(path: Path) -> str:
    """``path`` as it can be printed: on one line, whatever bytes its name is made of."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        status = folder.stat()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = folder / entry.name
        if _is(entry.is_dir):
            yield from _walk(path, seen)
        elif path.suffix.lower() in SUFFIXES and (_is(entry.is_file) or _leads_nowhere(path)):
            yield path


def _is(asked: Callable[[], bool]) -> bool:
    """A link to itself is neither file nor folder."""
    try:
        return asked()
    except OSError:
        return False


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not os.path.exists(path)


def _read(path: Path) -> Outcome:
    if path.is_dir():
        with os.scandir(path):  # a folder is asked for where it cannot be listed: say why
            raise ReadingError("it is a folder: name the files in it")
    reader = _reader(path)
    outcome = reader(_bytes(path))
    for reading in outcome.readings:
        _check(reading.text)
    return outcome


def _reader(path: Path) -> Callable[[bytes], Outcome]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(SUFFIXES))
        raise ReadingError(f"{shown(path)} is of a format that is not read: convert it to {known}")
    return reader


def _bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise ReadingError("it is not a file: move it away")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadingError(f"it is larger than {MAX_BYTES // 2**20} MB: split it")
    return data


def _check(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"it holds more than {MAX_CHARACTERS:,} characters: split it")
    if not text.strip():
        raise ReadingError(_NO_TEXT)


def _text(data: bytes) -> Outcome:
    text = decode(data)
    return Outcome((_reading(text, from_front_matter(text)),))


def _reading(text: str, metadata: Metadata, fragment: str = "") -> Reading:
    """``metadata`` is what the file says; its gaps are filled with what the text says."""
    return Reading(text, metadata.over(stated(text)), fragment)


def _extracted(extract: Callable[[bytes], tuple[str, Metadata]]) -> Callable[[bytes], Outcome]:
    """A reader that turns whatever goes wrong in a parser into one error."""
    kind = extract.__name__

    def reader(data: bytes) -> Outcome:
        try:
            text, metadata = extract(data)
            return Outcome((_reading(_encodable(text), metadata),))
        except ReadingError:
            raise
        except ImportError as error:
            message = f"a part of Pincite is missing: pip install 'pincite[{kind}]'"
            raise ReadingError(message) from error
        except Exception as error:  # on hostile files parsers raise anything
            message = f"it is damaged or not {kind.upper()}: open and save it anew"
            raise ReadingError(message) from error

    return reader


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _jsonl(data: bytes) -> Outcome:
    """An object a line: ``text``, and what is known of it. Lines end with ``\\n`` only."""
    readings: list[Reading] = []
    problems: list[str] = []
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            readings.append(_record(line, f"#{number}"))
        except ReadingError as error:
            problems.append(f"line {number}: {error}")
    if not readings:
        raise ReadingError(problems[0] if problems else _NO_TEXT)
    return Outcome(tuple(readings), tuple(problems))


def _record(line: str, fragment: str) -> Reading:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadingError("it is not JSON: write one object a line") from error
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str):
        raise ReadingError('it has no text: write {"text": "…", "title": "…"}')
    if _encodable(text) != text:
        raise ReadingError("its text holds half a character (a lone surrogate): mend the escape")
    _check(text)
    fields = {key.lower(): value for key, value in record.items()}
    return _reading(text, from_fields(fields), fragment)


_READERS: Mapping[str, Callable[[bytes], Outcome]] = {
    ".txt": _text,
    ".md": _text,
    ".markdown": _text,
    ".html": _extracted(formats.html),
    ".htm": _extracted(formats.html),
    ".pdf": _extracted(formats.pdf),
    ".docx": _extracted(formats.docx),
    ".jsonl": _jsonl,
}

SUFFIXES = frozenset(_READERS)
"""Of the files that are read, in lower case."""
