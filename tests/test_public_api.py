"""The public API: flat, typed, documented; its nouns are values."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

import assistant
from assistant import (
    Answer,
    Citation,
    Consulted,
    Finding,
    Location,
    Outcome,
    PinciteError,
    Scope,
    Statement,
    Support,
    Usage,
)
from index.article import Article, Metadata, Span, article_id
from index.filtering import Filter
from tests.conftest import ROOT

TEXT = "Talks. Kerry met Lavrov on 21 May in Vienna."


def article(path: str = "talks.txt") -> Article:
    metadata = Metadata("Talks", ("Ann Lee",), date(2016, 5, 22), stated={"title": Span(0, 6)})
    return Article(article_id(TEXT), TEXT, metadata, (path,))


@pytest.fixture
def answer() -> Answer:
    finding = Finding("date", 20, 26, "“12 May” is not in the cited text.", "21 May")
    return Answer(
        question="When did they meet?",
        standalone="When did Kerry and Lavrov meet?",
        statements=(
            Statement("Kerry met Lavrov on 12 May.", (1,), Support.UNSUPPORTED, (finding,)),
            Statement("Kerry met Lavrov on 21 May in Vienna.", (1,), Support.QUOTED),
        ),
        citations=(Citation(1, article(), 7, 44, (Location(article("copy.txt"), 7, 44),)),),
        outcome=Outcome.PARTIAL,
        missing="where they met before",
        consulted=(Consulted(article(), 0, 44, 0.5),),
        scope=Scope(Filter(published=(date(2016, 1, 1), None), authors=("Lee",))),
        usage=Usage(10, 2, 1, 0.5),
        timings_ms={"total": 1.5},
    )


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(assistant, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (value.__doc__ or "").strip()
        assert not (value.__doc__ or "").startswith(f"{name}("), "a dataclass without a docstring"


def test_the_names_are_sorted_and_listed() -> None:
    assert assistant.__all__ == sorted(assistant.__all__)
    assert set(assistant.__all__) <= set(dir(assistant))
    with pytest.raises(AttributeError, match="Asistant"):
        _ = assistant.Asistant


def test_all_errors_have_one_root() -> None:
    errors = [getattr(assistant, name) for name in assistant.__all__ if name.endswith("Error")]
    assert len(errors) >= 10
    assert all(issubclass(error, PinciteError) for error in errors)


@pytest.mark.parametrize("package", ["assistant", "index", "prompts"])
def test_the_packages_are_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()


def test_the_version_is_that_of_the_distribution() -> None:
    assert f'version = "{assistant.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_an_answer_is_a_value(answer: Answer) -> None:
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert copy.copy(answer) == copy.deepcopy(answer) == answer
    assert replace(answer, missing=None) != answer
    assert replace(answer, timings_ms={"total": 9.0}) == answer
    with pytest.raises(FrozenInstanceError):
        answer.missing = None  # type: ignore[misc]


def test_an_answer_as_a_dict_is_the_documented_json(answer: Answer) -> None:
    found = json.loads(json.dumps(answer.as_dict()))
    keys = "question standalone text outcome missing message statements citations consulted scope"
    assert {*keys.split(), "answerer", "model", "usage", "timings_ms"} <= found.keys()
    assert (found["outcome"], found["missing"]) == ("partial", "where they met before")
    assert found["statements"][0]["support"] == "unsupported"
    assert found["statements"][0]["findings"][0]["instead"] == "21 May"
    (citation,) = found["citations"]
    assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["published"] == "2016-05-22"
    assert [copied["path"] for copied in citation["also_in"]] == ["copy.txt"]
    assert found["scope"]["within"]["from"] == "2016-01-01"


def test_the_text_has_the_numbers_of_its_citations(answer: Answer) -> None:
    assert str(answer) == answer.text
    assert "in Vienna. [1]" in answer.text
    assert not answer.abstained
    assert replace(answer, outcome=Outcome.NOT_FOUND).abstained


def test_the_licence_is_the_one_that_is_named() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache" in (ROOT / "README.md").read_text("utf-8")


def test_metadata_cannot_be_changed_through_what_it_is_made_of() -> None:
    stated = {"title": Span(0, 6)}
    metadata = Metadata("Talks", stated=stated)
    stated.clear()
    assert dict(metadata.stated) == {"title": Span(0, 6)}
