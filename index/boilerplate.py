"""Which spans of an article are no content: menus, notices, lists of other stories, credits.

Marked, never cut: the text and every offset stay as they are.

The method is that of jusText (J. Pomikálek, "Removing Boilerplate and Duplicate Content from Web
Corpora", 2011) carried over from HTML to text: a block is first judged by itself, by its wording,
length and share of links (``index.boilerplate_signs``), and what that leaves open is judged by its
neighbours. Running text is marked for its wording or for what encloses it (a dialog, a list of
linked headlines with summaries, an archive's toolbar, an imprint), never for where on the page it
stands: to keep a menu costs little, to lose a sentence of an argument costs an answer.

``_RULES`` holds the rules in the order in which they are applied. Each looks at a page and at
what has been marked so far, and says what else is to be marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile

from index import boilerplate_phrases as phrases
from index import boilerplate_signs as signs
from index.article import Span, merge_spans
from index.boilerplate_units import Page, Unit, read_page

Rule = Callable[[Page, frozenset[int]], Iterable[int]]

_SHORT_RUN = 3
_HEADLINE_WORDS = 6
_HEADLINE_LINK = 3
_HEADING_REACH = 6
_LONE_LINES = 8
_ARCHIVE_BAR_UNITS = 80
_CONSENT_REACH = 5
_DATELINE_REACH = 4
_PICTURE_GAP = 4
_TRAILING_CREDIT_WINDOW = 120
_CONTENT_LETTERS = 40
_FOOT = 0.8
_TEASER_LETTERS = 300
_LEVELS = range(1, 7)

_BREADCRUMB = re.compile(r"(?:[^\W\d_]+(?: [^\W\d_]+)? ?[/>»›] ?)+[^\W\d_]+(?: [^\W\d_]+)?")


def boilerplate(text: str) -> tuple[Span, ...]:
    """The spans of ``text`` that are no content: sorted, not overlapping, none of them blank.

    A pure function, linear in the length of the text.
    """
    page = read_page(text)
    marked = _marked(page)
    if not _has_content(page, marked):
        marked = frozenset(_furniture(page, frozenset()))
    return merge_spans([*_runs(page, marked), *_trailing_credits(page, marked)])


def _marked(page: Page) -> frozenset[int]:
    marked: frozenset[int] = frozenset()
    own = _own_lines(page)
    for rule in _RULES:
        marked |= frozenset(rule(page, marked)) - own
    return marked


def _own_lines(page: Page) -> frozenset[int]:
    """The article's titles and, beside a title or over running text, who wrote it and when."""
    lines = [index for index, unit in enumerate(page.units) if not signs.is_silent(unit)]
    own = {index for index in lines if page.is_title(page.units[index])}
    for place, index in enumerate(lines):
        if signs.is_dateline(page.units[index]):
            over = lines[max(0, place - _DATELINE_REACH) : place]
            under = lines[place + 1 : place + 1 + _DATELINE_REACH]
            beside_title = any(page.is_title(page.units[other]) for other in over)
            if beside_title or any(page.units[other].prose for other in under):
                own.add(index)
    return frozenset(own)


def _has_content(page: Page, marked: frozenset[int]) -> bool:
    """Whether more than a title is left. An article that is all links is a list, not a menu."""
    left = (unit for index, unit in enumerate(page.units) if index not in marked)
    return sum(unit.letters for unit in left if not page.is_title(unit)) >= _CONTENT_LETTERS


def _runs(page: Page, marked: frozenset[int]) -> Iterator[Span]:
    """The spans of marked units, those of neighbours joined."""
    start: int | None = None
    for index, unit in enumerate(page.units):
        if index not in marked:
            start = None
            continue
        start = unit.span.start if start is None else start
        yield Span(start, unit.span.end)


def _trailing_credits(page: Page, marked: frozenset[int]) -> Iterator[Span]:
    """Photo credits behind captions: the caption is content, its credit is not."""
    for index, unit in enumerate(page.units):
        start = max(unit.span.start, unit.span.end - _TRAILING_CREDIT_WINDOW)
        window = page.text[start : unit.span.end]
        if index in marked or not (window.endswith(")") or "©" in window):
            continue
        if credit := phrases.TRAILING_CREDIT.search(window):
            yield Span(start + credit.start() + 1, unit.span.end)


def _furniture(page: Page, _: frozenset[int]) -> Iterator[int]:
    """What a unit's own wording gives away."""
    for index, unit in enumerate(page.units):
        listed = page.is_introduced(index) or (page.is_numbered(index) and not unit.link_only)
        if (not listed or signs.is_silent(unit)) and any(tells(unit) for tells in signs.SIGNS):
            yield index


def _announced_items(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """The list that a notice announces: "Register and get access to:"."""
    announced = False
    for index, unit in enumerate(page.units):
        if index in marked:
            announced = announced if unit.item else unit.words.endswith(":")
        else:
            announced = announced and unit.item
            if announced:
                yield index


def _archive_bar(page: Page, _: frozenset[int]) -> Iterable[int]:
    """The Internet Archive's toolbar, which its own word on the collection makes long."""
    words = [unit.words for unit in page.units[:_ARCHIVE_BAR_UNITS]]
    starts = (i for i, line in enumerate(words) if phrases.ARCHIVE_BAR_START.search(line))
    ends = (i for i, line in enumerate(words) if phrases.ARCHIVE_BAR_END.search(line))
    return range(next(starts, len(words)), next(ends, 0))


def _consent_dialogs(page: Page, _: frozenset[int]) -> Iterator[int]:
    """A dialog about cookies, whole paragraphs of it, as long as it keeps to its subject."""
    last_cue = -_CONSENT_REACH
    for index, unit in enumerate(page.units):
        inside = index - last_cue < _CONSENT_REACH and not page.is_title(unit)
        if inside and signs.speaks_of_consent(unit):
            yield from range(last_cue, index + 1)
            last_cue = index
        elif signs.opens_consent(unit):
            asks = map(signs.asks_consent, page.units[index + 1 : index + _CONSENT_REACH])
            last_cue = index if any(asks) else last_cue


def _site_head(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """Over the title: the path to the page, and the site's name on top of its menu."""
    for index, unit in enumerate(page.units[: page.first_prose]):
        over_menu = index == 0 and 1 in marked and page.gap(1).count("\n") < 2
        if signs.is_marked_heading(unit) or not signs.is_short(unit):
            continue
        if over_menu or _BREADCRUMB.fullmatch(unit.words):
            yield index


def _sections(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """A title such as "Related stories" and what stands under it, as far as the next text."""
    end = 0
    for index, unit in enumerate(page.units):
        if index < end or page.is_title(unit):
            continue
        sure = signs.is_section_title(unit)
        if sure or signs.is_common_title(unit):
            end = _section_end(page, marked, index)
            links = any(other.link_only for other in page.units[index + 1 : end])
            if end > index + 1 and (sure or links):
                yield from range(index, end)


def _section_end(page: Page, marked: frozenset[int], title: int) -> int:
    level = page.units[title].block.level if signs.is_marked_heading(page.units[title]) else 1
    lone = 0
    for index in range(title + 1, len(page.units)):
        unit = page.units[index]
        if index in marked or unit.link_only or _is_list_title(unit):
            lone = 0
        elif not _is_teaser(page.units, index):
            if _ends_section(page, index, level):
                return index - lone
            lone += 1
        if lone > _LONE_LINES:
            return index + 1 - lone
    return len(page.units)


def _is_list_title(unit: Unit) -> bool:
    return signs.is_section_title(unit) or signs.is_common_title(unit)


def _ends_section(page: Page, index: int, level: int) -> bool:
    unit = page.units[index]
    is_peer = signs.is_marked_heading(unit) and unit.block.level <= level
    says = unit.prose or unit.ends_sentence or unit.row
    return says or is_peer or page.is_title(unit) or _opens_text(page.units, index)


def _is_teaser(units: Sequence[Unit], index: int) -> bool:
    """Whether a text is the summary behind a linked headline or between two of them."""
    if units[index].item and units[index].headline >= _HEADLINE_LINK:
        return True
    if not 0 < index < len(units) - 1 or units[index].loose > _TEASER_LETTERS:
        return False
    around = units[index - 1], units[index + 1]
    return all(unit.link_only and unit.length >= _HEADLINE_LINK for unit in around)


def _opens_text(units: Sequence[Unit], index: int) -> bool:
    """Whether a unit is a heading with running text under it."""
    if not units[index].heading or units[index].link_only:
        return False
    below = takewhile(lambda unit: not unit.heading, units[index + 1 : index + 1 + _HEADING_REACH])
    return any(unit.prose for unit in below)


def _link_runs(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """Lines of nothing but links: two or more in a row, or one beside other furniture."""
    run: list[int] = []
    for index in range(len(page.units) + 1):
        if index < len(page.units) and (index in marked or _is_list_link(page, index)):
            run.append(index)
            continue
        links = [other for other in run if other not in marked]
        beside = any(other in marked and page.units[other].letters for other in run)
        if (len(links) > 1 or beside) and not any(map(page.is_introduced, run)):
            yield from links
        run = []


def _is_list_link(page: Page, index: int) -> bool:
    unit = page.units[index]
    return unit.link_only and not page.is_title(unit) and not signs.is_byline(unit)


def _said_before(page: Page, _: frozenset[int]) -> Iterator[int]:
    """A line that only links what an earlier line says: an author's box under the byline."""
    said: set[str] = set()
    for index, unit in enumerate(page.units):
        if unit.link_only and unit.words in said:
            yield index
        said |= {unit.words, signs.without_byline(unit.words)}


def _imprint(page: Page, _: frozenset[int]) -> Iterable[int]:
    """The whole of the last group of lines, where one of them is a copyright line."""
    first = len(page.units) - 1
    while first > 0 and page.gap(first).count("\n") < 2:
        first -= 1
    last = page.units[max(first, 0) :]
    in_foot = bool(last) and last[0].span.start > _FOOT * len(page.text)
    has_copyright = any(signs.is_copyright(unit) for unit in last)
    return range(first, len(page.units)) if in_foot and has_copyright else ()


def _other_headlines(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """Headlines of other stories in mid-text, where a page sets some under their pictures.

    Text keeps of such a box the picture's credit or the gap where it stood, and the headline.
    A page that never shows a headline right under a credit is taken to have no such boxes: its
    lone lines are its own headings.
    """
    body = range(page.first_prose + 1, page.last_prose)
    headlines = [index for index in body if index not in marked and _is_headline(page.units[index])]
    under_credit = [index for index in headlines if signs.is_credit(page.units[index - 1])]
    if under_credit:
        yield from under_credit
        yield from (index for index in headlines if page.gap(index).count("\n") >= _PICTURE_GAP)


def _is_headline(unit: Unit) -> bool:
    lone = not signs.is_marked_heading(unit) and not unit.prose and not unit.ends_sentence
    return lone and unit.length >= _HEADLINE_WORDS


def _bare_headings(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """Headings under which nothing is left."""
    content = dict.fromkeys(_LEVELS, False)
    below = dict.fromkeys(_LEVELS, False)
    for index in reversed(range(len(page.units))):
        unit = page.units[index]
        level = unit.block.level
        bare = unit.heading and below[level] and not content[level] and not page.is_title(unit)
        if bare and level > 1 and index not in marked:
            yield index
        keeps = index not in marked and not (bare and level > 1)
        for other in _LEVELS:
            ends = unit.heading and other >= level
            content[other] = (content[other] or keeps) and not ends
            below[other] = (below[other] or (not keeps and unit.link_only)) and not ends


def _between(page: Page, marked: frozenset[int]) -> Iterator[int]:
    """A few short lines with furniture on both sides."""
    run: list[int] = []
    enclosed = False
    for index in range(len(page.units) + 1):
        at_end = index == len(page.units)
        if at_end or (index in marked and page.units[index].letters):
            if enclosed and len(run) <= _SHORT_RUN:
                yield from run
            run, enclosed = [], True
        elif index not in marked:
            enclosed = enclosed and _may_be_enclosed(page, page.units[index])
            run.append(index)


def _may_be_enclosed(page: Page, unit: Unit) -> bool:
    return signs.is_short(unit) and not signs.is_marked_heading(unit) and not page.is_title(unit)


_RULES: tuple[Rule, ...] = (
    _furniture,
    _archive_bar,
    _consent_dialogs,
    _announced_items,
    _site_head,
    _sections,
    _link_runs,
    _said_before,
    _imprint,
    _other_headlines,
    _bare_headings,
    _between,
)
