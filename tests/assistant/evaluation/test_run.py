from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from assistant.answer import Answer
from assistant.errors import TestSetError
from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.cases import Gold, Quote, Stretch
from assistant.evaluation.compare import compare
from assistant.evaluation.run import Run
from assistant.evaluation.scoring import Record, Result, measures, result
from assistant.evaluation.summary import by_result, summarise
from index.article import Hit
from index.errors import StorageError
from index.filtering import EVERYTHING, Filter
from tests.assistant.evaluation.subject import CASES, Quoter, Shelf


def run() -> Run:
    return evaluate(Quoter(), CASES)


def test_every_question_is_asked_in_order_and_reported_as_it_is_done() -> None:
    seen: list[Record] = []
    done = evaluate(Quoter(), CASES, seen.append, Method(k=2))
    assert tuple(seen) == done.records
    assert [record.case for record in done.records] == list(CASES)
    assert all(len(record.retrieved) == 2 for record in done.records)


def test_an_error_is_recorded_and_the_next_question_asked() -> None:
    *_, failed = run().records
    assert failed.error == "The server does not answer: start it."
    assert not failed.answer
    assert failed.retrieved
    assert result(run().records[0]) is Result.CORRECT


def test_latency_is_the_time_of_the_answer_alone() -> None:
    class SlowToSearch(Shelf):
        def search(self, query: str, k: int = 10) -> list[Hit]:
            sleep(0.3)
            return super().search(query, k)

    class Ready(Quoter):
        def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
            return Quoter().ask(question, within)

    (record,) = evaluate(Ready(SlowToSearch()), CASES[:1]).records
    assert 0 < record.latency_ms < 300


def test_a_run_knows_what_it_was_a_run_of() -> None:
    done = run()
    assert done.created.endswith("+00:00")
    assert done.settings == {"openai_api_key": "set"}
    assert done.corpus["articles"] == 2
    assert done.corpus["embedding"] == "words"
    assert len(done.corpus["hash"]) == 64
    assert {"python", "chromadb", "pincite"} <= set(done.versions)


def test_a_run_survives_its_file(tmp_path: Path) -> None:
    done = run()
    done.save(tmp_path / "run.json")
    read = Run.load(tmp_path / "run.json")
    assert read == done
    assert summarise(read.records, read.k) == summarise(done.records, done.k)
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_the_file_holds_measures_for_other_programs_but_they_are_not_believed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.json"
    run().save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["records"][0]["measures"] == measures(run().records[0], 10) | {
        "latency_ms": data["records"][0]["latency_ms"]
    }
    data["records"][0]["measures"]["right"] = 0
    path.write_text(json.dumps(data), encoding="utf-8")
    assert measures(Run.load(path).records[0], 10)["right"] == 1


def test_a_run_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match="cannot be written to"):
        run().save(tmp_path / "missing" / "run.json")
    with pytest.raises(StorageError, match="cannot be written to"):
        run().save(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pincite_run": 3}', '{"pincite_run": 2}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TestSetError, match="cannot be read as a run"):
        Run.load(path)
    with pytest.raises(TestSetError, match="cannot be read as a run"):
        Run.load(tmp_path / "missing.json")


def test_a_run_of_an_earlier_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"pincite_run": 1}', encoding="utf-8")
    with pytest.raises(TestSetError, match=r"made by an earlier version.*make the run again"):
        Run.load(path)


def test_a_run_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    run().save(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["records"][0]["case"]["question"] = ""
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TestSetError, match="question is missing"):
        Run.load(path)


def test_no_questions_make_an_empty_run() -> None:
    assert replace(evaluate(Quoter(), ())).records == ()


def test_retrieval_alone_asks_for_no_answer() -> None:
    class Silent(Quoter):
        def ask(self, question: str, within: Filter = EVERYTHING) -> Answer:
            raise AssertionError(f"asked {question}")

    run = evaluate(Silent(), CASES, method=Method(answers=False))
    summary = summarise(run.records, run.k)
    assert summary["recall@10"].value == 1
    assert not {"right", "failed", "refused", "correctness", "latency_p50_ms"} & set(summary)
    assert set(by_result(run.records)) == {Result.NOT_ASKED}
    assert compare(run, run).verdict.startswith("No telling: ndcg@10 1.000 before, 1.000 now")


def test_where_gold_is_whole_articles_articles_are_retrieved() -> None:
    whole = replace(CASES[0], gold=(Gold((Quote(Stretch.all_of("b.txt"), ""),)),))
    (record,) = evaluate(Quoter(), [whole]).records
    assert [one.path for one in record.retrieved] == ["a.txt", "b.txt"]  # of three passages
    found = measures(record, 10)
    assert found["article_hit@1"] == 0
    assert found["article_recall@4"] == 1
    assert "recall@4" not in found
    assert found["citation_precision"] == 0


def test_without_gold_the_articles_of_the_gold_are_excluded() -> None:
    run = evaluate(Quoter(), CASES[:5], method=Method(without_gold=True))
    date, _, *without_an_answer = run.records
    assert date.answered
    assert date.without_gold["outcome"] == "not_found"
    assert [one.without_gold for one in without_an_answer] == [{}, {}, {}]
    assert summarise(run.records, run.k)["answered_without_gold"].value == 0
    assert summarise(run.records, run.k)["answered_without_gold"].count == 2
    elsewhere = replace(CASES[0], gold=(Gold((Quote(Stretch.all_of("b.txt"), ""),)),))
    (still,) = evaluate(Quoter(), [elsewhere], method=Method(without_gold=True)).records
    assert still.answered_without_gold
    assert run.method["without_gold"] is True


def test_a_run_without_gold_survives_its_file(tmp_path: Path) -> None:
    done = evaluate(Quoter(), CASES[:2], method=Method(without_gold=True))
    done.save(tmp_path / "run.json")
    assert Run.load(tmp_path / "run.json") == done
