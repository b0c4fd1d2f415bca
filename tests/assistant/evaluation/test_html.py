"""The report in a real browser, and what it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.cases import Gold, Quote, Stretch, TestCase
from assistant.evaluation.html import page, write
from assistant.evaluation.run import Run
from index.errors import StorageError
from tests.assistant.conftest import CONTRAST
from tests.assistant.evaluation.subject import CASES, KERRY, WALKED, Quoter, Shelf, article

HOSTILE = "<script>document.title='owned'</script><img src=http://evil.example/1 onerror=alert(1)>"
MORE = (
    replace(CASES[0], id="first", tags=("talks", "april"), split="tune", turns=("Who met?",)),
    TestCase(
        f"id {HOSTILE}", f"When did the delegates walk {HOSTILE}", HOSTILE, True,
        CASES[0].gold, ((HOSTILE,),), HOSTILE, (HOSTILE,), HOSTILE, (HOSTILE,),
    ),
)  # fmt: skip


def made(cases: tuple[TestCase, ...] = (*CASES, *MORE)) -> Run:
    """A run over articles that are hostile, too."""
    hostile = article("a.txt", WALKED, "Six planes stayed at the base.", HOSTILE)
    return evaluate(Quoter(Shelf((hostile, article(f"b{HOSTILE}", KERRY)))), cases)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    run = made()
    earlier = tuple(replace(one, answer={}, error="Down.") for one in run.records[:1])
    write(path, run, replace(run, records=(*earlier, *run.records[1:])))
    return path


@pytest.fixture
def report(browser: BrowserContext, file: Path) -> Iterator[Page]:
    """The report, which asks for nothing but itself and complains of nothing."""
    requests: list[str] = []
    complaints: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert [url for url in requests if url.split("#")[0] != file.as_uri()] == []
    assert complaints == []


@pytest.mark.browser
def test_what_articles_models_and_test_sets_say_stays_text(report: Page) -> None:
    assert report.title().startswith("Evaluation")
    assert report.locator("script, img, iframe, link, object").count() == 0
    case = report.locator(".case").last
    case.locator("> summary").click()
    expect(case.locator(".asked")).to_contain_text(HOSTILE)
    expect(case.locator(".turns")).to_have_text(HOSTILE)
    expect(case.locator("blockquote").first).to_contain_text(HOSTILE)


@pytest.mark.browser
def test_a_question_shows_what_was_cited_beside_gold(report: Page) -> None:
    report.locator("#q1 > summary").click()
    mark = report.locator("#q1 blockquote mark").first
    expect(mark).to_have_text(WALKED)
    expect(mark).to_have_class("cited gold")
    expect(report.locator("#q1 .reason")).to_contain_text("rank 1 in the search, 1 read, 1 cited")
    report.locator("#q1 .found > summary").click()
    expect(report.locator("#q1 .found tr.brings")).to_have_count(1)


@pytest.mark.browser
def test_questions_are_filtered_without_a_script(report: Page) -> None:
    shown = report.locator(".case:visible")
    expect(shown).to_have_count(8)
    report.locator("#by-result").select_option(label="rightly refused (1)")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("recipe")
    report.locator("#by-type").select_option(index=1)
    expect(shown).to_have_count(0)
    report.get_by_role("button", name="Show all").click()
    expect(shown).to_have_count(8)
    report.locator("#by-tag").select_option(label="april (1)")
    expect(shown).to_have_count(1)
    report.get_by_role("button", name="Show all").click()
    report.locator("#by-change").select_option(label="won (1)")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("date")


@pytest.mark.browser
def test_the_comparison_names_who_won_with_a_link(report: Page) -> None:
    expect(report.locator(".verdict")).to_contain_text("1 questions won, 0 lost of 8")
    report.get_by_role("link", name="date", exact=True).click()
    expect(report.locator("#q1")).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_legible_light_and_dark_wide_and_narrow(
    report: Page, scheme: Any, width: int
) -> None:
    report.emulate_media(color_scheme=scheme)
    report.set_viewport_size({"width": width, "height": 900})
    report.locator("#q1 > summary").click()
    report.locator("#q1 .found > summary").click()
    assert report.evaluate("document.documentElement.scrollWidth") <= width
    for place in (".lead", ".quiet", ".outcome", ".outcome.wrong", "mark.cited", "mark.gold",
                  "mark.cited.gold", "figcaption", ".id", "sup", ".verdict", "select"):  # fmt: skip
        for element in report.locator(place).all()[:3]:
            assert element.evaluate(CONTRAST) >= 4.5, place


def test_the_policy_forbids_scripts_and_requests(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "default-src &#39;none&#39;" in text
    tags = re.findall(r"<[a-zA-Z][^>]*>", text)
    assert not [tag for tag in tags if re.search(r"^<script|\son\w+=|javascript:", tag)]
    assert not [tag for tag in tags if re.search(r"""(?:src|href)=["'](?!#)""", tag)]


def test_half_characters_do_not_hinder_writing(tmp_path: Path) -> None:
    write(tmp_path / "report.html", replace(made(CASES[:1]), records=(), created="\ud800"))
    assert "<title>Evaluation, ?</title>" in (tmp_path / "report.html").read_text("utf-8")


def test_a_run_without_questions_or_texts_has_a_report() -> None:
    run = made(CASES[:1])
    assert "0 questions" in page(replace(run, records=()))
    assert WALKED in page(replace(run, texts={}))


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written to"):
        write(tmp_path / "missing" / "report.html", replace(made(CASES[:1]), records=()))


def test_a_run_of_retrieval_alone_with_whole_articles_as_gold_has_a_report() -> None:
    case = replace(CASES[0], must_contain=(), gold=(Gold((Quote(Stretch.all_of("a.txt"), ""),)),))
    text = page(evaluate(Quoter(), [case], method=Method(answers=False)))
    assert "Only retrieval was measured. 1 piece of gold: rank 1 in the search." in text
    assert "Gold: a.txt" in text
    assert "of articles 1.000 at 1" in text
    assert "of passages" not in text
