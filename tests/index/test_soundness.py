"""Processes that are killed, and processes side by side: never a wrong ranking."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soundness import Work, articles, write_articles

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mode", [[], ["--server"]], ids=["embedded", "server"])
def test_a_killed_index_is_as_good_as_a_clean_one(mode: list[str]) -> None:
    """A short form of the script, whose full form anyone can run."""
    command = [sys.executable, "benchmarks/soundness.py", "--kills", "3", "--articles", "9", *mode]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.match(r"3 kills \(.*\): 0 different", run.stdout)


READER = """
import sys
from pathlib import Path
from benchmarks.soundness import HashingEmbedder, Options, Library

library = Library.open(sys.argv[1], sys.argv[2], options=Options(HashingEmbedder()), sync=False)
query = "Zebrafish regrow fins."
vector = library.embedder.query(query)
told = None
while told != ("zebrafish.txt", "zebrafish.txt"):
    found = []
    for ids in library.use(lambda both: (both.nearest(vector, 1), both.matching(query, 1))):
        passages = library.catalogue.passages([id for id, _ in ids])
        found.append("".join(passage.article.path for passage in passages.values()))
    if told != (told := tuple(found)):
        print(*told, sep="|", flush=True)
"""


def test_readers_beside_a_writer_see_what_it_publishes(tmp_path: Path) -> None:
    work = Work(tmp_path / "corpus", tmp_path / "home")
    write_articles(work.corpus, articles(8))
    with work.open() as library:
        command = [sys.executable, "-c", READER, str(work.corpus), str(work.home)]
        readers = [
            subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        for reader in readers:
            assert reader.stdout is not None
            nearest, _, matching = reader.stdout.readline().rstrip("\n").partition("|")
            assert nearest.startswith("article")
            assert matching == ""
        text = "About fish\n\nZebrafish regrow fins.\n"
        (work.corpus / "zebrafish.txt").write_text(text, encoding="utf-8")
        assert library.sync().added == 1
    for reader in readers:
        said, complaint = reader.communicate(timeout=60)
        assert complaint == ""
        assert said == "zebrafish.txt|zebrafish.txt\n"
