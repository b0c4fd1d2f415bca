from __future__ import annotations

import pytest

from assistant.speaker import speaker
from tests.assistant.makers import evidence

KNOWN = "Vladimir Frolov is an expert. Yury Barmin is an analyst."


def speaks(text: str) -> str:
    sentences = evidence(f"{KNOWN}\n\n{text}").sentences
    return speaker([one for one in sentences if one.text not in KNOWN])


@pytest.mark.parametrize(
    "text",
    [
        '"The best strategy for Moscow," says Frolov, "would be to wait."',
        '"The best strategy would be to wait," Frolov said.',
        "Frolov suggested that waiting would be best.",
        '"Wait," says Frolov. "We are stuck. It will be long."',
        "Speaking to Die Welt, the expert Vladimir Frolov told reporters that he would wait.",
    ],
)
def test_who_speaks_is_named_in_full(text: str) -> None:
    assert speaks(text) == "Vladimir Frolov"


@pytest.mark.parametrize(
    "text",
    [
        "Two months have passed since Vladimir Putin declared that the mission was accomplished.",
        '"Wait," says Frolov. "Go," says Barmin.',
        '"Wait," activists said, though Frolov said that he would go.',
        "Moscow insists that it will wait.",
        "Frolov waits in Moscow.",
        '"Nobody waits. Barmin said that he would go." "Wait," says Frolov.',
        '"Frolov said that he would wait."',
        '"Wait," says Frolov, "and see." Even this would be a recognition of defeat.',
    ],
)
def test_no_name_is_better_than_a_wrong_one(text: str) -> None:
    assert speaks(text) == ""
