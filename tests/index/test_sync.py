"""The catalogue holds what the files say, whatever happened to them, and embeds nothing twice."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Metadata
from index.corpus import Corpus
from index.cutting import Cutter
from index.errors import ReadingError
from index.indexing import Indexer
from index.reading import READER_VERSION, Outcome, Reading
from index.records import FileRecord
from index.sync import compare
from index.writer import CatalogueWriter
from tests.index.small import STEEL, TRAIN, WHEAT, Bench, contents, counts, write


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


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
    assert not is_read_again(replace(old, problem="it could not be read"))


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


def test_a_bad_file_is_not_read_again_until_it_is_touched(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a_txt=WHEAT, b_jsonl="{")
    monkeypatch.setattr("index.sync._CLOCK_GRAIN_NS", 0)
    failed = bench.sync().failed
    with monkeypatch.context() as patch:
        patch.setattr("index.indexing.read", lambda _: pytest.fail("it was read again"))
        report = bench.sync()
    assert (report.failed, counts(report)) == (failed, {"unchanged": 1, "failed": 1})
    monkeypatch.setattr("index.indexing.read", lambda _: Outcome((Reading(STEEL, Metadata()),)))
    (bench.folder / "b.jsonl").touch()
    assert counts(bench.sync()) == {"changed": 1, "unchanged": 1}


def test_what_needs_a_part_that_is_missing_keeps_its_articles(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a_txt=WHEAT, b_md=STEEL)
    bench.sync()

    def lacks(_: Path) -> Outcome:
        raise ReadingError("a part of Pincite is missing") from ImportError("trafilatura")

    bench.write(b_md=TRAIN)
    with monkeypatch.context() as patch:
        patch.setattr("index.indexing.read", lacks)
        assert counts(bench.sync()) == {"unchanged": 1, "failed": 1}
        assert len(bench.paths()) == 2
    assert counts(bench.sync()) == {"changed": 1, "unchanged": 1}


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


def test_vectors_of_many_scattered_passages_come_by_id(bench: Bench) -> None:
    bench.write(a_txt="\n\n".join(f"On day {day} it rained for {day} hours." for day in range(600)))
    bench.sync(passage_tokens=12)
    [records] = bench.catalogue.passages_since(0, 10_000)
    kept = {record.id: record.vector for record in records}
    wanted = np.array([*sorted(kept, reverse=True)[::2], 10**6], np.int64)
    found, vectors = bench.catalogue.vectors(wanted)
    assert found.tolist() == sorted(wanted.tolist())[:-1]
    assert len(found) == 300
    assert all((row == kept[id]).all() for id, row in zip(found.tolist(), vectors, strict=True))
