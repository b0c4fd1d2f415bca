from __future__ import annotations

import pytest

from assistant.checks.roles import swapped
from assistant.checks.speakers import speakers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"Moscow is stuck," says Vladimir Frolov, an expert.', {"frolov"}),
        ("Yury Barmin, a Russian analyst, said that Moscow is stuck.", {"barmin"}),
        ("According to Bogdanov, Moscow sent invitations.", {"bogdanov"}),
        ("In Frolov's view, Moscow is stuck.", {"frolov"}),
        ("Lavrov told reporters that he and Kerry see a threat.", {"lavrov"}),
        ("The Wall Street Journal reported it.", {"journal"}),
        ("More people died in Aleppo on Friday, activists say.", set()),
        ("It is over, writes the paper's Moscow columnist Ann Lee.", {"lee"}),
        ("Observers in the West have said that it is over.", set()),
        ("He attacked Washington for insisting that they go.", set()),
        ("“It is over,” said the analyst Golts.", {"golt"}),
    ],
)
def test_speakers(text: str, found: set[str]) -> None:
    assert speakers(text) == found


def test_roles() -> None:
    text = "Lavrov criticized Kerry in Geneva."
    assert swapped("Kerry criticized Lavrov.", text)
    assert not swapped("Lavrov has criticized Kerry.", text)
    assert not swapped("Kerry was criticized by Lavrov.", text)
    assert not swapped("Kerry and Lavrov met in Geneva.", text)
