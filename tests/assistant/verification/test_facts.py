"""Facts: what is true is left alone, and what is false is found, in several languages.

The pairs are invented; every source is an article of Friday, 15 March 2024.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verification import Source, find_mismatches

FRIDAY = date(2024, 3, 15)

TRUE = [
    ("Kerry met Lavrov on 12 March 2024.", "Kerry met Lavrov on Tuesday."),
    ("Kerry met Lavrov on Tuesday, 12 March 2024.", "Kerry met Lavrov on Tuesday."),
    ("The bank closed in February 2024.", "The bank closed last month."),
    ("The bank was founded in 2022.", "The bank was founded two years ago."),
    ("The plan was presented on 14 March 2024.", "The plan was presented yesterday."),
    ("In 2023 sales fell by 4.5 percent.", "Sales fell 4.5% last year."),
    ("More than 41 million people voted.", "41,666,455 people voted."),
    ("About 1,400 people came.", "Some 1,397 people came."),
    ("Nearly half a million people fled.", "About 480,000 people fled."),
    (
        "The journey takes 10 hours longer.",
        "The journey takes 25 hours by ship and 15 hours by train.",
    ),
    ("Together they paid $350 million.", "Acme paid $200 million and Bolt paid $150 million."),
    ("The two companies paid $350 million.", "Acme paid $200 million and Bolt paid $150 million."),
    (
        "The talks began two months after the attack of January 22, on March 22.",
        "The attack of January 22 shook the town; the talks began on March 22.",
    ),
    ("Two hundred and fifty thousand people fled.", "250,000 people fled."),
    ("The WHO warned of the virus.", "The World Health Organization warned of a virus."),
    ("The World Health Organization warned of the virus.", "The WHO warned of a virus."),
    ("President Barack Obama spoke to Putin.", "Obama spoke with Vladimir Putin."),
    ("According to Goodwin, Abby wrote it.", "By Abby Goodwin. She wrote it."),
    ("Unemployment rose to a quarter.", "Unemployment rose to 25 per cent."),
    ("The Russian president spoke in Moscow.", "Russia's president spoke in Moscow."),
    ("He moved to Paris in the 1990s.", "He moved to Paris in 1994."),
    ("The U.S. rejected it.", "The US rejected it."),
    ("The match starts at 2:30 pm.", "Kick-off is at 14:30."),
    (
        "Merkel traf Macron am 12. März 2024 in Berlin.",
        "Am Dienstag traf Angela Merkel in Berlin Emmanuel Macron.",
    ),
    (
        "Der Gewinn stieg auf 1,5 Milliarden Euro.",
        "Der Gewinn stieg um 300 Millionen auf 1.500.000.000 Euro.",
    ),
    (
        "Rund 250 000 Menschen flohen aus der Stadt.",
        "Zweihundertfünfzigtausend Menschen flohen aus der Stadt.",
    ),
    ("Die Firma entließ 20 Prozent der Belegschaft.", "Die Firma entließ 20 % der Belegschaft."),
    (
        "Der Vertrag wurde im Februar 2024 geschlossen.",
        "Der Vertrag wurde letzten Monat geschlossen.",
    ),
    (
        "Le chômage a baissé de 3,5 % en février 2024.",
        "Le chômage a reculé de 3,5 pour cent le mois dernier.",
    ),
    ("Macron a reçu Scholz le 14 mars 2024.", "Macron a reçu hier le chancelier Olaf Scholz."),
    (
        "Deux millions de personnes ont manifesté à Paris.",
        "Environ 2 000 000 de personnes ont manifesté à Paris.",
    ),
    (
        "Le 1er mars, la loi est entrée en vigueur.",
        "La loi est entrée en vigueur le 1er mars 2024.",
    ),
    (
        "El desempleo bajó al 12,5 % en marzo de 2023.",
        "En marzo de 2023, el desempleo bajó al 12,5 por ciento.",
    ),
    ("El presidente visitó Lima el 14 de marzo de 2024.", "El presidente visitó ayer Lima."),
    ("Más de dos millones de personas votaron.", "Votaron 2.150.000 personas."),
    ("Лавров встретился с Керри 12 марта 2024 года.", "Лавров встретился с Керри во вторник."),
    ("Встреча прошла 14 марта в Москве.", "Встреча прошла вчера в Москве."),
    ("Население города превысило 1,5 млн человек.", "Население города — 1 523 000 человек."),
    ("Керри встретился с Лавровым.", "Сергей Лавров принял Джона Керри."),
    ("Vladimir Putin met Kerry.", "Владимир Путин принял Керри."),
    ("会议于2024年3月12日举行。", "会议于3月12日举行。"),
    ("That is three times as much as in 2020.", "In 2020 it was 40 tonnes, now 120 tonnes."),
    ("The team of six includes Anna.", "The team consists of Anna, Ben, Cleo, Dan, Eve and Fay."),
    (
        "Five years after the 2014 referendum, the union split in 2019.",
        "The referendum of 2014 was followed by the split in 2019.",
    ),
    ("She was the first woman to lead the bank.", "No woman had led the bank before her."),
    ('He called it "a disaster".', "It was a disaster, he said."),
    ("The book “Night Train” was published in May 2019.", "“Night Train” appeared in May 2019."),
    (
        "The strike lasted a fortnight, from 3 to 17 May 2023.",
        "The strike lasted from 3-17 May 2023.",
    ),
    (
        "In the first quarter of 2024, revenue was €1.2bn.",
        "Revenue in the first quarter of 2024 came to 1.2 billion euros.",
    ),
    ("John F. Kennedy's speech was quoted.", "Kennedy's speech was quoted."),
    ("O'Connor wrote that Smith-Jones agreed.", "O’Connor wrote: Smith-Jones agrees."),
    ("The São Paulo office closed.", "The Sao Paulo office closed."),
    ("Mohammed bin Salman visited the Élysée.", "Bin Salman came to the Elysee."),
    ("Next year, in 2025, taxes will rise.", "Taxes will rise next year."),
    ("On Thursday the court ruled.", "The court ruled on March 14."),
    ("It was published on 15 March 2024.", "It happened."),
    ("At least 12 of the 30 members, or 40 percent, were absent.", "12 of 30 members were absent."),
    ("The price fell from $20 to $15, a quarter less.", "The price fell to $15 from $20."),
    ("US officials said so.", "American officials said so."),
    ("The French government agreed.", "France agreed."),
]

FALSE = [
    ("Kerry met Lavrov on 13 March 2024.", "Kerry met Lavrov on Tuesday.", "date"),
    ("Kerry met Lavrov on 12 May.", "Kerry met Lavrov on 21 May.", "date"),
    ("The bank closed in January 2024.", "The bank closed last month.", "date"),
    ("The bank was founded in 2021.", "The bank was founded two years ago.", "date"),
    ("Sales fell by 5.4 percent.", "Sales fell 4.5% last year.", "number"),
    ("The fine was $250 million.", "The fine was $205 million.", "number"),
    ("Three companies were fined.", "Two companies were fined.", "number"),
    ("The trip takes six hours.", "The trip takes four hours.", "number"),
    ("Kerry met Shoigu in Moscow.", "Kerry met Lavrov in Moscow.", "name"),
    ("The talks were held in Vienna.", "The talks were held in Geneva.", "name"),
    ('He said "we will never leave".', "He said “we may leave soon”.", "quotation"),
    (
        "Merkel traf Macron am 13. März 2024 in Berlin.",
        "Am Dienstag traf Angela Merkel in Berlin Emmanuel Macron.",
        "date",
    ),
    (
        "Angela Merkel traf Olaf Scholz in Berlin.",
        "Angela Merkel traf in Berlin Emmanuel Macron.",
        "name",
    ),
    (
        "Der Gewinn stieg auf 1,8 Milliarden Euro.",
        "Der Gewinn stieg auf 1,5 Milliarden Euro.",
        "number",
    ),
    ("Le chômage a baissé de 5,3 %.", "Le chômage a reculé de 3,5 pour cent.", "number"),
    (
        "Macron a reçu Scholz le 13 mars 2024.",
        "Macron a reçu hier le chancelier Olaf Scholz.",
        "date",
    ),
    ("Macron a rencontré Sánchez à Paris.", "Macron a rencontré Olaf Scholz à Paris.", "name"),
    (
        "El desempleo bajó al 21,5 % en marzo de 2023.",
        "En marzo de 2023, el desempleo bajó al 12,5 por ciento.",
        "number",
    ),
    (
        "El presidente visitó Lima en abril de 2023.",
        "El presidente visitó Lima en marzo de 2023.",
        "date",
    ),
    (
        "Лавров встретился с Керри 13 марта 2024 года.",
        "Лавров встретился с Керри во вторник.",
        "date",
    ),
    ("Лавров встретился с Шойгу в Москве.", "Лавров встретился с Керри в Москве.", "name"),
    (
        "Население города превысило 2,5 млн человек.",
        "Население города — 1 523 000 человек.",
        "number",
    ),
    ("会议于2024年3月13日举行。", "会议于3月12日举行。", "date"),
    (
        "The Ministry spent 3.5 billion euros.",
        "Das Ministerium gab 3,2 Milliarden Euro aus.",
        "number",
    ),
    ("He moved to Paris in the 1980s.", "He moved to Paris in 1994.", "date"),
    ("The match starts at 3:30 pm.", "Kick-off is at 14:30.", "number"),
]


@pytest.mark.parametrize(("statement", "cited"), TRUE)
def test_nothing_is_found_in_what_the_text_says(statement: str, cited: str) -> None:
    assert find_mismatches(statement, [Source(cited, published=FRIDAY)]) == ()


@pytest.mark.parametrize(("statement", "cited", "kind"), FALSE)
def test_what_the_text_does_not_say_is_found(statement: str, cited: str, kind: str) -> None:
    found = find_mismatches(statement, [Source(cited, published=FRIDAY)])
    assert kind in {finding.kind for finding in found}


def test_a_finding_has_the_characters_and_what_the_text_says_instead() -> None:
    statement = "Kerry met Lavrov on 12 May in Geneva."
    (finding,) = find_mismatches(statement, [Source("Kerry met Lavrov in Geneva on 21 May.")])
    assert statement[finding.start : finding.end] == "12 May"
    assert finding.message == "“12 May” is not in the cited text; it says “21 May”."
    assert finding.instead == "21 May"


def test_the_head_of_the_article_counts() -> None:
    source = Source(
        "The talks failed.", "Talks", ("Ann Lee",), "The Moscow Times", FRIDAY, "Geneva"
    )
    said = "In The Moscow Times of 15 March 2024, Lee wrote in “Talks” that Geneva had failed."
    assert find_mismatches(said, [source]) == ()


def test_names_may_stand_before_the_cited_text_or_in_the_question() -> None:
    source = Source("He left.", before="Sergei Lavrov arrived on Monday.")
    assert find_mismatches("Lavrov left.", [source]) == ()
    said = "According to Kerry, Lavrov left."
    assert find_mismatches(said, [source])
    assert find_mismatches(said, [source], "What did Kerry say of Lavrov?") == ()


def test_several_sources_are_taken_together() -> None:
    sources = [Source("Kerry left on 3 May."), Source("Lavrov stayed until 5 May.")]
    assert find_mismatches("Kerry left on 3 May, Lavrov on 5 May.", sources) == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_findings_lie_within_any_statement_and_none_is_in_what_is_cited(
    statement: str, cited: str
) -> None:
    for finding in find_mismatches(statement, [Source(cited)]):
        assert 0 <= finding.start < finding.end <= len(statement)
    assert find_mismatches(statement, [Source(f"{cited} . {statement} .")]) == ()


@pytest.mark.parametrize("piece", ["1", "1 000 ", "1,", "May ", "A ", "a.", "one hundred and "])
def test_long_runs_of_anything_are_read_at_once(piece: str) -> None:
    assert len(find_mismatches(piece * 2_000, [Source(piece * 3_000)])) <= 1
