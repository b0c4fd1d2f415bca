"""The house's walls: which way imports run, and how few doors the big libraries have."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("index", "prompts", "assistant")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# Of each package's part, what it must not import.
FORBIDDEN = {
    "index": ("assistant", "prompts"),
    "prompts": ("assistant",),
    "assistant/evaluation": ("assistant.web", "assistant.cli", "assistant.commands"),
    "assistant/web": ("assistant.cli", "assistant.commands"),
    "assistant": ("assistant.cli",),
}
CORE = ("assistant.web", "assistant.evaluation", "assistant.commands", "assistant.terminal")
OUTER = {"cli.py", "commands.py", "terminal.py", "doctor.py"}

# The files that may import a library; the fewer, the easier another can take its place.
DOORS = {
    "chromadb": {"index/vectors.py"},
    "tantivy": {"index/keywords.py"},
    "onnxruntime": {"index/bundled.py"},
    "sqlite3": {"index/database.py", "index/vectors.py"},  # the latter copies Chroma's own file
    "openai": {
        "assistant/context.py",
        "assistant/failures.py",
        "assistant/llm.py",
        "index/llama.py",
    },
    "tiktoken": {"index/tokens.py"},
    "xllamacpp": {"assistant/llama_process.py"},
    "matplotlib": {"assistant/evaluation/plots.py"},
    "jinja2": {"assistant/evaluation/html.py", "prompts/__init__.py"},
    "gradio": None,
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    part = next(part for part in FORBIDDEN if place.startswith(f"{part}/"))
    forbidden = FORBIDDEN[part]
    if part == "assistant" and path.name not in OUTER:
        forbidden = (*forbidden, *CORE)
    wrong = {name for name in imports(path) for other in forbidden if within(name, other)}
    assert not wrong, f"{place} imports {sorted(wrong)}"


@pytest.mark.parametrize("library", DOORS)
def test_a_big_library_has_few_doors(library: str) -> None:
    doors = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(within(name, library) for name in imports(path))
    }
    assert doors, f"{library} is a dependency that nothing uses"
    allowed = DOORS[library]
    if allowed is None:
        assert all(door.startswith("assistant/web/") for door in doors)
    else:
        assert doors <= allowed


@pytest.mark.parametrize("package", ["assistant", "index", "assistant.cli", "assistant.settings"])
def test_importing_costs_nothing(package: str) -> None:
    heavy = "chromadb llama_index gradio onnxruntime openai tantivy numpy matplotlib jinja2".split()
    code = f"import sys, {package}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
