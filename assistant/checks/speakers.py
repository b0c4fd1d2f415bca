"""Who says what: the speakers that a text names, by the last word of their names."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.checks.places import PLACES
from assistant.checks.tokens import Token, sentences, tokens
from assistant.words import FUNCTION_WORDS, stem

_SAYING = frozenset(
    stem(word)
    for word in """
    say said tell told state declare note add explain argue believe think thought warn claim report
    suggest emphasize emphasise stress insist confirm describe call criticize criticise praise write
    wrote announce propose predict admit deny observe remark conclude assert doubt recommend
    complain recall accuse contend maintain reply answer comment
    """.split()
)
_VIEW = frozenset("view opinion eyes words".split())
_INVERTED = frozenset(stem(word) for word in "say said add note write explain continue".split())
_PLACES = frozenset(PLACES.values())
_QUOTES = frozenset({'"', "”", "“", "»"})
_BREAKS = FUNCTION_WORDS - {"the", "a"}
_PREPOSITIONS = frozenset("for by of in on from with without after before while about".split())
_PRONOUNS = frozenset("he she they it who that which".split())


def speakers(text: str) -> frozenset[str]:
    """Stems of the surnames to whom the text gives a saying, a thought or a view."""
    found: set[str] = set()
    for sentence in sentences(tokens(text)):
        for place, token in enumerate(sentence):
            found |= _speaker(sentence, place, token)
    return frozenset(found)


def _speaker(sentence: Sequence[Token], place: int, token: Token) -> set[str]:
    if token.word == "according" and _word(sentence, place + 1) == "to":
        return _surname(sentence[place + 2 : place + 12])
    if token.possessive and token.name and _word(sentence, place + 1) in _VIEW:
        return {token.stem}
    if token.stem in _SAYING and not token.capital and not _is_gerund(sentence, place):
        if place and sentence[place - 1].word in _QUOTES:
            return _inverted(sentence, place) or _subject(sentence, place - 2)
        return _subject(sentence, place - 1) | _inverted(sentence, place)
    return set()


def _is_gerund(sentence: Sequence[Token], place: int) -> bool:
    """``for insisting``, ``by calling``: the noun before it does not say it."""
    before = sentence[place - 1].word if place else ""
    return sentence[place].word.endswith("ing") and before in _PREPOSITIONS


def _inverted(sentence: Sequence[Token], place: int) -> set[str]:
    """``…," says Frolov``, ``…, said the analyst Golts``: the name after the verb."""
    before = sentence[place - 1].word if place else ""
    if sentence[place].stem not in _INVERTED or before not in {*_QUOTES, ","}:
        return set()
    return _surname(sentence[place + 1 : place + 9], past_possessives=True)


def _surname(following: Sequence[Token], past_possessives: bool = False) -> set[str]:
    """The last word of the first name that follows in the clause, a place before a noun passed
    over: "the Moscow columnist Julia Smirnova"."""
    last = None
    for token in following:
        if token.possessive:
            last = None if past_possessives else last
        elif token.name:
            last = token.stem
        elif token.mark or (past_possessives and token.word in _BREAKS):
            break
        elif last:
            if last not in _PLACES:
                break
            last = None
    return {last} if last else set()


def _subject(sentence: Sequence[Token], place: int) -> set[str]:
    """The name that ends at ``place``, adverbs and an apposition between commas passed over;
    empty where the subject is no name."""
    while place >= 0 and _passed_over(sentence[place]):
        place -= 1
    found: set[str] = set()
    if place >= 1 and sentence[place].word == ",":
        found |= _named(sentence[place - 1])  # "the delegation's head, Jaafari, praised"
        opening = [at for at in range(place) if sentence[at].word == ","]
        place = opening[-1] - 1 if opening else -1
    return found | _named(sentence[place]) if place >= 0 and not _placed(sentence, place) else found


def _placed(sentence: Sequence[Token], place: int) -> bool:
    """``observers in the West have said``: the name only says where they are."""
    before = [token.word for token in sentence[max(place - 2, 0) : place] if token.word != "the"]
    return bool(before) and before[-1] in {"in", "at", "near"}


def _named(token: Token) -> set[str]:
    return {token.stem} if token.may_be_name and not token.possessive else set()


def _passed_over(token: Token) -> bool:
    return token.word.endswith("ly") or token.word in FUNCTION_WORDS - _PRONOUNS


def _word(sentence: Sequence[Token], place: int) -> str:
    return sentence[place].word if place < len(sentence) else ""
