"""Sentences turned into questions by rule: who said what, when, how many, who.

Each rule reads one English sentence, as plain text, and proposes a question whose answer stands in
it. The rules are narrow on purpose: a sentence that fits none brings nothing, and what they bring
should be a question that a person could have asked: "On May 3, Russia launched …" becomes "When did
Russia launch …?" (:mod:`assistant.evaluation.clauses`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from assistant.evaluation.clauses import (
    BE,
    LEAST_REST,
    NO_NAMES,
    PASTS,
    STATES,
    VERBS,
    clause_of,
    main_part,
)
from assistant.words import ASKING_WORDS, FUNCTION_WORDS, words


@dataclass(frozen=True, slots=True)
class Wording:
    """A question and its answer."""

    question: str
    answer: str
    must_contain: tuple[tuple[str, ...], ...]
    type: str
    rule: str


GAP = "gap"
"""The rule of last resort: a name or number left out of its sentence."""


def wordings(sentence: str, known: Collection[str] = ()) -> Iterator[Wording]:
    """What can be asked about ``sentence`` (plain text, on one line), the best first.

    ``known``: last names that are a person's, as :func:`people` finds them in the article.
    """
    if not _LONG_ENOUGH <= len(sentence.split()) <= _TOO_LONG or not _PROSE.fullmatch(sentence):
        return
    for rule in _RULES:
        for found in rule(sentence):
            is_person = found.rule != "who" or found.must_contain[0][0] in known
            if _is_sound(found) and (is_person or _ROLE.search(found.question)):
                yield found


def people(text: str) -> frozenset[str]:
    """Last names of those who say something in ``text`` or bear a title."""
    matches = [*_SPEAKER.finditer(text), *_PEOPLE.finditer(text)]
    names = [next(filter(None, match.groups())) for match in matches]
    return frozenset(_last(name) for name in names if _is_name(name))


_LONG_ENOUGH, _TOO_LONG = 6, 50
_PROSE = re.compile(r"[\"“‘]?[A-Z0-9][^|•*_{}<>\[\]#/\\…]+[.!?][\"”’]?")
_ODD = re.compile(
    r"https?:|www\.|\s[,.;]|\b[A-Z]{2,} [A-Z]{2,} [A-Z]{2,}\b|\.{2}|\d:\d\d|[a-z]\d|[.?!:]{2}"
    r"|[.?!][A-Za-z]{3}|Image|Login|subscri|newsletter"
)
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:i|me|my|we|us|our|you|your|he|she|him|they|them|it|this|these|those|such|here|there|the "
    r"(?:former|latter|same|other|two|three)|yesterday|today|tomorrow|tonight|ago|earlier|later|"
    r"then|now|recently|(?:last|next) \w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day|also|another|"
    r"above|below)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”")


def _is_sound(found: Wording) -> bool:
    """Whether the question can be understood alone, has something to go by, and is no riddle."""
    own = found.question if found.rule == GAP else _QUOTED.sub("", found.question)
    about = [word for word in words(found.question) if word not in FUNCTION_WORDS | ASKING_WORDS]
    balanced = all(found.question.count(a) == found.question.count(b) for a, b in ("()", "“”"))
    if not balanced or '"' in found.question or _ODD.search(found.question):
        return False
    if found.rule == "description":
        return True
    named = any(word[0].isupper() for word in own.split()[1:]) or "“" in found.question
    return len(about) >= _LEAST_ABOUT and named and not _POINTS_ELSEWHERE.search(own)


_LEAST_ABOUT = 4

# Names

_WORD = r"[A-Z][\w’'.-]*[\w’]"
_NAME = rf"{_WORD}(?: (?:al-|el-|de |di |von |van |bin |ibn )?{_WORD}){{0,3}}"
_PERSON = rf"{_WORD}(?: (?:al-|el-|de |di |von |van |bin |ibn )?{_WORD}){{1,3}}"
_SAYS = (
    "says|said|warned|warns|added|adds|noted|notes|explained|explains|argued|argues|wrote|writes|"
    "stressed|stresses|admitted|admits|insisted|insists|claimed|claims|tweeted|acknowledged|"
    "concluded|concludes|recalled|remarked|observed|observes|predicted|predicts|declared|declares"
)


def _is_name(text: str) -> bool:
    return not any(word.lower().strip(".,") in NO_NAMES for word in text.split())


# Who said it

_QUOTE_FIRST = re.compile(
    rf"[\"“](?P<quote>[A-Z][^\"“”]+?)[,.!?]?[\"”],? "
    rf"(?:(?:{_SAYS}) (?P<after>{_NAME})|(?P<before>{_NAME}) (?:{_SAYS}))\b"
    r"(?=[,.]| (?:in|at|on|to)\b)"
)
_QUOTE_LAST = re.compile(
    rf"(?P<before>{_NAME})(?:, [^,\"“]+,)? (?:{_SAYS})[^.\"“]{{0,60}}[,:] "
    rf"[\"“](?P<quote>[A-Z][^\"“”]+?)[,.!?]?[\"”]"
)
_QUOTE_WORDS = range(6, 36)


def _quotation(sentence: str) -> Iterator[Wording]:
    match = _QUOTE_FIRST.match(sentence) or _QUOTE_LAST.match(sentence)
    if not match:
        return
    found = match.groupdict()
    name, quote = found["before"] or found["after"], found["quote"]
    if _is_name(name) and len(quote.split()) in _QUOTE_WORDS:
        question = f"Who said: “{quote}”?"
        yield Wording(question, f"{name}.", ((_last(name),),), "who-said-what", "quotation")


def _last(name: str) -> str:
    """The part of a name that no report leaves out."""
    parts = [re.sub(r"['’]s?$", "", part.rstrip(",")) for part in name.split()]
    return parts[-1] if len(parts) == 1 or parts[-1] not in _AFTER_NAMES else parts[-2]


_AFTER_NAMES = ("Jr.", "Jr", "Sr.", "Sr", "II", "III")


# When, how many, who: a subject, a past and what follows

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\."
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"(?:[Oo]n (?P<month>{_MONTHS}) (?P<day>\d{{1,2}})(?:,? (?P<year>{_YEAR}))?"
    rf"|[Oo]n (?P<day2>\d{{1,2}}) (?P<month2>{_MONTHS})(?:,? (?P<year2>{_YEAR}))?"
    rf"|[Ii]n (?P<month3>{_MONTHS}),? (?P<year3>{_YEAR})|[Ii]n (?P<year4>{_YEAR}))(?![\w-])"
)


def _date(sentence: str) -> Iterator[Wording]:
    dates = list(_DATE.finditer(sentence))
    if len(dates) != 1 or any(mark in sentence for mark in '"“”'):
        return
    (match,) = dates
    before, after = sentence[: match.start()].rstrip(" ,"), sentence[match.end() :].lstrip(" ,")
    clause = clause_of(after if not before else f"{before} {after}", PASTS)
    if before and not PASTS & {*before.split()}:  # a date between subject and verb
        return
    if clause and (not before or sentence[match.end() : match.end() + 1] in (".", " ")):
        answer = match[0][0].upper() + match[0][1:]
        question = f"When {clause.asked()}?"
        yield Wording(question, f"{answer}.", _date_groups(match), "date", "date")


def _date_groups(match: re.Match[str]) -> tuple[tuple[str, ...], ...]:
    found = {name.rstrip("234"): value for name, value in match.groupdict().items() if value}
    groups: list[tuple[str, ...]] = []
    if "day" in found:
        month, day = found["month"], found["day"]
        groups.append((f"{month} {day}", f"{day} {month}"))
    elif "month" in found:
        groups.append((found["month"],))
    return (*groups, (found["year"],)) if "year" in found else tuple(groups)


_NUMBER = (
    r"(?<![\w.,:$€£-])(?:(?:about|some|around|nearly|almost|at least|more than|over|up to|"
    r"as many as) )?"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?: (?:million|billion))?|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)"
)
_COUNTED = re.compile(
    rf"{_NUMBER} (?P<noun>(?:[a-z][a-z-]+ ){{0,2}}?(?:[a-z-]{{3,}}s|people|men|women|children|"
    r"aircraft))\b",
    re.IGNORECASE,
)
_NOT_COUNTED = frozenset(
    "years months weeks days hours minutes seconds times degrees points miles series others was "
    "has this percent".split()
)


def _number(sentence: str) -> Iterator[Wording]:
    if any(mark in sentence for mark in '"“”'):
        return
    clause = clause_of(sentence, PASTS)
    first, rest = _COUNTED.match(sentence), clause and _COUNTED.match(clause.rest)
    if first and _is_counted(first):
        following = sentence[first.end() :].strip().rstrip(".!?")
        verb, _, tail = following.partition(" ")
        if verb in STATES and not tail.startswith("by "):
            question = f"How many {first['noun']} {verb} {main_part(tail)}"
            yield _counted(question.strip(), first)
    elif clause and rest and clause.verb not in BE and _is_counted(rest):
        tail = clause.rest[rest.end() :].strip()
        asked = f"did {clause.subject} {VERBS[clause.verb]} {tail}"
        yield _counted(f"How many {rest['noun']} {asked}".strip(), rest)


def _is_counted(match: re.Match[str]) -> bool:
    return match["noun"].split()[-1] not in _NOT_COUNTED


def _counted(question: str, match: re.Match[str]) -> Wording:
    number = match["number"]
    answer = f"{match[0][0].upper()}{match[0][1:]}."
    return Wording(f"{question}?", answer, ((number,),), "single-fact", "number")


_PEOPLE = re.compile(
    r"\b(?:President|Minister|Secretary|Ambassador|Chancellor|King|Queen|Prince|Princess|Senator|Sen\.|"
    r"Gen\.|General|Mr\.|Ms\.|Mrs\.|Dr\.|Prof\.|Professor|Governor|Director|Chairman|CEO|Pope|"
    rf"spokesman|spokeswoman|analyst|expert|editor|author|director|producer|writer) (?=({_PERSON}))"
)
_SPEAKER = re.compile(rf"\b(?:{_SAYS}) ({_NAME})|({_NAME}) (?:{_SAYS})\b")


def _who(sentence: str) -> Iterator[Wording]:
    """Somebody with a title does something."""
    clause = clause_of(sentence, STATES)
    title = clause and _PEOPLE.search(clause.subject)
    if not clause or any(mark in sentence for mark in '"“”'):
        return
    name = clause.subject[title.end() :] if title else clause.subject
    if re.fullmatch(_PERSON, name) and _is_name(name) and len(clause.rest.split()) > LEAST_REST:
        question = f"Who {clause.verb} {clause.rest}?"
        yield Wording(question, f"{name}.", ((_last(name),),), "single-fact", "who")


_APPOSITION = re.compile(
    rf"(?:^|[ “\"])(?P<name>{_PERSON}), (?P<what>(?:a|an|the) [^,.;:()\"“”]{{8,90}}?)(?=[,.])"
)
_HEAD_ENDS = re.compile(r" (?:of|at|for|in|from|with|who|to|on|and|that|whose|by|based|covering)\b")


def _description(sentence: str) -> Iterator[Wording]:
    """Ann Lee, an analyst at the Institute, …"""
    for match in _APPOSITION.finditer(sentence):
        name, what = match["name"], match["what"]
        head = _HEAD_ENDS.split(what)[0].split()[-1]
        if _is_name(name) and head.islower() and _WHO.fullmatch(head):
            answer = f"{what[0].upper()}{what[1:]}."
            question = f"Who is {name}?"
            yield Wording(question, answer, ((head,),), "single-fact", "description")


_OFFICES = (
    r"(?:analyst|expert|fellow|scholar|chief|head|minister|general|[a-z]*(?:man|woman|person)|lawyer|"
    r"judge|critic|founder|co-founder|professor|colonel|activist|chef|official|aide|diplomat|author|"
    r"mother|father|wife|husband|son|daughter|brother|sister|[a-z]+ist|[a-z]*designer|director|"
    r"editor|engineer|historian|leader|lecturer|manager|musician|officer|owner|painter|player|"
    r"politician|president|producer|reporter|researcher|singer|teacher|writer|veteran|partner|"
    r"commander|governor|mayor|member|correspondent|columnist|consultant|student|adviser|advisor)"
)
_WHO = re.compile(_OFFICES)
_ROLE = re.compile(
    rf"^Who (?:is|was|has been) (?:an? |the )?(?:[\w-]+ ){{0,4}}{_OFFICES}\b", re.IGNORECASE
)

# What is left out

_INSIDE = re.compile(
    rf"(?<=[a-z] ){_PERSON}(?=[.,]|\s(?:of|in|for|to|as|on|at|by|with|from|is|was|were|are|has|had"
    r"|will|would|could|should|may|might|who|that|after|before|and|said|says)\b)"
)
_GAPPED = range(12, 41)


def _gap(sentence: str) -> Iterator[Wording]:
    tokens = sentence.split()
    if any(mark in sentence for mark in '"“”') or len(tokens) not in _GAPPED:
        return
    if not STATES & {*tokens}:  # no sentence
        return
    for match in filter(_is_counted, _COUNTED.finditer(sentence)):
        yield _left_out(sentence, *match.span("number"), "number")
    for match in _INSIDE.finditer(sentence):
        if _is_name(match[0]) and not match[0].endswith(("'s", "’s")):
            yield _left_out(sentence, *match.span(), "name")


def _left_out(sentence: str, start: int, end: int, what: str) -> Wording:
    gapped = f"{sentence[:start]}___{sentence[end:]}"
    said = sentence[start:end]
    return Wording(f"Which {what} fills the gap: “{gapped}”?", f"{said}.", ((said,),), "cloze", GAP)


_RULES: tuple[Callable[[str], Iterator[Wording]], ...] = (
    _quotation,
    _date,
    _number,
    _who,
    _description,
    _gap,
)
