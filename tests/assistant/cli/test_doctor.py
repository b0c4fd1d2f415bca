"""What `pincite doctor` says of a model that answers, that does not, and of files not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.doctor import Result, examine
from assistant.settings import Settings
from tests.conftest import SEEDS
from tests.llm_server import ModelServer, fails, says


def examined(settings: Settings) -> dict[str, Result]:
    return {result.what: result for result in examine(settings)}


def settings(home: Path, **others: object) -> Settings:
    return Settings().with_changes(corpus=SEEDS, home=home, **others)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor")


def test_a_model_that_is_not_there_is_what_is_wrong_and_not_the_index(home: Path) -> None:
    found = examined(settings(home, llm=f"gguf:{home / 'none.gguf'}"))
    assert not found["language model"].sound
    assert "There is no file" in found["language model"].text
    assert found["index"].sound


def test_a_server_is_asked_whether_it_answers(home: Path) -> None:
    with ModelServer(says("OK")) as server:
        found = examined(settings(home, openai_base_url=server.url, model="little"))
    assert found["language model"].sound
    assert "answered in" in found["language model"].text
    assert server.asked[0].body["model"] == "little"


def test_a_server_that_does_not_answer_is_not_sound(home: Path) -> None:
    with ModelServer(fails(401)) as server:
        found = examined(settings(home, openai_base_url=server.url))
    assert not found["language model"].sound
    assert "OPENAI_API_KEY" in found["language model"].text
    assert found["index"].sound


def test_the_judge_is_asked_too(home: Path) -> None:
    with ModelServer(says("OK")) as server:
        found = examined(settings(home, openai_base_url=server.url, judge_model="wise"))
    assert found["judge"].sound
    assert [asked.body["model"] for asked in server.asked] == ["gpt-4.1-mini", "wise"]


def test_files_that_were_not_read_are_named(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.txt").write_text("The heron nests in the old mill every spring.")
    (corpus / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)
    found = examined(Settings(corpus=corpus, home=tmp_path / "home"))
    assert found["index"].sound
    assert not found["file"].sound
    assert "bad.txt" in found["file"].text
