"""The house's walls: which way imports run, and how few doors the big libraries have."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("index", "prompts", "assistant")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# From the outside in: a part imports only from parts below it, or from itself.
LAYERS = (
    ("assistant.cli",),
    ("assistant.web",),
    ("assistant.evaluation",),
    ("assistant.assistant",),
    ("assistant.conversation", "assistant.query_engine", "assistant.saved"),
    ("assistant.answerers",),
    ("assistant.verification", "assistant.retrieval"),
    ("assistant.draft",),
    ("assistant.understanding",),
    ("assistant.prompting",),
    ("assistant.evidence", "assistant.llm"),
    ("assistant.answer", "assistant.settings", "assistant.threads"),
    ("assistant.prices", "assistant.errors"),
    ("prompts",),
    ("index",),
)
OURS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in MODULES
}
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}

# The files that may import a library; the fewer, the easier another can take its place.
DOORS = {
    "chromadb": {"index/vectors.py"},
    "tantivy": {"index/keywords.py", "index/analysis.py"},
    "onnxruntime": {"index/bundled.py"},
    "sqlite3": {"index/database.py", "index/vectors.py"},  # the latter copies Chroma's own file
    "openai": {
        "assistant/llm/context.py",
        "assistant/llm/failures.py",
        "assistant/llm/server.py",
        "index/llama.py",
    },
    "tiktoken": {"index/tokens.py"},
    "xllamacpp": {"assistant/llm/llama_process.py"},
    "matplotlib": {"assistant/evaluation/plots.py"},
    "jinja2": {"assistant/evaluation/html.py", "prompts/__init__.py"},
    "gradio": None,
}


def imports(path: Path) -> Iterator[str]:
    """What a file imports when it runs, wherever in the file; not what only type checkers read."""
    tree = ast.parse(path.read_text("utf-8"))
    typed = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for node in ast.walk(test)
    }
    yield from names(node for node in ast.walk(tree) if node not in typed)


def top_level_imports(path: Path) -> Iterator[str]:
    """What a file imports as soon as it is imported itself."""
    yield from names(ast.parse(path.read_text("utf-8")).body)


def names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that these statements import: the most precise names of them."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in inner if name in OURS]
            yield from modules
            if len(modules) < len(inner):
                yield node.module


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def part_of(module: str) -> str | None:
    """The part of the house that a module belongs to; ``None`` for what is not ours."""
    return max((part for part in LEVEL if within(module, part)), key=len, default=None)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    here = part_of(module_of(path))
    if here is None:
        assert module_of(path) == "assistant"  # the public names, imported on first use
        return
    others = {part for name in imports(path) if (part := part_of(name)) and part != here}
    wrong = {part for part in others if LEVEL[part] <= LEVEL[here]}
    assert not wrong, f"{module_of(path)} imports {sorted(wrong)}"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_imports_in_a_circle(package: str) -> None:
    ours = {module_of(path): path for path in MODULES if within(module_of(path), package)}
    graph = {
        name: {other for other in top_level_imports(path) if other in ours and other != name}
        for name, path in ours.items()
    }
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError


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
