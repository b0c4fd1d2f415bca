"""What is quoted together: by layout and punctuation, in any language."""

from __future__ import annotations

import pytest

from assistant.answerers.units import is_all_quotation, runs, units
from assistant.evidence import gather
from index.article import Span
from tests.assistant.makers import article, evidence, hit


def around(text: str, core: str) -> str:
    """The unit around the one sentence that holds these words."""
    (unit,) = [unit for unit in units(evidence(text)) if core in unit.core.text]
    return unit.text


def test_each_sentence_has_its_unit() -> None:
    found = units(evidence("The mill has closed for good. Its owner has left the country."))
    assert [unit.numbers for unit in found] == [(1,), (2,)]
    assert [unit.text for unit in found] == [unit.core.text for unit in found]


INTERVIEWS = {
    "en": ("What did the mayor say to you?", "She told us to wait for the ferry."),
    "de": ("Was hat die Bürgermeisterin gesagt?", "Wir sollten auf die Fähre warten."),
    "es": ("¿Qué les dijo la alcaldesa?", "Que esperáramos el transbordador."),
    "el": ("Τι σας είπε η δήμαρχος;", "Να περιμένουμε το πλοίο στο λιμάνι."),
    "ar": ("ماذا قالت لكم رئيسة البلدية؟", "طلبت منا أن ننتظر العبارة في الميناء."),
    "ru": ("Что вам сказала мэр города?", "Она просила нас подождать парома."),
    "ja": ("市長はあなたに何と言いましたか？", "港でフェリーを待つようにと言われました。"),
}


@pytest.mark.parametrize(("question", "answer"), INTERVIEWS.values(), ids=INTERVIEWS)
def test_an_interviews_question_goes_with_its_answer(question: str, answer: str) -> None:
    text = f"{question}\n\n{answer}"
    assert around(text, question) == f"{question} {answer}"
    assert around(text, answer) == f"{question} {answer}"


def test_a_question_within_a_paragraph_stands_by_itself() -> None:
    text = "Who knows why the ferry sank? Nobody on the island will talk about it."
    assert around(text, "ferry") == "Who knows why the ferry sank?"


@pytest.mark.parametrize(
    ("label", "led_in"),
    [
        ("Opening hours", "Daily from nine to five, but not on feast days."),
        ("21:30", "The procession reaches the cathedral of Saint Olaf."),
        ("Öffnungszeiten:", "Täglich von neun bis fünf, außer an Feiertagen."),
        ("料金", "大人は五百円で、子どもは無料で入場できます。"),
    ],
)
def test_a_line_that_is_no_sentence_goes_with_what_it_leads_in(label: str, led_in: str) -> None:
    text = f"A first sentence that has nothing to do with it.\n\n{label}\n\n{led_in}"
    assert around(text, led_in) == f"{label} {led_in}"


def test_a_line_that_is_a_sentence_leads_nothing_in() -> None:
    text = "The mill has closed for good.\n\nIts owner has left the country."
    assert around(text, "owner") == "Its owner has left the country."


def test_what_says_too_little_alone_has_the_sentence_before() -> None:
    text = "How much is a pint of bitter at the Anchor today, then? £4.20. Nobody complains."
    assert around(text, "£4.20").endswith("then? £4.20.")


@pytest.mark.parametrize(
    "text",
    [
        '"We will wait for the ferry." So said Ann Lee on the pier.',
        "«Nous attendons le bac du soir.» Ainsi parlait Anne Leduc au port.",
        "「私たちは港でフェリーを待ちます。」 リーさんは桟橋でこう語った。",
    ],
)
def test_a_quotation_takes_the_sentence_beside_it_that_is_none(text: str) -> None:
    found = units(evidence(text))
    assert len(found) == 2
    assert found[0].text == text
    assert not is_all_quotation(found[0].text)


def test_a_quotation_alone_in_its_paragraph_does_not_name_its_speaker() -> None:
    text = "Ann Lee came to the pier at nine.\n\n“We will wait for the evening ferry.”"
    (unit,) = [unit for unit in units(evidence(text)) if "wait" in unit.core.text]
    assert len(unit.sentences) == 1
    assert is_all_quotation(unit.text)


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("“We wait,” she said at last.", False),
        ("“We wait. We hope.”", True),
        ('"We wait. We hope."', True),
        ("we hope for the best.”", True),
        ("we hope,” said Ann Lee, an expert.", False),
        ("«Мы ждём парома.»", True),
        ("„Wir warten auf die Fähre.“", True),
        ("„Wir warten“, sagte die Bürgermeisterin.", False),
        ("„Ja“, sagte die Bürgermeisterin.", False),
        ("„Czekamy na prom”, powiedziała burmistrz.", False),
        ("»Ja«, sagde borgmesteren til avisen.", False),
        ("»Vi venter på færgen til aften.«", True),
        ("”Ja”, sade borgmästaren till tidningen.", False),
        ("”Vi väntar på färjan.”", True),
        ("« Oui », a dit la maire de la ville.", False),
        ("nous attendons », a dit la maire, « le bac du soir ».", False),
        ("« Nous attendons le bac du soir. »", True),
        ("«Мы ждём», — сказала мэр города.", False),
        ("The “mill” has closed for good.", False),
        ("Nobody said a word.", False),
        ("", False),
    ],
)
def test_what_is_all_quotation(text: str, is_all: bool) -> None:
    assert is_all_quotation(text) is is_all


def test_sentences_with_others_between_them_are_not_together() -> None:
    source = article("When does the ferry leave?\n\nNobody knew.\n\nAt nine, said Ann Lee.")
    first, _, third = (Span(0, 26), Span(28, 40), Span(42, 64))
    found = units(gather([hit(source, 1.0, first, third)], 1_000))
    assert [unit.numbers for unit in found] == [(1,), (2,)]


def test_units_of_different_articles_are_not_together() -> None:
    found = units(evidence("Who left the pier first?", "The ferry did, at nine."))
    assert [unit.numbers for unit in found] == [(1,), (2,)]


def test_runs_hold_each_sentence_once_the_first_units_article_first() -> None:
    first = "Alpha went away to the sea. Beta stayed here in the hills. Gamma slept in the barn."
    shown = evidence(first, "Delta sang of ships and of whales.")
    alpha, beta, gamma, delta = units(shown)
    assert [[one.number for one in run] for run in runs([delta, gamma, alpha])] == [[4], [1], [3]]
    assert [[one.number for one in run] for run in runs([beta, alpha, beta])] == [[1, 2]]
    assert [*runs([])] == []
