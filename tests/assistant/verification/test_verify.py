from __future__ import annotations

import pytest

from assistant.answer import Outcome, Support
from assistant.draft import Draft
from assistant.errors import LLMUnavailableError
from assistant.evidence import Evidence
from assistant.understanding.question import Question
from assistant.verification import Cited, Judge, Verified, check_text, resolve, verify
from assistant.verification.verifying import Unsupported
from index import Library
from tests.assistant.makers import evidence
from tests.assistant.verification.judges import SaysModel, verdicts

READ = evidence(
    "On April 21, six members of the Syrian opposition walked out of the Geneva talks. "
    "Russia had sent artillery to Aleppo before the talks began.",
    "Grain prices rose sharply in the region. Traders blamed the weather.",
)
QUESTION = Question("Who walked out?", "Who walked out?")
RIGHT = "Six members of the opposition walked out of the talks on 21 April."
WRONG = "Seven members of the opposition walked out of the talks."
FIRST = "On April 21, six members of the Syrian opposition walked out of the Geneva talks."


def verified(
    *drafts: Draft,
    judge: SaysModel | None = None,
    unsupported: Unsupported = "quote",
    read: Evidence = READ,
) -> Verified:
    cited = Cited()
    for draft in drafts:
        cited = resolve(cited, draft, read)
    return verify(cited, QUESTION, read, Judge(judge) if judge else None, unsupported)


def test_without_a_judge_what_facts_let_pass_is_unchecked() -> None:
    (statement,) = verified(Draft(RIGHT, (1,))).cited.statements
    assert (statement.support, statement.findings) == (Support.UNCHECKED, ())


def test_what_fails_is_replaced_by_the_words_it_cites() -> None:
    (statement,) = verified(Draft(WRONG, (1,))).cited.statements
    assert (statement.text, statement.replaced) == (FIRST, WRONG)
    assert (statement.support, statement.findings) == (Support.QUOTED, ())


def test_or_marked_or_dropped() -> None:
    (marked,) = verified(Draft(WRONG, (1,)), unsupported="mark").cited.statements
    assert (marked.text, marked.support) == (WRONG, Support.UNSUPPORTED)
    assert [finding.instead for finding in marked.findings] == ["six"]
    dropped = verified(Draft(WRONG, (1,)), Draft(RIGHT, (1,)), unsupported="drop")
    assert dropped.statements[0] is None
    assert [one.text for one in dropped.cited.statements] == [RIGHT]
    assert dropped.message == "A sentence that the articles do not support was left out."


@pytest.mark.parametrize("markers", [(3,), (), (99,)])
def test_better_evidence_is_cited_under_a_new_number(markers: tuple[int, ...]) -> None:
    found = verified(Draft("Prices rose.", (3,)), Draft(RIGHT, markers))
    statement = found.cited.statements[1]
    (number,) = statement.citations
    (citation,) = [one for one in found.cited.citations if one.number == number]
    assert (citation.quote, number) == (FIRST, 2)
    assert (statement.text, statement.support) == (RIGHT, Support.UNCHECKED)


def test_a_sentence_that_merely_has_the_number_is_no_better_evidence() -> None:
    read = evidence(f"{FIRST} The Kremlin had received seven letters by Monday evening.")
    (statement,) = verified(Draft(WRONG, (1,)), read=read).cited.statements
    assert (statement.text, statement.replaced) == (FIRST, WRONG)


@pytest.mark.parametrize(("unsupported", "left"), [("quote", 0), ("drop", 0), ("mark", 1)])
def test_a_statement_about_nothing_in_the_evidence(unsupported: Unsupported, left: int) -> None:
    found = verified(Draft("The moon is made of cheese.", (99,)), unsupported=unsupported)
    assert [one.support for one in found.cited.statements] == [Support.UNSUPPORTED] * left


def test_the_judge_is_asked_once_and_again_only_about_what_was_mended() -> None:
    model = SaysModel(verdicts("supported", ("unsupported", "", "Grain.")), verdicts("supported"))
    found = verified(Draft("Prices of grain rose.", (3,)), Draft(RIGHT, (4,)), judge=model)
    assert [one.support for one in found.cited.statements] == [Support.SUPPORTED] * 2
    assert len(model.asked) == 2
    assert model.prompt.count("<claim ") == 1
    assert found.usage.calls == 2


def test_what_is_partly_supported_stays_and_is_marked() -> None:
    model = SaysModel(verdicts(("partly", "Six", "How many is not told.")))
    (statement,) = verified(Draft(RIGHT, (1,)), judge=model).cited.statements
    assert (statement.text, statement.support) == (RIGHT, Support.PARTLY)
    assert statement.findings[0].message == "How many is not told."


def test_quotations_are_neither_judged_nor_changed() -> None:
    model = SaysModel(verdicts("unsupported"))
    (statement,) = verified(Draft(FIRST, (1,), Support.QUOTED), judge=model).cited.statements
    assert statement.support is Support.QUOTED
    assert model.asked == []


def test_a_judge_that_cannot_be_asked_is_told_of() -> None:
    model = SaysModel(LLMUnavailableError("The server is down."))
    found = verified(Draft(RIGHT, (1,)), Draft(WRONG, (1,)), judge=model)
    assert [one.support for one in found.cited.statements] == [Support.UNCHECKED, Support.QUOTED]
    assert "could not be judged" in (found.message or "")
    assert "The server is down." in (found.message or "")


def test_two_replacements_by_the_same_words_are_one() -> None:
    found = verified(Draft(WRONG, (1,)), Draft("Nine members walked out.", (1,)))
    assert [one.text for one in found.cited.statements] == [FIRST]
    assert found.statements[1] is None


TEXT = """Dear colleagues,

Six members of the Syrian opposition walked out of the Geneva talks on 21 April 2016. They will
never return to Beijing's Forbidden City on a Wednesday! Who was there? Moscow's best strategy
would be to convince Assad to relinquish power.
"""


def test_any_text_is_checked_against_a_library(library: Library) -> None:
    answer = check_text(TEXT, library)
    assert answer.answerer == "check"
    assert all("Who" not in one.text and "Dear" not in one.text for one in answer.statements)
    unknown = [one for one in answer.statements if "Forbidden" in one.text]
    assert [(one.support, one.citations) for one in unknown] == [(Support.UNSUPPORTED, ())]
    assert answer.outcome is Outcome.PARTIAL
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]


def test_the_sources_own_words_are_quoted_and_false_facts_contradicted(library: Library) -> None:
    article = next(iter(library.articles()))
    hit = library.search("Russia and Assad", 1)[0]
    sentence = max((span.of(hit.passage.article.text) for span in hit.passage.sentences), key=len)
    assert article
    (statement,) = check_text(sentence, library).statements
    assert statement.support is Support.QUOTED


def test_the_judge_is_asked_about_the_sentences_of_a_text(library: Library) -> None:
    model = SaysModel(verdicts("supported"))
    answer = check_text("Moscow's best strategy is to convince Assad.", library, Judge(model))
    assert [one.support for one in answer.statements] == [Support.SUPPORTED]
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.model, answer.usage.calls) == ("judge", 1)


def test_a_text_that_claims_nothing(library: Library) -> None:
    answer = check_text("Why? Who?", library)
    assert (answer.statements, answer.outcome) == ((), Outcome.NOT_FOUND)
    assert answer.message == "The text claims nothing that could be checked."
