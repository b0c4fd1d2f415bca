from __future__ import annotations

import subprocess
from pathlib import Path

from assistant.evaluation.provenance import commit, corpus_of, versions
from tests.assistant.evaluation.subject import ARTICLES, Shelf


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_corpus_is_known_by_its_articles_and_its_fingerprint() -> None:
    whole = corpus_of(Shelf())
    assert whole["articles"] == 2
    assert whole["fingerprint"] == {"embedding": "words"}
    assert corpus_of(Shelf(ARTICLES[::-1])) == whole
    assert corpus_of(Shelf(ARTICLES[:1]))["hash"] != whole["hash"]


def test_the_commit_says_whether_files_differ_from_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("1")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "one")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == head
    (tmp_path / "file").write_text("2")
    assert commit(tmp_path) == f"{head}-dirty"


def test_a_repository_around_the_program_is_not_the_programs(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    inside = tmp_path / "site-packages"
    inside.mkdir()
    assert commit(inside) == ""
    assert commit(tmp_path / "missing") == ""


def test_versions_hold_what_matters() -> None:
    assert {"python", "system", "pincite", "chromadb", "commit"} <= set(versions())
