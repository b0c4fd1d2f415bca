"""Where the articles lie, and what a file is called inside."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import CorpusError
from index.reading import shown


@dataclass(frozen=True, slots=True)
class Corpus:
    """Folders and files of articles, under one root."""

    root: Path
    """The folder that paths are relative to: absolute, without links."""
    sources: tuple[Path, ...]
    """What is read, absolute: the root itself, or what it was given."""

    @classmethod
    def of(cls, paths: str | Path | Sequence[str | Path]) -> Corpus:
        """The corpus of one folder or file, or of several.

        Raises ``CorpusError`` where one of them does not exist.
        """
        given = [paths] if isinstance(paths, str | Path) else list(paths)
        if not given:
            raise CorpusError("No corpus is named: name a folder or a file of articles.")
        sources = sorted({existing(path) for path in given})
        folders = [path if path.is_dir() else path.parent for path in sources]
        return cls(Path(os.path.commonpath(folders)), tuple(sources))

    @property
    def name(self) -> str:
        """A folder name for what is made from this corpus, different for each."""
        last = self.sources[0] if len(self.sources) == 1 else self.root
        readable = re.sub(r"[^A-Za-z0-9.-]+", "_", last.name)[:40].strip("._-") or "corpus"
        key = "\n".join(map(str, self.sources)).encode("utf-8", "surrogateescape")
        return f"{readable}-{hashlib.sha256(key).hexdigest()[:8]}"

    def path_of(self, file: Path) -> str:
        """What the file is called: relative to the root, with ``/``, outside it with ``../``."""
        return Path(os.path.relpath(file, self.root)).as_posix()

    def file_at(self, path: str) -> Path:
        """The file of this path."""
        return Path(os.path.normpath(self.root / path))

    def place(self, path: Path) -> Path:
        """``path`` made absolute. A link inside the corpus stays what it is called there."""
        given = path.expanduser().absolute()
        unresolved = given.parent.resolve() / given.name
        return unresolved if self.holds(unresolved) else given.resolve()

    def holds(self, file: Path) -> bool:
        """Whether the file (or folder) is one of the sources or lies in one."""
        return any(file.is_relative_to(source) for source in self.sources)


def existing(path: str | Path) -> Path:
    """The path, absolute and without links. Raises ``CorpusError`` where nothing is there."""
    absolute = Path(path).expanduser().resolve()
    if not absolute.exists():
        raise CorpusError(
            f"The corpus {shown(Path(path))} does not exist: name a folder or a file of articles."
        )
    return absolute
