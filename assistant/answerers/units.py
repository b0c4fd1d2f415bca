"""What can be quoted by itself: a sentence, with those beside it without which it says less.

A rule here looks at layout and punctuation only, so that it holds in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.evidence import Evidence, EvidenceSentence

SHORT = 24
"""Characters under which a sentence says too little alone: ``£4.20.``"""

OUTSIDE = 8
"""Letters outside the quotation marks that are needed to say who speaks."""

LINES = 80
"""A line of its own with fewer characters, and no full stop, leads in what follows it."""

_ASKS = frozenset("?？؟;՞")
_ENDS = frozenset(".!?…。！？؟।။။።")
_OPENING, _CLOSING = frozenset("“„«‹「『"), frozenset("”»›」』")
_OPENS_DANISH, _DANISH = re.compile(r"[»›]\w"), str.maketrans("»«›‹", "«»‹›")


@dataclass(frozen=True, slots=True)
class Unit:
    """Sentences of one article that follow each other and are quoted together."""

    sentences: tuple[EvidenceSentence, ...]
    core: EvidenceSentence
    """The sentence that it was made around."""

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The sentences' numbers in the evidence."""
        return tuple(sentence.number for sentence in self.sentences)


def units(evidence: Evidence) -> list[Unit]:
    """A unit around each sentence of the evidence, in its order, but for the articles' heads."""
    return [_unit(one, evidence) for one in evidence.sentences if not is_head(one)]


def is_head(sentence: EvidenceSentence) -> bool:
    """Whether it is a line that states the article's title, authors or date: the catalogue
    answers questions about these."""
    stated = sentence.article.metadata.stated.values()
    return any(span.overlap(sentence.span) for span in stated)


def _unit(core: EvidenceSentence, evidence: Evidence) -> Unit:
    sentences = [core]
    if _leads_in(core, evidence):
        sentences += _after(core, evidence)
    if is_all_quotation(core.text) and len(sentences) == 1:
        sentences = _with_speaker(core, evidence)
    if len(core.text) < SHORT and len(sentences) == 1:
        sentences = [*_before(core, evidence, same_line=True), *sentences]
    for before in _before(sentences[0], evidence):
        if _leads_in(before, evidence):
            sentences = [before, *sentences]
    return Unit(tuple(sentences), core)


def is_all_quotation(text: str) -> bool:
    """Whether next to nothing stands outside its quotation marks: nobody is named who speaks."""
    marks = _straightened(text)
    if not (_OPENING | _CLOSING) & set(marks):
        return False
    outside, depth = 0, 1 if _closes_first(marks) else 0
    for character in marks:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and character.isalnum():
            outside += 1
    return outside < OUTSIDE


def _straightened(text: str) -> str:
    """The text with marks that only open or only close: “ closes „German“, » opens »Danish«, and
    straight ones, like ”Swedish” ones, open and close in turn."""
    if "„" in text:
        text = text.replace("“", "”")
    elif "“" not in text:
        text = text.replace("”", '"')
    if _OPENS_DANISH.search(text):
        text = text.translate(_DANISH)
    opens = text.lstrip()[:1] == '"' or text.count('"') % 2 == 0
    turned = []
    for character in text:
        straight = character == '"'
        turned.append(("“" if opens else "”") if straight else character)
        opens ^= straight
    return "".join(turned)


def _closes_first(text: str) -> bool:
    """Whether a quotation that began in a sentence before ends here."""
    for character in text:
        if character in _OPENING:
            return False
        if character in _CLOSING:
            return True
    return False


def _leads_in(sentence: EvidenceSentence, evidence: Evidence) -> bool:
    """Whether it is a line of its own that says little without the next one: a question, or a
    short line that is no sentence, such as a label or a time."""
    if not _after(sentence, evidence) or not _has_own_line(sentence):
        return False
    end = sentence.text.rstrip("\"'”’»)] ")[-1:]
    return end in _ASKS or (len(sentence.text) <= LINES and end not in _ENDS)


def _has_own_line(sentence: EvidenceSentence) -> bool:
    text, span = sentence.article.text, sentence.span
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    end = text.find("\n", span.end)
    after = text[span.end : end if end >= 0 else len(text)]
    return not any(map(str.isalnum, before + after))


def _with_speaker(core: EvidenceSentence, evidence: Evidence) -> list[EvidenceSentence]:
    """The quotation with the sentence beside it, on the same line, that is not all quotation."""
    for other in (
        *_after(core, evidence, same_line=True),
        *_before(core, evidence, same_line=True),
    ):
        if not is_all_quotation(other.text):
            return sorted((core, other), key=lambda one: one.number)
    return [core]


def _before(
    sentence: EvidenceSentence, evidence: Evidence, *, same_line: bool = False
) -> list[EvidenceSentence]:
    number = sentence.number - 1
    other = evidence[number] if number >= 1 else None
    fits = other and _adjoin(other, sentence) and (not same_line or _same_line(other, sentence))
    return [other] if other and fits and not is_head(other) else []


def _after(
    sentence: EvidenceSentence, evidence: Evidence, *, same_line: bool = False
) -> list[EvidenceSentence]:
    number = sentence.number + 1
    other = evidence[number] if number <= len(evidence.sentences) else None
    fits = other and _adjoin(sentence, other) and (not same_line or _same_line(sentence, other))
    return [other] if other and fits else []


def _adjoin(first: EvidenceSentence, second: EvidenceSentence) -> bool:
    """Whether nothing but white space and marks of layout stands between the two."""
    if first.article.id != second.article.id or second.span.start < first.span.end:
        return False
    between = first.article.text[first.span.end : second.span.start]
    return not any(map(str.isalnum, between))


def _same_line(first: EvidenceSentence, second: EvidenceSentence) -> bool:
    return "\n" not in first.article.text[first.span.end : second.span.start]


def runs(chosen: Sequence[Unit]) -> Iterator[tuple[EvidenceSentence, ...]]:
    """The units' sentences, each once; those that follow each other together, the first unit's
    article first, each article's in the order of its text."""
    order = list(dict.fromkeys(unit.core.article.id for unit in chosen))
    sentences = {one.number: one for unit in chosen for one in unit.sentences}
    ordered = sorted(sentences.values(), key=lambda one: (order.index(one.article.id), one.number))
    run: list[EvidenceSentence] = []
    for sentence in ordered:
        if run and not (sentence.number == run[-1].number + 1 and _adjoin(run[-1], sentence)):
            yield tuple(run)
            run = []
        run.append(sentence)
    if run:
        yield tuple(run)
