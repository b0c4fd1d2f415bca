"""Text → blocks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block, Kind, blocks

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"

PIECES = (
    "word§Title Case§ §\xa0§\n§\n\n§\r\n§# §===§---§- §* §1. §7. §|§**§•§. §\u2028§é§中§◆§```§> "
).split("§")
markdown = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def seen(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.span.of(text)) for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("# One", 1),
        ("### **Three**", 3),
        ("####### seven marks\n", 0),
        ("#hashtag", 0),
        ("Title\n=====", 1),
        ("A sentence for a title\n---", 2),
        ("Title as Scraped | Site\n\n===============", 1),
        ("Who Will Attend", 6),
        ("PRAISE IN MOSCOW", 6),
        ("**PRAISE IN MOSCOW BUT NO REAL PROGRESS**", 6),
        ("**A whole sentence in bold.**", 0),
        ("Why Russia doesn't want Aleppo to fall", 0),
        ("A Sentence That Ends.", 0),
        ("By Matthew Bodner", 0),
        ("April 28, 2016", 0),
        ("18 Aug. 2015", 0),
        ("Source: Institute for the Study of War", 0),
        ("© Sputnik/ Mikhail Voskresensky", 0),
        ("[Home](http://a.b/c)", 0),
        ("Home Archive Search Sponsors About us Contact", 0),
        ("العربية", 0),
    ],
)
def test_headings(text: str, level: int) -> None:
    first, *others = blocks(text)
    assert (first.kind is Kind.HEADING, first.level) == (level > 0, level)
    assert not others
    assert first.span.of(text) == text.strip()


def test_kinds_in_order() -> None:
    text = (
        "# Title\nA paragraph that is\nwrapped.\n \xa0\nAnother one.\n---\n\n***\n"
        "* first\n  goes on\n* second\n1. third\n12) fourth\n\n| a | b |\n|---|---|\n| c | d |\n◆\n"
    )
    assert seen(text) == [
        ("heading", "# Title"),
        ("paragraph", "A paragraph that is"),
        ("paragraph", "wrapped."),
        ("heading", "Another one.\n---"),
        ("rule", "***"),
        ("item", "* first\n  goes on"),
        ("item", "* second"),
        ("item", "1. third"),
        ("item", "12) fourth"),
        ("paragraph", "| a | b |"),
        ("rule", "|---|---|"),
        ("paragraph", "| c | d |"),
        ("rule", "◆"),
    ]


def test_wrapped_lines_are_one_paragraph_and_ended_lines_are_not() -> None:
    wrapped = (
        "Not two months have passed since President Vladimir Putin declared\n"
        "mission accomplished in Syria, and again the war-ravaged nation is\n"
        "on the brink."
    )
    ended = "Article Summary\nCould Russia be seeing a stalemate in Aleppo as playing to its hand?"
    assert seen(wrapped) == [("paragraph", wrapped)]
    assert seen(ended) == [("paragraph", line) for line in ended.split("\n")]


def test_a_number_at_the_start_of_a_wrapped_line_is_no_item() -> None:
    text = (
        "The talks that were to take place in Moscow began on the day of January\n"
        "26. They ended on January 29, and nobody was surprised by that at all."
    )
    assert seen(text) == [("paragraph", text)]


def test_items_need_no_blank_lines() -> None:
    text = "access to:\n  • The Influence Game\n  • Archived articles\nFound in: putin"
    assert [kind for kind, _ in seen(text)] == ["paragraph", "item", "item", "paragraph"]


def test_front_matter_marks_are_rules() -> None:
    assert [kind for kind, _ in seen("---\ntitle: x\n")] == ["rule", "paragraph"]


def test_nothing_in_nothing() -> None:
    assert blocks("") == blocks(" \n\xa0\n") == ()


@given(markdown)
def test_every_character_is_in_exactly_one_block(text: str) -> None:
    found = blocks(text)
    covered = [place for block in found for place in range(block.span.start, block.span.end)]
    assert covered == sorted(set(covered))
    assert not text_outside(text, found).strip()


@given(markdown)
def test_blocks_are_trimmed_and_only_headings_have_a_level(text: str) -> None:
    for block in blocks(text):
        words = block.span.of(text)
        assert words
        assert words == words.strip()
        assert (block.level in range(1, 7)) == (block.kind is Kind.HEADING)


def text_outside(text: str, found: tuple[Block, ...]) -> str:
    inside = {place for block in found for place in range(block.span.start, block.span.end)}
    return "".join(character for place, character in enumerate(text) if place not in inside)


@pytest.mark.parametrize("unit", ["#", "**", "- ", "1. ", "=", " ", "\xa0", "A", "|", "[", "_a"])
def test_linear_time_on_hostile_lines(unit: str) -> None:
    started = time.process_time()
    blocks(unit * (1_000_000 // len(unit)))
    assert time.process_time() - started < 2


def test_seeds_headings() -> None:
    text = (SEEDS / "003_9a74d1ad98e9c1b3.txt").read_bytes().decode()
    headings = [block.span.of(text) for block in blocks(text) if block.kind is Kind.HEADING]
    assert headings[:8] == [
        "# Russia's Self-Serving Approach to Syrian Peace Talks",
        "## ABOUT THE AUTHORS",
        "Brief Analysis",
        "## RECENT RUSSIAN TALKS",
        "## **PRAISE IN MOSCOW BUT NO REAL PROGRESS**",
        "## **RENEWED DIPLOMATIC ACTIVITY, LITTLE AGREEMENT**",
        "## MIXED U.S. SIGNALS CREATE OPPORTUNITIES FOR MOSCOW",
        "## POLICY RECOMMENDATIONS",
    ]
