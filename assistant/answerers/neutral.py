"""Text of others on its way into a prompt: made unable to be anything but text.

Only the prompt's copy changes: citations go by sentence number, so quotes are untouched.
"""

from __future__ import annotations

import re
import unicodedata

# Any letter and any kind of bracket: what looks like a marker is one to a model.
_NUMBERS = r"\s?[^\W\d_]?\d+(?:\s?[,;–-]\s?[^\W\d_]?\d+)*\s?"
_OPEN, _CLOSE = "\\[【［〔⟦〚", "\\]】］〕⟧〛"
_MARKER = re.compile(rf"[{_OPEN}]({_NUMBERS}|\d+[:†][^{_OPEN}{_CLOSE}\s]*)[{_CLOSE}]")
_BRACKETED_TOKEN = re.compile(r"\[(/?(?:INST|SYS|THINK|ARGS|[A-Z]+(?:_[A-Z]+)+))\]")
_ANGLES = str.maketrans("<>", "‹›")
_JOINERS = "\u200c\u200d"  # Persian and Indic spelling and emoji need them


def neutral(text: str) -> str:
    """``text`` on one line, without anything a model or our own reader could take for a sign.

    Bracketed numbers become parenthesised, as do tokens such as ``[INST]``; angle brackets
    become quotation marks, which undoes ``<|im_start|>``, ``</s>`` and the fence of the prompt;
    invisible and control characters vanish.
    """
    text = " ".join("".join(filter(_visible, text)).split())
    text = _MARKER.sub(r"(\1)", text)
    text = _BRACKETED_TOKEN.sub(r"(\1)", text)
    return text.translate(_ANGLES)


def _visible(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")
