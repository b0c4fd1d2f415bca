from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.sampling import sample


@dataclass(frozen=True)
class Case:
    id: str
    type: str


MANY = [Case(f"{kind}-{n}", kind) for kind, count in (("a", 20), ("b", 10)) for n in range(count)]


def test_each_type_is_there_in_proportion() -> None:
    assert Counter(case.type for case in sample(MANY, 9)) == {"a": 6, "b": 3}


def test_it_is_the_same_every_time_and_not_the_first_ones() -> None:
    chosen = sample(MANY, 9)
    assert sample(list(reversed(MANY)), 9) == tuple(reversed(chosen))
    assert chosen != tuple(MANY[:9])


@given(st.integers(0, 40))
def test_it_keeps_the_order_and_a_larger_one_holds_the_smaller(size: int) -> None:
    chosen = sample(MANY, size)
    assert len(chosen) == min(size, len(MANY))
    assert list(chosen) == [case for case in MANY if case in chosen]
    assert set(chosen) <= set(sample(MANY, size + 1))
