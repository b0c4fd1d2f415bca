"""What share of a folder's articles is marked as boilerplate, and how long that takes.

    python benchmarks/boilerplate.py --data FOLDER               # each page, then all
    python benchmarks/boilerplate.py --data FOLDER --show PAGE   # one page, block by block
    python benchmarks/boilerplate.py --data FOLDER --sample 10   # ten pages drawn with seed 1

Shares are of characters that are not white space. A page is shown with ``#`` before each block
that is marked, for a person to judge: a marked line of the argument is the serious error.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.article import Span
from index.blocks import blocks
from index.boilerplate import boilerplate
from index.plain import plain

_WIDTH = 160


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
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.data.rglob("*") if path.suffix in (".md", ".txt"))
    if arguments.show:
        show(read(arguments.data / arguments.show))
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
