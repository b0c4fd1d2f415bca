"""The chat in a real browser, over the real assistant and over one that misbehaves."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant import Assistant
from assistant.answer import Answer, Checked, Citation, Event, Finding, Outcome, Statement, Support
from assistant.answerers.replies import suggestions
from assistant.errors import LLMUnavailableError, SettingsError
from assistant.settings import Settings
from assistant.web.app import build, start
from assistant.web.page import LOOK, shown
from assistant.web.sessions import Session, Sessions
from index import Library
from index.article import Article, Metadata
from index.filtering import Filter
from tests.assistant.conftest import CONTRAST

if TYPE_CHECKING:
    import gradio as gr

pytestmark = [
    pytest.mark.browser,
    # Gradio keeps count of its events with what has had its day in pandas.
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

QUESTION = "On what date did the Syrian opposition walk out of the Geneva talks?"
FIRST = "The first sentence."
HOSTILE = "![](http://evil.example/?d=1) <img src=http://evil.example/2> ${1+1} {{1+1}} $$x$$ *a*"


class Scripted:
    """An assistant, and its every conversation, that does what the question says."""

    judge = object()
    settings = Settings()

    def __init__(self, library: Library) -> None:
        self.library = library
        self.article: Article = next(library.articles())
        self.closed = threading.Event()
        self.judged = threading.Event()

    def describe(self) -> str:
        return "scripted <model>"

    def conversation(self) -> Scripted:
        return self

    async def astream(self, question: str, within: Filter) -> AsyncIterator[Event]:
        try:
            yield f"{FIRST} [1]"
            if question == "wait":
                await asyncio.sleep(600)
            if question == "fail":
                raise LLMUnavailableError("The model cannot be reached: start its server.")
            if question == "bug":
                raise RuntimeError("secret detail")
            answer = self.answer(question)
            if question == "judge":
                await asyncio.to_thread(self.judged.wait)
                yield Checked(0, answer.statements[0])
                await asyncio.sleep(600)
            yield answer
        finally:
            self.closed.set()

    def answer(self, question: str) -> Answer:
        """Unsupported where the question is none of those below."""
        wrong = Finding("number", 4, 9, "“first” is not in the cited text.")
        statement = Statement(HOSTILE, (1,), Support.UNSUPPORTED)
        outcome, message = Outcome.ANSWERED, None
        choices: tuple[str, ...] = ()
        if question == "judge":
            statement = Statement(FIRST, (1,), Support.UNSUPPORTED, (wrong,))
        if question == "replace":
            quote = self.article.text[:400]
            statement = Statement(quote, (1,), Support.QUOTED, (wrong,), replaced=FIRST)
        if question == "refuse":
            outcome, message = Outcome.NOT_FOUND, "Nothing."
        if question == "unclear":
            outcome, message, choices = Outcome.UNCLEAR, "Which?", ("refuse", HOSTILE)
        citations = (Citation(1, self.article, 0, 400),)
        return Answer(
            question,
            question,
            (statement,) if outcome is Outcome.ANSWERED else (),
            citations if outcome is Outcome.ANSWERED else (),
            outcome,
            message=message,
            choices=choices,
        )


@contextmanager
def served(assistant: object, runs: Path = Path("runs")) -> Iterator[str]:
    blocks = start(cast("Assistant", assistant), "127.0.0.1", 0, runs=runs)
    try:
        yield str(blocks.local_url)
    finally:
        blocks.close(verbose=False)


@pytest.fixture(scope="module")
def real(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as url:
        yield url


@pytest.fixture(scope="module")
def scripted(library: Library) -> Scripted:
    return Scripted(library)


@pytest.fixture(scope="module")
def scripted_url(scripted: Scripted) -> Iterator[str]:
    with served(scripted) as url:
        yield url


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("#shelf .corpus li")).to_have_count(5)
    return page


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_a_click_on_a_citation_marks_exactly_its_quote(
    page: Page, real: str, assistant: Assistant, tmp_path: Path
) -> None:
    citation = assistant.ask(QUESTION).citations[0]
    opened(page, real)
    ask(page, QUESTION)
    page.get_by_role("link", name="[1]").first.click()
    mark = page.locator("#shelf mark")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => mark.textContent") == citation.quote
    assert "April 21" in citation.quote
    expect(mark).to_be_focused()
    assert citation.article.title
    expect(page.locator("#shelf h2")).to_have_text(citation.article.title)
    expect(page.get_by_label("Your question")).to_have_value("")
    page.screenshot(path=tmp_path / "cited.png")


def test_a_follow_up_is_understood_and_a_new_conversation_forgets(page: Page, real: str) -> None:
    opened(page, real)
    ask(page, "Who is Yury Barmin?")
    expect(page.locator(".sources .number").first).to_be_visible()
    ask(page, "What does he say about Aleppo?")
    understood = page.locator("#messages .note", has_text="Understood as: ")
    expect(understood).to_contain_text("Barmin")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#messages .question")).to_have_count(0)
    ask(page, "What does he say about Aleppo?")
    expect(page.locator("#messages .outcome")).to_have_count(1)
    expect(page.locator("#messages .note")).to_have_count(0)


def test_questions_are_asked_of_some_articles_only_until_cleared(
    page: Page, real: str, assistant: Assistant
) -> None:
    question = "What role does Moscow play in the negotiations over Aleppo?"
    assert {one.article.authors for one in assistant.ask(question).citations} == {("Yury Barmin",)}
    opened(page, real)
    part = page.locator("#restriction")
    expect(page.get_by_label("Author")).to_be_hidden()
    part.get_by_role("button", name="Only some articles").click()
    page.get_by_label("Author").click()
    page.get_by_role("option", name="Matthew Bodner").click()
    label = part.get_by_role("button", name="Articles by Matthew Bodner only")
    expect(label).to_be_visible()
    about = page.locator("#messages .sources .about")
    scope = page.locator("#messages .note", has_text="Articles by Matthew Bodner only.")
    for count, asked in enumerate((question, "Who is Frolov?"), start=1):
        ask(page, asked)
        expect(scope).to_have_count(count)
        expect(page.get_by_label("Author")).to_be_hidden()
    expect(about.first).to_be_visible()
    assert all("Matthew Bodner" in one for one in about.all_inner_texts())
    page.get_by_role("button", name="New conversation").click()
    expect(part.get_by_role("button", name="Only some articles")).to_be_visible()
    ask(page, question)
    expect(about.first).to_contain_text("Yury Barmin")
    expect(page.locator("#messages .note")).to_have_count(0)


def test_authors_indexed_since_the_server_started_can_be_chosen(page: Page, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Nobody signed these notes.", "utf-8")
    with (
        Library.open(tmp_path / "notes.txt", tmp_path / "home") as library,
        served(Scripted(library)) as url,
    ):
        library.add("Signed and dated.", Metadata(authors=("Ann Lee",)), "letter")
        page.goto(url)
        page.locator("#restriction").get_by_role("button", name="Only some articles").click()
        page.get_by_label("Author").click()
        expect(page.get_by_role("option", name="Ann Lee")).to_be_visible()
        expect(page.get_by_label("Publisher")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_malformed_date_is_told_and_keeps_the_question(
    page: Page, scripted_url: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(scripted_url)
    part = page.locator("#restriction")
    part.get_by_role("button", name="Only some articles").click()
    first = part.get_by_label("From")
    first.fill("April")
    ask(page, "go")
    alert = part.get_by_role("alert")
    expect(alert).to_contain_text("A date must be like 2016-04-28, 2016-04 or 2016, not April")
    expect(page.get_by_label("Your question")).to_have_value("go")
    expect(page.locator("#messages .question")).to_have_count(0)
    for place in (alert.locator("p"), first, part.get_by_text("Author")):
        assert place.evaluate(CONTRAST) >= 4.5
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    part.get_by_role("button", name="Clear").click()
    expect(alert).to_have_count(0)
    expect(first).to_have_value("")
    ask(page, "go")
    expect(page.locator("#messages .unsupported")).to_be_visible()


def test_a_suggestion_is_asked_with_one_click(page: Page, real: str) -> None:
    opened(page, real)
    buttons = page.locator("#messages button.example")
    expect(buttons.first).to_be_visible()
    question = buttons.last.inner_text()
    buttons.last.click()
    expect(page.locator("#messages .question")).to_have_text(question)
    expect(page.locator("#messages .sources")).to_be_visible()


def test_every_suggestion_is_answered(assistant: Assistant) -> None:
    for question in suggestions(assistant.library.register()):
        assert assistant.ask(question).outcome is Outcome.ANSWERED, question


def test_without_articles_the_page_says_how_to_add_some_until_there_are(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    with (
        Library.open(tmp_path / "corpus", tmp_path / "home", sync=False) as library,
        served(Assistant(library, Settings())) as url,
    ):
        page.goto(url)
        invitation = page.locator("#messages .placeholder")
        expect(invitation).to_contain_text("There are no articles yet.")
        expect(invitation).to_contain_text("pincite index")
        expect(page.locator("#shelf")).to_contain_text("0 articles")
        ask(page, "Who is Frolov?")
        expect(page.locator("#messages .failure, #messages .not_found")).to_be_visible()
        library.add("The ferry sank.", Metadata("<b>The</b> *ferry*"), "ferry")
        page.goto(url)
        expect(invitation).to_contain_text("Ask about these articles")
        suggested = page.locator("#messages button.example")
        expect(suggested.first).to_contain_text("<b>The</b> *ferry*")


def test_a_sentence_is_being_checked_until_its_verdict_comes(
    page: Page, scripted_url: str, scripted: Scripted
) -> None:
    opened(page, scripted_url)
    scripted.judged.clear()
    ask(page, "judge")
    sentence = page.locator("#messages .answer")
    expect(sentence).to_contain_text(f"{FIRST}[1] checking…")
    scripted.judged.set()
    expect(page.locator("#messages .unsupported")).to_contain_text(f"{FIRST}[1]")
    expect(page.locator("#messages .finding")).to_have_text("first")
    expect(page.get_by_title("“first” is not in the cited text.")).to_be_visible()
    expect(page.get_by_text("“first” is not in the cited text.")).to_be_visible()
    expect(sentence).not_to_contain_text("checking…")


def test_what_a_sentence_replaced_is_shown_on_demand(page: Page, scripted_url: str) -> None:
    opened(page, scripted_url)
    ask(page, "replace")
    written = page.locator("#messages .replaced del")
    summary = page.get_by_text("Replaced by the source’s words")
    expect(summary).to_be_visible()
    expect(written).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(written).to_be_visible()
    expect(written).to_have_text(FIRST)
    expect(written.locator(".finding")).to_have_text("first")


def test_a_choice_is_asked_with_one_click(page: Page, scripted_url: str) -> None:
    opened(page, scripted_url)
    ask(page, "unclear")
    choices = page.locator("#messages .unclear .choice")
    expect(choices).to_have_text(["refuse", HOSTILE])
    choices.first.get_by_role("link").click()
    expect(page.locator("#messages .question")).to_have_text(["unclear", "refuse"])
    expect(page.locator("#messages .not_found")).to_be_visible()
    choices.last.get_by_role("link").press("Enter")
    expect(page.locator("#messages .question").last).to_have_text(HOSTILE)


def test_the_reader_goes_from_list_to_article_and_back_by_keyboard(page: Page, real: str) -> None:
    opened(page, real)
    page.locator("#shelf .source").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#shelf article")).to_be_visible()
    expect(page.locator("#shelf mark")).to_have_count(0)
    page.get_by_role("link", name="All articles").click()
    expect(page.locator("#shelf .corpus li")).to_have_count(5)


def test_on_a_narrow_screen_the_reader_lies_over_the_chat(page: Page, scripted_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(scripted_url)
    ask(page, "go")
    link = page.get_by_role("link", name="[1]")
    expect(page.locator("#shelf")).to_be_hidden()
    link.click()
    expect(page.locator("#shelf mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#shelf")).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    page.get_by_label("Close the reader").click()
    expect(page.locator("#shelf")).to_be_hidden()


def test_hostile_text_stays_text(page: Page, scripted_url: str, scripted: Scripted) -> None:
    opened(page, scripted_url)
    ask(page, f"<script>alert(1)</script> {HOSTILE}")
    expect(page.locator("#messages .unsupported")).to_contain_text(HOSTILE)
    expect(page.locator("#messages .support")).to_have_text("⚠ Not supported")
    expect(page.locator("#messages .question")).to_have_text(f"<script>alert(1)</script> {HOSTILE}")
    expect(page.locator("#messages img, #messages .katex")).to_have_count(0)
    expect(page.locator("#banner p")).to_have_text("scripted <model>")
    page.get_by_role("link", name="[1]").click()
    mark = page.locator("#shelf mark")
    expect(mark).to_be_visible()
    assert mark.evaluate("mark => mark.textContent") == scripted.article.text[:400]


def test_stop_keeps_what_there_is_and_ends_the_work(
    page: Page, scripted_url: str, scripted: Scripted
) -> None:
    opened(page, scripted_url)
    scripted.closed.clear()
    ask(page, "wait")
    expect(page.locator("#messages .answer")).to_contain_text("The first sentence.")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#messages .stopped")).to_be_visible()
    expect(page.locator("#messages .answer")).to_contain_text("The first sentence.")
    expect(page.get_by_role("button", name="Ask")).to_be_visible()
    assert scripted.closed.wait(5)
    ask(page, "go")
    expect(page.locator("#messages .unsupported")).to_be_visible()


def test_a_question_asked_during_an_answer_takes_its_place(page: Page, scripted_url: str) -> None:
    opened(page, scripted_url)
    ask(page, "wait")
    expect(page.locator("#messages .answer")).to_contain_text("The first sentence.")
    ask(page, "go")
    expect(page.locator("#messages .stopped")).to_be_visible()
    expect(page.locator("#messages .unsupported")).to_be_visible()
    expect(page.get_by_role("button", name="Ask")).to_be_visible()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("fail", "The model cannot be reached: start its server."),
        ("bug", "Something went wrong inside Pincite"),
    ],
)
def test_an_error_is_readable_and_the_next_question_works(
    page: Page, scripted_url: str, question: str, words: str
) -> None:
    opened(page, scripted_url)
    ask(page, question)
    expect(page.locator("#messages .failure")).to_contain_text(words)
    expect(page.locator("#messages")).not_to_contain_text("secret detail")
    ask(page, "refuse")
    expect(page.locator("#messages .not_found")).to_contain_text("Nothing.")


def test_a_closed_page_is_forgotten(
    browser: BrowserContext, scripted_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[str] = []
    forgotten: list[str] = []
    of = Sessions.of

    def noted(sessions: Sessions, page: str) -> Session:
        known.append(page)
        return of(sessions, page)

    monkeypatch.setattr(Sessions, "of", noted)
    monkeypatch.setattr(Sessions, "forget", lambda self, page: forgotten.append(page))
    page = opened(browser.new_page(), scripted_url)
    ask(page, "go")
    expect(page.locator("#messages .unsupported")).to_be_visible()
    assert known[0] not in forgotten
    page.close()
    ends = time.monotonic() + 30
    while known[0] not in forgotten and time.monotonic() < ends:
        time.sleep(0.1)
    assert known[0] in forgotten


def test_a_blank_question_is_not_asked(page: Page, scripted_url: str) -> None:
    opened(page, scripted_url)
    ask(page, "wait")
    expect(page.locator("#messages .answer")).to_contain_text("The first sentence.")
    ask(page, "   ")
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    ask(page, "go")
    expect(page.locator("#messages .unsupported")).to_be_visible()
    expect(page.locator("#messages .question")).to_have_text(["wait", "go"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, scripted_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, scripted_url)
    ask(page, "go")
    page.get_by_role("link", name="[1]").click()
    expect(page.locator("#shelf mark")).to_be_visible()
    for place in ("#messages .question", "#messages .about", "#messages .quote", "#shelf mark"):
        assert page.locator(place).first.evaluate(CONTRAST) >= 4.5, place


@pytest.mark.parametrize(
    "where", [["gone"], ["gone", 0, 1], [1], ["a", "b", "c"], {"x": 1}, "text", [None, 1, 2]]
)
def test_whatever_a_browser_sends_is_answered_with_words(library: Library, where: object) -> None:
    assert 'role="alert"' in shown(library, where)


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 4), (0, 10**9)])
def test_no_place_outside_the_article_is_shown(library: Library, start: int, end: int) -> None:
    article = next(library.articles())
    assert "no place in this article" in shown(library, [article.id, start, end])


def test_nothing_of_the_page_is_a_public_interface(library: Library) -> None:
    blocks: gr.Blocks = build(cast("Assistant", Scripted(library)))
    assert {function.api_visibility for function in blocks.fns.values()} == {"private"}
    assert LOOK["theme"]._stylesheets == []


def test_a_taken_port_is_an_error_with_the_remedy(scripted_url: str, scripted: Scripted) -> None:
    port = int(scripted_url.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(SettingsError, match=f"port {port} .*--port"):
        start(cast("Assistant", scripted), "127.0.0.1", port)
