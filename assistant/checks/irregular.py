"""Irregular verbs: the base of a past tense or participle, which no stemmer finds.

Forms that are as often another word ("left", "lay", "wound") are not among them.
"""

from __future__ import annotations

_FORMS = """
begin began begun / become became / break broke broken / bring brought / build built / buy bought
catch caught / choose chose chosen / come came / deal dealt / draw drew drawn / drive drove driven
fall fell fallen / feel felt / fight fought / find found / flee fled / fly flew flown
forbid forbade forbidden / forget forgot forgotten / get got gotten / give gave given / go went gone
grow grew grown / hear heard / hide hid hidden / hold held / keep kept / know knew known / lead led
lend lent / lose lost / make made / mean meant / meet met / pay paid / rise rose risen / run ran
say said / see saw seen / seek sought / sell sold / send sent / shake shook shaken / shoot shot
show shown / speak spoke spoken / spend spent / stand stood / steal stole stolen / strike struck
swear swore sworn / take took taken / teach taught / tell told / think thought
throw threw thrown / understand understood / win won / withdraw withdrew withdrawn
write wrote written
"""

_BASES = {
    form: base
    for verb in _FORMS.strip().replace("\n", " / ").split(" / ")
    for base, *forms in [verb.split()]
    for form in forms
}


def base(word: str) -> str:
    """``sent`` → ``send``; any other folded word stays as it is."""
    return _BASES.get(word, word)
