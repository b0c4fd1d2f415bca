"""A page as the rules of ``index.boilerplate`` see it: blocks with what a reader sees of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.article import Span
from index.blocks import Block, Kind, blocks

# Links and images are read by one pass over these tokens, with a stack: a regex for the whole of
# a link takes quadratic time on brackets that never close.
_TOKEN = re.compile(
    r"\\."
    r"|!?\["
    r"|\](?:\((?:[^()\s\\]|\\.|\([^()\s]*+\))*+(?:\s++\"(?:[^\"\\\n]|\\.)*+\")?\s*+\))?"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S++|^\(?/[\w/.%+-]++\)?$")
_MARKS = str.maketrans("*_`#>|~\\<", " " * 9)
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_LONE_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(\S*\)")
_IMAGE_NUMBER = re.compile(r"^Image \d+: ")
_IMAGE_SIZE = re.compile(r"(?:an? )?\d+ ?x ?\d+\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}[.)]\s")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]\d]*$")
_CHECKBOX = re.compile(r"^- \[[ x]\] ")
_IDEOGRAPH = re.compile(r"[^\W_\0-\u2e7f]")

_PROSE_SENTENCE = 60
_PROSE_ANYWAY = 160
_LINKED_SHARE = 0.75
_INTRODUCTION_WORDS = 4
_TELLING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Unit:
    """A block and what a reader sees of it."""

    block: Block
    words: str
    """The visible words on one line: links without targets, no Markdown marks, and of an image
    that stands alone a text that tells something."""
    letters: int
    """Letters and digits of ``words``; an ideograph counts two."""
    linked: int
    """Those of them that lie in links or are a bare address."""
    headline: int
    """Number of words of the link it begins with; 0 where it begins otherwise."""
    has_media: bool
    """Whether it holds a link or an image, visible or not."""
    row: bool
    """Whether it is a row of a table."""

    @property
    def span(self) -> Span:
        return self.block.span

    @property
    def heading(self) -> bool:
        return self.block.kind is Kind.HEADING

    @property
    def item(self) -> bool:
        return self.block.kind is Kind.ITEM

    @property
    def loose(self) -> int:
        """Letters outside links."""
        return self.letters - self.linked

    @property
    def length(self) -> int:
        """Number of words."""
        return self.words.count(" ") + 1 if self.words else 0

    @property
    def ends_sentence(self) -> bool:
        return _SENTENCE_END.search(self.words[-8:]) is not None

    @property
    def link_only(self) -> bool:
        """Whether all there is to read, but for separators, are links."""
        return self.linked > 0 and self.linked >= _LINKED_SHARE * self.letters and not self.row

    @property
    def prose(self) -> bool:
        """Whether it reads as running text: what an article is made of."""
        loose = self.loose
        if loose < _PROSE_SENTENCE or loose < self.linked or self.heading or self.row:
            return False
        return loose >= (_PROSE_SENTENCE if self.ends_sentence else _PROSE_ANYWAY)


@dataclass(frozen=True)
class Page:
    """The units of an article's text, in order."""

    text: str
    units: tuple[Unit, ...]

    @cached_property
    def title(self) -> str:
        """The words of the first heading of level 1, in lower case; empty where there is none."""
        tops = (unit for unit in self.units if unit.heading and unit.block.level == 1)
        return next((_folded(unit) for unit in tops if unit.words), "")

    def is_title(self, unit: Unit) -> bool:
        """Whether a unit is the title, or repeats it, cut or with the site's name."""
        if unit.item or not self.title or 2 * len(unit.words) < len(self.title):
            return False
        words = _folded(unit)
        return words in self.title or (unit.heading and self.title in words)

    @cached_property
    def first_prose(self) -> int:
        """Where the running text begins; the number of units where there is none."""
        proses = (index for index, unit in enumerate(self.units) if unit.prose)
        return next(proses, len(self.units))

    @cached_property
    def last_prose(self) -> int:
        """Where the running text ends; -1 where there is none."""
        proses = (index for index, unit in enumerate(self.units) if unit.prose)
        return max(proses, default=-1)

    @cached_property
    def _introduced(self) -> frozenset[int]:
        found = set()
        for index, unit in enumerate(self.units[1:], start=1):
            before = self.units[index - 1]
            announced = before.length >= _INTRODUCTION_WORDS and before.words.endswith((":", "："))
            if announced or (unit.item and before.item and index - 1 in found):
                found.add(index)
        return frozenset(found)

    def is_introduced(self, index: int) -> bool:
        """Whether a text ending in a colon announces a unit or the list that it is an item of."""
        return index in self._introduced

    def is_numbered(self, index: int) -> bool:
        """Whether a unit is an item with a number: a step, a rank, a reference."""
        unit = self.units[index]
        return unit.item and self.text[unit.span.start].isdigit()

    def gap(self, index: int) -> str:
        """The white space before a unit."""
        start = self.units[index - 1].span.end if index else 0
        return self.text[start : self.units[index].span.start]


def read_page(text: str) -> Page:
    return Page(text, tuple(_unit(block, block.span.of(text)) for block in blocks(text)))


def _unit(block: Block, raw: str) -> Unit:
    pieces = list(_pieces(_CHECKBOX.sub("", raw)))
    visible = "".join(piece for piece, _ in pieces)
    return Unit(
        block=block,
        words=_tidy(visible),
        letters=_letters(visible),
        linked=sum(_letters(piece) if link else _address_letters(piece) for piece, link in pieces),
        headline=_headline(pieces),
        has_media="](" in raw,
        row=raw.startswith("|"),
    )


def _pieces(raw: str) -> Iterator[tuple[str, bool]]:
    """The visible stretches of ``raw``, each with whether it lies in a link."""
    if (image := _LONE_IMAGE.fullmatch(raw)) and _is_telling(image[1]):
        yield image[1], False
        return
    if "]" not in raw and "\\" not in raw:
        yield raw, False
        return
    pieces: list[str] = []
    opened: list[int] = []  # the pieces that are brackets still open
    links: list[tuple[int, int]] = []
    position = 0
    for token in _TOKEN.finditer(raw):
        pieces += raw[position : token.start()], token[0]
        position = token.end()
        if token[0] in ("[", "!["):
            opened.append(len(pieces) - 1)
        elif token[0][0] == "]" and opened:
            _close(pieces, opened, links)
    pieces.append(raw[position:])
    yield from _with_links([_unescaped(piece) for piece in pieces], links)


def _close(pieces: list[str], opened: list[int], links: list[tuple[int, int]]) -> None:
    """Read what the bracket in the last piece closes: an image, a link or mere brackets."""
    start = opened.pop()
    if pieces[-1] == "]":
        return
    if pieces[start] == "![":
        del pieces[start:]
    else:
        pieces[start] = pieces[-1] = ""
        links.append((start, len(pieces)))
        opened.clear()  # a link holds no link (CommonMark, 6.3)


def _is_telling(alternative: str) -> bool:
    """Whether the text of an image is more than its name or size: a chart told in words."""
    words = _IMAGE_NUMBER.sub("", alternative)
    return words.count(" ") >= _TELLING_WORDS and not _IMAGE_SIZE.match(words)


def _unescaped(piece: str) -> str:
    return piece[1] if len(piece) == 2 and piece[0] == "\\" else piece


def _with_links(pieces: list[str], links: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    position = 0
    for start, end in links:
        yield "".join(pieces[position:start]), False
        yield "".join(pieces[start:end]), True
        position = end
    yield "".join(pieces[position:]), False


def _folded(unit: Unit) -> str:
    words = unit.words if unit.words.isascii() else unit.words.translate(_QUOTES)
    return words.casefold()


def _headline(pieces: Sequence[tuple[str, bool]]) -> int:
    first = next((piece for piece in pieces if _letters(piece[0])), ("", False))
    return len(first[0].split()) if first[1] else 0


def _tidy(visible: str) -> str:
    words = " ".join(visible.translate(_MARKS).split())
    words = words.strip("+-–—=•·◦▪»«›/ ")
    return words[len(number[0]) :] if (number := _NUMBER.match(words)) else words


def _letters(text: str) -> int:
    letters = sum(map(str.isalnum, text))
    return letters if text.isascii() else letters + len(_IDEOGRAPH.findall(text))


def _address_letters(text: str) -> int:
    if "/" not in text and "www." not in text:
        return 0
    return sum(_letters(address[0]) for address in _ADDRESS.finditer(text.strip(" <>\n")))
