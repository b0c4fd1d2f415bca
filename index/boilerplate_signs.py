"""What a unit gives away by itself: by its wording, its length, its share of links."""

from __future__ import annotations

import re

from index import boilerplate_phrases as phrases
from index.boilerplate_units import Unit

_BUTTON_WORDS = 8
_TITLE_WORDS = 10
_NOTICE_WORDS = 120
_CREDIT_WORDS = 14
_COPYRIGHT_START = 25
_COPYRIGHT_LENGTH = 40
"""Characters of the longest copyright phrase, and some."""
_LABEL_WORDS = 30
_MENU_WORDS = 3
_MENU_SHARE = 0.6
_SHORT_WORDS = 6
_LOOK_LEVEL = 6
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|от|автор:?)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_CODE = frozenset("{}()[];=")


def is_silent(unit: Unit) -> bool:
    """Nothing to read: a rule, an image, a link without words, a stray mark or letter."""
    if unit.letters == 1 and unit.words.islower():
        return True
    return not unit.letters and (unit.has_media or not _CODE & set(unit.words))


def is_button(unit: Unit) -> bool:
    if unit.length > _BUTTON_WORDS or (unit.heading and unit.block.level < 3):
        return False
    return phrases.BUTTON.fullmatch(_title(unit)) is not None


def is_notice(unit: Unit) -> bool:
    if unit.length > _NOTICE_WORDS:
        return False
    if phrases.NOTICE_START.match(unit.words):
        return True
    words = unit.words.casefold()
    cued = any(cue in words for cue in phrases.NOTICE_CUES)
    return cued and phrases.NOTICE.search(unit.words) is not None


def is_archive_bar(unit: Unit) -> bool:
    return phrases.ARCHIVE.match(unit.words) is not None


def is_copyright(unit: Unit) -> bool:
    if unit.length <= _CREDIT_WORDS:
        return phrases.COPYRIGHT.search(unit.words) is not None
    found = phrases.COPYRIGHT.search(unit.words[: _COPYRIGHT_START + _COPYRIGHT_LENGTH])
    return found is not None and found.start() < _COPYRIGHT_START


def is_credit(unit: Unit) -> bool:
    return unit.length <= _CREDIT_WORDS and phrases.CREDIT.match(unit.words) is not None


def is_labelled_list(unit: Unit) -> bool:
    """``Tags: …``, ``Read more: …``"""
    if unit.length > _LABEL_WORDS or unit.ends_sentence:
        return False
    return phrases.LABEL.match(unit.words) is not None


def is_plain_menu(unit: Unit) -> bool:
    """A menu that has lost its links: ``Home Archive Search About us``."""
    words = [word.casefold() for word in unit.words.split()]
    known = sum(word in phrases.MENU_WORDS for word in words)
    enough = known > _MENU_WORDS and known >= _MENU_SHARE * len(words)
    return enough and not unit.ends_sentence


SIGNS = (
    is_silent,
    is_archive_bar,
    is_button,
    is_notice,
    is_copyright,
    is_credit,
    is_labelled_list,
    is_plain_menu,
)


def is_section_title(unit: Unit) -> bool:
    """Whether a unit stands over a list of other things: ``Related``, ``Most read``."""
    return unit.length <= _TITLE_WORDS and phrases.SECTION.fullmatch(_title(unit)) is not None


def is_common_title(unit: Unit) -> bool:
    """Whether a unit may stand over such a list, but over an article's text as well."""
    return unit.length <= _TITLE_WORDS and phrases.COMMON_TITLE.fullmatch(_title(unit)) is not None


def opens_consent(unit: Unit) -> bool:
    """Whether a unit is the title of a dialog about cookies."""
    title = unit.length <= _TITLE_WORDS and not unit.link_only
    return title and phrases.CONSENT.fullmatch(_title(unit)) is not None


def asks_consent(unit: Unit) -> bool:
    """Whether a unit says what a site does with cookies and data: "We and our partners …"."""
    voice = phrases.CONSENT_VOICE.search(unit.words)
    return bool(voice and phrases.CONSENT_CUE.search(unit.words))


def speaks_of_consent(unit: Unit) -> bool:
    """Whether a unit may belong to a dialog about cookies that has begun."""
    address = not unit.prose or phrases.CONSENT_ADDRESS.search(unit.words)
    return asks_consent(unit) or bool(address and phrases.CONSENT_CUE.search(unit.words))


def _title(unit: Unit) -> str:
    return unit.words.rstrip(".…:!?»›>→ ")


def is_byline(unit: Unit) -> bool:
    """``By Ann Author``"""
    prefix = _BYLINE.match(unit.words)
    return bool(prefix) and without_byline(unit.words)[:1].isupper() and not unit.ends_sentence


def is_dateline(unit: Unit) -> bool:
    """Whether a short line names an author or a day."""
    if unit.length > _CREDIT_WORDS or is_copyright(unit):
        return False
    dated = _YEAR.search(unit.words) and _DAY.search(unit.words) and not unit.link_only
    return is_byline(unit) or bool(dated)


def without_byline(words: str) -> str:
    """``By Ann Author`` as ``Ann Author``."""
    return _BYLINE.sub("", words, count=1).strip()


def is_marked_heading(unit: Unit) -> bool:
    """Whether Markdown, not the look of a line, makes it a heading."""
    return unit.heading and unit.block.level < _LOOK_LEVEL


def is_short(unit: Unit) -> bool:
    """Neither running text nor a byline, a date or a row of a table: its neighbours decide."""
    if unit.prose or unit.row or unit.ends_sentence or unit.length > _SHORT_WORDS:
        return False
    return not is_byline(unit) and not _YEAR.search(unit.words)
