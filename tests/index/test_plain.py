"""Markdown's marks, taken out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import plain as module
from index.plain import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[words](http://a.example/b_(c))", "words"),
        ("![a picture](/a.png) beside", "a picture beside"),
        ("<https://a.example>", "https://a.example"),
        ("# Title", "Title"),
        ("> said\n> twice", "said twice"),
        ("first\n* second", "first second"),
        ("**bold** and `code`", "bold and code"),
        ("a_name _said_ so", "a_name said so"),
        (r"\[no](/a) [one](/b)", "[no](/a) one"),
        (r"1\. A \[note\]", "1. A [note]"),
        ("a\u00a0 b\t\nc ", "a b c"),
        ("2 < 3 - 1 > 0", "2 < 3 - 1 > 0"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(alphabet="ab1 \n\t\u2028\x1c#>*+-_`\\[]()<>!:/.", max_size=60))
def test_what_is_not_looked_for_is_not_there(text: str) -> None:
    assert plain(text) == _every_pattern(text)


def _every_pattern(text: str) -> str:
    for pattern, kept in (
        (module._IMAGE, r"\1"),
        (module._LINK, r"\1"),
        (module._AUTOLINK, r"\1"),
        (module._LINE_MARK, ""),
        (module._EMPHASIS, ""),
        (module._ESCAPE, r"\1"),
    ):
        text = pattern.sub(kept, text)
    return re.sub(r"\s+", " ", text).strip()
