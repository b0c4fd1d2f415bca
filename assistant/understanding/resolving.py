"""A proposed filter → one of names that the register has, and what is told of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.understanding.names import Names
from index.filtering import Filter


def resolve(
    proposed: Filter, names: Names, *, strict: bool = False
) -> tuple[Filter, tuple[str, ...]]:
    """The filter in the register's names, and a sentence for each name that it does not have.

    Such a name is not applied; ``strict``: it stays in the filter, which then admits nothing.
    """
    authors, nobody = _known(proposed.authors, names.authors)
    publishers, nowhere = _known(proposed.publishers, names.publishers)
    articles, nothing = _known(proposed.articles, names.articles)
    if strict:
        authors, publishers = authors + nobody, publishers + nowhere
        nobody = nowhere = ()
    notes = [f"No article is by “{name}”: not applied." for name in nobody]
    notes += [f"No article was published by “{name}”: not applied." for name in nowhere]
    notes += [f"No article is called “{name}”: not applied." for name in nothing]
    found = replace(proposed, authors=authors, publishers=publishers, articles=articles)
    return found, tuple(notes)


def both(within: Filter, wanted: Filter) -> Filter:
    """Both filters; where both name authors, publishers or articles, those of ``within``."""
    first = max(filter(None, (within.published[0], wanted.published[0])), default=None)
    last = min(filter(None, (within.published[1], wanted.published[1])), default=None)
    if first and last and first > last:  # no article is of both periods
        first, last = within.published
    return replace(within.narrowed(wanted), published=(first, last))


def _known(
    wanted: Sequence[str], look_up: Callable[[str], tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The register's names, and the names it does not have."""
    found = {name: look_up(name) for name in wanted}
    known = dict.fromkeys(one for ones in found.values() for one in ones)
    return tuple(known), tuple(name for name, ones in found.items() if not ones)
