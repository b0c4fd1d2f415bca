"""What share of a folder's articles is marked as boilerplate, how well, and how long that takes.

    python benchmarks/boilerplate.py --data FOLDER                  # each page, then all
    python benchmarks/boilerplate.py --data FOLDER --show PAGE      # one page, block by block
    python benchmarks/boilerplate.py --data FOLDER --sample 10      # ten pages drawn with seed 1
    python benchmarks/boilerplate.py --data FOLDER --labels LABELS  # against labels made by hand

Shares are of characters that are not white space. A page is shown with ``#`` before each block
that is marked, for a person to judge: a marked line of the argument is the serious error.
``LABELS`` holds for each file every sentence and heading: ``start``, ``end``, ``content``.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import Span
from index.blocks import blocks
from index.boilerplate import boilerplate
from index.plain import plain

_WIDTH = 160

Labels = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Page:
    """One page and what is marked on it."""

    name: str
    text: str
    marked: tuple[Span, ...]
    seconds: float

    @property
    def share(self) -> float:
        marked = sum(_visible(span.of(self.text)) for span in self.marked)
        return marked / max(1, _visible(self.text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="a folder of .md and .txt files")
    parser.add_argument("--show", metavar="PAGE", help="the name of a file in the folder")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="show N pages")
    parser.add_argument("--labels", type=Path, help="a file of labels for the folder's articles")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.data.rglob("*") if path.suffix in (".md", ".txt"))
    if arguments.show:
        show(read(arguments.data / arguments.show))
    elif arguments.labels:
        score(list(judged(arguments.data, json.loads(arguments.labels.read_text("utf-8")))))
    elif arguments.sample:
        for path in random.Random(1).sample(paths, min(arguments.sample, len(paths))):
            show(read(path))
    else:
        report([read(path) for path in paths])


def read(path: Path) -> Page:
    text = path.read_bytes().decode("utf-8", "replace")
    start = time.perf_counter()
    marked = boilerplate(text)
    return Page(path.name, text, marked, time.perf_counter() - start)


def report(pages: Sequence[Page]) -> None:
    for page in pages:
        print(f"{page.name}\t{page.share:6.1%}\t{1000 * page.seconds:8.1f} ms")
    shares, times = [page.share for page in pages], [1000 * page.seconds for page in pages]
    visible = sum(_visible(page.text) for page in pages)
    marked = sum(page.share * _visible(page.text) for page in pages)
    print(f"{len(pages)} pages, {visible:,} characters, {marked / max(1, visible):.1%} marked")
    print(f"per page: {_spread(shares, '.1%')} marked; {_spread(times, '.1f')} ms")


@dataclass(frozen=True)
class Judged:
    """A labelled sentence or heading: what it is, and what became of it."""

    words: str
    content: bool
    kept: bool


def judged(folder: Path, labels: Labels) -> Iterator[Judged]:
    """Each labelled stretch; it is kept unless most of its characters are marked."""
    for name, stretches in labels.items():
        page = read(folder / name)
        for label in stretches:
            stretch = Span(label["start"], label["end"])
            shared = [Span(*_shared(stretch, span)).of(page.text) for span in page.marked]
            words = stretch.of(page.text)
            kept = 2 * sum(map(_visible, shared)) <= _visible(words)
            yield Judged(words, label["content"], kept)


def _shared(one: Span, other: Span) -> tuple[int, int]:
    start = max(one.start, other.start)
    return start, max(start, min(one.end, other.end))


def f1(found: Sequence[Judged]) -> float:
    """Of content: van Rijsbergen, *Information Retrieval*, 1979."""
    right = sum(each.content and each.kept for each in found)
    wrong = sum(each.content != each.kept for each in found)
    return 2 * right / max(1, 2 * right + wrong)


def score(found: Sequence[Judged]) -> None:
    content = sum(each.content for each in found)
    print(f"{len(found)} labels, {content} of them content: F1 of content {f1(found):.4f}")
    for each in found:
        if each.content != each.kept:
            print(f"{'kept' if each.kept else 'LOST'}: {each.words[:_WIDTH]!r}")


def show(page: Page) -> None:
    print(f"{'=' * 20} {page.name}: {page.share:.1%} marked")
    for block in blocks(page.text):
        words = plain(block.span.of(page.text))
        if any(character.isalnum() for character in words):
            shared = sum(block.span.overlap(span) for span in page.marked)
            sign = "#" if 2 * shared > len(block.span) else " "
            print(f"{sign} {block.kind.value[0]} {words[:_WIDTH]}")


def _visible(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _spread(values: Sequence[float], form: str) -> str:
    if not values:
        return "nothing"
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"min {low:{form}}, median {middle:{form}}, max {high:{form}}"


if __name__ == "__main__":
    main()
