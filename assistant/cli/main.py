"""Arguments in, a command called, an exit status out."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from assistant.cli.parser import parser
from assistant.cli.streams import OutputError, flush, say
from assistant.errors import QuestionError, SettingsError
from index.errors import PinciteError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``pincite``; the exit status."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every terminal has every character
    try:
        try:
            return _run(parser().parse_args(arguments))
        finally:
            flush()
    except (SettingsError, QuestionError) as error:
        return _fail(error, 2)
    except OutputError as error:
        _discard_output()
        return _fail(error, 1) if error.has_reader else 1
    except PinciteError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        say("Interrupted. What was indexed is kept: run it again to go on.")
        return 130


def _run(options: Namespace) -> int:
    # What a command needs takes seconds to import; --help and a mistyped word should not.
    from assistant.cli import commands

    return int(getattr(commands, options.command)(options))


def _fail(error: Exception, status: int) -> int:
    say(f"pincite: {error}")
    return status


def _discard_output() -> None:
    """What is left in the buffer goes nowhere: the interpreter would try to write it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
