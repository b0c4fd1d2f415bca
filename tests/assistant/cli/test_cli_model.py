"""The command line with a language model: a real server on the loopback, with made-up replies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assistant.cli.test_cli import pincite
from tests.llm_server import Asked, Handler, ModelServer, says, sentences

QUESTION = "What did Frolov say Moscow's best strategy would be?"
WRITTEN = "Frolov said on 12 May that a defensive posture would be best."
REPLY = sentences((WRITTEN, [1]), outcome="partial", missing="what Assad thinks")


def writer(handler: Handler, asked: Asked) -> None:
    """Writes the sentence; says nothing when asked to understand or to judge."""
    schema = json.dumps(asked.body.get("response_format", {}))
    says(REPLY if '"sentences"' in schema else "{}")(handler, asked)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


def test_what_was_written_stays_seen_and_what_took_its_place_is_told(home: Path) -> None:
    with ModelServer(writer) as server:
        done = pincite("chat", home=home, given=f"{QUESTION}\n", OPENAI_BASE_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(WRITTEN)
    assert f"Quoted in place of: {WRITTEN}" in done.stdout
    assert "Not answered: what Assad thinks" in done.stdout


def test_a_finding_is_shown_with_the_sentence_that_stays(home: Path) -> None:
    settings = {"PINCITE_UNSUPPORTED": "mark", "PINCITE_JUDGE": "off"}
    with ModelServer(writer) as server:
        done = pincite("ask", QUESTION, home=home, OPENAI_BASE_URL=server.url, **settings)
    assert done.returncode == 0, done.stderr
    assert f"{WRITTEN} [1] (not supported)\n  ! “" in done.stdout
    assert "May” is not in the cited text" in done.stdout
