"""Records kept as they come, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import TestSetError
from assistant.evaluation.run import record_dict, record_of
from assistant.evaluation.scoring import Record
from assistant.evaluation.testset import TestCase
from index.errors import StorageError


class Journal:
    """A file of JSON Lines beside a run's: first what the run is of, then each record.

    It lies there while the run goes on, and afterwards only if the run was interrupted.
    """

    def __init__(self, out: Path, head: Mapping[str, Any]) -> None:
        """``out``: where the run will be saved. What was kept there of a run with the same
        ``head`` is taken over, of another one thrown away. Raises ``StorageError``."""
        self.path = out.with_name(f"{out.name}.part")
        self.head = dict(head)
        self.known: dict[TestCase, Record] = {}
        """What was observed before the interruption; failures are not: they are asked again."""
        self._read()
        self._begin()

    def add(self, record: Record) -> None:
        """Keep a record; it is on the disk when this returns. Raises ``StorageError``."""
        self._write("a", [record_dict(record, self.head["k"])])

    def discard(self) -> None:
        """The run is saved: nothing is left to go on with."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> None:
        lines = list(self._lines())
        if not lines or _same(lines[0]) != _same(self.head):
            return
        self.head = lines[0]
        for line in lines[1:]:
            record = record_of(line)
            if not record.error:
                self.known[record.case] = record

    def _lines(self) -> Iterator[Any]:
        """What was written whole: the last line may have been cut by whatever ended the run."""
        try:
            text = self.path.read_text(encoding="utf-8")
            for line in text.split("\n")[:-1]:
                yield json.loads(line)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise TestSetError(
                f"{self.path} is not what an interrupted run leaves behind: remove it."
            ) from error

    def _begin(self) -> None:
        records = [record_dict(record, self.head["k"]) for record in self.known.values()]
        self._write("w", [self.head, *records])

    def _write(self, mode: str, items: list[dict[str, Any]]) -> None:
        try:
            with self.path.open(mode, encoding="utf-8") as file:
                file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in items)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageError(
                f"The run cannot be written to {self.path} ({error.strerror}): "
                "choose a folder that exists and can be written, or make room."
            ) from error


_SAME = ("k", "settings", "corpus", "versions")


def _same(head: Mapping[str, Any]) -> list[Any]:
    """What of a head must be the same for a run to go on: not how many jobs there are."""
    method = {name: value for name, value in head.get("method", {}).items() if name != "jobs"}
    return [method, *(head.get(name) for name in _SAME)]
