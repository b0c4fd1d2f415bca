"""The reference pages are what the program makes of itself."""

from __future__ import annotations

import pytest

from assistant.cli.parser import arguments, commands, parser
from assistant.cli.reference import cli_page, settings_page
from tests.conftest import ROOT

REFERENCE = ROOT / "docs" / "reference"
AGAIN = "run `python -m assistant.cli.reference`"


def test_the_page_of_the_command_line_is_as_made() -> None:
    assert (REFERENCE / "cli.md").read_text("utf-8") == cli_page(), AGAIN


def test_the_page_of_the_settings_is_as_made() -> None:
    assert (REFERENCE / "settings.md").read_text("utf-8") == settings_page(), AGAIN


@pytest.mark.parametrize("name", commands(parser()))
def test_every_command_is_documented(name: str) -> None:
    command = commands(parser())[name]
    assert command.description
    assert all(argument.help for argument in arguments(command))
    assert f"`pincite {name}" in (ROOT / "README.md").read_text("utf-8")
