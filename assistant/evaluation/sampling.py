"""A part of a test set that stands for the whole: where asking everything takes too long."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Typed(Protocol):
    """What is sampled."""

    @property
    def id(self) -> str:
        """Unique."""

    @property
    def type(self) -> str:
        """Each type is sampled in proportion."""


Case = TypeVar("Case", bound=Typed)


def sample(cases: Iterable[Case], size: int) -> tuple[Case, ...]:
    """``size`` cases, each type in proportion, in their order; the same ones every time.

    Systematic sampling (Cochran, Sampling Techniques, 1977, chapter 8) over cases that a hash of
    their id has put in order.
    """
    cases = tuple(cases)
    types: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(cases, key=_order):
        types[case.type].append(case)
    place = {
        case.id: ((at + 0.5) / len(same), _order(case))
        for same in types.values()
        for at, case in enumerate(same)
    }
    taken = {case.id for case in sorted(cases, key=lambda case: place[case.id])[:size]}
    return tuple(case for case in cases if case.id in taken)


def _order(case: Typed) -> str:
    return hashlib.sha256(case.id.encode()).hexdigest()
