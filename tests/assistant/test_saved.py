"""Saved answers, held against files that stayed, moved, changed or went."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import SavedAnswerError, verify_citations
from assistant.saved import Standing, load
from index.article import article_id

TEXT = "The heron nests in the old mill. The stork came back in March."
QUOTE = "The stork came back in March."
START = TEXT.index(QUOTE)


def saved(path: str = "birds.txt", **changes: Any) -> dict[str, Any]:
    citation = {
        "number": 1,
        "article_id": article_id(TEXT),
        "path": path,
        "start": START,
        "end": START + len(QUOTE),
        "quote": QUOTE,
    }
    return {"citations": [citation | changes]}


def standing(folder: Path, answer: dict[str, Any]) -> tuple[Standing, str]:
    (check,) = verify_citations(answer, folder)
    return check.standing, check.message


def test_a_quote_at_its_place_stands(tmp_path: Path) -> None:
    (tmp_path / "birds.txt").write_text(TEXT)
    assert standing(tmp_path, saved()) == (Standing.STANDS, "The quote is at its place.")


def test_a_change_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "birds.txt").write_text(TEXT + " The swift is late.")
    assert standing(tmp_path, saved()) == (
        Standing.STANDS,
        "The quote is at its place; the article has changed.",
    )


def test_a_renamed_file_is_found_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / "other.txt").write_text(TEXT)
    assert standing(tmp_path, saved()) == (
        Standing.STANDS,
        "The quote is at its place in moved/other.txt.",
    )


def test_a_quote_that_moved_says_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "birds.txt").write_text(f"News. {TEXT}")
    found, message = standing(tmp_path, saved())
    assert found is Standing.MOVED
    assert f"{START + 6}-{START + 6 + len(QUOTE)}" in message


def test_words_that_are_gone_and_articles_that_are_missing(tmp_path: Path) -> None:
    (tmp_path / "birds.txt").write_text(TEXT.replace("March", "April"))
    assert standing(tmp_path, saved())[0] is Standing.GONE
    assert standing(tmp_path, saved("fish.txt"))[0] is Standing.MISSING
    (tmp_path / "fish.txt").write_bytes(b"\x00\x01" * 20)
    assert standing(tmp_path, saved("fish.txt"))[0] is Standing.MISSING


def test_a_quote_that_was_tampered_with_does_not_stand(tmp_path: Path) -> None:
    (tmp_path / "birds.txt").write_text(TEXT)
    assert standing(tmp_path, saved(quote="The stork came back in May."))[0] is Standing.GONE


def test_an_article_may_be_a_line_of_a_file(tmp_path: Path) -> None:
    lines = [{"text": "Nothing here."}, {"text": TEXT}]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert standing(tmp_path, saved("all.jsonl#2"))[0] is Standing.STANDS
    assert standing(tmp_path, saved("all.jsonl#1")) == (
        Standing.STANDS,
        "The quote is at its place in all.jsonl#2.",
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"citations": 1}', '{"citations": [{}]}', "{"])
def test_what_is_no_saved_answer_is_an_error_of_ours(text: str) -> None:
    with pytest.raises(SavedAnswerError, match=r"a\.json is not .*pincite ask --json"):
        load(text, "a.json")
