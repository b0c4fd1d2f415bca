"""Boilerplate: hand labels on the seeds, look-alikes that are content, promises for any text."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.boilerplate import f1, judged
from index import boilerplate_phrases as phrases
from index.boilerplate import boilerplate

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "articles"
LABELS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "fixtures" / "boilerplate_seeds.json").read_text("utf-8")
)


def seed(name: str) -> str:
    return (SEEDS / name).read_bytes().decode("utf-8")


def kept(text: str) -> str:
    """What is left of ``text``, each stretch on a line."""
    for span in reversed(boilerplate(text)):
        text = text[: span.start] + "\n" + text[span.end :]
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


# The seeds


@pytest.mark.parametrize("name", LABELS)
def test_labels_quote_what_they_span(name: str) -> None:
    text = seed(name)
    for label in LABELS[name]:
        assert text[label["start"] : label["end"]].startswith(label["begins"])
        assert label["content"] is not ("why" in label)


def test_every_sentence_and_heading_of_the_seeds_is_labelled() -> None:
    assert set(LABELS) == {path.name for path in SEEDS.glob("*.txt")}
    for name, labels in LABELS.items():
        text = list(seed(name))
        for label in labels:
            text[label["start"] : label["end"]] = " " * (label["end"] - label["start"])
        assert set("".join(text).split()) <= {"---", "❖", "◆", "♦"}


def test_no_content_of_the_seeds_is_lost() -> None:
    lost = [each.words for each in judged(SEEDS, LABELS) if each.content and not each.kept]
    assert lost == []


def test_f1_of_content_on_the_seeds() -> None:
    found = list(judged(SEEDS, LABELS))
    assert sum(each.content for each in found) > 240
    assert sum(not each.content for each in found) > 80
    assert f1(found) >= 0.97


def test_headings_of_other_stories_go_and_the_articles_own_stays() -> None:
    left = kept(seed("002_60dc433f77834a48.txt"))
    assert "Putin 'Will Never Voluntarily Give Up Assad'" in left
    assert "Proxies" not in left
    assert "Must-Go and Nothing Else Matters" not in left


# What is furniture wherever it stands

STORY = (
    "The ministry said on Monday that the bridge over the river would be closed for two years.\n\n"
)
MORE = "Engineers had warned since spring that its piers were sinking into the river bed.\n\n"


@pytest.mark.parametrize(
    "furniture",
    [
        "We use cookies to improve your visit.",
        "Wir verwenden Cookies, um Ihnen den besten Service zu bieten.",
        "Мы используем файлы cookie.",
        "By signing up, you agree to our terms of service and privacy policy.",
        "Continue reading this article by registering",
        "Sign up for our newsletter and get the best stories of the week.",
        "Subscribe to the Daily Ledger",
        "Share on Facebook",
        "Log in to comment",
        "Leave a comment",
        "Advertisement",
        "Read more: Another bridge falls",
        "Tags: bridges, rivers, engineering",
        "© 2016 The Daily Ledger",
        "Copyright 1999-2016 Ledger Media. All rights reserved.",
        "Всички права запазени",
        "Photo by Ann Author / The Ledger",
        "Image credit: Ledger",
        "© AP Photo/ Hassan Ammar",
        "Getty Images",
        "Original url:",
        "Select Language",
        "The Wayback Machine - http://ledger.example/bridge",
        "Follow Ann Author on Twitter",
        "When you buy through links on our site, we may earn an affiliate commission.",
    ],
)
def test_furniture_in_mid_text_is_marked(furniture: str) -> None:
    assert kept(STORY + furniture + "\n\n" + MORE) == (STORY + MORE).replace("\n\n", "\n").strip()


@pytest.mark.parametrize(
    "content",
    [
        "The website uses cookies to follow its readers, the regulator found, and hid the fact.",
        "Facebook's users agreed to its terms of service and privacy policy without reading them.",
        "“We don't share the view of Washington,” the minister said.",
        "The photograph was republished in Paris without her consent.",
        "Copyright in the United States dates from 1790, when Congress passed its first act.",
        "(c) In 1991 the council amended the statute.",
        "Share prices fell by a tenth",
        "You must enable two-factor authentication before the first transfer.",
        "Sign in to your account. Choose the tab that says Security and press the first button.",
        "Subscribers fled: the newsletter lost half of its readers within a single month of May.",
        "Credit cards to avoid this year",
        "Follow the money, an old rule of reporters says, and the rest of the story will follow.",
        "By Ann Author",
        "April 28, 2016",
        "A fisherman under the old bridge, which was built in 1911.",
        "By using the bridge at night, drivers took a risk, says the report, and you could tell.",
    ],
)
def test_content_that_resembles_furniture_is_kept(content: str) -> None:
    assert content in kept(STORY + content + "\n\n" + MORE)


def test_lists_of_other_stories_are_marked_and_the_next_text_is_not() -> None:
    related = "Related stories\n\n* [A dam breaks](/dam)\n* [A road sinks](/road)\n\n"
    assert kept(STORY + related + MORE) == (STORY + MORE).replace("\n\n", "\n").strip()


def test_a_menu_over_the_title_is_marked() -> None:
    menu = "[Home](/)\n[News](/news)\n[Sport](/sport)\n\n"
    assert kept(menu + "# The bridge is closed\n\n" + STORY).startswith("# The bridge is closed")


BOTH = (STORY + MORE).replace("\n\n", "\n").strip()


@pytest.mark.parametrize(
    "box",
    [
        "26 captures\n\nCOLLECTED BY\n\nThese crawls are part of an effort to keep each page of "
        "the web as it was.\n\nThe Wayback Machine - http://ledger.example/",
        "Continue reading this article by registering and get:\n\n* The archive\n* Events",
        "[A dam breaks in the north](/dam)\n\n[A road sinks in the south](/road)",
        "[Facebook](/f)\n\nDark\n\n[Twitter](/t)\n\n[Reddit](/r)\n\nLight\n\n[Print](/p)",
        "### Partners of the house\n\n[Ferries](/ferries)\n\n[Piers](/piers)\n\n### The river",
    ],
    ids=["an archive's toolbar", "a paywall's list", "links", "between links", "a bare heading"],
)
def test_boxes_in_mid_text_are_marked_whole(box: str) -> None:
    assert kept(STORY + box + "\n\n" + MORE).replace("### The river\n", "") == BOTH


def test_the_head_of_a_site_is_marked_as_far_as_the_title() -> None:
    head = "The Ledger\nHome Archive Search About us Contact\n\nRussia / Mideast\n\n"
    assert kept(head + "The bridge is closed\n\n" + STORY).startswith("The bridge is closed")


def test_the_imprint_is_marked_whole() -> None:
    imprint = (
        "The Ledger is the home of news from the river and its many harbours, big and small.\n"
        "(c) 1991-2020 The Ledger\n"
        "The Ledger assumes no responsibility for what its advertisers say in its pages, nor for "
        "the weather on the river, and prints what its many readers send in without returning it."
    )
    assert kept((STORY + MORE) * 9 + imprint).splitlines() == BOTH.splitlines() * 9


def test_a_link_that_repeats_the_byline_is_marked() -> None:
    box = (
        "## About the author\n\n[Ann Author](/ann)\n\nAnn Author has written on bridges for years."
    )
    assert kept(f"# The bridge\n\nBy [Ann Author](/ann)\n\n{STORY}{box}").splitlines()[-2:] == [
        "## About the author",
        "Ann Author has written on bridges for years.",
    ]


def test_byline_and_date_are_kept_among_buttons() -> None:
    text = (
        "# The bridge is closed\n\n63 comments\n\nApril 28, 2016 By Ann Author\n\n"
        "* [Facebook](/f)\n* [Twitter](/t)\n\n" + STORY + MORE
    )
    assert kept(text).splitlines()[:2] == ["# The bridge is closed", "April 28, 2016 By Ann Author"]


def test_an_image_is_kept_for_a_text_that_tells_something() -> None:
    chart = "![The level of the river by year: 4 m in 2014, 6 m in 2015, 9 m in 2016](/chart.png)"
    assert chart in kept(f"{STORY}{chart}\n\n{MORE}")
    assert kept(f"{STORY}![Logo of the paper](/logo.png)\n\n{MORE}") == kept(STORY + MORE)


def test_headings_that_share_a_name_with_furniture_keep_their_text() -> None:
    text = (
        f"# The bridge\n\n{STORY}## Discussion\n\n{MORE}## Resources\n\n- one pier\n- two boats\n"
    )
    assert boilerplate(text) == ()


def test_a_list_that_the_text_announces_is_kept() -> None:
    text = f"{STORY}The networks most used by drivers are these:\n\n* Facebook\n* Twitter\n\n{MORE}"
    assert boilerplate(text) == ()
    links = (
        f"{STORY}The reports of the engineers are here:\n\n* [Spring](/a)\n* [Fall](/b)\n\n{MORE}"
    )
    assert boilerplate(links) == ()


def test_numbered_steps_are_kept() -> None:
    steps = "1. Open the menu\n2. Sign in to your account\n3. Accept\n4. Log out\n"
    assert boilerplate(f"{STORY}{steps}\n{MORE}") == ()


def test_a_short_last_sentence_is_kept_under_a_list_of_other_stories() -> None:
    text = (
        STORY + "Read also\n\n* [A dam breaks](/dam)\n* [A road sinks](/road)\n\nIt fell at noon."
    )
    assert kept(text).endswith("It fell at noon.")


def test_an_article_of_nothing_but_links_is_kept() -> None:
    text = "# Bridges of the river\n\n" + "".join(f"* [Bridge {n}](/{n})\n" for n in range(20))
    assert boilerplate(text) == ()


def test_an_article_of_nothing_but_items_is_kept() -> None:
    text = "# Bridges\n\n" + "".join(f"* Bridge number {n}, of stone\n" for n in range(20))
    assert boilerplate(text) == ()


def test_the_credit_behind_a_caption_is_marked_and_the_caption_is_not() -> None:
    caption = "The old bridge, seen from the north. © AP Photo/ Ann Author"
    assert kept(f"{STORY}{caption}\n\n{MORE}").splitlines()[1] == (
        "The old bridge, seen from the north."
    )


def test_a_consent_dialog_is_marked_with_its_long_paragraphs() -> None:
    dialog = (
        "### Manage Your Privacy\n\nWe and our partners store data on your device to measure what "
        "you read here.\n\nAds can be shown to you based on the content that you are reading now."
    )
    assert kept(STORY + dialog) == STORY.strip()


def test_an_article_about_privacy_settings_is_kept() -> None:
    text = (
        "# Phones\n\n## Privacy settings\n\nOpen the settings of your phone and choose what data "
        "its apps may see.\n\nTurn off personalized ads on your device in the second menu."
    )
    assert boilerplate(text) == ()


def test_empty_and_blank_texts_have_none() -> None:
    assert boilerplate("") == ()
    assert boilerplate(" \n\n\u00a0\n") == ()


# Promises for any text

_WORDS = st.sampled_from(
    "river bridge stone engineer winter council budget harbour ferry pier signal harvest".split()
)
_SENTENCES = st.lists(_WORDS, min_size=12, max_size=24).map(
    lambda words: " ".join(words).capitalize() + "."
)
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=4).map(" ".join)
_LINES = st.sampled_from(
    [
        "# Title",
        "[Home](/)",
        "* [News](/n)",
        "Related stories",
        "© 2016 Ledger",
        "![](/i.png)",
        "---",
        "Photo: AP",
        "A short line",
        "10 captures",
        "The council met on Monday and decided, after a long debate, to close the old bridge.",
        "",
        "",
        "| a | b |",
        "About Your Privacy",
    ]
)
_TEXTS = st.text(max_size=300) | st.lists(_LINES, max_size=30).map("\n".join)


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_spans_are_sorted_inside_apart_and_not_blank(text: str) -> None:
    spans = boilerplate(text)
    assert all(before.end < after.start for before, after in pairwise(spans))
    assert all(span.of(text).strip() for span in spans)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert boilerplate(text) == spans


@given(st.lists(_PARAGRAPHS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_plain_prose_is_never_marked(paragraphs: list[str]) -> None:
    assert boilerplate("\n\n".join(paragraphs)) == ()


@given(st.lists(_LINES | _PARAGRAPHS, max_size=20))
@settings(max_examples=100, deadline=None)
def test_prose_is_kept_whatever_stands_around_it(blocks: list[str]) -> None:
    text = "\n\n".join([*blocks, "The ferry runs from the stone pier to the harbour all winter."])
    left = kept(text)
    assert all(block in left for block in blocks if block.endswith(".") and " river " in block)


HOSTILE = [
    *"""[ ![ ]( [a]( \\[ ![[a](b [](a a/ © x (photo “ @a""".split(),
    *("[a](b) ", "* [a](b)\n", "a / ", "we use ", "\n", "# ", "1. ", "Related\n\n", "Topics\n\n"),
    *("by using ", "the site uses cookies ", "a\n", "![a]() ", "10 captures\n\n"),
]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_text_takes_linear_time(pattern: str) -> None:
    text = pattern * (100_000 // len(pattern))
    start = time.process_time()
    boilerplate(text)
    assert time.process_time() - start < 5  # a quadratic pass takes minutes


def test_every_notice_holds_one_of_the_cues_it_is_looked_for_by() -> None:
    wordings = phrases.NOTICE.pattern.removeprefix("(?:").removesuffix(")").split(")|(?:")
    missed = [
        wording
        for line in wordings
        for wording in line.split(r"|\b")
        if not any(cue in wording.replace(r"\b", "") for cue in phrases.NOTICE_CUES)
    ]
    assert len(wordings) > 10
    assert missed == []


def test_a_copyright_line_counts_where_a_long_text_begins_with_it() -> None:
    rest = " and whoever wishes to use it may ask us for it at any time during the week of work"
    early, late = (
        "Example Press. All rights reserved",
        "Nobody knows in whose name All rights reserved",
    )
    assert boilerplate(early + rest)
    assert not boilerplate(late + rest)
