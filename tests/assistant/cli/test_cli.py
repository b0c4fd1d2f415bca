"""The command line as a person meets it: what it prints, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

import pytest

import assistant
from assistant.cli.setup import AT_MOST
from index.lock import writer_lock
from tests.conftest import SEEDS

WALKED_OUT = "On what date did the Syrian opposition walk out of the Geneva talks?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


def pincite(
    *arguments: str, home: Path, given: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    return run(arguments, home, given or "", settings)


def run(
    arguments: Sequence[str],
    home: Path,
    given: str = "",
    settings: Mapping[str, str] = MappingProxyType({}),
    stdout: int | TextIO = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, "PINCITE_HOME": str(home), "PINCITE_CORPUS": str(SEEDS), **settings}
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        env={name: value for name, value in environment.items() if value},
        cwd=home,
        input=given,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )


def test_ask_prints_the_documented_json(home: Path) -> None:
    done = pincite("ask", "--json", WALKED_OUT, home=home)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    keys = "question standalone text outcome missing message statements citations consulted scope"
    assert {*keys.split(), "answerer", "model", "usage", "timings_ms"} <= answer.keys()
    assert answer["outcome"] == "answered"
    citation = answer["citations"][0]
    text = (SEEDS / citation["path"]).read_bytes().decode("utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["published"] == "2016-04-28"
    assert answer["statements"][0]["citations"] == [1]


def test_what_the_articles_do_not_answer_ends_with_status_3(home: Path) -> None:
    done = pincite("ask", "--json", "What is the recipe for kibbeh?", home=home)
    answer = json.loads(done.stdout)
    assert done.returncode == 3
    assert answer["outcome"] == "not_found"
    assert answer["citations"] == []


@pytest.mark.parametrize("arguments", [["-"], []])
def test_a_question_is_read_from_standard_input(home: Path, arguments: list[str]) -> None:
    done = pincite("ask", *arguments, home=home, given=f"{WALKED_OUT}\n")
    assert done.returncode == 0, done.stderr
    assert "April 21" in done.stdout
    assert "[1]" in done.stdout


def test_no_question_is_a_wrong_call(home: Path) -> None:
    done = pincite("ask", "-", home=home, given=" \n")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert done.stderr.startswith("pincite: ")


def test_search_prints_the_documented_json(home: Path) -> None:
    done = pincite("search", "--json", "-k", "3", "air strikes on Aleppo", home=home)
    found = json.loads(done.stdout)
    assert found["query"] == "air strikes on Aleppo"
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        text = (SEEDS / hit["path"]).read_bytes().decode("utf-8")
        assert text[hit["start"] : hit["end"]] == hit["text"]


def test_search_and_ask_keep_to_the_articles_asked_for(home: Path) -> None:
    only = ["--from", "2015", "--to", "2015-08", "--author", "borshchevskaya"]
    found = json.loads(pincite("search", "--json", "Kerry", *only, home=home).stdout)
    assert {hit["path"][:3] for hit in found["hits"]} == {"003", "004"}
    asked = pincite(
        "ask", "--json", "What did Kerry say?", "--article", found["hits"][0]["path"], home=home
    )
    answer = json.loads(asked.stdout)
    assert {read["path"] for read in answer["consulted"]} == {found["hits"][0]["path"]}
    assert answer["scope"]["within"]["articles"] == [found["hits"][0]["path"]]


def test_a_day_that_is_none_and_a_period_that_is_none(home: Path) -> None:
    done = pincite("search", "Kerry", "--from", "spring", home=home)
    assert (done.returncode, "must be like 2016-04-28" in done.stderr) == (2, True)
    done = pincite("search", "Kerry", "--from", "2016", "--to", "2015", home=home)
    assert (done.returncode, "ends before it begins" in done.stderr) == (1, True)


def test_a_conversation_on_a_pipe(home: Path) -> None:
    given = "Who is Yury Barmin?\n\nAnd what does he say about Aleppo?\n/help\n/exit\nIgnored?\n"
    done = pincite("chat", home=home, given=given)
    assert done.returncode == 0, done.stderr
    assert "Barmin" in done.stdout
    assert "Aleppo" in done.stdout
    assert "/new" in done.stdout
    assert "> " not in done.stdout
    assert "Ignored" not in done.stdout + done.stderr


def test_an_unknown_command_in_a_conversation_is_no_question(home: Path) -> None:
    done = pincite("chat", home=home, given="/halp\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert "/help" in done.stderr


def test_a_text_is_checked_sentence_by_sentence(home: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    quote = "On April 21, representatives of the Syrian opposition walked out of the Geneva talks"
    draft.write_text(f"{quote}.", encoding="utf-8")
    done = pincite("check", str(draft), home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[1]" in done.stdout
    wrong = f"{quote.replace('21', '12')}."
    done = pincite("check", "-", "--json", home=home, given=wrong)
    assert done.returncode == 3, done.stdout + done.stderr
    (statement,) = json.loads(done.stdout)["statements"]
    assert statement["support"] == "unsupported"
    assert statement["findings"][0]["kind"] == "date"


def test_a_saved_answer_is_verified_against_the_files(home: Path, tmp_path: Path) -> None:
    corpus, saved = tmp_path / "corpus", tmp_path / "answer.json"
    corpus.mkdir()
    note = corpus / "note.txt"
    note.write_text("The heron nests in the old mill every spring.")
    settings = {"PINCITE_CORPUS": str(corpus)}
    asked = pincite("ask", "--json", "Where does the heron nest?", home=home, **settings)
    saved.write_text(asked.stdout)
    done = pincite("verify", str(saved), home=home, **settings)
    assert (done.returncode, "[1] stands" in done.stdout) == (0, True)
    note.write_text("News. The heron nests in the old mill every spring.")
    done = pincite("verify", str(saved), home=home, **settings)
    assert (done.returncode, "[1] moved" in done.stdout) == (1, True)
    note.unlink()
    (corpus / "other.txt").write_text("Nothing of that kind.")
    done = pincite("verify", "--json", "-", home=home, given=asked.stdout, **settings)
    assert (done.returncode, json.loads(done.stdout)[0]["standing"]) == (1, "missing")


def test_index_takes_paths_as_the_corpus(home: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The heron nests in the old mill every spring.")
    done = pincite("index", str(tmp_path), home=home, PINCITE_CORPUS="")
    assert done.returncode == 0, done.stderr
    asked = pincite("ask", "Where does the heron nest?", home=home, PINCITE_CORPUS="")
    assert "old mill" in asked.stdout


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text("The heron nests in the old mill every spring.")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02" * 50)
    done = pincite("index", home=home, PINCITE_CORPUS=str(tmp_path))
    assert done.returncode == 1
    assert (done.stderr + done.stdout).count("bad.txt") == 1
    assert done.stdout.startswith("1 added; 1 passages embedded")


def test_indexing_beside_another_process_fails_and_names_it(home: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The heron nests in the old mill every spring.")
    corpus = str(tmp_path)
    assert pincite("index", home=home, PINCITE_CORPUS=corpus).returncode == 0
    (tmp_path / "more.txt").write_text("The stork came back in March.")
    (folder,) = home.glob(f"{tmp_path.name}-*")
    with writer_lock(folder, 0):
        done = pincite("index", home=home, PINCITE_CORPUS=corpus)
        asked = pincite("ask", "Where does the heron nest?", home=home, PINCITE_CORPUS=corpus)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"pid {os.getpid()}" in done.stderr
    assert asked.returncode == 0
    assert "old mill" in asked.stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "status", "says"),
    [
        (["ask", "x"], {"PINCITE_CORPUS": "/no/such/folder"}, 1, "/no/such/folder"),
        (["ask", "x"], {"PINCITE_CORPS": "a"}, 2, "PINCITE_CORPUS"),
        (["ask", "x"], {"PINCITE_LLM": "openai"}, 2, "OPENAI_API_KEY"),
        (["ask", "x"], {"PINCITE_PASSAGE_TOKENS": "100"}, 1, "pincite index --rebuild"),
        (["evaluate", "/no/such/file"], {}, 1, "/no/such/file"),
        (["check", "/no/such/file"], {}, 1, "/no/such/file"),
        (["verify", "/no/such/file"], {}, 1, "/no/such/file"),
        (["verify", str(SEEDS / "000_a4e95c297104fb05.txt")], {}, 1, "pincite ask --json"),
        (["ask", "x"], {"PINCITE_STRICT": "true"}, 2, "PINCITE_STRICT is not a setting"),
        (
            ["ask", WALKED_OUT],
            {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-secret"},
            1,
            "127.0.0.1:9",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_a_remedy(
    home: Path, arguments: list[str], settings: dict[str, str], status: int, says: str
) -> None:
    done = pincite(*arguments, home=home, **settings)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "sk-secret" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("pincite: ")


def test_an_empty_corpus_is_an_error(home: Path, tmp_path: Path) -> None:
    done = pincite("ask", "x", home=home, PINCITE_CORPUS=str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_sentence(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = run(["search", "--json", "Aleppo"], home, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "pincite: The output cannot be written (No space"
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_reader_that_leaves_is_not_told(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed:
        done = run(["search", "-k", "50", "Aleppo"], home, stdout=closed)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_version_and_a_completion_script(home: Path) -> None:
    assert pincite("--version", home=home).stdout == f"pincite {assistant.__version__}\n"
    script = pincite("--print-completion", "bash", home=home).stdout
    assert "evaluate" in script
    checked = subprocess.run(["bash", "-n"], input=script, text=True, check=False)
    assert checked.returncode == 0


def test_of_a_large_corpus_what_is_indexed_is_searched(home: Path, tmp_path: Path) -> None:
    for number in range(AT_MOST + 7):
        (tmp_path / f"{number:03}.txt").write_text(f"The heron nests in mill {number}.")
    corpus = str(tmp_path)
    done = pincite("search", "--json", "heron", home=home, PINCITE_CORPUS=corpus)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hits"]
    assert "7 new or changed files are not indexed yet" in done.stderr
    assert "pincite index" in done.stderr
    assert pincite("index", home=home, PINCITE_CORPUS=corpus).stdout.startswith("7 added")


def test_the_chat_is_served_before_there_is_an_article(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    arguments = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0"]
    environment = {"PINCITE_HOME": str(home), "PINCITE_CORPUS": str(tmp_path / "empty")}
    process = subprocess.Popen(
        arguments,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert said.startswith("The chat is open at http://127.0.0.1:"), errors


def test_no_command_is_a_usage_error(home: Path) -> None:
    assert pincite(home=home).returncode == 2


def test_a_text_cannot_rewrite_the_screen(home: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("The heron \x1b[2J nests in the old mill every spring.")
    done = pincite("ask", "Where does the heron nest?", home=home, PINCITE_CORPUS=str(tmp_path))
    assert "old mill" in done.stdout
    assert "\x1b" not in done.stdout


def test_doctor_finds_all_sound(home: Path) -> None:
    done = pincite("doctor", home=home)
    assert done.returncode == 0, done.stdout
    assert "nothing leaves" in done.stdout
