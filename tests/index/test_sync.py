"""The catalogue holds what the files say, whatever happened to them, and embeds nothing twice."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalogue import Catalogue
from index.corpus import Corpus
from index.cutting import Cutter
from index.errors import CorpusError, ReadingError
from index.indexing import Indexer
from index.reading import READER_VERSION, Outcome
from index.records import FileRecord
from index.sync import SyncReport, compare
from index.writer import CatalogueWriter
from tests.index.small import WordEmbedder, contents, write

WHEAT = "Wheat\n\nThe harvest of wheat was poor in May. Prices of bread rose in the capital."
STEEL = "Steel\n\nThe mill of the north made less steel. Its owners dismissed forty workers."
TRAIN = "Trains\n\nThe night train to the coast runs again. It leaves at nine in the evening."


class Bench:
    """A corpus and its catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "corpus"
        self.folder.mkdir(parents=True)
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.embedder = WordEmbedder()
        self.steps: list[tuple[int, int, int, str]] = []

    def sync(self, path: Path | None = None, *, passage_tokens: int = 30) -> SyncReport:
        self.embedder.seen.clear()
        cutter = Cutter(self.embedder, passage_tokens, 5)
        return Indexer(Corpus.of(self.folder), self.catalogue, cutter, self._step).run(path)

    def _step(self, *step: object) -> None:
        self.steps.append(step)  # type: ignore[arg-type]

    def write(self, **files: str) -> None:
        write(self.folder, {name.replace("_", "."): text for name, text in files.items()})

    def paths(self) -> list[tuple[str, ...]]:
        return [article.paths for article in self.catalogue.articles()]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def counts(report: SyncReport) -> dict[str, int]:
    names = ("added", "changed", "removed", "unchanged", "moved")
    found = {name: getattr(report, name) for name in names}
    return {name: count for name, count in found.items() if count} | (
        {"failed": len(report.failed)} if report.failed else {}
    )


def test_new_files_are_added_once(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    assert counts(bench.sync()) == {"added": 2}
    assert bench.paths() == [("a.txt",), ("b.txt",)]
    generation = bench.catalogue.generation
    assert counts(bench.sync()) == {"unchanged": 2}
    assert bench.embedder.seen == []
    assert bench.catalogue.generation == generation


def test_passages_are_slices_of_their_article(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    (article,) = bench.catalogue.articles()
    assert article.text == WHEAT
    passages = bench.catalogue.passages_of(article)
    assert [one.text for one in passages] == [article.text[one.start : one.end] for one in passages]
    assert "Prices of bread rose in the capital." in passages[-1].text


def test_progress_counts_files(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    passages = bench.catalogue.passage_count()
    assert bench.steps == [
        (0, 2, passages, ""),
        (1, 2, passages, "a.txt"),
        (2, 2, passages, "b.txt"),
    ]


def test_only_a_changed_file_is_embedded_again(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    bench.write(b_txt=TRAIN)
    assert counts(bench.sync()) == {"changed": 1, "unchanged": 1}
    assert all("train" in text for text in bench.embedder.seen)
    assert [article.text for article in bench.catalogue.articles()] == [WHEAT, TRAIN]


def test_a_file_rewritten_with_the_same_size_and_times_is_noticed(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    status = (bench.folder / "a.txt").stat()
    bench.write(a_txt=WHEAT.replace("May", "Jul"))
    os.utime(bench.folder / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(bench.sync()) == {"changed": 1}


def test_an_old_file_is_known_by_its_status_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a_txt=WHEAT)
    now = time.time_ns() + 10_000_000_000
    monkeypatch.setattr("index.sync.time.time_ns", lambda: now)
    bench.sync()
    monkeypatch.setattr("index.indexing.digest", lambda file: pytest.fail("was read"))
    assert counts(bench.sync()) == {"unchanged": 1}


def test_a_file_as_young_as_the_clock_is_coarse_is_read_again(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    status = (bench.folder / "a.txt").stat()
    record = FileRecord(
        "a.txt",
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
        seen_ns=status.st_ctime_ns + 1_900_000_000,
        digest="",
        reader=READER_VERSION,
    )

    def is_read_again(known: FileRecord) -> bool:
        plan = compare(Corpus.of(bench.folder), [bench.folder], {"a.txt": known})
        return [seen.path for seen in plan.look] == ["a.txt"]

    assert is_read_again(record)
    old = replace(record, seen_ns=status.st_ctime_ns + 2_100_000_000)
    assert not is_read_again(old)
    assert is_read_again(replace(old, mtime_ns=1))
    assert is_read_again(replace(old, inode=1))
    assert is_read_again(replace(old, reader=0))
    assert is_read_again(replace(old, problem="it could not be read"))


def test_touched_is_unchanged(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    (bench.folder / "a.txt").touch()
    generation = bench.catalogue.generation
    assert counts(bench.sync()) == {"unchanged": 1}
    assert bench.catalogue.generation == generation


def test_a_moved_file_is_not_embedded_again(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    ids = list(bench.catalogue.passages(range(100)))
    (bench.folder / "a.txt").rename(bench.folder / "z.txt")
    assert counts(bench.sync()) == {"moved": 1}
    assert bench.embedder.seen == []
    assert bench.paths() == [("z.txt",)]
    assert list(bench.catalogue.passages(range(100))) == ids


def test_files_that_swap_names_are_not_embedded_again(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    bench.write(a_txt=STEEL, b_txt=WHEAT)
    assert counts(bench.sync()) == {"changed": 2}
    assert bench.embedder.seen == []
    assert [article.text for article in bench.catalogue.articles()] == [STEEL, WHEAT]


def test_a_removed_file_takes_its_article_along(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    alive = bench.catalogue.passages(range(100))
    (bench.folder / "a.txt").unlink()
    assert counts(bench.sync()) == {"removed": 1, "unchanged": 1}
    gone = [id for id, passage in alive.items() if passage.article.path == "a.txt"]
    assert gone
    assert bench.catalogue.removed_since(0) == gone
    assert bench.catalogue.passages(gone) == {}


def test_the_same_text_twice_is_one_article(bench: Bench) -> None:
    bench.write(b_txt=WHEAT)
    write(bench.folder, {"a/x.txt": WHEAT})
    assert counts(bench.sync()) == {"added": 2}
    assert len(bench.embedder.seen) == len(set(bench.embedder.seen))
    assert bench.paths() == [("a/x.txt", "b.txt")]
    (bench.folder / "a/x.txt").unlink()
    assert counts(bench.sync()) == {"removed": 1, "unchanged": 1}
    assert bench.paths() == [("b.txt",)]


def test_the_same_name_twice_is_two_articles(bench: Bench) -> None:
    write(bench.folder, {"a/x.txt": WHEAT, "b/x.txt": STEEL})
    bench.sync()
    assert bench.paths() == [("a/x.txt",), ("b/x.txt",)]


def test_a_jsonl_file_is_several_articles(bench: Bench) -> None:
    lines = [json.dumps({"text": text, "title": text.split()[0]}) for text in (WHEAT, STEEL)]
    bench.write(a_jsonl="\n".join(lines))
    assert counts(bench.sync()) == {"added": 1}
    assert bench.paths() == [("a.jsonl#1",), ("a.jsonl#2",)]
    bench.write(a_jsonl=lines[1])
    assert counts(bench.sync()) == {"changed": 1}
    assert bench.embedder.seen == []
    assert [(one.path, one.text) for one in bench.catalogue.articles()] == [("a.jsonl#1", STEEL)]


def test_a_bad_line_is_reported_at_every_sync(bench: Bench) -> None:
    bench.write(a_jsonl=json.dumps({"text": WHEAT}) + "\n{", b_txt=STEEL)
    report = bench.sync()
    assert counts(report) == {"added": 1, "failed": 1}
    assert report.failed[0][0] == "a.jsonl"
    assert bench.paths() == [("a.jsonl#1",), ("b.txt",)]
    generation = bench.catalogue.generation
    assert bench.sync().failed == report.failed
    assert bench.catalogue.generation == generation


def test_a_title_known_from_one_path_is_that_of_the_article(bench: Bench) -> None:
    """…and the passages are made with it, whichever path was read first."""
    bench.write(b_jsonl=json.dumps({"text": WHEAT}))
    bench.sync()
    bench.write(c_jsonl=json.dumps({"text": WHEAT, "title": "Poor harvest"}))
    bench.sync()
    (article,) = bench.catalogue.articles()
    assert article.title == "Poor harvest"
    assert all(text.startswith("Poor harvest\n") for text in bench.embedder.seen)
    (bench.folder / "c.jsonl").unlink()
    bench.sync()
    (article,) = bench.catalogue.articles()
    assert article.title != "Poor harvest"


def test_what_became_garbage_loses_its_article(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    (bench.folder / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    report = bench.sync()
    assert counts(report) == {"unchanged": 1, "failed": 1}
    assert report.failed[0][0] == "a.txt"
    assert bench.paths() == [("b.txt",)]
    assert counts(bench.sync()) == {"unchanged": 1, "failed": 1}
    bench.write(a_txt=WHEAT)
    assert counts(bench.sync()) == {"changed": 1, "unchanged": 1}


def test_what_cannot_be_opened_keeps_its_article(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    (bench.folder / "a.txt").touch()

    def closed(file: Path) -> str:
        raise PermissionError(13, "Permission denied", str(file))

    with monkeypatch.context() as patch:
        patch.setattr("index.indexing.digest", closed)
        report = bench.sync()
    assert ("a.txt", "it cannot be opened (Permission denied): check its permissions") in (
        report.failed
    )
    assert bench.paths() == [("a.txt",), ("b.txt",)]
    assert counts(bench.sync()) == {"unchanged": 2}


def test_what_is_closed_while_it_is_read_keeps_its_article(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a_txt=WHEAT, b_txt=STEEL)
    bench.sync()
    bench.write(a_txt=TRAIN)

    def closed(file: Path) -> Outcome:
        raise ReadingError("it cannot be opened") from FileNotFoundError(2, "No such file")

    with monkeypatch.context() as patch:
        patch.setattr("index.indexing.read", closed)
        report = bench.sync()
    assert [path for path, _ in report.failed] == ["a.txt"]
    assert [article.text for article in bench.catalogue.articles()] == [WHEAT, STEEL]
    assert counts(bench.sync()) == {"changed": 1, "unchanged": 1}


def test_what_lies_in_a_closed_folder_stays(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    write(bench.folder, {"open/a.txt": WHEAT, "closed/b.txt": STEEL})
    bench.sync()
    scandir = os.scandir

    def refuses(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr("index.reading.os.scandir", refuses)
        report = bench.sync()
    assert [path for path, _ in report.failed] == ["closed"]
    assert bench.paths() == [("closed/b.txt",), ("open/a.txt",)]


def test_a_name_that_is_not_utf8_is_reported(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    Path(os.fsdecode(os.fsencode(bench.folder) + b"/caf\xe9.txt")).write_text(STEEL, "utf-8")
    report = bench.sync()
    assert counts(report) == {"added": 1, "failed": 1}
    assert "UTF-8" in report.failed[0][1]
    report.failed[0][0].encode()


def test_a_missing_corpus_removes_nothing(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    cutter = Cutter(bench.embedder, 30, 5)
    indexer = Indexer(Corpus.of(bench.folder), bench.catalogue, cutter)
    shutil.rmtree(bench.folder)
    with pytest.raises(CorpusError, match="does not exist"):
        indexer.run()
    bench.folder.mkdir()
    with pytest.raises(CorpusError, match="holds no article"):
        bench.sync()
    assert bench.paths() == [("a.txt",)]


def test_a_corpus_of_which_nothing_can_be_read(bench: Bench) -> None:
    bench.write(a_txt=" \n", b_txt="")
    with pytest.raises(CorpusError, match=r"holds no article that can be read.*holds no text"):
        bench.sync()


def test_a_part_of_the_corpus_is_synced_alone(bench: Bench) -> None:
    write(bench.folder, {"a/x.txt": WHEAT, "b/y.txt": STEEL})
    bench.sync()
    (bench.folder / "b/y.txt").unlink()
    write(bench.folder, {"a/z.txt": TRAIN})
    assert counts(bench.sync(bench.folder / "a")) == {"added": 1, "unchanged": 1}
    assert bench.paths() == [("a/x.txt",), ("a/z.txt",), ("b/y.txt",)]
    assert counts(bench.sync(bench.folder / "b")) == {"removed": 1}
    with pytest.raises(CorpusError, match="does not exist"):
        bench.sync(bench.folder / "c")


def test_the_last_article_may_go_by_name(bench: Bench) -> None:
    write(bench.folder, {"a/x.txt": WHEAT})
    bench.sync()
    (bench.folder / "a/x.txt").unlink()
    assert counts(bench.sync(bench.folder / "a/x.txt")) == {"removed": 1}
    assert bench.paths() == []


def test_what_lies_outside_belongs_to_the_corpus_once_synced(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    outside = bench.folder.parent / "more"
    write(outside, {"b.txt": STEEL})
    assert counts(bench.sync(outside)) == {"added": 1}
    assert bench.paths() == [("../more/b.txt",), ("a.txt",)]
    write(outside, {"c.txt": TRAIN})
    assert counts(bench.sync()) == {"added": 1, "unchanged": 2}
    shutil.rmtree(outside)
    report = bench.sync()
    assert counts(report) == {"unchanged": 1, "failed": 1}
    assert "is kept" in report.failed[0][1]
    outside.mkdir()
    assert counts(bench.sync()) == {"unchanged": 1, "failed": 1}
    assert len(bench.paths()) == 3
    shutil.rmtree(bench.folder)
    bench.folder.mkdir()
    write(outside, {"c.txt": TRAIN})
    with pytest.raises(CorpusError, match="holds no article"):
        bench.sync()
    assert len(bench.paths()) == 3


def test_a_folder_outside_whose_name_is_not_utf8(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    bench.sync()
    outside = Path(os.fsdecode(os.fsencode(bench.folder.parent) + b"/caf\xe9"))
    write(outside, {"b.txt": STEEL})
    assert counts(bench.sync(outside)) == {"failed": 1}
    assert bench.catalogue.sources() == ()


def test_a_link_inside_the_corpus_is_not_outside(bench: Bench) -> None:
    outside = bench.folder.parent / "more"
    write(outside, {"b.txt": STEEL})
    bench.write(a_txt=WHEAT)
    (bench.folder / "link").symlink_to(outside)
    assert counts(bench.sync()) == {"added": 2}
    assert counts(bench.sync(bench.folder / "link")) == {"unchanged": 1}
    assert bench.paths() == [("a.txt",), ("link/b.txt",)]


def test_a_path_outside_with_nothing_in_it_is_no_source(bench: Bench) -> None:
    bench.write(a_txt=WHEAT)
    empty = bench.folder.parent / "empty"
    empty.mkdir()
    with pytest.raises(CorpusError, match="holds no article"):
        bench.sync(empty)
    assert bench.catalogue.sources() == ()


def test_other_settings_cut_again_and_embed_only_other_text(bench: Bench) -> None:
    bench.write(a_txt=WHEAT, b_txt="Short\n\nOnly one sentence stands here.")
    bench.sync()
    bench.sync(passage_tokens=10)
    assert bench.embedder.seen
    assert not any("Only one sentence" in text for text in bench.embedder.seen)
    cut_anew = contents(bench.catalogue)
    bench.sync(passage_tokens=30)
    assert contents(bench.catalogue) != cut_anew


def test_an_interrupted_run_goes_on_where_it_was(bench: Bench) -> None:
    text = "\n\n".join(f"Day {day}. On day {day} it rained for {day} hours." for day in range(300))
    bench.write(a_txt=text, b_txt=WHEAT)
    embed = bench.embedder.passages
    calls = 0

    def interrupted(texts: list[str]) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return embed(texts)

    bench.embedder.passages = interrupted  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        bench.sync(passage_tokens=12)
    kept = set(bench.embedder.seen)
    assert len(kept) == 64
    bench.embedder.passages = embed  # type: ignore[method-assign]
    assert counts(bench.sync(passage_tokens=12)) == {"added": 2}
    assert kept.isdisjoint(bench.embedder.seen)


def test_an_added_article_is_not_overwritten_by_a_file(bench: Bench) -> None:
    from index.article import Metadata, article_id
    from index.records import Location

    bench.write(a_txt=WHEAT)
    bench.sync()
    indexer = Indexer(Corpus.of(bench.folder), bench.catalogue, Cutter(bench.embedder, 30, 5))
    indexer.add(Location("note.txt", article_id(STEEL), Metadata(title="Note")), STEEL)
    assert counts(bench.sync()) == {"unchanged": 1}
    bench.write(note_txt=TRAIN)
    report = bench.sync()
    assert report.failed == (
        ("note.txt", "an article was added as note.txt: remove that or rename it"),
    )
    assert bench.paths() == [("a.txt",), ("note.txt",)]


@st.composite
def histories(draw: st.DrawFn) -> list[list[tuple[str, str]]]:
    """Rounds of changes: a name with its new text, or with nothing, which removes it."""
    name = st.sampled_from(["a.txt", "b.txt", "c/a.txt", "d.jsonl", "e.jsonl"])
    text = st.sampled_from(["", WHEAT, STEEL, TRAIN, "\n\n".join([WHEAT, TRAIN])])
    change = st.tuples(name, text)
    return draw(st.lists(st.lists(change, min_size=1, max_size=4), min_size=1, max_size=5))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories())
def test_any_history_ends_as_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[str, str]]]
) -> None:
    bench = Bench(tmp_path_factory.mktemp("history"))
    bench.write(z_txt="Always here\n\nThis file is never touched.")
    for number, changes in enumerate(history):
        for name, text in changes:
            file = bench.folder / name
            if text == "":
                file.unlink(missing_ok=True)
            elif name.endswith(".jsonl"):
                article = {"text": text, "title": f"{name} {number}"}
                write(bench.folder, {name: json.dumps(article)})
            else:
                write(bench.folder, {name: text})
        bench.sync()
    CatalogueWriter(bench.catalogue).forget()
    assert bench.catalogue.problems() == []
    clean = Bench(tmp_path_factory.mktemp("clean"))
    shutil.copytree(bench.folder, clean.folder, dirs_exist_ok=True)
    clean.sync()
    assert contents(bench.catalogue) == contents(clean.catalogue)
    bench.catalogue.close()
    clean.catalogue.close()
