"""Text → sentence spans, in runs under one heading.

A mark such as a full stop ends a sentence unless what stands around it says otherwise. The rules
are those a copy editor would give, tried in this order (:func:`_ends_sentence`):

* Nothing ends inside a link, nor before a lower-case word, a dash, or where no word follows.
  So a quotation stays with its attribution: ``"Why?" he asked.``
* Closing quotation marks, brackets, emphasis and note numbers stay with the sentence they close.
* An abbreviation's full stop ends a sentence only where the next word is one that starts
  sentences (*in the U.S. The talks …*), and a title's or an initial's never (*Dr. Golts*).
* Inside a quotation or parenthesis a sentence ends only where both parts are long enough to stand
  alone as a citation: ``"It is over. We leave," he said.`` is one sentence; a quotation of
  several full sentences is several.
* A sentence goes on over a blank line, where pages were broken in mid-sentence: the paragraph has
  no final mark, and the next one starts in lower case, or it ends in a comma or function word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.article import Span
from index.blocks import Block, Kind, blocks
from index.plain import plain


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences under one heading."""

    heading: str
    """As plain text; empty where there is none."""
    sentences: tuple[Span, ...]


def runs(text: str, boilerplate: Sequence[Span] = ()) -> tuple[Run, ...]:
    """The sentences of ``text``, in order, grouped by the heading they stand under.

    Headings, rules and ``boilerplate`` (sorted, not overlapping) are left out, and a heading that
    is boilerplate starts no run. Every other character that is not white space is in exactly one
    sentence, unless it stands in a block without a letter or digit to read. Linear in the length
    of the text.
    """
    found: list[Run] = []
    for heading, stretches in _sections(text, boilerplate):
        sentences = [span for stretch in stretches for span in _sentences(text, stretch)]
        if sentences:
            found.append(Run(heading, tuple(sentences)))
    return tuple(found)


# Stretches: what is content, with sentences made whole over blank lines.

_UNDERLINE = re.compile(r"\n\s*(?:={2,}|-{2,})\s*\Z")
_SPACES = re.compile(r"\s*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_FINAL = frozenset(".!?…:;。！？｡؟۔।॥։።។")
_CLOSING = "\"'”’»›)]}*_」』）】》“"
_STARTS_LOWER = re.compile(r"[\"'“„‘«(*_]{0,4}(?!https?:|www\.|by\s)[^\W\d_]+(?=[\s,;.!?'’\-]|$)")
_UNFINISHED_WORDS = frozenset(
    "a an and any are as at because been being between but by can could during for from had has "
    "have he his if including into is its may might nor of or our she should such than that the "
    "their they through to toward towards until was we were when where whether which while who "
    "whose will with within without would".split()
)
_PROSE = 60


def _sections(text: str, boilerplate: Sequence[Span]) -> Iterator[tuple[str, list[Span]]]:
    """Each heading with the stretches of content under it."""
    heading = ""
    stretches: list[Span] = []
    last: Block | None = None
    for block in _content(text, boilerplate):
        if block.kind is Kind.HEADING:
            yield heading, stretches
            heading, stretches = plain(_UNDERLINE.sub("", block.span.of(text))), []
        elif last and _goes_on(text, last, block):
            stretches[-1] = Span(stretches[-1].start, block.span.end)
        else:
            stretches.append(block.span)
        last = block
    yield heading, stretches


def _content(text: str, boilerplate: Sequence[Span]) -> Iterator[Block]:
    """The blocks of ``text`` without boilerplate and without rules; some in several parts."""
    first = 0
    for block in blocks(text):
        while first < len(boilerplate) and boilerplate[first].end <= block.span.start:
            first += 1
        for span in _without(text, block.span, boilerplate, first):
            if _has_words(text, span):
                yield Block(span, block.kind, block.level)


def _has_words(text: str, span: Span) -> bool:
    """Whether a person would read a word there: ``[](http://…)`` has none."""
    words = plain(span.of(text)) if text.find("](", span.start, span.end) >= 0 else span.of(text)
    return bool(_LETTER_OR_DIGIT.search(words))


def _without(text: str, span: Span, holes: Sequence[Span], first: int) -> Iterator[Span]:
    """The parts of ``span`` outside ``holes`` (of which ``first`` may be the first to touch it)."""
    if first == len(holes) or holes[first].start >= span.end:
        yield span
        return
    start = span.start
    while first < len(holes) and holes[first].start < span.end:
        yield _trimmed(text, start, max(start, holes[first].start))
        start = min(holes[first].end, span.end)
        first += 1
    yield _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    start = _after_space(text, start, end)
    return Span(start, start + len(text[start:end].rstrip()))


def _after_space(text: str, start: int, end: int) -> int:
    space = _SPACES.match(text, start, end)
    return space.end() if space else start


def _goes_on(text: str, last: Block, block: Block) -> bool:
    """Whether a sentence broken at the end of ``last`` goes on in ``block``."""
    if last.kind is Kind.HEADING or block.kind is not Kind.PARAGRAPH:
        return False
    if text[last.span.end : block.span.start].strip():
        return False
    words = text[max(last.span.start, last.span.end - 200) : last.span.end].split()
    ending = words[-1].rstrip(_CLOSING) if len(words) > 3 else "."
    opening = text[block.span.start : min(block.span.end, block.span.start + 80)]
    if not ending or ending[-1] in _FINAL or len(opening.split()) < 2:
        return False
    start = _STARTS_LOWER.match(opening)
    unfinished = ending[-1] == "," or ending in _UNFINISHED_WORDS
    return (unfinished and len(last.span) >= _PROSE) or bool(start and start[0].islower())


# Sentences of one stretch.

_UNSPACED = "。！？｡"
_NOTE = r"\[\\?\[?\w{1,3}\\?\]?\](?:\([^()\s]*\))?|[⁰¹²³⁴-⁹]"
_END = re.compile(
    rf"(?P<sign>[.!?…]+|[{_UNSPACED}؟۔।॥։።។]+)"
    rf"(?P<closers>(?:[\"'”’»›)\]}}*_」』）】》]|{_NOTE})*)"
    r"(?P<gap>\s*)"
)
_NEXT = re.compile(
    r"(?:[*•|#>]+\s+){0,4}[\"'“„‘«‹(\[{*_¿¡「『（【《#>•]{0,8}"
    r"(?P<word>(?:[^\W_]|(?<=\w)['’](?=\w)){1,40})(?P<dotted>\.(?=\S|\s[A-Z]))?"
)
_BEFORE = re.compile(r"(?P<number>\d\s)?(?P<word>[^\s\"'“”„‘’«»(\[{…,;:!?。！？/]+)\Z")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z][\w'’.-]{0,30}\s){1,4}"
    r"(?:said|says|asked|asks|added|adds|replied|wrote|writes|told|exclaimed|shouted|wondered)\b"
    r"|[とってはがをにのもで]|[^\W\da-zA-Z]{0,6}[说說道问問答称稱]"
)
_WINDOW = 40
_STANDS_ALONE = 40
_STANDS_ALONE_UNSPACED = 12


@dataclass(frozen=True, slots=True)
class _End:
    """A mark that may end a sentence, and what stands around it."""

    sign: str
    closers: str
    gap: str
    before: str
    """The word before it, without emphasis."""
    counted: bool
    """Whether a number stands before that word."""
    after: str
    """The word after it."""
    dotted: bool
    """Whether a full stop in mid-sentence follows that word, as in initials."""
    attributed: bool
    """Whether it is said next who speaks."""


def _sentences(text: str, stretch: Span) -> Iterator[Span]:
    """``stretch`` (trimmed, with a letter or digit in it) as sentences."""
    links = _Inside(_links(text, stretch))
    asides = _Inside([*_quotations(text, stretch), *_parentheses(text, stretch)])
    ends = [end for end in _ends(text, stretch) if end not in links]
    start = stretch.start
    for end, following in pairwise([*ends, stretch.end]):
        if end not in asides or _stand_alone(text, start, end, following):
            yield _trimmed(text, start, end)
            start = _after_space(text, end, stretch.end)
    yield Span(start, stretch.end)


def _stand_alone(text: str, start: int, end: int, following: int) -> bool:
    """Whether both parts of a quotation are long enough to be cited by themselves."""
    least = _STANDS_ALONE_UNSPACED if text[end - 1] in _UNSPACED else _STANDS_ALONE
    return min(end - start, following - end) >= least


def _ends(text: str, stretch: Span) -> Iterator[int]:
    """Where sentences end, after closing marks; links and quotations are not looked at."""
    lower = text[stretch.start : stretch.end].islower()
    last = stretch.start
    for match in _END.finditer(text, stretch.start, stretch.end):
        spaced = bool(match["gap"]) or match["sign"][-1] in _UNSPACED
        following = _NEXT.match(text, match.end(), stretch.end) if spaced else None
        if not following or not _ends_sentence(_read(match, following, stretch), lower):
            continue
        if _is_sentence(text, last, match):
            yield match.end("closers")
            last = match.end()


def _is_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether more than the number of an item stands between ``start`` and the mark."""
    if _ENUMERATION.fullmatch(text, start, match.start()):
        return False
    return bool(_LETTER_OR_DIGIT.search(text, start, match.end("closers")))


def _read(match: re.Match[str], following: re.Match[str], stretch: Span) -> _End:
    text = match.string
    window = text[max(stretch.start, match.start() - _WINDOW) : match.start()]
    before = _BEFORE.search(window.replace("*", "").replace("_", ""))
    return _End(
        sign=match["sign"],
        closers=match["closers"],
        gap=match["gap"],
        before=before["word"] if before else "",
        counted=bool(before and before["number"]),
        after=following["word"],
        dotted=bool(following["dotted"]),
        attributed=bool(_ATTRIBUTION.match(text, match.end(), stretch.end)),
    )


def _ends_sentence(end: _End, lower: bool) -> bool:
    """Whether a sentence ends here; ``lower``: the text knows no capitals at all."""
    if not end.gap:
        return not (end.closers and end.attributed)  # 「行く。」と彼は言った。
    if end.after[0].islower() and not lower and end.after.islower():
        return False
    if "!" in end.sign or "?" in end.sign:
        return not (end.closers and end.attributed) and end.before not in _EXCLAIMED
    if end.sign == ".":
        return not _abbreviates(end)
    return not (end.sign[0] in ".…" and end.closers[:1] in ("]", ")") and not end.before)


# Abbreviations.

_ENUMERATION = re.compile(r"(?:[*+•–-]\s*)?\(?(?:\d{1,3}|[^\W\d_]|[IVXL]{1,6})")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,3}")
_ROMAN = re.compile(r"[IVXLC]+")
_EXCLAIMED = frozenset(["Yahoo", "Jeopardy"])
_TITLES = frozenset(
    "adj adm amb atty brig capt cmdr col cpl det dr drs fr gen gov hon hr insp lt maj messrs mlle "
    "mme mr mrs ms mt pfc ph pres prof rep reps rev sen sens sgt sra supt "
    "акад бул ген гр д-р доц инж проф св ул".split()
)
_NEVER_LAST = frozenset(
    "a.k.a approx bzw ca cf d.h e.g evtl i.e incl p.ej v vgl viz vs z.b напр см ср т.е т.к".split()
)
_BEFORE_NUMBER = frozenset(
    "apr art aug bd c ch chap cl dec eq feb fig figs jan jul jun mar no nos nov nr oct op p par pp "
    "pt sec sep sept vol vols ал авг апр гл дек июл июн мар ноя нояб окт рис сен сент стр табл фев "
    "февр чл янв".split()
)
_OFTEN_INSIDE = frozenset(
    "Assn Ave Blvd Bros Calif Co Colo Conn Corp Dept Fla Ft Gmbh Hwy Inc Intl Jr Ltd Mass Md Mfg "
    "Mich Minn Natl Okla Pa Plc Rd Sr St Tenn Tex Univ Va Wash Wis al".split()
)
_GERMAN_MONTHS = frozenset(
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember "
    "Jahrhundert".split()
)
_AFTER_HOUR = frozenset(
    "BST CDT CEST CET CST EDT EST ET GMT MSK MST PDT PST PT UTC Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday Eastern Moscow Pacific".split()
)
_STARTERS = frozenset(
    "a according after all also although an and another any as at because before both but by "
    "despite during even every everyone few for from furthermore had has he her here his how "
    "however i if in indeed instead is it its it's last like many meanwhile more moreover most "
    "much my neither no none nor not nothing now of often on once one only or other others our "
    "perhaps rather several she similarly since so some still such that that's the their then "
    "there there's therefore these they this those though thus to today two unless until was we "
    "were what when where whether which while who why will with without yet you your".split()
)


def _abbreviates(end: _End) -> bool:
    """Whether the full stop belongs to the word before it and the sentence goes on."""
    word, folded = end.before, end.before.lower()
    if folded in _NEVER_LAST or (folded in _TITLES and not (word.isascii() and word.islower())):
        return True
    if folded in _BEFORE_NUMBER and not (len(word) == 1 and word.isupper()):
        return end.after[0].isdigit() or bool(_ROMAN.fullmatch(end.after))
    if "." in word:
        return _acronym_goes_on(end)
    if len(word) == 1 and word.isalpha():
        return _letter_goes_on(end)
    if word.isdigit():
        return len(word) < 3 and end.after in _GERMAN_MONTHS
    return word in _OFTEN_INSIDE and not _is_starter(end)


def _acronym_goes_on(end: _End) -> bool:
    if not _ACRONYM.fullmatch(end.before):
        return False
    if end.before.lower() in ("a.m", "p.m"):
        return end.after in _AFTER_HOUR
    return not end.before.islower() and not _is_starter(end)


def _letter_goes_on(end: _End) -> bool:
    if end.before == "г":  # година, year, after a number; otherwise град, город, town
        return not end.counted
    return not end.before.islower() and not _is_starter(end)


def _is_starter(end: _End) -> bool:
    return end.after.lower().replace("’", "'") in _STARTERS and not end.dotted


# Links, quotations and parentheses.

_BRACKET = re.compile(r"\\.|\[|\]|<https?://[^<>\s]*>")
_TARGET = re.compile(
    r"\((?:[^()\s\\]|\\.|\((?:[^()\s\\]|\\.)*\))*(?:\s+\"[^\"\n]*\")?\)|\[[^\[\]\n]*\]"
)
_QUOTE = re.compile(r"[\"“”„«»「」『』]")
_PARENTHESIS = re.compile(r"[()（）]")


class _Inside:
    """Whether a place is inside one of some spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for span in sorted(spans):
            if self._spans and span.start < self._spans[-1].end:
                joined = Span(self._spans[-1].start, max(self._spans[-1].end, span.end))
                self._spans[-1] = joined
            else:
                self._spans.append(span)

    def __contains__(self, place: int) -> bool:
        index = bisect_left(self._spans, place, key=lambda span: span.start) - 1
        return index >= 0 and place < self._spans[index].end


def _links(text: str, stretch: Span) -> Iterator[Span]:
    """Markdown links and images, ``[words](target)``, nested ones too, and ``<http://…>``."""
    opened: list[int] = []
    for match in _BRACKET.finditer(text, stretch.start, stretch.end):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]":
            start = opened.pop() if opened else match.start()
            if target := _TARGET.match(text, match.end(), stretch.end):
                yield Span(start, target.end())
        elif match[0][0] == "<":
            yield Span(*match.span())


def _quotations(text: str, stretch: Span) -> Iterator[Span]:
    """Quotations, each to its closing mark; one never closed, to the end of the stretch."""
    start = -1
    for match in _QUOTE.finditer(text, stretch.start, stretch.end):
        place = match.start()
        if _opens(text, place, start):
            start = place if start < 0 or match[0] == '"' else start
        elif start >= 0:
            yield Span(start, match.end())
            start = -1
    if start >= 0:
        yield Span(start, stretch.end)


def _opens(text: str, place: int, start: int) -> bool:
    """Whether the quotation mark at ``place`` opens a quotation; ``start``: of an open one."""
    mark = text[place]
    if mark == "“":  # „closes“ what the low mark opened
        return start < 0 or text[start] != "„"
    if mark == '"':
        before = text[place - 1 : place]
        return not before or before.isspace() or before in "([{*_—–-"
    return mark in "„«「『"


def _parentheses(text: str, stretch: Span) -> Iterator[Span]:
    opened: list[int] = []
    for match in _PARENTHESIS.finditer(text, stretch.start, stretch.end):
        if match[0] in "(（":
            opened.append(match.start())
        elif opened:
            yield Span(opened.pop(), match.end())
