"""Labelled statements: how they are read, and what is told of the verdicts on them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Finding, Support
from assistant.errors import TestSetError
from assistant.evaluation.statements import Labelled, find, load
from assistant.evaluation.support import Checked, check_all, lines, summarise
from assistant.llm.server import ServerModel
from assistant.verification import Source, Verdict
from tests.llm_server import ModelServer, says

CITED = {
    "article": "“Refunds for games” (Rock, Paper, Shotgun, 2 June 2015), Ben Kuchera, Ann Lee",
    "text": "Refunds are granted within 14 days.",
}
ROW: dict[str, Any] = {
    "id": "a1",
    "question": "When are refunds granted?",
    "statement": "Refunds are granted within 14 days.",
    "cited": [CITED],
    "label": "supported",
    "kind": "original",
}


def write(file: Path, rows: Iterable[Any]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def test_a_statement_is_read_with_the_head_of_its_article(tmp_path: Path) -> None:
    (one,) = load([write(tmp_path / "set.jsonl", [ROW])])
    assert (one.id, one.label, one.kind) == ("a1", Support.SUPPORTED, "original")
    assert one.sources == (
        Source(
            CITED["text"],
            "Refunds for games",
            ("Ben Kuchera", "Ann Lee"),
            "Rock, Paper, Shotgun",
            date(2015, 6, 2),
        ),
    )


@pytest.mark.parametrize(
    ("head", "publisher", "published"),
    [
        ("“Title” (undated)", None, None),
        ("“Title” (3 May 2016)", None, date(2016, 5, 3)),
        ("“Title” (gamasutra.com)", "gamasutra.com", None),
    ],
)
def test_what_a_head_does_not_say_is_unknown(
    tmp_path: Path, head: str, publisher: str | None, published: date | None
) -> None:
    row = {**ROW, "cited": [{**CITED, "article": head}]}
    ((source,),) = (one.sources for one in load([write(tmp_path / "set.jsonl", [row])]))
    assert (source.title, source.authors) == ("Title", ())
    assert (source.publisher, source.published) == (publisher, published)


def test_a_head_of_another_form_is_a_title(tmp_path: Path) -> None:
    row = {**ROW, "cited": [{**CITED, "article": "Some page"}]}
    ((source,),) = (one.sources for one in load([write(tmp_path / "set.jsonl", [row])]))
    assert source == Source(CITED["text"], "Some page")


def test_files_of_statements_are_found_in_a_folder_and_by_name(tmp_path: Path) -> None:
    file = write(tmp_path / "b.jsonl", [ROW, {**ROW, "id": "a2"}])
    write(tmp_path / "a.jsonl", [{"id": "q", "question": "When?"}])
    assert find(tmp_path) == find(file) == [file]
    assert [one.id for one in load([file, file], limit=3)] == ["a1", "a2", "a1"]
    assert find(tmp_path / "a.jsonl") == []
    assert find(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    "change", [{"label": "perhaps"}, {"cited": [{}]}, {"cited": None}, {"statement": None}]
)
def test_a_line_that_lacks_something_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    file = write(tmp_path / "set.jsonl", [ROW, {**ROW, **change}])
    with pytest.raises(TestSetError, match="line 2: the labelled statement lacks"):
        load([file])


def labelled(number: int, question: str, label: Support, kind: str = "original") -> Labelled:
    return Labelled(str(number), question, "It was so.", (Source("It was so."),), label, kind)


def checked(
    number: int, question: str, label: Support, said: Support, kind: str = "original"
) -> Checked:
    return Checked(labelled(number, question, label, kind), Verdict(said, ()))


TRUE, PARTLY, FALSE = Support.SUPPORTED, Support.PARTLY, Support.UNSUPPORTED


def test_the_figures_by_hand() -> None:
    found = summarise(
        [
            checked(1, "a", TRUE, TRUE),
            checked(2, "a", TRUE, Support.UNCHECKED),
            checked(3, "b", TRUE, FALSE),
            checked(4, "b", TRUE, Support.UNCHECKED),
            checked(5, "a", FALSE, FALSE, "number"),
            checked(6, "b", FALSE, PARTLY, "number"),
            checked(7, "b", FALSE, TRUE, "role"),
            checked(8, "b", PARTLY, FALSE),
        ]
    )
    assert {name: (one.value, one.count) for name, one in found.items()} == {
        "false_alarms": (1 / 4, 4),
        "caught": (pytest.approx(2 / 3), 3),
        "balanced_accuracy": (pytest.approx((3 / 4 + 2 / 3) / 2), 7),
        "partly_flagged": (1, 1),
        "true_called_supported": (1 / 4, 4),
        "false_called_supported": (pytest.approx(1 / 3), 3),
        "caught:number": (1, 2),
        "caught:role": (0, 1),
    }
    assert any("caught:number" in line and "1.000" in line for line in lines(found))


def test_intervals_are_of_questions_and_not_of_statements() -> None:
    # Ten statements of one question are one case: nothing is known of how others would do.
    alike = [checked(n, "a", TRUE, FALSE) for n in range(10)]
    apart = [checked(n, str(n), TRUE, FALSE if n < 5 else TRUE) for n in range(10)]
    one = summarise(alike)["false_alarms"]
    assert (one.low, one.high, one.count) == (1, 1, 10)
    clustered = [checked(n, "ab"[n % 2], TRUE, FALSE if n % 2 else TRUE) for n in range(10)]
    many, few = summarise(apart)["false_alarms"], summarise(clustered)["false_alarms"]
    assert many.value == few.value == 0.5
    assert (few.low, few.high) == (0, 1)
    assert few.low < many.low < many.high < few.high


def test_of_true_statements_alone_there_is_no_accuracy() -> None:
    assert set(summarise([checked(1, "a", TRUE, TRUE)])) == {
        "false_alarms",
        "true_called_supported",
    }
    assert summarise([]) == {}


def test_without_a_model_facts_alone_decide(tmp_path: Path) -> None:
    wrong = {**ROW, "statement": "Refunds are granted within 30 days.", "label": "unsupported"}
    found = check_all(load([write(tmp_path / "set.jsonl", [ROW, wrong])]), None)
    good, bad = found
    assert not good.flagged
    assert bad.flagged
    (finding,) = bad.verdict.findings
    assert isinstance(finding, Finding)
    assert "30" in finding.message


def test_with_a_model_each_statement_is_asked_about_alone(tmp_path: Path) -> None:
    said = {**ROW, "statement": "Whoever asks within 14 days is granted a refund."}
    file = write(tmp_path / "set.jsonl", [said, {**said, "id": "a2"}])
    with ModelServer(says("{}")) as server:
        found = list(check_all(load([file]), ServerModel("little", base_url=server.url)))
        assert len(server.asked) == 2
    assert [one.verdict.support for one in found] == [Support.UNCHECKED, Support.UNCHECKED]
