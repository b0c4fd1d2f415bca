"""What a question asks for, and whether a text gives one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checks.kinds import Kind, asked_for, gives


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the talks begin?", Kind.DATE),
        ("And since when?", Kind.DATE),
        ("In which year did he graduate?", Kind.DATE),
        ("What did he say when the talks began?", None),
        ("When the talks began, what did he say?", None),
        ("On which day of May did he leave?", Kind.DAY),
        ("On what date did they meet?", Kind.DATE),
        ("How long did the siege last?", Kind.LENGTH),
        ("For how many weeks were they there?", Kind.LENGTH),
        ("How many pilots came home?", Kind.NUMBER),
        ("number of people killed in April", Kind.NUMBER),
        ("What was the share of the vote?", Kind.NUMBER),
        ("How much did Oslo pay for the ships?", Kind.NUMBER),
        ("How much influence has he?", None),
        ("Who is Ann Lee?", None),
        ("", None),
    ],
)
def test_what_is_asked_for(question: str, kind: Kind | None) -> None:
    assert asked_for(question) is kind


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("When did she join?", "Ann Lee is an analyst at the council.", False),
        ("When did she join?", "Ann Lee joined in 2015.", True),
        ("When did she join?", "Ann Lee joined as soon as he had left.", True),
        ("When will it end?", "It will end if he leaves.", True),
        ("When was the town founded?", "It was founded in 911.", True),
        ("When was the town founded?", "It was founded in the late 1340s.", True),
        ("On which day of May did he leave?", "He wrote after his visit in May.", False),
        ("On which day of May did he leave?", "He left on 12 May.", True),
        ("On which day did he leave?", "He left on Wednesday.", True),
        ("How long did she stay?", "Two days later she met him.", False),
        ("How long did she stay?", "She stayed for two days.", True),
        ("How long after the banquet did he die?", "He died four days after it.", True),
        ("How long did the theatre play?", "It was in operation from 1870 to 1939.", True),
        ("How long can they hold out?", "They can hold out indefinitely.", True),
        ("How many pilots came home?", "The pilots came home as heroes.", False),
        ("How many pilots came home?", "Twelve pilots came home.", True),
        ("How many pilots came home?", "No pilots came home.", True),
        ("How many pilots came home?", "Hundreds came home.", True),
        ("How many pilots came home?", "The pilots came home on 12 May.", False),
        ("How many pilots came home?", "The pilots came home in their Su-25 aircraft.", False),
        ("How many pilots came home?", "The pilots came home within two weeks.", False),
        ("How many paid days off are there?", "There are at least 4 weeks of paid days off.", True),
        ("How many members has the court?", "A thirteen-member court oversees them.", True),
        ("How many chapels are there?", "Fifty-seven chapels are there.", True),
        ("How many points did the plan have?", "They agreed on a six-point plan.", True),
        ("How much did Oslo pay for the six ships?", "Oslo bought six ships in 2007.", False),
        ("How much did Oslo pay for the six ships?", "Oslo paid 3.5 million for them.", True),
        ("Why did she leave?", "She left.", True),
    ],
)
def test_whether_a_text_gives_it(question: str, text: str, found: bool) -> None:
    assert gives(text, question) is found


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_asked(question: str, text: str) -> None:
    assert gives(text, question) in {True, False}
    assert asked_for(question) is not None or gives(text, question)
