"""What is not there, or closed today, is not taken for gone; what lies elsewhere can belong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from index.corpus import Corpus
from index.cutting import Cutter
from index.errors import CorpusError, ReadingError
from index.indexing import Indexer
from index.reading import Outcome
from tests.index.small import STEEL, TRAIN, WHEAT, Bench, counts, write


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


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
