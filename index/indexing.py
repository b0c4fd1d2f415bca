"""Brings a catalogue up to date with the files of a corpus."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from index.article import article_id
from index.catalogue import Catalogue
from index.corpus import Corpus, existing
from index.cutting import Cutter
from index.errors import CorpusError, ReadingError
from index.intake import Intake
from index.reading import SUFFIXES, Outcome, find, read, shown, unopened
from index.records import Draft, FileRecord, Location, merge
from index.sync import Plan, Problem, Progress, SyncReport, compare, digest, silent
from index.writer import CatalogueWriter


class Indexer:
    """One run over a corpus, closed after it. The caller holds the writer's lock.

    Every file is committed on its own: stopped at any moment, the next run goes on where this
    one was.
    """

    def __init__(
        self, corpus: Corpus, catalogue: Catalogue, cutter: Cutter, progress: Progress = silent
    ) -> None:
        self._corpus = corpus
        self._catalogue = catalogue
        self._writer = CatalogueWriter(catalogue)
        self._cutter = cutter
        self._progress = progress
        self._intake = Intake(self._writer, cutter.embedder, self._tell)
        self._known = self._writer.files()
        self._failed: list[Problem] = []
        self._looked_at: list[FileRecord] = []
        self._touched: list[FileRecord] = []
        self._done = 0
        self._total = 0
        self._last = ""

    def close(self) -> None:
        """End what goes on beside: of what is not done yet, nothing is begun."""
        self._intake.close()

    def run(
        self, path: Path | None = None, at_most: int | None = None, *, allow_empty: bool = False
    ) -> SyncReport:
        """Bring the catalogue up to date: all of it, or what lies at ``path``.

        Where more than ``at_most`` files would have to be read, none of them is; of a catalogue
        without an article, so many are. What cannot be opened keeps what was read from it before;
        what can be opened and no longer read loses it.

        Raises:
            CorpusError: the corpus, or ``path``, is not there, or holds no article (where that is
                not allowed, or it held some before). Nothing is removed then: a disk that is not
                mounted must not empty an index.
        """
        started = time.monotonic()
        plan, waiting = self._limited(self._plan(path, allow_empty), at_most)
        self._total = len(plan.look) + len(self._writer.to_cut(self._cutter.settings()))
        for seen in plan.look:
            self._look(seen)
        self._intake.flush()
        self._writer.note_files(self._touched)
        self._writer.remove_files([record.path for record in plan.gone])
        self.settle()
        report = replace(self._report(plan, time.monotonic() - started), waiting=waiting)
        if report.failed and not self._catalogue.article_count():
            problem = ": ".join(report.failed[0])
            raise CorpusError(f"The corpus holds no article that can be read ({problem}).")
        return report

    def add(self, location: Location, text: str) -> None:
        """Keep an article that has no file."""
        drafts = self._drafts([location], {location.article_id: text})
        self._intake.put(drafts, lambda: self._writer.put_article(location, drafts))
        self._intake.flush()
        self.settle()

    def settle(self) -> None:
        """Let go of articles that lost their last path, cut anew those now known otherwise."""
        self._writer.sweep()
        to_cut = self._writer.to_cut(self._cutter.settings())
        self._total = self._done + len(to_cut)
        for id, metadata in to_cut:
            draft = self._cutter.draft(self._catalogue.text(id), metadata)
            self._intake.put([draft], partial(self._put_again, draft))
        self._intake.flush()

    # Which files

    def _plan(self, path: Path | None, allow_empty: bool) -> Plan:
        for source in self._corpus.sources:
            existing(source)
        plan = self._plan_all(allow_empty) if path is None else self._plan_path(path)
        self._failed += plan.failed
        return plan

    def _limited(self, plan: Plan, at_most: int | None) -> tuple[Plan, int]:
        """The plan, and how many files it leaves for another time."""
        if at_most is None or len(plan.look) <= at_most:
            return plan, 0
        unread = [seen for seen in plan.look if not self._is_read(seen)]
        if len(unread) <= at_most:
            return plan, 0
        left = frozenset(unread[0 if self._catalogue.article_count() else at_most :])
        return replace(plan, look=tuple(one for one in plan.look if one not in left)), len(left)

    def _is_read(self, seen: FileRecord) -> bool:
        """Whether the file has not changed in fact, or cannot be opened."""
        known = self._known.get(seen.path)
        if known is None:
            return False
        try:
            found = digest(self._corpus.file_at(seen.path))
        except OSError:
            return True
        return _is_content_known(known, replace(seen, digest=found))

    def _plan_all(self, allow_empty: bool) -> Plan:
        may_be_empty = not self._known and (allow_empty or self._writer.locations(""))
        for source in self._corpus.sources:
            if not may_be_empty and not _has_files(source):
                raise _holds_none(source)
        extra = self._catalogue.sources()
        there = [source for source in extra if _has_files(source)]
        self._failed += [
            (shown(source), "nothing is there; what was read from it before is kept")
            for source in extra
            if source not in there
        ]
        return compare(self._corpus, [*self._corpus.sources, *there], self._known)

    def _plan_path(self, path: Path) -> Plan:
        """One outside the corpus is a source from now on."""
        absolute = self._corpus.place(path)
        plan = compare(self._corpus, [absolute], self._known)
        if not (plan.found or plan.gone or plan.failed):
            raise _holds_none(existing(path))
        sources = (*self._corpus.sources, *self._catalogue.sources())
        if plan.found and not any(absolute.is_relative_to(source) for source in sources):
            self._writer.add_source(absolute)
        return plan

    # One file

    def _look(self, seen: FileRecord) -> None:
        file = self._corpus.file_at(seen.path)
        try:
            record = replace(seen, digest=digest(file))
        except OSError as error:
            self._fail(seen.path, unopened(error))
            return
        if _is_content_known(self._known.get(seen.path), record):
            self._leave(record)
            return
        try:
            outcome = _read(file)
        except ReadingError as error:
            self._fail(seen.path, str(error))
        else:
            self._take(record, outcome)

    def _take(self, record: FileRecord, outcome: Outcome) -> None:
        """Index what was read from a file, if it is other than before."""
        record = replace(record, problem="\n".join(outcome.problems))
        locations = [
            Location(record.path + reading.fragment, article_id(reading.text), reading.metadata)
            for reading in outcome.readings
        ]
        if taken := [at.path for at in locations if self._is_taken(at.path, record.path)]:
            self._fail(record.path, f"an article was added as {taken[0]}: remove that or rename it")
        elif set(locations) == set(self._writer.locations(record.path)):
            self._leave(record)
        else:
            texts = {article_id(reading.text): reading.text for reading in outcome.readings}
            drafts = self._drafts(locations, texts)
            self._intake.put(drafts, lambda: self._put(record, locations, drafts))

    def _drafts(self, locations: Sequence[Location], texts: Mapping[str, str]) -> list[Draft]:
        """Those of the texts, by article id, that the catalogue does not hold, cut."""
        return [
            self._cutter.draft(text, merge(at for at in locations if at.article_id == id))
            for id, text in texts.items()
            if not self._writer.holds(id)
        ]

    def _put(
        self, record: FileRecord, locations: Sequence[Location], drafts: Sequence[Draft]
    ) -> None:
        self._writer.put_file(record, locations, drafts)
        self._looked_at.append(record)
        self._step(record.path)

    def _leave(self, record: FileRecord) -> None:
        """Its articles are as they were; a change of its status or its problem is kept."""
        self._touched.append(record)
        self._step(record.path)

    def _fail(self, path: str, problem: str) -> None:
        self._failed.append((shown(Path(path)), problem))
        self._step(path)

    def _is_taken(self, path: str, file: str) -> bool:
        """Whether something else than this file has its article there."""
        return any(other != file for other in self._writer.file_of(path))

    def _step(self, path: str) -> None:
        self._done += 1
        self._last = path
        self._tell()

    def _tell(self) -> None:
        self._progress(self._done, self._total, self._intake.embedded, self._last)

    def _put_again(self, draft: Draft) -> None:
        self._writer.recut(draft)
        self._step(draft.metadata.title or draft.article_id)

    # What was done

    def _report(self, plan: Plan, seconds: float) -> SyncReport:
        read = [record for record in self._looked_at if not record.problem]
        changed = sum(record.path in self._known for record in read)
        moved = self._moved(plan, read)
        problems = [
            (record.path, problem)
            for record in (*self._looked_at, *self._touched, *plan.unchanged)
            for problem in record.problem.splitlines()
        ]
        return SyncReport(
            added=len(read) - changed - moved,
            changed=changed,
            removed=len(plan.gone) - moved,
            unchanged=sum(not record.problem for record in (*plan.unchanged, *self._touched)),
            moved=moved,
            failed=(*self._failed, *problems),
            passages_embedded=self._intake.embedded,
            seconds=seconds,
        )

    def _moved(self, plan: Plan, read: Sequence[FileRecord]) -> int:
        """How many files are new and have the content of one that is gone."""
        new = Counter(record.digest for record in read if record.path not in self._known)
        return (new & Counter(record.digest for record in plan.gone)).total()


def _read(file: Path) -> Outcome:
    """What is in the file; if that is nothing, why.

    Raises ``ReadingError`` where nothing is known of what is in it.
    """
    try:
        return read(file)
    except ReadingError as error:
        if isinstance(error.__cause__, OSError | ImportError):
            raise
        return Outcome((), (str(error),))


def _is_content_known(known: FileRecord | None, seen: FileRecord) -> bool:
    """Whether these bytes were read before, by these readers, without a problem."""
    if known is None or known.problem:
        return False
    return (known.digest, known.reader) == (seen.digest, seen.reader)


def _has_files(source: Path) -> bool:
    """Whether there is anything to read: a disk that is not mounted is an empty folder."""
    return source.exists() and any(True for _ in find(source))


def _holds_none(path: Path) -> CorpusError:
    formats = " ".join(sorted(SUFFIXES))
    return CorpusError(f"{shown(path)} holds no article: put some there ({formats}).")
