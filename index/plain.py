"""Text as a person reads it: a normalised copy for search and comparison.

Never used for offsets: an article's own text is not changed by anything.
"""

from __future__ import annotations

import re

_IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"\[(?<!\\\[)((?:[^\[\]\\]|\\[^\n])*)\]"
    r"\((?:[^()\s\\]|\\.|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+)")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[*+•·-][ \t]+)", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|-])")


def plain(text: str) -> str:
    """``text`` without Markdown's marks, on one line, with single ordinary spaces.

    Links and images keep their words and lose their targets.
    """
    # Most texts have few marks, and to look for a character is much quicker than for a pattern.
    if "![" in text:
        text = _IMAGE.sub(r"\1", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
    if "\n" in text or _LINE_MARK.match(text):
        text = _LINE_MARK.sub("", text)
    if "*" in text or "_" in text or "`" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split())
