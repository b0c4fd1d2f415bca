from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from assistant.evaluation.asking import evaluate
from assistant.evaluation.plots import Plot, plots
from assistant.evaluation.run import Run
from assistant.evaluation.summary import by_type, summarise
from tests.assistant.evaluation.subject import CASES, KERRY, Quoter, gold

HOSTILE = '<script>alert(1)</script> $\\frac{ "&\ud800 漢'


def drawn(run: Run) -> list[Plot]:
    types = {name: summarise(group, run.k) for name, group in by_type(run.records).items()}
    return plots(run, types)


@pytest.fixture(scope="module")
def run() -> Run:
    done = evaluate(
        Quoter(), [*CASES, replace(CASES[0], id="hostile", type=HOSTILE, gold=(gold(KERRY),))]
    )
    sure = [
        replace(one, answer={**one.answer, "confidence": at / 7}) if one.answer else one
        for at, one in enumerate(done.records)
    ]
    return replace(done, records=tuple(sure))


@pytest.fixture(scope="module")
def made(run: Run) -> list[Plot]:
    return drawn(run)


def test_every_plot_is_drawn_and_says_in_words_what_it_shows(made: list[Plot]) -> None:
    assert [plot.title for plot in made] == [
        "Right answers and refusals, by type",
        "Retrieval: recall@10, by type",
        "Retrieval of articles: recall@10, by type",
        "Citation precision, by type",
        "Citation recall, by type",
        "Retrieval: recall over k",
        "Calibration of refusals",
        "Confidence, with and without an answer",
        "Risk and coverage",
        "Latency of an answer",
    ]
    assert "of passages 0.750 at 1 and 1.000 at 3" in made[5].caption
    assert all(plot.caption.endswith(".") for plot in made)


def test_colours_and_font_are_the_pages(made: list[Plot]) -> None:
    for plot in made:
        assert "currentColor" in plot.svg
        assert "font-family" not in plot.svg
        colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", plot.svg))
        assert colours <= {"none", "currentColor", "var(--line)", "var(--first)", "var(--second)"}


def test_nothing_is_fetched_and_no_id_is_given_twice(made: list[Plot]) -> None:
    together = "".join(plot.svg for plot in made)
    assert "<style" not in together
    assert set(re.findall(r'href="(.)', together)) == {"#"}
    ids = Counter(re.findall(r'\bid="([^"]+)"', together))
    assert max(ids.values()) == 1
    assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", together)) <= set(ids)


def test_a_types_name_cannot_become_anything_else(made: list[Plot]) -> None:
    svg = made[0].svg.encode("utf-8", "replace").decode()
    read = "".join(ElementTree.fromstring(svg).itertext())
    assert "<script>alert(1)</scrip…" in read
    assert "@" not in read


def test_what_there_are_no_figures_for_is_not_drawn() -> None:
    refused = evaluate(Quoter(), CASES[2:3])
    assert [plot.title for plot in drawn(refused)] == [
        "Right answers and refusals, by type",
        "Latency of an answer",
    ]
    assert drawn(replace(refused, records=())) == []
