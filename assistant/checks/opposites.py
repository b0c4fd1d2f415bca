"""Words of opposite meaning: WordNet's antonyms, and what newspapers set against each other."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

from assistant.words import FUNCTION_WORDS, stem

_GROUPS = """
accept agree consent welcome approve endorse / reject refuse decline oppose disagree
support back favor favour advocate / oppose resist
rise increase grow climb surge raise expand growth / fall decrease shrink decline drop reduce plunge
more greater over above exceed / less fewer under below
most maximum / least minimum
better improve best improvement / worse worsen worst deteriorate
before prior earlier precede / after follow later
first initial initially / last final finally
win victory triumph victorious / lose defeat loss
succeed success successful successfully achieve / fail failure unsuccessful
attend present participate / absent boycott skip
begin start launch commence open / end finish conclude stop close halt cease
confirm admit acknowledge / deny
believe / doubt doubtful
praise hail laud applaud / criticize criticise condemn denounce
allow permit authorize authorise enable / forbid ban prohibit prevent bar block
include inclusion / exclude exclusion omit
strong strengthen powerful stronger strongest / weak weaken weaker weakest
high higher highest / low lower lowest
large big larger largest bigger biggest huge / small smaller smallest tiny minor
easy easier easily / difficult hard harder
early / late
arrive enter join / leave depart quit withdraw exit resign
buy purchase / sell
hire appoint elect / dismiss fire sack
attack assault / defend protect
friend ally partner / enemy foe rival
advance / retreat
majority / minority
likely / unlikely
public publicly / private privately secret
always / never
often frequently / rarely seldom
all every everyone everybody / none nobody
many / few
positive positively / negative negatively
optimistic hopeful / pessimistic
safe / dangerous unsafe
guilty convict / innocent acquit
build create construct / destroy demolish
keep retain preserve / abandon relinquish lose
remain stay persist / leave depart vanish
satisfied pleased content / frustrated dissatisfied angry
similar same alike identical / different
partial partially / complete full entire total fully completely
win gain / lose
united / divided
friendly / hostile
old ancient / new recent
hope / fear despair
war / peace
peaceful / violent
useful valuable essential indispensable / useless worthless
help benefit aid favor favour / harm hurt damage hinder undermine
continue proceed resume / break halt interrupt
reassure calm soothe / frighten alarm scare
major important significant chief main / minor insignificant trivial
chance opportunity / risk danger threat
escalate intensify inflame / ease defuse calm
peacemaker mediator / aggressor
flexible / rigid inflexible
certain sure / uncertain unsure doubtful
clear / vague imprecise ambiguous
proud / ashamed
willing ready prepared eager / unwilling reluctant
voluntary voluntarily / forced compulsory
"""
"""Each word before the stroke is opposed to each one after it."""


_SAYS_LITTLE = FUNCTION_WORDS | {"well"}
"""Words used in too many ways: "as well", "full well"."""

_LONG_ENOUGH = 5
"""Letters of a stem that "un" turns into its opposite: there are too many like "cover", "fold"."""

_SHORTEST = 3
"""Letters that "un" or "less" leaves of a stem, where that decides nothing by itself."""


@lru_cache(maxsize=16_384)
def opposites_of(one: str) -> frozenset[str]:
    """Stems of opposite meaning: by the lists, or as ``clear`` and ``unclear``."""
    found = opposites().get(one, frozenset())
    if len(one) >= _LONG_ENOUGH:
        found |= {f"un{one}"}
    rest = one.removeprefix("un")
    return found | {rest} if rest != one and len(rest) >= _LONG_ENOUGH else found


def negated(one: str) -> bool:
    """Whether a stem has a "no" in it: ``unclear``, ``useless``, ``disagree``."""
    rest = one.removeprefix("un").removesuffix("less")
    if rest != one and len(rest) >= _SHORTEST:
        return True
    return any(one.endswith(other) for other in opposites().get(one, ()))


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Stem → stems of opposite meaning."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_antonyms(), *_grouped()):
        if stem(one) != stem(other):
            found[stem(one)].add(stem(other))
            found[stem(other)].add(stem(one))
    return {word: frozenset(others) for word, others in found.items()}


def _antonyms() -> list[tuple[str, str]]:
    lines = files("assistant").joinpath("data", "opposites.txt").read_text("utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return [(one, other) for one, other in pairs if not {one, other} & _SAYS_LITTLE]


def _grouped() -> list[tuple[str, str]]:
    halves = [line.split(" / ") for line in _GROUPS.strip().splitlines()]
    return [
        (one, other) for left, right in halves for one in left.split() for other in right.split()
    ]
