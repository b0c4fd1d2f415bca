"""English statements in the past, as the rules of :mod:`assistant.evaluation.wording` read them.

Pasts are recognised by a list of verbs, so that "Russia launched …" can be asked as "did Russia
launch …".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

NO_NAMES = frozenset(
    """
    a an the he she it they we you i this that these those there here who what when where why how
    but and or so yet if as in on at by for from with after before while although though since
    because however meanwhile then now one two three four five six seven eight nine ten some many
    most several another other others both all no not monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november
    december according even still also officials critics experts analysts sources people reports
    """.split()
)
"""Words that open a sentence with a capital and name nobody."""

_BASES = """
    accept accuse acquire adopt agree announce appoint approve arrest arrive ask attack attend ban
    block cancel capture carry cause change claim close collapse complete condemn conduct
    confirm continue criticize create deliver demand deny deploy describe design destroy develop
    direct discover earn elect enter establish evacuate express fail file finish fire found gain
    help host impose improve include increase inspire introduce invest invite involve issue join
    kill launch lead-led leave-left lose-lost make-made meet-met move negotiate nominate offer
    open operate order organize participate pass perform play pledge premiere prevent produce
    promise propose publish purchase raise reach receive recognize record reduce refuse reject
    release remain remove rename replace report represent request rescue resign resume retire
    return reveal sell-sold send-sent serve shell sign start suffer suggest support suspend
    take-took target test threaten tour travel turn unveil urge use veto visit vote walk warn
    welcome win-won
    withdraw-withdrew write-wrote begin-began become-became break-broke bring-brought build-built
    buy-bought come-came cost-cost cut-cut draw-drew drive-drove fall-fell fight-fought find-found
    fly-flew get-got give-gave go-went grow-grew hold-held keep-kept pay-paid rise-rose say-said
    see-saw seize set-set sing-sang speak-spoke spend-spent stand-stood steal-stole tell-told
    die land score share earn debut employ cover gather generate install injure wound
    announce detain doubt employ exploit maintain mention process violate
    stop-stopped drop-dropped plan-planned admit-admitted permit-permitted commit-committed
    submit-submitted refer-referred transfer-transferred equip-equipped ship-shipped
""".split()


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    return f"{base}ed"


VERBS = {past or _past(base): base for base, _, past in (one.partition("-") for one in _BASES)}
BE = ("was", "were")
_PRESENT = frozenset(
    "is are has have had will would can could may might must should did does do".split()
)
STATES = frozenset(f"{base}s" for base in VERBS.values()) | _PRESENT | {*VERBS, *BE}
"""What may follow somebody who does something, where the order of words stays."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A plain statement in the past."""

    subject: str
    verb: str
    rest: str

    def asked(self) -> str:
        """Its words in the order of a question, after what asks: ``did Russia launch strikes``."""
        if self.verb in BE:
            return f"{self.verb} {self.subject} {self.rest}".strip()
        return f"did {self.subject} {VERBS[self.verb]} {self.rest}".strip()


def clause_of(text: str, verbs: Collection[str]) -> Clause | None:
    """The statement that ``text`` makes, if it is a simple one with one of ``verbs``; what follows
    a comma is left out."""
    tokens = text.rstrip(".!?").split()
    for place, token in enumerate(tokens[: _LONGEST_SUBJECT + 1]):
        if token in verbs:
            if tokens[place + 1 : place + 2] == ["by"]:  # no verb, but a participle
                return None
            subject, rest = tokens[:place], " ".join(tokens[place + 1 :])
            return (
                Clause(_opening(subject), token, main_part(rest)) if _is_subject(subject) else None
            )
    return None


PASTS = frozenset({*VERBS, *BE})
_LONGEST_SUBJECT = 9
_NO_SUBJECT = re.compile(
    r"[,;:\"“”()—–]|\b(?:who|which|that|whose|where|when|if|as|but|and then|to|not|never|would|had|"
    r"has|have|is|are|will|can|could|while|although|though|because|since|despite|after|before|by|how|"
    r"why|what|only|during|until|once|just|both)\b",
    re.IGNORECASE,
)


_LOWER_ED = re.compile(r"[a-z]+ed")


def _is_subject(tokens: list[str]) -> bool:
    text = " ".join(tokens)
    if any(token in STATES or _LOWER_ED.fullmatch(token) for token in tokens):
        return False
    return (
        bool(tokens)
        and not _NO_SUBJECT.search(text)
        and (tokens[0].lower() in ("the", "a", "an") or tokens[0].lower() not in NO_NAMES)
    )


def _opening(tokens: list[str]) -> str:
    """The subject as it reads inside a sentence."""
    if tokens and tokens[0].lower() in NO_NAMES | {"representatives", "members", "police"}:
        tokens = [tokens[0].lower(), *tokens[1:]]
    return " ".join(tokens)


_BREAK = re.compile(r",|;|:| [—–-] | \(|\b(?:but|although|while|whereas)\b")
_AND_DID = re.compile(r" and (?=\w+ed\b|(?:has|had|have|was|were|is|are|also|then|later|will)\b)")


def main_part(rest: str) -> str:
    """What follows the verb, up to the first break after enough words."""
    rest = _AND_DID.split(rest)[0]
    for match in _BREAK.finditer(rest):
        if len(rest[: match.start()].split()) >= LEAST_REST:
            return rest[: match.start()].strip()
    return rest


LEAST_REST = 3
