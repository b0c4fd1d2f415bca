"""A proposed filter → one of names that the register has, and what is told of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.understanding.names import Names
from index.filtering import Filter

_BY = "No article is by “{}”: not applied."
_IN = "No article was published by “{}”: not applied."
_OF = "No article is called “{}”: not applied."


def resolve(proposed: Filter, names: Names) -> tuple[Filter, tuple[str, ...]]:
    """The filter in the register's names, and a sentence for each name that it does not have."""
    notes: list[str] = []
    resolved = Filter(
        proposed.published,
        tuple(_known(proposed.authors, names.authors, _BY, notes)),
        tuple(_known(proposed.publishers, names.publishers, _IN, notes)),
        tuple(_known(proposed.articles, names.articles, _OF, notes)),
    )
    return resolved, tuple(notes)


def _known(
    wanted: Sequence[str],
    look_up: Callable[[str], tuple[str, ...]],
    told: str,
    notes: list[str],
) -> Iterator[str]:
    for name in wanted:
        found = look_up(name)
        if not found:
            notes.append(told.format(name))
        yield from found
