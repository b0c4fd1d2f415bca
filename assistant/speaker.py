"""Who speaks in a run of sentences, where the text itself says so. English, by rule.

A wrong name is worse than none: two speakers, a speaker without a name ("activists say"), or a
verb that only quotes somebody else leave the question open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import EvidenceSentence
from assistant.names import NAME, names
from index.plain import plain

_VERB = (
    r"(?:says?|said|told|tells|adds?|added|notes|noted|writes|wrote|explain(?:s|ed)|emphasi[sz]e[sd]"
    r"|declared|stated|suggest(?:s|ed)|warned|believes|argue[sd]|claim(?:s|ed)|recalls|continues"
    r"|conclude[sd]|insist(?:s|ed)|remarked)"
)
_REPORTS = r"(?=[^.]{0,40}?\bthat\b|[^.]{0,60}?[\"“])"
_BEFORE = re.compile(
    rf"(?P<clause>[^.;:\"“”]*?)(?P<name>{NAME.pattern})(?:,[^,\"“”]{{1,80}},)?"
    rf"\s+(?:(?:\w+ly|also|then|has)\s+)?{_VERB}\b,?{_REPORTS}"
)
_AFTER = re.compile(rf"[,”\"]\s*{_VERB}\s+(?P<name>{NAME.pattern})")
_ASIDE = re.compile(rf"[,”\"]\s*(?P<name>{NAME.pattern})\s+{_VERB}[,.]")
_SUBORDINATE = re.compile(
    r"\b(?:since|when|after|before|that|who|which|as|while|because|if|where|whether|although)\b"
)
_NAMELESS = re.compile(rf"\b[a-z]+s\s+{_VERB}\b")
_QUOTED = re.compile(r'"[^"]*(?:"|$)|“[^”]*(?:”|$)')
_EMPTY = '""'
"""What a quotation is cut down to: who is said to speak *in* it does not speak it."""
_TITLES = frozenset(
    "minister president secretary ambassador spokesman spokesperson columnist analyst expert "
    "foreign defense state envoy mr mrs ms dr sir professor general".split()
)


def speaker(run: Sequence[EvidenceSentence]) -> str:
    """The full name of the one who speaks in all of the run; empty where none is named or more."""
    said = _unquoted(" ".join(sentence.text for sentence in run))
    text = plain(run[0].article.text)
    named = list(_speakers(said))
    found = {full_name(match["name"], text) for match in named}
    if len(found) != 1 or _NAMELESS.search(said):
        return ""
    first = min(match.start("name") for match in named)
    (name,) = found
    # Of two quotations before the name, the first one may be anybody's.
    told = said[:first].count(_EMPTY) <= 1 and _is_all_said(run)
    return name if " " in name and told else ""


def _is_all_said(run: Sequence[EvidenceSentence]) -> bool:
    """Whether each sentence names who speaks, opens with a quotation or goes on with one."""
    is_open = False
    for sentence in run:
        text = sentence.text
        quoted = is_open or text.startswith(('"', "“"))
        if not quoted and not any(_speakers(_unquoted(text))):
            return False
        marks = text.count('"') + text.count("“") + text.count("”")
        is_open ^= marks % 2 == 1
    return True


def _unquoted(text: str) -> str:
    return _QUOTED.sub(_EMPTY, text)


def _speakers(said: str) -> Iterator[re.Match[str]]:
    """Where a text, its quotations cut down, names who speaks."""
    yield from _AFTER.finditer(said)
    yield from _ASIDE.finditer(said)
    for match in _BEFORE.finditer(said):
        if not _SUBORDINATE.search(match["clause"]):
            yield match


def full_name(name: str, text: str) -> str:
    """With the first name, if the text gives just one: ``Frolov`` → ``Vladimir Frolov``."""
    *before, last = name.split()
    if before and before[-1].lower() not in _TITLES:
        return f"{before[-1]} {last}"
    fuller = {
        words[-2]
        for words in map(str.split, names(text))
        if words[-1] == last and len(words) > 1 and words[-2].lower() not in _TITLES
    }
    return f"{fuller.pop()} {last}" if len(fuller) == 1 else last
