"""What the README shows is run, word for word."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = [
    line.partition("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
PINCITE = [line for line in SHELL if line.startswith("pincite") and "path/to" not in line]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
    return {**kept, "PINCITE_HOME": str(home), "PYTHONWARNINGS": "default"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def test_there_is_something_to_run() -> None:
    assert len(PYTHON) == 2
    assert len(PINCITE) >= 4


@pytest.mark.parametrize(("code", "prints"), list(zip(PYTHON, ("[1]", "“21 May”"), strict=True)))
def test_the_python_examples_run(code: str, prints: str, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert prints in done.stdout


@pytest.mark.parametrize("line", PINCITE)
def test_each_command_runs(line: str, home: Path) -> None:
    _, *arguments = shlex.split(line)
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_answer_shown_is_the_one_given(home: Path) -> None:
    shown = re.findall(r"```text\n(.*?)```", README, re.DOTALL)[0]
    _, *arguments = shlex.split(PINCITE[0])
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == shown.split()


def test_every_file_that_is_named_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not missing


def test_both_set_up_commands_are_targets() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {line.split()[1] for line in SHELL if line.startswith("make ")} <= set(targets)
