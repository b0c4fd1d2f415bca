from __future__ import annotations

from pathlib import Path

from assistant.doctor import examine
from assistant.settings import Settings
from tests.conftest import SEEDS


def test_a_model_that_is_not_there_is_what_is_wrong_and_not_the_index(tmp_path: Path) -> None:
    settings = Settings(corpus=SEEDS, home=tmp_path, llm=f"gguf:{tmp_path / 'none.gguf'}")
    found = {finding.what: finding for finding in examine(settings)}
    assert not found["answers"].sound
    assert "There is no file" in found["answers"].text
    assert found["index"].sound
