"""Text → sentences, in runs under one heading."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Span, merge_spans
from index.blocks import Kind, blocks
from index.sentences import Run, runs

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"


def sentences(text: str) -> list[str]:
    return [span.of(text) for run in runs(text) for span in run.sentences]


# One text a line; ‖ stands where a sentence ends.
CASES = r"""
Dr. Golts met Gen. Shoigu at 5 p.m. Moscow time.‖ He left on Jan. 26-29.‖ No. 5 was red.
The U.S. Senate voted.‖ He lives in the U.S.‖ The vote failed.‖ U.N. envoys, e.g. Mr. Ramzi, left.
J. R. R. Tolkien wrote 3.5 books (v. 2.0.1) on example.com.‖ He was an Oxford don.
The J.F.K. assassination.‖ It was 1963.‖ In World War I.‖ Then peace.‖ Plan B.‖ A spokesman.
The talks ended at 5 p.m.‖ The delegates left.‖ It was 6 a.m.‖ Barmin slept.‖ At 7 a.m. EST he woke.
Apple Inc.‖ The firm grew.‖ Apple Inc. Chairman Smith left.‖ Mr. Smith Jr. went.
Meet at St. Petersburg.‖ He lives on Main St.‖ The house is red.‖ Ph.D. students in D.C.‖ We left.
Mr. J. P. Smith and C. P. Snow met.‖ They hit C.‖ The rest was p. 5.
5 янв. 2016 г. в Женеве, 7 февр. в Москве.‖ Затем всё.
Smith et al. showed it.‖ See Fig. 3 and p. 5, vol. II.‖ No.‖ He said no.‖ Rock vs. Jazz.
Ryan Penagos, a.k.a. Agent M, spoke.‖ Then Sept. 11 came.‖ He paid $3.5 million.‖ 5 people left.
A. Smith and B. Jones met.‖ I am what I am.‖ So am I.‖ You too.
"It is over. We leave," he said.‖ Then they left.
"Why?" he asked.‖ "Is it over?" Vladimir Frolov asked.‖ No one knew.
"We came. We saw. We conquered," he said in Rome at the end of the day.
He said “we have had enough of it. It was time to go home.”‖ And they went.‖ Nobody minded.
He said “we have all had more than enough of it.‖ It was high time that we all went home.”
He said "U.S. policy failed."‖ Then he left.‖ She said: 'This works.'‖ Then she left.
He waited ... and left.‖ He waited...‖ Then he left.‖ Wait… what?‖ Yes!‖ "Really?!"‖ Yahoo! Inc.
He spoke [...] of peace.‖ He paused.‖ [And] then [t]he end came. [i]t was so.
He waved *(It failed. Nobody cared.)* and left.‖ (It failed.)‖ The end.
*Foo bar baz.*‖ **Bold here.**‖ Next one. ❖
See [Read more. Click here](http://a.b/c.d) now.‖ Then [this](http://x.y/z.html).‖ Done.
See [![Image. One](http://a.b/c.png) Two. Three](http://a.b/c.d) now: <http://a.b/c?d!> Done.
Visit www.example.com.‖ Then go.‖ Mail a.b@c.de.‖ Version 2.0. was out.‖ Use Node.js now.
It works.[1]‖ Next one.[[2]](http://w.org/x#y)‖ And more.¹‖ Last.
First sentence.Second without space.‖ Third.‖ * * * Fourth.
1. First thing.‖ Second thing.
(a) First thing.‖ Second thing.
i like it.‖ you do not.‖ we all know.
„Строго секретно“ излиза от 1991г.‖ Вестникът е уникално издание.‖ Т.е. добро.
Роден е през 1991 г. в гр. София на ул. Раковски, стр. 5 и т.н.‖ Проф. Иванов, т.е. той, го каза.
А. С. Пушкин умер.‖ Он жил в XIX в. в Москве и т. д.‖ Нет!‖ «Да. Нет», — сказал он.
هل ذهب؟‖ نعم، ذهب.‖ وصل د. أحمد إلى موسكو۔‖ «لا» قال.
我们走了。‖他说：“好。”‖真的吗？‖是的！‖“好。”他说。
「行く。」と彼は言った。‖彼は去った。
राम घर गया।‖ सीता आई।
¿Qué pasa?‖ ¡Nada!‖ ¿Y tú?
Am 3. Oktober kam Dr. Müller, z.B. nach Wien.‖ Es war kalt.
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_where_sentences_end(case: str) -> None:
    assert sentences(case.replace("‖", "")) == [part.strip() for part in case.split("‖")]


SEED_SENTENCES = {
    "000_a4e95c297104fb05.txt": [
        "The situation is quickly reverting to pre-Geneva form, and Moscow faces\n\n \nthe "
        "possibility of being stuck in Syria for the long term.",
        "U.S. officials have expressed concern that Syrian President Bashar Assad is preparing a "
        "new assault on opposition territory, and The Wall Street Journal reported on April 20 "
        "that Russian artillery units were moving in, potentially to support a renewed offensive.",
        "But Barmin doubts this is the intent.",
        "Instead, \"Russia's buildup is a means to send a signal that it is in the opposition's "
        'interests to stay at the talks."',
        '"And he has been proven correct, for the moment. Moscow is kind of stuck in Syria."',
        '"The best strategy for Moscow," says Frolov, "would be to adopt a defensive posture in '
        "Syria: Protect its positions in Latakia and Tartus, while launching air strikes elsewhere "
        "only as a warning and only when Assad's position is seriously weakened.\"",
        "Contact the author at [m.bodner@imedia.ru](mailto:m.bodner@imedia.ru).",
    ],
    "001_c078703bd22240eb.txt": [
        "Why Russia doesn't want Aleppo to fall",
        "Could Russia be seeing a stalemate in Aleppo as playing to its advantage?",
        "This would have had major\xa0repercussions not only on the ground but also would have "
        "driven the monthslong diplomatic process to a complete standstill.",
        "• Archived articles",
        "On Twitter: @russia_mideast",
    ],
    "002_60dc433f77834a48.txt": [
        '"We often hear from\xa0our Western colleagues that if Bashar Assad leaves, bloodshed '
        "in\xa0Syria will end…But these 'good intentions' are hard to\xa0believe,\" Shoigu said, "
        "recalling the instances of\xa0Iraq and Libya as\xa0evidence to\xa0the contrary.",
        "\"If Assad can be toppled, then, according to\xa0Moscow's logic, something similar [can] "
        'happen in\xa0Russia," Golts added.',
        'John Kerry, she recalls, told The New York Times that the US is "not going to\xa0sit '
        "there and let [Putin] do his thing supporting the regime and hammer at\xa0the opposition "
        "and say, 'this is working'. Obviously, we're not stupid about\xa0it.\"",
        '"Строго секретно" излиза от 1991г.',
        "Вестникът е уникално издание за кулисите на висшата политика, геополитиката, шпионажа, "
        "финансовите престъпления, конспирацията, невероятното, трагичното и смешното.",
    ],
    "003_9a74d1ad98e9c1b3.txt": [
        "**U.**S. officials continue to waver between insisting that Assad must go, tacitly "
        "accepting him as part of the peace process, and focusing on the anti-ISIS fight.",
        "Furthermore, after meeting with Iranian foreign minister Mohammad Javad Zarif in Moscow "
        "on August 17, Lavrov himself said that Russia's position on Syria and\n\nAssad \"has not "
        'changed," and that demands for Assad\'s departure are an "unacceptable" precondition '
        "for peace talks.",
        "At an August 4 briefing, however, Toner seemed to qualify those remarks: \"We've been "
        "very adamant about the fact that [the political process] can't include Assad. He's lost "
        "all legitimacy.",
        "But we need to see a political resolution to the situation [in Syria].",
        "*Anna Borshchevskaya is the Ira Weiner Fellow at The Washington Institute.* ❖",
    ],
    "004_b9ac5aae29a44c8e.txt": [
        "Responding to a question about whether or not the United States had encouraged the Syrian "
        "opposition to attend the Moscow talks, State Department deputy spokesperson Marie Harf "
        'said on January 12, "I can check and see...[W]e believe anything that gets us towards '
        'real progress is good."',
        "Although the Geneva process is vague on the possibility of Assad\n\nremaining as part of "
        "a transitional government, its goal was to create a road map toward peace and democracy "
        "for Syria, an outcome that implied Assad's departure.",
        "For Assad, U.S. willingness to use force against ISIS could suggest future willingness to "
        "target his own air force.",
    ],
}


@pytest.mark.parametrize("name", SEED_SENTENCES)
def test_the_hard_sentences_of_the_seeds(name: str) -> None:
    found = sentences((SEEDS / name).read_bytes().decode())
    assert [wanted for wanted in SEED_SENTENCES[name] if wanted not in found] == []


def test_runs_stand_under_their_headings() -> None:
    text = "Lead.\n\n# **One**\n\nFirst. Second.\n\nThird.\n\nTwo | Site\n\n====\n\n- a\n- b\n"
    assert [(run.heading, [span.of(text) for span in run.sentences]) for run in runs(text)] == [
        ("", ["Lead."]),
        ("One", ["First.", "Second.", "Third."]),
        ("Two | Site", ["- a", "- b"]),
    ]


def test_boilerplate_is_left_out_and_splits_what_it_interrupts() -> None:
    text = "## Topic\n\nMoscow faces\n\nOther Story\n\nthe possibility. Photo: AP. It waits."
    boilerplate = [span_of(text, "Other Story"), span_of(text, "Photo: AP.")]
    (run,) = runs(text, boilerplate)
    assert run.heading == "Topic"
    assert [span.of(text) for span in run.sentences] == [
        "Moscow faces",
        "the possibility.",
        "It waits.",
    ]


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("The situation is bad, and Moscow faces\n\nthe possibility of war.", True),
        (
            "Lavrov himself said that on Monday the peace talks in Geneva would,\n\nRussia said.",
            True,
        ),
        ("In Moscow the talks on the future of the Syrian opposition and\n\nAssad go on.", True),
        ("Sign up here for the\n\nWeek in Review.", False),
        ("The situation is bad.\n\nand it goes on here.", False),
        ("The situation is bad in Moscow\n\nPutin went home.", False),
        ("The situation is bad in Moscow\n\nby [Anna](/x) and others", False),
        ("Why Russia doesn't want Aleppo to fall\n\np", False),
        ("You will now get access to:\n\nthe week in review", False),
        ("The situation is bad in Moscow and\n\n---\n\nthe war goes on.", False),
        ("- the situation is bad and\n- so is the weather", False),
    ],
)
def test_going_on_over_a_blank_line(text: str, joined: bool) -> None:
    assert (len(sentences(text)) == 1) == joined


PIECES = (
    'word§Word§the§U.S.§Dr.§1991г.§. §! §? §...§… §"§“§”§ §\xa0§\n§\n\n§# §- §* §**§(§)§[§]§](§|'
    "§[a. B](c.d)§「§。§」§字§؟ §لا§,§;§\\§---\n§❖§'§[1]"
).split("§")
markdown = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(markdown, st.data())
def test_all_content_is_in_exactly_one_sentence(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    pairs = data.draw(st.lists(places, max_size=3))
    boilerplate = merge_spans(Span(*sorted(pair)) for pair in pairs if pair[0] != pair[1])
    spans = [span for run in runs(text, boilerplate) for span in run.sentences]
    covered = [place for span in spans for place in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert not set(covered) & places_of(boilerplate)
    assert content(text, boilerplate) <= set(covered)
    for span in spans:
        assert span.of(text) == span.of(text).strip() != ""


def places_of(spans: tuple[Span, ...]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def content(text: str, boilerplate: tuple[Span, ...]) -> set[int]:
    """Letters and digits outside headings, boilerplate, and links, whose words may be empty."""
    found: set[int] = set()
    for block in blocks(text):
        if block.kind in (Kind.ITEM, Kind.PARAGRAPH) and "](" not in block.span.of(text):
            found |= {p for p in range(block.span.start, block.span.end) if text[p].isalnum()}
    return found - places_of(boilerplate)


@given(markdown)
def test_no_sentence_crosses_a_heading_or_lacks_a_word(text: str) -> None:
    for run in runs(text):
        assert run.sentences
        for span in run.sentences:
            assert any(character.isalnum() for character in span.of(text))


def test_the_same_text_gives_the_same_runs() -> None:
    text = (SEEDS / "002_60dc433f77834a48.txt").read_bytes().decode()
    assert runs(text) == runs(text)
    assert all(isinstance(run, Run) for run in runs(text))


def test_a_megabyte_of_prose_takes_under_two_seconds() -> None:
    text = (SEEDS / "004_b9ac5aae29a44c8e.txt").read_bytes().decode()
    started = time.process_time()
    runs(text * (1_000_000 // len(text)))
    assert time.process_time() - started < 2


HOSTILE = (
    '[§](§[a](§\\[§(§"§„§<http://§.[1](§![§[[a](b) §[a](x "§. §. * §!§a§ §\xa0§Aaa §Mr. §**§1.§“§#'
).split("§")


@pytest.mark.parametrize("unit", HOSTILE)
def test_linear_time_on_hostile_text(unit: str) -> None:
    text = "A. " + unit * (200_000 // len(unit))
    started = time.process_time()
    runs(text)
    assert time.process_time() - started < 5  # minutes, if it were quadratic
