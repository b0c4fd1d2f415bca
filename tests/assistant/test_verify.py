from __future__ import annotations

import json

import pytest

from assistant import Assistant
from assistant.answer import Support
from assistant.answerer import Draft
from assistant.citations import Cited
from assistant.evidence import Evidence
from assistant.verify import Verifier, choose
from index import Library
from tests.assistant.makers import evidence
from tests.conftest import ROOT

EVIDENCE = evidence(
    "On April 21, six members of the Syrian opposition walked out of the Geneva talks. "
    "Russia had sent artillery to Aleppo before the talks began.",
    "Grain prices rose sharply in the region. Traders blamed the weather.",
)


@pytest.fixture
def verifier(assistant: Assistant) -> Verifier:
    return Verifier(assistant.ranker, strict=False)


def add(verifier: Verifier, text: str, *markers: int) -> Cited:
    return verifier.add(Cited(), Draft(text, markers), EVIDENCE)


def test_the_sentences_that_carry_a_statement_are_found(verifier: Verifier) -> None:
    text = "Six members of the opposition walked out on 21 April, after Russia had sent artillery."
    near = dict.fromkeys(EVIDENCE.sentences, 0.5)
    assert [one.number for one in choose(text, near)] == [1, 2]
    assert add(verifier, text).statements[0].support is Support.SUPPORTED


def test_what_its_own_sentence_contradicts_is_not_looked_for_elsewhere(verifier: Verifier) -> None:
    text = "Six members of the Syrian opposition did not walk out of the Geneva talks."
    cited = add(verifier, text, 1)
    assert cited.statements[0].support is Support.UNVERIFIED
    assert [one.start for one in cited.citations] == [0]


def test_strict_leaves_out_what_is_unverified(assistant: Assistant) -> None:
    strict = Verifier(assistant.ranker, strict=True)
    assert not add(strict, "Seven members of the opposition walked out.", 1).statements
    assert add(strict, "Six members of the opposition walked out.", 1).statements


def test_without_evidence_nothing_is_supported(verifier: Verifier) -> None:
    cited = verifier.add(Cited(), Draft("Six walked out.", (1,)), Evidence((), ()))
    assert cited.statements[0].support is Support.UNVERIFIED


def test_every_paraphrase_stands_where_it_says(library: Library) -> None:
    paths = {path: id for id, _, paths in library.metadata() for path in paths}
    lines = (ROOT / "seeds" / "paraphrases.jsonl").read_text("utf-8").splitlines()
    for case in map(json.loads, lines):
        article = library.article(paths[case["path"]])
        assert article.text[case["start"] : case["end"]] == case["quote"]
