"""The command line: arguments in, a command called, an exit status out.

Exit status: 0 done; 1 it could not be done, in whole or in part; 2 the call or a setting is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``pincite``; the exit status."""
    options = parser().parse_args(arguments)
    # What a command needs takes seconds to import; --help and a mistyped word should not.
    from assistant import commands
    from assistant.errors import SettingsError
    from index.errors import PinciteError

    try:
        return int(getattr(commands, options.command)(options))
    except SettingsError as error:
        return _fail(error, 2)
    except PinciteError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        print("Interrupted. What was indexed is kept: run it again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _fail(error: Exception, status: int) -> int:
    print(f"pincite: {error}", file=sys.stderr)
    return status


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="pincite",
        description="Questions to your articles, answered with a citation behind every sentence.",
        epilog="Settings come from the environment and .env; .env.example lists them all.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _index(commands.add_parser("index", help="bring the index up to date with the articles"))
    _ask(commands.add_parser("ask", help="answer one question"))
    commands.add_parser("chat", help="ask in the terminal, with follow-ups")
    _search(commands.add_parser("search", help="find passages"))
    _serve(commands.add_parser("serve", help="open the chat in the browser"))
    _evaluate(commands.add_parser("evaluate", help="measure answers against a test set"))
    _doctor(commands.add_parser("doctor", help="say what is configured and whether all is sound"))
    return top


def _index(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="folders or files; without PINCITE_CORPUS they become the corpus, "
        "with it they are added to that one; none: the corpus as it is",
    )
    command.add_argument(
        "--rebuild",
        action="store_true",
        help="take over other settings; only what must change is embedded again",
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _ask(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", metavar="QUESTION")
    command.add_argument("--json", action="store_true", help="print the answer as JSON")
    _filters(command)


def _search(command: argparse.ArgumentParser) -> None:
    command.add_argument("query", metavar="QUERY")
    command.add_argument("-k", type=_positive, default=10, metavar="N", help="how many (10)")
    command.add_argument("--json", action="store_true", help="print the hits as JSON")
    _filters(command)


def _filters(command: argparse.ArgumentParser) -> None:
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


def _serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="address to listen on (PINCITE_HOST)")
    command.add_argument("--port", type=int, help="port, 0 for any free one (PINCITE_PORT)")
    command.add_argument("--open", action="store_true", help="open the browser too")


def _evaluate(command: argparse.ArgumentParser) -> None:
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


def _doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--repair", action="store_true", help="mend what is not sound")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


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


if __name__ == "__main__":
    sys.exit(main())
