"""The command line, ``pincite``. Its commands are thin: what they do is in the packages below."""

from assistant.cli.main import main

__all__ = ["main"]
