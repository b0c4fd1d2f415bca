"""Public benchmarks in small: each layout is read, and measured with the real assistant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.errors import TestSetError
from assistant.evaluation import layouts
from assistant.evaluation.layouts import at_first_paths, read
from assistant.evaluation.run import Run
from tests.assistant.evaluation.subject import Shelf, article

SENTENCES = ["The river  froze in 1709 .", "It thawed in May .", "Boats sailed again ."]


def write(file: Path, rows: Iterable[Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def wildgraph(tmp_path: Path) -> Path:
    folder = tmp_path / "wild"
    texts = {
        "0001.md": "# Frost\n\nThe river froze in 1709, and people walked across it to market.\n",
        "0002.md": "# Boats\n\nIn May the boats sailed again, loaded with salt and iron.\n",
    }
    (folder / "articles").mkdir(parents=True)
    for name, text in {**texts, "0003.md": texts["0002.md"]}.items():
        (folder / "articles" / name).write_text(text, "utf-8")
    rest = {"answer": "In 1709.", "lexical_support": 0.5}
    rows = [
        {"id": "w1", "type": "single-fact", "question": "When did the river freeze?",
         "articles": ["0001.md"], **rest},
        {"id": "w2", "type": "multi_fact", "question": "What froze, and what did boats carry?",
         "articles": ["0001.md", "0003.md"], **rest},
        {"id": "w3", "type": "single-fact", "question": "Who?", "articles": ["none.md"], **rest},
    ]  # fmt: skip
    write(folder / "questions.jsonl", rows)
    return folder


@pytest.fixture
def clapnq(tmp_path: Path) -> Path:
    folder = tmp_path / "clap"
    with_answer = {
        "id": "c1", "question": "when did the river freeze", "title": "Frost",
        "sentences": SENTENCES, "answer": "It froze in 1709.",
        "selected": ["The river froze in 1709 .", SENTENCES[2]],
    }  # fmt: skip
    without = {
        "id": "c2", "question": "who painted the frost", "title": "Thaw",
        "sentences": SENTENCES[1:], "answer": "", "selected": [],
    }  # fmt: skip
    write(folder / "answerable.jsonl", [with_answer])
    write(folder / "unanswerable.jsonl", [without])
    return folder


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    documents = [
        {"_id": "d1", "title": "Frost", "text": "The river froze in 1709.", "metadata": {}},
        {"_id": "d2", "title": "Boats", "text": "Boats carried salt and iron to the market."},
        {"_id": "d3", "title": "", "text": "Boats carried salt and iron to the market."},
        {"_id": "d4", "title": "Only a title", "text": ""},
        {"_id": "d5", "title": "", "text": " "},
    ]
    write(folder / "corpus.jsonl", documents)
    queries = [
        {"_id": "q1", "text": "what did boats carry"},
        {"_id": "q2", "text": "when did the river freeze"},
        {"_id": "q3", "text": "not judged"},
    ]
    write(folder / "queries.jsonl", queries)
    (folder / "qrels").mkdir()
    head = "query-id\tcorpus-id\tscore\n"
    (folder / "qrels" / "test.tsv").write_text(f"{head}q1\td3\t2\nq1\td1\t0\nq1\td4\t1\n", "utf-8")
    (folder / "qrels" / "train.tsv").write_text(f"{head}q2\td1\t1\n", "utf-8")
    return folder


@pytest.fixture
def wice(tmp_path: Path) -> Path:
    title = "(meta data) TITLE: Frost"
    evidence = [title, "The river froze in 1709.", "Boats carried salt.", "It rained."]
    rows: list[dict[str, Any]] = [
        {"label": "supported", "claim": "Boats carried salt.", "supporting_sentences": [[2], [3]]},
        {"label": "partially_supported", "claim": "The river froze in 1709 and in 1740.",
         "supporting_sentences": [[1]]},
        {"label": "not_supported", "claim": "Boats sailed to Bergen in 1740.",
         "supporting_sentences": [[]]},
    ]  # fmt: skip
    folder = tmp_path / "wice"
    write(folder / "dev.jsonl", [row | {"evidence": evidence} for row in rows])
    return folder


def lines_of(corpus: Path) -> list[str]:
    return (corpus / "000000.jsonl").read_text("utf-8").splitlines()


def evaluated(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Run:
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "home"))
    out = tmp_path / "run.json"
    assert main(["evaluate", str(folder), "--out", str(out), *more]) == 0
    return Run.load(out)


def test_wildgraph_asks_what_its_pages_can_answer(wildgraph: Path, tmp_path: Path) -> None:
    found = read(wildgraph, tmp_path / "scratch")
    assert (found.name, found.corpus, found.answers) == ("WildGraph", wildgraph / "articles", True)
    one, two = found.cases
    assert (one.id, one.type, two.type) == ("w1", "single-fact", "multi-fact")
    assert [piece.as_dict() for piece in two.gold] == [{"path": "0001.md"}, {"path": "0003.md"}]
    assert one.tags == ("answer may lack",)
    assert not (tmp_path / "scratch").exists()


def test_wildgraph_in_one_command(
    wildgraph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = evaluated(wildgraph, tmp_path, monkeypatch)
    one, two = run.records
    assert one.retrieved[0].path == "0001.md"
    # The page at 0003.md is the page at 0002.md.
    assert [piece.any_of[0].at.path for piece in two.case.gold] == ["0001.md", "0002.md"]
    assert {stretch.path for stretch in two.retrieved} == {"0001.md", "0002.md"}
    assert one.answer["citations"]


def test_clap_nq_has_gold_to_the_character(clapnq: Path, tmp_path: Path) -> None:
    found = read(clapnq, tmp_path / "scratch")
    one, two = found.cases
    texts = [json.loads(line)["text"] for line in lines_of(found.corpus)]
    for piece, sentence in zip(one.gold, (SENTENCES[0], SENTENCES[2]), strict=True):
        (quote,) = piece.any_of
        assert texts[0][quote.at.start : quote.at.end] == quote.text == sentence
        assert quote.at.path == "000000.jsonl#1"
    assert (two.answerable, two.gold, two.type) == (False, (), "unanswerable")


def test_clap_nq_as_it_is_published_reads_the_same(clapnq: Path, tmp_path: Path) -> None:
    def published(row: dict[str, Any]) -> dict[str, Any]:
        output = {"answer": row["answer"], "selected_sentences": row["selected"]}
        passage = {"title": row["title"], "sentences": row["sentences"], "text": ""}
        return {"id": row["id"], "input": row["question"], "passages": [passage],
                "output": [output] if row["answer"] else []}  # fmt: skip

    other = tmp_path / "published"
    for name in ("answerable", "unanswerable"):
        given = layouts.rows(clapnq / f"{name}.jsonl")
        write(other / f"clapnq_dev_{name}.jsonl", map(published, given))
    assert read(other, tmp_path / "a").cases == read(clapnq, tmp_path / "b").cases


def test_clap_nq_in_one_command(
    clapnq: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = evaluated(clapnq, tmp_path, monkeypatch, "--limit", "2", "--jobs", "2")
    assert [record.case.id for record in run.records] == ["c1", "c2"]
    assert run.corpus["articles"] == 2


def test_beir_keeps_grades_and_every_document(beir: Path, tmp_path: Path) -> None:
    found = read(beir, tmp_path / "scratch")
    (case,) = found.cases
    assert not found.answers
    assert [piece.as_dict() for piece in case.gold] == [
        {"path": "000000.jsonl#3", "grade": 2},
        {"path": "000000.jsonl#4"},
    ]
    texts = [json.loads(line)["text"] for line in lines_of(found.corpus)]
    assert texts[3:] == ["Only a title", "d5"]
    (train,) = read(beir, tmp_path / "scratch", "train").cases
    assert train.id == "q2"
    with pytest.raises(TestSetError, match=r"no dev\.tsv: choose --split test, train"):
        read(beir, tmp_path / "scratch", "dev")


def test_beir_in_one_command(beir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = evaluated(beir, tmp_path, monkeypatch)
    (record,) = run.records
    assert not record.asked
    assert record.retrieved[0].path == "000000.jsonl#2"  # the same text as d3, which is gold
    assert run.method["answers"] is False


def test_a_corpus_is_written_in_pieces_and_only_if_it_changed(
    beir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "SHARD", 2)
    scratch = tmp_path / "scratch"
    paths = [one.any_of[0].at.path for case in read(beir, scratch).cases for one in case.gold]
    assert paths == ["000001.jsonl#1", "000001.jsonl#2"]
    files = sorted(scratch.iterdir())
    assert len(files) == 3
    before = [file.stat().st_mtime_ns for file in files]
    read(beir, scratch)
    assert [file.stat().st_mtime_ns for file in files] == before
    lines = (beir / "corpus.jsonl").read_text("utf-8").splitlines(keepends=True)
    (beir / "corpus.jsonl").write_text("".join(lines[:4]), "utf-8")
    read(beir, scratch)
    assert sorted(scratch.iterdir()) == files[:2]


def test_gold_is_moved_to_where_the_library_shows_the_text(wildgraph: Path, tmp_path: Path) -> None:
    text = article("0003.md", "The same.")
    shelf = Shelf((type(text)(text.id, text.text, text.metadata, ("0001.md", "0003.md")),))
    case = at_first_paths(read(wildgraph, tmp_path).cases, shelf)[1]
    assert [piece.as_dict() for piece in case.gold] == [{"path": "0001.md"}]


def test_wice_in_one_command(
    wice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", str(wice), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["statements"], found["judge"]) == (3, None)
    assert found["summary"]["false_alarms"]["value"] == 0
    assert found["summary"]["caught"]["value"] == 1  # Bergen and 1740 are nowhere
    assert found["summary"]["partly_flagged"]["value"] == 1
    assert main(["evaluate", str(wice), "--limit", "1", "--fail-under", "false_alarms=-1"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "false_alarms is 0.000, worse than -1."
    assert not list(tmp_path.glob(".pincite*"))  # no index is made for statements


def test_an_unknown_layout_is_told_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match=r"no layout that is known: WildGraph .*BEIR"):
        read(tmp_path, tmp_path / "scratch")


def test_a_line_that_lacks_something_is_an_error_not_a_bug(wildgraph: Path, tmp_path: Path) -> None:
    write(wildgraph / "questions.jsonl", [{"id": "w1"}])
    with pytest.raises(TestSetError, match="laid out as WildGraph, but a line lacks"):
        read(wildgraph, tmp_path)
    (wildgraph / "questions.jsonl").write_text("{", "utf-8")
    with pytest.raises(TestSetError, match=r"questions\.jsonl, line 1: not JSON"):
        read(wildgraph, tmp_path)
