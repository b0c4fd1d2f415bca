from __future__ import annotations

import pytest

from assistant.checks.numbers import missing, numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("250,000", [250_000]),
        ("a quarter of a million", [250_000]),
        ("half a million, 1.5 million and 2bn", [500_000, 1_500_000, 2e9]),
        ("two hundred and fifty thousand", [250_000]),
        ("over a hundred", [100]),
        ("twenty-five, eleven-point, the 21st, second-largest", [25, 11, 21, 2]),
        ("Su-24 and MiG-31", [24, 31]),
        ("3.5 %", [3.5]),
        ("one of them; thousands; at first", []),
        ("on 21 April 2016, in 2015", []),
    ],
)
def test_numbers_by_value(text: str, values: list[float]) -> None:
    assert [one.value for one in numbers(text)] == values


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("3 to 4 months", "three to four months"),
        ("more than 100 people", "over a hundred people"),
        ("the two sides", "both sides"),
        ("some 250,000 people", "248,317 people"),
        ("nearly 1,900", "1,862"),
        ("5 percent", "5 per cent"),
    ],
)
def test_what_is_the_same(claimed: str, known: str) -> None:
    assert not missing(numbers(claimed), numbers(known))


@pytest.mark.parametrize(
    ("claimed", "known"),
    [
        ("seven members", "six members"),
        ("two weeks", "two months"),
        ("five percent", "$5"),
        ("248,000 people", "248,317 people"),
        ("1.5 million", "1.5 billion"),
        ("some 31 invitations", "some 30 invitations"),
    ],
)
def test_what_is_not(claimed: str, known: str) -> None:
    assert missing(numbers(claimed), numbers(known))
