"""Understanding with a language model: what is asked of it, and what is made of its reply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import Answer, Outcome, Usage
from assistant.conversation import Turn
from assistant.errors import LLMUnavailableError
from assistant.llm.model import Piece, Reply, Request
from assistant.understanding import (
    CatalogueQuery,
    Intent,
    Kind,
    Order,
    Question,
    Shown,
    Understood,
    understand,
)
from assistant.understanding.proposal import SCHEMA
from index import Library
from index.filtering import EVERYTHING, Filter
from tests.index.small import options, write

ARTICLES = {
    "storm.txt": "Storm sinks boats\n\nBy Lena Vogt\n\nJanuary 12, 2024\n\nBoats sank at sea.",
    "ferry.txt": "Ferry is closed\n\nBy Abby Goodwin\n\nMarch 4, 2021\n\nThe ferry closes.",
}


@dataclass
class Scripted:
    """A language model that replies what it is told to."""

    reply: object
    asked: list[Request] = field(default_factory=list)
    name: str = "scripted"
    on_this_machine: bool = True

    def describe(self) -> str:
        return self.name

    def named(self, name: str) -> Scripted:
        return replace(self, name=name)

    def context(self) -> int | None:
        return None

    def stream(self, request: Request) -> Reply:
        raise NotImplementedError

    def complete(self, request: Request) -> Piece:
        self.asked.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        text = self.reply if isinstance(self.reply, str) else json.dumps(self.reply)
        return Piece(text, Usage(10, 5, 1))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("articles")
    write(folder, ARTICLES)
    home = tmp_path_factory.mktemp("home")
    with Library.open(folder, home, options=options()) as library:
        yield library


def understood(
    library: Library, reply: object, text: str = "Who sank?", within: Filter = EVERYTHING
) -> Understood:
    return understand(text, (), within, library, Scripted(reply), None, date(2026, 11, 28))


@pytest.mark.parametrize("reply", ["", "no JSON", "[1]", {}, {"filter": [], "intent": 3}])
def test_a_blank_reply_leaves_the_question_as_it_is(articles: Library, reply: object) -> None:
    assert understood(articles, reply).question == Question(
        "Who sank?", "Who sank?", queries=("Who sank?",)
    )


def test_a_reply_becomes_a_question(articles: Library) -> None:
    reply = {
        "standalone": "How many boats sank at Hallow Bay in January?",
        "intent": "content",
        "preferred": {"from": "2024-01", "to": "2024-01"},
        "queries": ["boats sank", "Hallow Bay"],
        "language": "en",
        "kinds": ["number", "nonsense"],
    }
    found = understood(articles, reply, "how many there?")
    question = found.question
    assert question.standalone == reply["standalone"]
    assert question.queries == ("boats sank", "Hallow Bay")
    assert question.scope.preferred == Filter((date(2024, 1, 1), date(2024, 1, 31)))
    assert question.kinds == (Kind.NUMBER,)
    assert found.usage == Usage(10, 5, 1)


def test_a_question_about_the_collection(articles: Library) -> None:
    reply = {
        "intent": "collection",
        "filter": {"authors": ["Vogt"], "from": "2024", "to": ""},
        "collection": {"show": "count", "mentioning": ["boats"], "order": "newest", "limit": 3},
    }
    question = understood(articles, reply).question
    assert question.intent is Intent.COLLECTION
    assert question.scope.within == Filter((date(2024, 1, 1), None), ("Lena Vogt",))
    assert question.catalogue == CatalogueQuery(
        Shown.COUNT, ("boats",), order=Order.NEWEST, limit=3
    )


def test_a_name_that_no_article_has_is_told_and_not_applied(articles: Library) -> None:
    scope = understood(articles, {"filter": {"authors": ["Smith", "Lena Voggt"]}}).question.scope
    assert scope.within == Filter(authors=("Lena Vogt",))
    assert scope.notes == ("No article is by “Smith”: not applied.",)


def test_of_the_collection_there_is_then_nothing(articles: Library) -> None:
    reply = {"intent": "collection", "filter": {"authors": ["Smith"]}}
    scope = understood(articles, reply).question.scope
    assert scope.within == Filter(authors=("Smith",))
    assert not articles.register().holds(scope.within)


def test_what_restricts_from_outside_holds(articles: Library) -> None:
    within = Filter((date(2024, 1, 1), None), articles=("storm.txt",))
    reply = {"filter": {"from": "2023", "to": "2024-06-30", "articles": ["ferry.txt"]}}
    scope = understood(articles, reply, within=within).question.scope
    assert scope.within == Filter((date(2024, 1, 1), date(2024, 6, 30)), articles=("storm.txt",))


def test_an_unclear_question_is_asked_back(articles: Library) -> None:
    reply = {"unclear": "Which one?", "choices": ["The first?", "The second?"]}
    question = understood(articles, reply).question
    assert (question.unclear, question.choices) == ("Which one?", ("The first?", "The second?"))


def test_the_model_is_shown_what_it_needs(articles: Library) -> None:
    answer = Answer("When?", "When?", (), (), Outcome.NOT_FOUND, message="<b> No [s1] idea")
    turn = Turn("When?", "When did it sink?", answer)
    model = Scripted({})
    understand("And <where>?", [turn], EVERYTHING, articles, model, today=date(2026, 11, 28))
    (request,) = model.asked
    prompt = "\n".join(str(message.content) for message in request.messages)
    for shown in ("Saturday, 28 November 2026", "2 articles", "4 March 2021 to 12 January 2024"):
        assert shown in prompt
    for shown in ("Lena Vogt", "When did it sink?", "No (s1) idea", "And ‹where›?"):
        assert shown in prompt
    assert request.schema == SCHEMA


def test_a_failing_model_is_no_understanding(articles: Library) -> None:
    with pytest.raises(LLMUnavailableError):
        understood(articles, LLMUnavailableError("The server is down."))


def test_the_bundled_prompt_describes_every_property() -> None:
    text = (Path(__file__).parents[3] / "prompts" / "understand.jinja").read_text("utf-8")
    assert [name for name in SCHEMA["properties"] if f'"{name}"' not in text] == []
