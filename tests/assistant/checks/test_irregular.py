from __future__ import annotations

import pytest

from assistant.checks.irregular import base
from assistant.checks.tokens import tokens


@pytest.mark.parametrize(
    ("form", "verb"),
    [("sent", "send"), ("begun", "begin"), ("kept", "keep"), ("walked", "walked"), ("", "")],
)
def test_the_base_of_an_irregular_verb(form: str, verb: str) -> None:
    assert base(form) == verb


def test_all_forms_of_a_verb_have_one_stem() -> None:
    assert len({token.stem for token in tokens("keeps kept keeping")}) == 1
