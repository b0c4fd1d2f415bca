from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import TestSetError
from assistant.evaluation.testset import (
    Gold,
    Quote,
    Selection,
    Stretch,
    TestCase,
    case_of,
    check,
    load,
)
from index.article import Article, article_id
from tests.assistant.evaluation.subject import (
    CASES,
    KERRY,
    PLANES,
    WALKED,
    Shelf,
    article,
    gold,
)

QUOTE = {"path": "a.txt", "start": 0, "end": 5, "quote": "Aleppo"[:5]}
LEAST: dict[str, Any] = {"id": "q1", "question": "Where?", "gold": [QUOTE]}


def write(folder: Path, *lines: str) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_case_survives_its_json(tmp_path: Path) -> None:
    path = write(tmp_path, *(json.dumps(case.as_dict()) for case in CASES))
    assert load(path) == CASES


def test_either_of_several_quotes_survives_its_json() -> None:
    case = replace(CASES[0], gold=(gold(WALKED, PLANES), gold(KERRY)))
    assert case_of(json.loads(json.dumps(case.as_dict()))) == case


def test_what_is_not_given_has_a_default(tmp_path: Path) -> None:
    (case,) = load(write(tmp_path, json.dumps(LEAST)))
    assert case == TestCase("q1", "Where?", gold=case.gold)
    assert case.answerable


def test_blank_lines_and_line_separators_within_texts_are_no_lines(tmp_path: Path) -> None:
    odd = {**LEAST, "question": "Where\u2028is it?"}
    (case,) = load(write(tmp_path, "", json.dumps(odd, ensure_ascii=False), ""))
    assert case.question == "Where\u2028is it?"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"qustion": ""}, "unknown field 'qustion'"),
        ({"question": "  "}, "question is missing or empty"),
        ({"id": 7}, "id must be a text"),
        ({"answerable": 1}, "answerable must be true or false"),
        ({"tags": "frolov"}, "tags must be a list"),
        ({"tags": [1]}, "lists of texts"),
        ({"must_contain": ["April"]}, "lists of texts"),
        ({"gold": [{**QUOTE, "start": True}]}, "start must be a whole number"),
        ({"gold": [{**QUOTE, "end": 6}]}, "do not fit the quote's 5 characters"),
        ({"gold": [{**QUOTE, "start": -1, "end": 4}]}, "do not fit"),
        ({"gold": [{**QUOTE, "note": ""}]}, "unknown field 'note'"),
        ({"gold": [{"any_of": []}]}, "any_of is empty"),
        ({"gold": [{"any_of": [QUOTE], "path": "a.txt"}]}, "unknown field 'path'"),
        ({"gold": ["Aleppo"]}, "expected a JSON object"),
        ({"gold": []}, "needs gold or must_contain"),
        ({"answerable": False, "must_contain": [["x"]]}, "cannot have must_contain"),
        ({"type": "false-premise"}, "must have answerable false"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    path = write(tmp_path, json.dumps({**LEAST, "id": "q0"}), json.dumps(LEAST | change))
    with pytest.raises(TestSetError) as caught:
        load(path)
    assert "set.jsonl, line 2: " in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("line", ["{", "[]", "3", "[" * 100_000, '{"a": 1} {"b": 2}'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(TestSetError, match=r"line 1: "):
        load(write(tmp_path, line))


def test_an_id_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match=r"line 2: the id 'q1' is given twice"):
        load(write(tmp_path, json.dumps(LEAST), json.dumps(LEAST)))


def test_a_file_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match="holds no question"):
        load(write(tmp_path, ""))
    with pytest.raises(TestSetError, match="cannot be read as a test set"):
        load(tmp_path / "missing.jsonl")
    (tmp_path / "set.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(TestSetError, match="cannot be read as a test set"):
        load(tmp_path / "set.jsonl")


def test_selection_takes_what_is_asked_for() -> None:
    split = [replace(case, split="ab"[n % 2]) for n, case in enumerate(CASES)]
    assert Selection().of(split) == tuple(split)
    assert [case.id for case in Selection(type="unanswerable").of(split)] == ["recipe", "threat"]
    assert [case.id for case in Selection("unanswerable", "a").of(split)] == ["recipe"]
    assert Selection(limit=2).of(split) == tuple(split[:2])


def test_a_selection_of_nothing_says_what_there_is() -> None:
    with pytest.raises(TestSetError, match=r"types date, false-premise, .* splits none"):
        Selection(split="tune").of(CASES)


def test_gold_that_stands_in_the_corpus_resolves() -> None:
    assert check(CASES, Shelf()) == ()


def test_gold_that_moved_is_found_again_and_gold_that_went_is_named() -> None:
    def at(path: str, text: str) -> Article:
        return Article(article_id(text), text, Shelf().articles[0].metadata, ("other.txt", path))

    moved = Shelf((at("a.txt", f"New. {WALKED}"),))
    problems = [str(one) for one in check(CASES, moved)]
    assert problems == [
        f"date: a.txt 0-{len(WALKED)}: the quote stands at 5-{5 + len(WALKED)} now",
        f"planes: a.txt {len(WALKED) + 1}-{len(WALKED + PLANES) + 1}: "
        "the quote does not stand in the article any more",
        f"premise: a.txt {len(WALKED) + 1}-{len(WALKED + PLANES) + 1}: "
        "the quote does not stand in the article any more",
        f"error: b.txt 0-{len(KERRY)}: no such article",
    ]


def test_to_cover_is_to_hold_more_than_half() -> None:
    ten = Stretch("a.txt", 10, 20)
    assert Stretch("a.txt", 0, 16).covers(ten)
    assert not Stretch("a.txt", 0, 15).covers(ten)
    assert not Stretch("b.txt", 0, 100).covers(ten)


stretches = st.builds(
    lambda path, start, length: Stretch(path, start, start + length),
    st.sampled_from("ab"),
    st.integers(0, 50),
    st.integers(1, 50),
)


@given(stretches, stretches)
def test_overlap_is_what_both_hold(one: Stretch, other: Stretch) -> None:
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert one.overlap(other) == (len(shared) if one.path == other.path else 0)
    assert one.overlap(other) == other.overlap(one)
    assert one.covers(one)


def quoted(**gold: Any) -> str:
    return json.dumps({"id": "q1", "question": "Where?", "gold": [gold]})


@pytest.mark.parametrize("given", [{"quote": PLANES}, {"quote": PLANES, "path": "a.txt"}])
def test_the_place_of_a_quote_alone_is_found(tmp_path: Path, given: dict[str, str]) -> None:
    (case,) = load(write(tmp_path, quoted(**given)), Shelf())
    assert case.gold == (gold(PLANES),)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"quote": "No such words."}, "line 2: the quote stands in no article: copy"),
        ({"quote": KERRY, "path": "a.txt"}, "line 2: the quote stands in no article at a.txt"),
        ({"quote": KERRY, "path": "z.txt"}, "line 2: the quote stands in no article at z.txt"),
        ({"quote": "th"}, "line 2: the quote stands at a.txt "),
        ({"quote": ""}, "quote is missing"),
        ({"quote": PLANES, "start": 3}, "do not fit"),
    ],
)
def test_a_quote_with_no_place_or_two_is_said_with_its_line(
    tmp_path: Path, given: dict[str, Any], says: str
) -> None:
    path = write(tmp_path, json.dumps({**LEAST, "id": "q0"}), quoted(**given))
    with pytest.raises(TestSetError, match=says):
        load(path, Shelf())


def test_overlapping_places_are_two(tmp_path: Path) -> None:
    text = "aXaXa"
    shelf = Shelf((Article(article_id(text), text, Shelf().articles[0].metadata, ("a.txt",)),))
    with pytest.raises(TestSetError, match=r"a\.txt 0-3 and at a\.txt 2-5"):
        load(write(tmp_path, quoted(quote="aXa")), shelf)


def test_a_quote_alone_needs_the_articles(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match=r"line 1: .* needs the articles"):
        load(write(tmp_path, quoted(quote=PLANES)))


def test_drafts_are_never_chosen() -> None:
    drafted = [replace(CASES[0], draft=True), CASES[1]]
    assert Selection().of(drafted) == (CASES[1],)
    with pytest.raises(TestSetError, match="No confirmed question"):
        Selection().of(drafted[:1])


def test_gold_may_be_a_whole_article_and_may_be_graded() -> None:
    line = LEAST | {"gold": [{"path": "a.txt"}, {"path": "b.txt", "grade": 2}, QUOTE]}
    case = case_of(line)
    assert [piece.whole for piece in case.gold] == [True, True, False]
    assert [piece.grade for piece in case.gold] == [1, 2, 1]
    assert case.as_dict()["gold"] == line["gold"]
    assert check([case], Shelf())[0].quote.text == QUOTE["quote"]
    (lost,) = check([replace(case, gold=(Gold((Quote(Stretch.all_of("x.txt"), ""),)),))], Shelf())
    assert str(lost) == "q1: x.txt: no such article"


@pytest.mark.parametrize("grade", [0, -1, 0.5, True])
def test_a_grade_is_a_whole_number_from_1(grade: object) -> None:
    with pytest.raises(TestSetError, match="grade"):
        case_of(LEAST | {"gold": [{"path": "a.txt", "grade": grade}]})


def test_gold_that_went_to_another_article_is_found_there() -> None:
    shelf = Shelf((article("a.txt", PLANES), article("c.txt", "New.", WALKED)))
    (lost,) = check(CASES[:1], shelf)
    assert lost.problem == (
        f"the quote does not stand in the article any more; the quote stands in c.txt 5-{5 + 37}"
    )
