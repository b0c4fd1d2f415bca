"""The command line with its vectors on a Chroma server that stands behind a proxy."""

from __future__ import annotations

import json
from pathlib import Path

from index.vectors import ChromaServer
from tests.assistant.cli.test_cli import WALKED_OUT, pincite
from tests.chroma import answering, token_proxy


def test_all_is_done_on_a_server_behind_a_proxy(
    chroma_server: ChromaServer, tmp_path: Path
) -> None:
    with answering(token_proxy(chroma_server, "sesame")) as url:
        settings = {"CHROMA_URL": url, "CHROMA_HEADERS": "Authorization: Bearer sesame"}
        done = pincite("index", home=tmp_path, **settings)
        assert done.returncode == 0, done.stderr
        answer = json.loads(pincite("ask", "--json", WALKED_OUT, home=tmp_path, **settings).stdout)
        assert answer["citations"][0]["path"] == "000_a4e95c297104fb05.txt"
        found = pincite("search", "--json", "-k", "3", WALKED_OUT, home=tmp_path, **settings)
        assert len(json.loads(found.stdout)["hits"]) == 3
        told = pincite("doctor", home=tmp_path, **settings)
        assert told.returncode == 0
        assert url in told.stdout
        assert "sesame" not in told.stdout + told.stderr

        wrong = pincite("ask", WALKED_OUT, home=tmp_path, CHROMA_URL=url, CHROMA_HEADERS="X: guess")
        assert wrong.returncode == 1
        assert "refuses us (HTTP 401)" in wrong.stderr
        assert "guess" not in wrong.stderr
        assert len(wrong.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*/derived/*/vectors"))
