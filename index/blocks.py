"""Text → blocks: headings, list items, paragraphs and rules.

Reads plain text and Markdown as they are found in scraped pages, after the block structure of
CommonMark (https://spec.commonmark.org/0.31.2/), with three liberties that such pages ask for:

* A line break inside a block is kept only where the line was *wrapped*, that is, filled; a line
  that ends early was ended by its author, and the next line is a block of its own.
* ``===`` underlines a title over a blank line too: it means nothing else.
* A line that stands alone, short, in title case or capitals and without a final mark, or wholly
  in bold, is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from index.article import Span


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    RULE = "rule"
    """``---``, ``===``, ``◆``: decoration without a letter or digit."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of whole lines, without the white space around it."""

    span: Span
    kind: Kind
    level: int = 0
    """Of a heading, 1 to 6; one known by its look alone has 6. Otherwise 0."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    """Without the white space around it."""
    start: int
    """Where that text starts in the article."""
    indent: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


_DECORATION = re.compile(r"[\W_]+")
_UNDERLINE = re.compile(r"={2,}|-{2,}")
_ATX = re.compile(r"(#{1,6})(?=\s)")
_BULLET = re.compile(r"[*+–-]\s|[•‣◦▪●·]\s?(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s")
_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*_]+)\1")
_WORD = re.compile(r"[^\W\d_][^\s]*")
_NO_HEADING = re.compile(
    r"[.,;:…。،।]$|\]\(|://|[@|©]|^(?:by|source|photo|image)\b"  # links, credits, bylines
    r"|^[^\W\d_]{3,9}\.?\s\d{1,2},\s\d{4}$|^\d{1,2}\s[^\W\d_]{3,9}\.?\s\d{4}$",  # dates
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    "a an and as at but by for from in into nor of off on onto or over per so than the to up "
    "via vs with yet".split()
)

_WIDEST_WRAP = 160
_NARROWEST_WRAP = 45
_FILLED = 0.75
_HEADING_WORDS = 12
_HEADING_CHARACTERS = 150
_LOOK_LEVEL = 6


@lru_cache(maxsize=2)  # metadata, boilerplate and sentences ask for those of the same text
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of ``text``, in order, not overlapping.

    Every character that is not white space is in exactly one block. Linear in the text's length.
    """
    found: list[Block] = []
    for blank, group in groupby(_lines(text), key=lambda line: not line.text):
        if not blank:
            lines = list(group)
            if found and _is_title(found[-1]) and lines[0].text.startswith("=="):
                lines = _underline_over_blank(found, lines)
            found.extend(_chunk(lines))
    return tuple(found)


def _lines(text: str) -> Iterator[_Line]:
    position = 0
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip())
        yield _Line(line.strip(), position + indent, indent)
        position += len(line)


def _is_title(block: Block) -> bool:
    looks = block.kind is Kind.HEADING and block.level == _LOOK_LEVEL
    return (looks or block.kind is Kind.PARAGRAPH) and len(block.span) <= _HEADING_CHARACTERS


def _underline_over_blank(found: list[Block], lines: list[_Line]) -> list[_Line]:
    """Make the last block the title that the first line underlines; the lines left."""
    if not _UNDERLINE.fullmatch(lines[0].text):
        return lines
    found[-1] = Block(Span(found[-1].span.start, lines[0].span.end), Kind.HEADING, 1)
    return lines[1:]


def _chunk(lines: Sequence[_Line]) -> list[Block]:
    """The blocks of lines between which no line is blank."""
    widest = max((len(line.text) for line in lines), default=0)
    found: list[Block] = []
    for index, line in enumerate(lines):
        block = _block_of(line, found)
        if index and _underlines(line, lines[index - 1], found):
            level = 1 if line.text[0] == "=" else 2
            found[-1] = Block(Span(found[-1].span.start, line.span.end), Kind.HEADING, level)
        elif index and _continues(block, line, lines[index - 1], found[-1], widest):
            found[-1] = replace(found[-1], span=Span(found[-1].span.start, line.span.end))
        else:
            found.append(block)
    if len(lines) == 1 and found[0].kind is Kind.PARAGRAPH and _looks_heading(lines[0].text):
        return [Block(lines[0].span, Kind.HEADING, _LOOK_LEVEL)]
    return found


def _block_of(line: _Line, before: Sequence[Block]) -> Block:
    """``line`` as a block of its own."""
    if _DECORATION.fullmatch(line.text):
        return Block(line.span, Kind.RULE)
    if heading := _ATX.match(line.text):
        return Block(line.span, Kind.HEADING, len(heading[1]))
    if _starts_item(line.text, before):
        return Block(line.span, Kind.ITEM)
    if _is_bold_heading(line.text):
        return Block(line.span, Kind.HEADING, _LOOK_LEVEL)
    return Block(line.span, Kind.PARAGRAPH)


def _starts_item(text: str, before: Sequence[Block]) -> bool:
    if _BULLET.match(text):
        return True
    if not (number := _NUMBER.match(text)):
        return False
    # A wrapped line may well start with "16. ": as in CommonMark, only a 1 breaks a paragraph.
    return number[1] == "1" or not before or before[-1].kind is not Kind.PARAGRAPH


def _underlines(line: _Line, title: _Line, found: Sequence[Block]) -> bool:
    return (
        bool(_UNDERLINE.fullmatch(line.text))
        and found[-1].span == title.span
        and _is_title(found[-1])
        and not title.text.startswith("|")
    )


def _continues(block: Block, line: _Line, last: _Line, before: Block, widest: int) -> bool:
    """Whether ``line`` goes on the block ``before``, whose last line is ``last``."""
    if block.kind is not Kind.PARAGRAPH or before.kind in (Kind.HEADING, Kind.RULE):
        return False
    if line.text.startswith("|"):
        return False
    if before.kind is Kind.ITEM and line.indent > last.indent:
        return True
    return _was_wrapped(last.text, line.text, widest)


def _was_wrapped(line: str, following: str, widest: int) -> bool:
    """Whether the break between two lines was made for width, not by the author."""
    if not _NARROWEST_WRAP <= widest <= _WIDEST_WRAP:
        return False
    first_word = following.split(maxsplit=1)[0]
    return len(line) >= _FILLED * widest or len(line) + 1 + len(first_word) > widest


def _is_bold_heading(text: str) -> bool:
    if len(text) > _HEADING_CHARACTERS or not (bold := _BOLD.fullmatch(text)):
        return False
    return not _NO_HEADING.search(bold["words"].strip())


def _looks_heading(text: str) -> bool:
    """Whether a line that stands alone reads as a heading, in a script that has capitals."""
    if len(text) > _HEADING_CHARACTERS or _NO_HEADING.search(text):
        return False
    if text.endswith(("?", "!")):
        return False
    words = _WORD.findall(text)
    if not words or len(text.split()) > _HEADING_WORDS:
        return False
    capitals = [word for word in words if word[0].isupper()]
    return words[0] in capitals and all(
        word[0].isupper() or word.lower() in _SMALL_WORDS for word in words
    )
