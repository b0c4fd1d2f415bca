"""The chat's page and what happens on it. It imports Gradio: import it late."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.answerers.replies import suggestions
from assistant.web.evaluation import ADDRESS
from assistant.web.markup import escape
from assistant.web.reader import LISTED, article_html, list_html, missing_html
from assistant.web.restrict import CLEARED, Restriction, offered, read, restriction
from assistant.web.sessions import Message, Session, Sessions
from index.article import Span
from index.errors import PinciteError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from index.library import Library

_logger = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_BUG = "Something went wrong inside Pincite; the server's log says what. Please ask again."

SENTENCE = "Ask about these articles: every sentence of an answer opens the passage it rests on."

LONGEST_QUESTION = 2000
"""Characters the page accepts as one question."""

AT_ONCE = 8
"""Questions answered at the same time, of all pages; the others wait their turn."""

EMPTY = (
    "There are no articles yet. Put some into the corpus’s folder and run "
    "<code>pincite index</code>, then reload this page; or run <code>pincite index FOLDER</code> "
    "for another folder and start the chat again."
)
"""HTML, like all that stands in the place of a conversation."""

_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")

LOOK: dict[str, Any] = {
    "theme": gr.themes.Base(
        primary_hue="indigo", neutral_hue="slate", font=list(_FONT), font_mono=list(_MONO)
    ),
    "css_paths": [_HERE / "style.css"],
}
"""What ``Blocks.launch`` is given: fonts of the reader's own system, nothing from outside."""

_View = tuple[list[Message], Any]
"""The messages, and the state of the question's box."""


def page(assistant: Assistant, *, evaluation: bool = False) -> gr.Blocks:
    """The page, with its events; ``evaluation``: with a link to the page of that name."""
    chat, library = Chat(assistant), assistant.library
    blocks: gr.Blocks
    with gr.Blocks(title="Pincite", fill_height=True, analytics_enabled=False) as blocks:
        with gr.Row(elem_id="banner"):
            gr.HTML(_banner(assistant, evaluation))
            fresh = gr.Button("New conversation", size="sm", scale=0, min_width=140)
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=6, elem_id="asking"):
                messages = _conversation(library)
                only = restriction(library.register().holdings)
                question = _question()
            with gr.Column(scale=5, elem_id="reading"):
                _reading(library)
        _connect(chat, (messages, question), only, fresh)
        # What was indexed since the server started can be chosen and asked about, too.
        blocks.load(
            lambda: (
                gr.update(**_invitation(library)),
                *offered(library.register().holdings),
            ),
            None,
            [messages, *only.names],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        blocks.unload(chat.leave)
    return blocks


class Chat:
    """What happens on the page."""

    def __init__(self, assistant: Assistant) -> None:
        # What the selector quotes is not checked: it is the source's own words.
        checking = assistant.judge is not None and assistant.settings.style == "prose"
        self._sessions = Sessions(assistant.conversation, checking=checking)

    def take(self, request: gr.Request, question: str, *fields: object) -> tuple[Any, ...]:
        """Show the question as asked; what is still being answered is stopped.

        It is asked of the articles that the fields of the restriction admit, and not at all
        while one of them cannot be read.
        """
        session = self._session(request)
        within, part, message = read(*fields)
        if within is None:
            return *_view(session), part, message
        if question.strip():
            session.begin(question.strip(), within)
        messages, box = _view(session)
        return messages, {**box, "value": ""}, {**part, "open": False}, message

    def take_example(
        self, request: gr.Request, chosen: gr.SelectData, *fields: object
    ) -> tuple[Any, ...]:
        """Show the example as asked."""
        return self.take(request, str(chosen.value["text"]), *fields)

    async def answer(self, request: gr.Request) -> AsyncIterator[_View]:
        """Show the answer to the question taken last, as it comes."""
        session = self._session(request)
        async for _ in _answered(session):
            yield _view(session)
        yield _view(session)

    def stop(self, request: gr.Request) -> _View:
        """Leave the answer as it stands."""
        session = self._session(request)
        session.stop()
        return _view(session)

    def renew(self, request: gr.Request) -> tuple[Any, ...]:
        """Forget what was said, and of which articles, and begin anew."""
        self.leave(request)
        return *_view(self._session(request)), *CLEARED

    def leave(self, request: gr.Request) -> None:
        """The page is closed."""
        self._sessions.forget(str(request.session_hash))

    def _session(self, request: gr.Request) -> Session:
        return self._sessions.of(str(request.session_hash))


async def _answered(session: Session) -> AsyncIterator[None]:
    """Let the running exchange grow to its answer; each step can be shown."""
    exchange = session.claim()
    if exchange is None:
        return
    try:
        async for event in session.conversation.astream(exchange.question, exchange.within):
            if session.running is not exchange:
                return
            exchange.grow(event)
            yield
    except PinciteError as error:
        exchange.fail(str(error))
    except Exception:
        _logger.exception("a question could not be answered")
        exchange.fail(_BUG)


def _conversation(library: Library) -> gr.Chatbot:
    return gr.Chatbot(
        show_label=False,
        label="Conversation",
        elem_id="messages",
        layout="panel",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        height="100%",
        **_invitation(library),
    )


def _question() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Your question…",
        max_length=LONGEST_QUESTION,
        lines=1,
        max_lines=5,
        autofocus=True,
        submit_btn="Ask",
    )


def _reading(library: Library) -> gr.HTML:
    """The right column: the corpus, or one of its articles."""

    def opened(where: object) -> str:
        return shown(library, where)

    return gr.HTML(
        '<div id="shelf" tabindex="-1"></div>',
        elem_id="reader",
        js_on_load=(_HERE / "reader.js").read_text("utf-8"),
        server_functions=[opened],
    )


def shown(library: Library, where: object) -> str:
    """What the reader is to show: ``[]`` the corpus, ``[id]`` or ``[id, start, end]`` an article.

    Whatever else a browser may send is answered with a message.
    """
    try:
        match where:
            case []:
                return _shelf(library)
            case [str(id)]:
                return _article(library, id, 0, 0)
            case [str(id), int(start), int(end)]:
                return _article(library, id, start, end)
    except PinciteError as error:
        return missing_html(str(error))
    return missing_html("That is no place in an article.")


def _article(library: Library, id: str, start: int, end: int) -> str:
    article = library.article(id)
    if not 0 <= start <= end <= len(article.text):
        return missing_html("That is no place in this article.")
    return article_html(article, Span(start, end), library.boilerplate(id))


def _view(session: Session) -> _View:
    asks, stops = (False, "Stop") if session.running else ("Ask", False)
    return session.messages(), gr.update(submit_btn=asks, stop_btn=stops)


def _connect(
    chat: Chat, view: tuple[gr.Chatbot, gr.Textbox], only: Restriction, fresh: gr.Button
) -> None:
    messages, question = view
    fields, told = only.fields, list(only.told)
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "trigger_mode": "multiple",
    }
    at_once: dict[str, Any] = {"queue": False, **quiet}
    shown = [*view, *told]
    taken = (
        question.submit(chat.take, [question, *fields], shown, **at_once),
        messages.example_select(chat.take_example, fields, shown, **at_once),
    )
    answering = [
        one.then(chat.answer, None, list(view), concurrency_limit=AT_ONCE, **quiet) for one in taken
    ]
    question.stop(chat.stop, None, list(view), cancels=answering, **at_once)
    renewed = fresh.click(chat.renew, None, [*view, *fields], cancels=answering, **at_once)
    cleared = only.clear.click(lambda: CLEARED, None, fields, **at_once)
    events: list[Callable[..., Any]] = [renewed.then, cleared.then, *only.changes]
    for event in events:
        event(lambda *values: read(*values)[1:], fields, told, **at_once)


def _banner(assistant: Assistant, evaluation: bool) -> str:
    # In a tab of its own: leaving the page would end the conversation.
    link = f'<a href="{ADDRESS}" target="_blank" rel="noopener">Evaluation</a>'
    links = f'<a class="shelf-link" href="#articles">Articles</a>{link if evaluation else ""}'
    return (
        f"<header><h1>Pincite</h1><p>{escape(assistant.describe())}</p><nav>{links}</nav></header>"
    )


def _shelf(library: Library) -> str:
    listed = list(library.metadata())
    return list_html(
        ((id, metadata, paths[0]) for id, metadata, paths in islice(listed, LISTED)), len(listed)
    )


def _invitation(library: Library) -> dict[str, Any]:
    """What stands in the place of a conversation that has not begun."""
    register = library.register()
    sentence = SENTENCE if register.holdings.articles else EMPTY
    asked = [{"text": question} for question in suggestions(register)]
    return {"placeholder": f"<p>{sentence}</p>", "examples": asked}
