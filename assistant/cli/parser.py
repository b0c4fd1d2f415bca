"""The parser of the command line. It imports nothing that takes time.

``docs/reference/cli.md`` is made from it by :mod:`assistant.cli.reference`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from assistant.cli.streams import put

Command = argparse.ArgumentParser

_FILES = ("PATH", "TEXT-FILE", "ANSWER.json", "TESTSET", "FILE", "RUN", "BOUNDS")
"""Arguments that a shell completes with the names of files."""

STATUSES = """\
0  done; of a question: answered, at least in part
1  it could not be done, in whole or in part
2  the call or a setting is wrong
3  nothing clearly answers the question, or a statement is not supported"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="pincite",
        description="Questions to your articles, answered with a citation behind every sentence.",
        epilog="Settings come from the environment and .env; .env.example lists them all.\n\n"
        f"exit status:\n{STATUSES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    top.add_argument(
        "--print-completion",
        action=_Completion,
        choices=("bash", "zsh", "fish", "tcsh"),
        help="print a completion script for this shell and exit",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (help, describe) in _COMMANDS.items():
        describe(commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}."))
    return top


def _index(command: Command) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="folders or files. Without PINCITE_CORPUS they become the corpus; with it they "
        "are added to that one. None: the corpus as it is",
    )
    command.add_argument(
        "--rebuild",
        action="store_true",
        help="accept other settings; only what must change is embedded again",
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _ask(command: Command) -> None:
    command.add_argument(
        "question",
        nargs="?",
        metavar="QUESTION",
        help="the question; - or none: read from standard input",
    )
    command.add_argument("--json", action="store_true", help="print the answer as JSON")
    _style(command)
    _filters(command)


def _chat(command: Command) -> None:
    _style(command)


def _search(command: Command) -> None:
    command.add_argument("query", metavar="QUERY", help="what to look for")
    command.add_argument("-k", type=_positive, default=10, metavar="N", help="how many (10)")
    command.add_argument("--json", action="store_true", help="print the hits as JSON")
    _filters(command)


def _serve(command: Command) -> None:
    command.add_argument("--host", help="address to listen on (PINCITE_HOST)")
    command.add_argument("--port", type=int, help="port, 0 for any free one (PINCITE_PORT)")
    command.add_argument("--open", action="store_true", help="open the browser too")


def _check(command: Command) -> None:
    command.add_argument("file", metavar="TEXT-FILE", help="the text, in UTF-8; -: standard input")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    _filters(command)


def _verify(command: Command) -> None:
    command.add_argument(
        "file", metavar="ANSWER.json", help="what `ask --json` printed; -: standard input"
    )
    command.add_argument("--json", action="store_true", help="print the result as JSON")


def _evaluate(command: Command) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "testset",
        nargs="?",
        metavar="TESTSET",
        help="JSON Lines, or the folder of a public benchmark: see docs/evaluation.md",
    )
    what.add_argument(
        "--compare", nargs=2, metavar="RUN", help="what changed from one kept run to another"
    )
    what.add_argument(
        "--from", dest="kept", metavar="RUN", help="the figures of a kept run, without asking again"
    )
    what.add_argument(
        "--draft",
        type=_positive,
        metavar="N",
        help="propose N test cases from the articles, for a person to confirm (--out FILE)",
    )
    command.add_argument("--json", action="store_true", help="print the figures as JSON")
    command.add_argument(
        "--out", metavar="FILE", help="keep the run, question by question; or the drafts"
    )
    command.add_argument(
        "--report", metavar="FILE", help="write all of it as one HTML file, to be read in a browser"
    )
    command.add_argument("--limit", type=_positive, metavar="N", help="only the first N cases")
    command.add_argument(
        "--sample", type=_positive, metavar="N", help="only N cases, each type in proportion"
    )
    command.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="ask N questions at a time (1)"
    )
    command.add_argument("--type", metavar="TYPE", help="only cases of this type")
    command.add_argument("--split", metavar="SPLIT", help="only cases of this split")
    command.add_argument(
        "--without-gold",
        action="store_true",
        help="ask every question a second time, with its gold articles excluded",
    )
    command.add_argument(
        "--retrieval", action="store_true", help="ask for no answers: only what is retrieved"
    )
    command.add_argument(
        "--judge", action="store_true", help="let the language model judge the answers too"
    )
    command.add_argument("--check", action="store_true", help="only check that the gold resolves")
    command.add_argument(
        "--fail-under",
        metavar="BOUNDS",
        help="status 1 if a figure is worse, such as recall@10=0.9,false_refusal=0.1, "
        "or a file of such bounds, one a line",
    )
    command.add_argument(
        "--baseline", metavar="RUN", help="status 1 if a figure is significantly worse than there"
    )


def _doctor(command: Command) -> None:
    command.add_argument("--repair", action="store_true", help="mend what is not sound")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


_COMMANDS = {
    "index": ("bring the index up to date with the articles", _index),
    "ask": ("answer one question", _ask),
    "chat": ("ask in the terminal, with follow-ups", _chat),
    "search": ("find passages", _search),
    "serve": ("open the chat in the browser", _serve),
    "check": ("check whether the articles support a text, sentence by sentence", _check),
    "verify": ("check whether a saved answer's citations still stand in the files", _verify),
    "evaluate": ("measure answers against a test set", _evaluate),
    "doctor": ("say what is configured, and whether it works and the index is sound", _doctor),
}


def _style(command: Command) -> None:
    command.add_argument(
        "--style",
        choices=("prose", "quotes"),
        help="whether a language model writes, or only chooses what is quoted (PINCITE_STYLE)",
    )


def _filters(command: Command) -> None:
    only = command.add_argument_group(
        "only these articles", "Of several authors, publishers or articles, one is enough."
    )
    for option, last, what in (("--from", False, "or later"), ("--to", True, "or earlier")):
        only.add_argument(
            option,
            dest=option.strip("-") + "_day",
            type=partial(_day, last=last),
            metavar="DATE",
            help=f"published on this day {what}: 2016-04-28, 2016-04 or 2016",
        )
    for option, what in (
        ("--author", "name of the author, or a part of it"),
        ("--publisher", "name of the publisher, or host of the address"),
        ("--article", "path or id of the article"),
    ):
        only.add_argument(option, action="append", default=[], metavar="NAME", help=what)


def _day(text: str, *, last: bool) -> date:
    from index.errors import FilterError
    from index.filtering import day_written

    try:
        return day_written(text, last=last)
    except FilterError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return value


class _Version(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option: str | None = None,
    ) -> None:
        import assistant

        put(f"pincite {assistant.__version__}")
        parser.exit()


class _Completion(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option: str | None = None,
    ) -> None:
        import shtab

        for command in commands(parser).values():
            for argument in arguments(command):
                if argument.metavar in _FILES:
                    argument.complete = shtab.FILE  # type: ignore[attr-defined]
        put(shtab.complete(parser, str(values)))
        parser.exit()


def commands(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each command, by its name."""
    return next(dict(one.choices) for one in arguments(top) if isinstance(one.choices, dict))


def arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a command takes. (argparse has no public name for it.)"""
    return command._actions
