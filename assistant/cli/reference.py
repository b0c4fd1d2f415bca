"""The pages of docs/reference, made from the parser and the settings.

``python -m assistant.cli.reference`` writes them anew; a test holds them to what this makes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from assistant.cli.parser import STATUSES, arguments, commands, parser
from assistant.settings import Settings, plain, variable

PAGES = Path("docs/reference")


def cli_page() -> str:
    """docs/reference/cli.md."""
    top = parser()
    lines = ["# Command line", "", f"{top.description}", "", "## pincite", ""]
    lines += _argument_lines(top)
    for name, command in commands(top).items():
        lines += ["", f"## pincite {name}", "", f"{command.description}", ""]
        lines += _argument_lines(command)
    lines += ["", "## Exit status", ""]
    lines += [f"- `{status[0]}`: {status[1:].strip()}" for status in STATUSES.splitlines()]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "Read from the environment, then from `.env` in the working directory. An empty value",
        'counts as unset. In Python, `Settings(style="quotes")` takes the names in lower case,',
        "without `PINCITE_`.",
    ]
    for name, field in Settings.model_fields.items():
        default = plain(field.default)
        stated = "unset" if default is None else f"`{default}`"
        lines += ["", f"## `{variable(name)}`", "", " ".join((field.description or "").split())]
        lines += ["", f"Default: {stated}"]
    return "\n".join(lines) + "\n"


def _argument_lines(command: argparse.ArgumentParser) -> Iterator[str]:
    for argument in arguments(command):
        # Each command has a part of its own, and each has --help.
        if not isinstance(argument.choices, dict) and argument.dest != "help":
            yield f"- `{_name(argument)}`: {argument.help}"


def _name(argument: argparse.Action) -> str:
    """``--from DATE``, ``-k N`` or ``PATH``, as it is typed."""
    value = argument.metavar or (argument.dest.upper() if argument.nargs != 0 else "")
    if isinstance(argument.choices, list | tuple):
        value = "|".join(argument.choices)
    values = " ".join([str(value)] * (argument.nargs if isinstance(argument.nargs, int) else 1))
    return " ".join(filter(None, (", ".join(argument.option_strings), values)))


if __name__ == "__main__":
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / "cli.md").write_text(cli_page(), "utf-8")
    (PAGES / "settings.md").write_text(settings_page(), "utf-8")
