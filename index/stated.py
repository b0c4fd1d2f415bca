"""What an article's own text says about it: title, byline, date and address.

Articles come with all that stood around them: menus before the title, other stories' bylines
and dates after it. So a byline or a date counts only where it stands close under the title, and
what is said in two different ways is unknown: a wrong author or date is worse than none.

An article without a byline whose foot presents a person ("Jane Doe is a fellow at … On Twitter:
@…") was written by that person: newspapers and institutes put the author's biography there. It
counts only if the text speaks of that person nowhere else, so that nobody who is quoted or
written about is taken for the author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from types import MappingProxyType
from typing import TypeVar

from index import byline
from index.article import Metadata, Span
from index.blocks import Kind, blocks
from index.metadata import address, front_matter

_Value = TypeVar("_Value")
_Said = tuple[_Value, Span]
"""A field's value, and the line that says it."""

_HEAD = 60_000
"""Characters in which a title is looked for: scraped menus can be long."""
_FOOT = 4_000
_NEAR = 8
"""Lines under a title that may give its byline and date."""
_PROSE = 250
"""Characters: a line as long is no title, byline or standfirst."""
_LONGEST = 2_000
_BARE = 30
"""Lines of a text without marks among which its title is looked for."""
_SHORTEST_TITLE = 4
"""Words, in text without marks: menus are shorter."""
_LONGEST_SITE = 60
_SITE = re.compile(r"(?=.*[^\W\d_a-z]|.*\w\.\w)(?!.*[!?.]$)(?!\d)\S+(?: \S+){0,4}")
"""A capital or a host's full stop, and no sentence: else it is the title that goes on."""
_NO_SITE = frozenset(
    "article articles blog features home news opinion press reviews stories".split()
)
_ONE_NIGHT = timedelta(days=1)

_UNDERLINE = re.compile(r"\s+(?:={2,}|-{2,})\s*$")
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»-]|::)\s+")
_LONG_WORD = re.compile(r"\w{4,}")
_TITLE_START = re.compile(r"[\"'“‘«„]?[^\W_]")
_TITLE_END = re.compile(r"(?:[^\W_]|[!?)…%]|(?<![.,])[\"'”’»])$")
_TYPEWRITER = str.maketrans("‘’“”„«»–—", "''" + '"""""' + "--")
_NO_TITLE = re.compile(r"[|@©]|://")
_ADDRESS = re.compile(
    r"^(?:original (?:url|link|article)|url source|source url|canonical url|permalink)[ \t]*:"
    r"\s{0,8}<?(https?://[^\s<>\"]+)",
    re.IGNORECASE | re.MULTILINE,
)
_CAPTURE = re.compile(r"^The Wayback Machine - (https?://[^\s<>\"]+)$", re.MULTILINE)
_DAY_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-])")
_BIOGRAPHY = re.compile(
    r"(?P<name>[^,()\n]{4,60}?)(?:,[^.\n]{1,200},)? is (?:an?|the) [^.\n]{0,120}?"
    r"\b(?:analyst|author|columnist|correspondent|director|editor|expert|fellow|historian"
    r"|journalist|lecturer|professor|reporter|researcher|scholar|writer)\b"
)
_CONTACT = re.compile(r"\btwitter\b|@\w{2,}|\bfollow (?:him|her|them)\b|^[*_]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A block of the text, as words."""

    span: Span
    marked: str
    """With the marks of :func:`index.byline.words`."""
    words: str
    level: int
    """Of a heading that is marked as one, by ``#`` or an underline; else 0."""
    alone: bool
    """Whether blank lines stand around it."""


def stated(text: str) -> Metadata:
    """What ``text`` says about itself, with the spans of the lines that say it.

    Linear in the length of the text; all unknown where nothing is said.
    """
    front = front_matter(text)
    lines = _lines(text, front.end if front else 0)
    title = _title(lines)
    places = list(_places(lines, title[0])) if title else []
    authors = _agreed(_first_authors(place) for place in places) or _biography(text)
    url = _url(text)
    published = _day(_agreed(_first_day(place) for place in places), url)
    publisher = _agreed(_sites(lines, title[0])) if title else None
    said = {
        "title": title,
        "authors": authors,
        "published": published,
        "publisher": publisher,
        "url": url,
    }
    return Metadata(
        title=title and title[0],
        authors=authors[0] if authors else (),
        published=published and published[0],
        publisher=publisher and publisher[0],
        url=url and url[0],
        stated=MappingProxyType({name: found[1] for name, found in said.items() if found}),
    )


def _lines(text: str, start: int) -> list[_Line]:
    found = blocks(text[start : start + _HEAD])
    return [
        _line(text, Span(start + block.span.start, start + block.span.end), block.level)
        for block in found
        if block.kind is not Kind.RULE
    ]


def _line(text: str, span: Span, level: int) -> _Line:
    raw = span.of(text)
    underline = _UNDERLINE.search(raw) if raw.endswith(("==", "--")) else None
    title = raw[: underline.start()] if underline else raw
    marked = "" if len(raw) > _LONGEST else byline.words(title)
    explicit = level if raw.startswith("#") or underline else 0
    around = text[max(0, span.start - 4) : span.start], text[span.end : span.end + 4]
    alone = all(not part or part.count("\n") > 1 for part in around)
    return _Line(span, marked, byline.unlinked(marked) if marked else raw, explicit, alone)


def _title(lines: Sequence[_Line]) -> _Said[str] | None:
    """The heading of level 1 that is the title: on the first line, or the only one.

    In text without such: the first line that stands alone, has the length of a title and is
    followed by a byline, a date or a text that goes on to use its words.
    """
    if not lines:
        return None
    marked = [line for line in lines if line.level == 1]
    first, *others = marked[:1] if lines[0].level == 1 else marked or lines[:1]
    if first.level != 1 or not first.words or len(first.words) > _PROSE:
        return _bare_title(lines)
    if not all(_is_title(line, first.words) for line in others):
        return None
    bare = (line for line in lines if line.level and line.words and _site(first, line.words))
    title = next(bare, first)
    return title.words, title.span


def _bare_title(lines: Sequence[_Line]) -> _Said[str] | None:
    for index, line in enumerate(lines[:_BARE]):
        if len(line.words) > _PROSE:
            return None
        following = lines[index + 1 :]
        if line.alone and _could_be_title(line.words) and _is_borne_out(line.words, following):
            return line.words, line.span
    return None


def _could_be_title(words: str) -> bool:
    return bool(
        _TITLE_START.match(words)
        and _TITLE_END.search(words)
        and not _NO_TITLE.search(words)
        and not byline.authors(words)
        and not byline.published(words)
    )


def _is_borne_out(words: str, following: Sequence[_Line]) -> bool:
    if any(byline.authors(line.marked) or byline.published(line.words) for line in following[:2]):
        return True
    long_words = set(_LONG_WORD.findall(words.lower()))
    used = set(_LONG_WORD.findall(" ".join(line.words for line in following).lower()))
    return len(words.split()) >= _SHORTEST_TITLE and 2 * len(long_words & used) > len(long_words)


def _is_title(line: _Line, title: str) -> bool:
    """Whether ``line`` is the title again, as it is or with the name of the site."""
    same = _typed(line.words).casefold() == _typed(title).casefold()
    return same or bool(_site(line, title))


def _places(lines: Sequence[_Line], title: str) -> Iterator[Sequence[_Line]]:
    """Where a byline may stand: the lines under each occurrence of the title, down to the next
    heading or the second paragraph."""
    for index, line in enumerate(lines):
        if not _is_title(line, title):
            continue
        place: list[_Line] = []
        for following in lines[index + 1 : index + 1 + _NEAR]:
            long = sum(len(near.words) > _PROSE for near in place)
            if following.level or long > 1:
                break
            place.append(following)
        yield place


def _first_authors(place: Sequence[_Line]) -> _Said[tuple[str, ...]] | None:
    for line, following in zip_longest(place, place[1:]):
        if len(line.words) > _PROSE:
            continue
        if authors := byline.authors(line.marked):
            return authors, line.span
        if following and line.words.lower().rstrip(":") == "by":
            authors = byline.authors(f"by {following.marked}")
            return (authors, Span(line.span.start, following.span.end)) if authors else None
    return None


def _first_day(place: Sequence[_Line]) -> _Said[date] | None:
    for line in place:
        if len(line.words) <= _PROSE and (published := byline.published(line.words)):
            return published, line.span
    return None


def _agreed(found: Iterable[_Said[_Value] | None]) -> _Said[_Value] | None:
    """The first of what was found, if all of it says the same."""
    said = [each for each in found if each]
    return said[0] if len({value for value, _ in said}) == 1 else None


def _day(published: _Said[date] | None, url: _Said[str] | None) -> _Said[date] | None:
    """The day under the title; where it is far from the day in the address, the latter.

    News sites put the day of publication into the address: ``/2016/04/28/``.
    """
    path = _DAY_PATH.search(url[0]) if url else None
    if not path or not url:
        return published
    try:
        in_url = date(int(path[1]), int(path[2]), int(path[3]))
    except ValueError:
        return published
    if published and abs(published[0] - in_url) <= _ONE_NIGHT:
        return published
    return in_url, url[1]


def _sites(lines: Sequence[_Line], title: str) -> Iterator[_Said[str]]:
    """Names of the site, as browsers show them beside the title: ``Title | Site``."""
    for line in lines:
        site = _site(line, title)
        if _SITE.fullmatch(site) and site.lower() not in _NO_SITE:
            yield site, line.span


def _site(line: _Line, title: str) -> str:
    """The name beside ``title`` in ``line``; empty if it is another line."""
    if not len(title) < len(line.words) <= len(title) + _LONGEST_SITE:
        return ""
    words, title = _typed(line.words), _typed(title)
    if words.startswith(title) and _SEPARATOR.match(words, len(title)):
        return _SEPARATOR.split(words)[-1]
    parts = _SEPARATOR.split(words, maxsplit=1)
    return parts[0] if len(parts) == 2 and parts[1] == title else ""


def _typed(words: str) -> str:
    """``words`` with the quotation marks and dashes of a typewriter: titles differ in them."""
    return words if words.isascii() else words.translate(_TYPEWRITER)


def _url(text: str) -> _Said[str] | None:
    for part, pattern in ((-_FOOT, _ADDRESS), (0, _ADDRESS), (0, _CAPTURE)):
        start = max(0, len(text) + part) if part else 0
        found = pattern.search(text, start, start + _HEAD)
        if found and (url := address(found[1])):
            return url, Span(*found.span())
    return None


def _biography(text: str) -> _Said[tuple[str, ...]] | None:
    """Who is presented at the foot, with a way to reach them, and spoken of nowhere else."""
    foot = max(0, len(text) - _FOOT)
    for block in blocks(text[foot:]):
        span = Span(foot + block.span.start, foot + block.span.end)
        if not _CONTACT.search(span.of(text)):
            continue
        line = _line(text, span, block.level)
        found = _BIOGRAPHY.match(line.words)
        if not found or not byline.is_name(found["name"]):
            continue
        elsewhere = text[: span.start] + text[span.end :]
        if found["name"].split()[-1] not in elsewhere:
            return (found["name"],), span
    return None
