"""What a language model makes of a question: one request, read tolerantly, into a typed proposal.

Nothing of it is believed yet: names are matched to the register in :mod:`.resolving`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.answer import Usage
from assistant.llm.model import Request
from assistant.prompting import neutral
from assistant.understanding.question import CatalogueQuery, Grouping, Intent, Kind, Order, Shown
from index.errors import FilterError
from index.filtering import ALWAYS, EVERYTHING, Filter, Period, day_written
from index.register import Holdings
from prompts import load

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.conversation import Turn
    from assistant.llm.model import ChatModel

_Choice = TypeVar("_Choice", bound=StrEnum)

_NAMES = 60
"""Authors, and publishers, that the model is shown."""
_TURNS = 4
_LONGEST = 400
"""Characters of a question or an answer before, and of a name."""
_QUERIES = 4
_REPLY_TOKENS = 600

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(values: type[StrEnum]) -> dict[str, Any]:
    return {"type": "string", "enum": ["", *(str(value) for value in values)]}


def _any_of(values: type[StrEnum]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": [str(value) for value in values]}}


_FILTER = _object(**{"from": _TEXT}, to=_TEXT, authors=_TEXTS, publishers=_TEXTS, articles=_TEXTS)
SCHEMA = _object(
    standalone=_TEXT,
    intent=_one_of(Intent),
    filter=_FILTER,
    preferred=_FILTER,
    collection=_object(
        show=_one_of(Shown),
        mentioning=_TEXTS,
        without=_TEXTS,
        group=_one_of(Grouping),
        order=_one_of(Order),
        limit={"type": "integer"},
        compared=_TEXTS,
    ),
    queries=_TEXTS,
    language=_TEXT,
    kinds=_any_of(Kind),
    unclear=_TEXT,
    choices=_TEXTS,
)


_EVERY_ARTICLE = CatalogueQuery()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question as a language model understands it. Empty: the question stands by itself."""

    standalone: str = ""
    intent: Intent = Intent.CONTENT
    within: Filter = EVERYTHING
    """Names as the model wrote them."""
    preferred: Filter = EVERYTHING
    catalogue: CatalogueQuery = _EVERY_ARTICLE
    queries: tuple[str, ...] = ()
    language: str = ""
    kinds: tuple[Kind, ...] = ()
    unclear: str = ""
    choices: tuple[str, ...] = ()


def shown(
    text: str, turns: Sequence[Turn], within: Filter, held: Holdings, today: date
) -> Mapping[str, Any]:
    """What the model is shown: the variables of the prompt. Texts of others are made harmless."""
    return {
        "today": f"{today:%A}, {_day(today)}",
        "count": held.articles,
        "first": _day(held.days[0]) if held.days else "",
        "last": _day(held.days[-1]) if held.days else "",
        "authors": [_short(name) for name in held.authors[:_NAMES]],
        "publishers": [_short(name) for name in held.publishers[:_NAMES]],
        "articles": [_short(name) for name in within.articles[:_NAMES]],
        "turns": [
            {"question": _short(turn.standalone), "answer": _short(turn.answer.text)}
            for turn in turns[-_TURNS:]
        ],
        "question": neutral(text),
    }


def propose(
    variables: Mapping[str, Any], model: ChatModel, prompts: Path | None
) -> tuple[Proposal, Usage]:
    """What the model makes of the question, in one request. Raises ``LLMError``."""
    messages = load("understand", prompts).messages(variables)
    reply = model.complete(Request(messages, SCHEMA, messages, max_tokens=_REPLY_TOKENS))
    return read(reply.text), reply.usage


def read(reply: str) -> Proposal:
    """The proposal in a reply. What is not as it should be counts as empty."""
    try:
        value = json.loads(reply[reply.find("{") : reply.rfind("}") + 1])
    except ValueError:
        return Proposal()
    said = _mapping(value)
    return Proposal(
        _text(said.get("standalone")),
        _choice(Intent, said.get("intent")) or Intent.CONTENT,
        _filter(said.get("filter")),
        _filter(said.get("preferred")),
        _catalogue(_mapping(said.get("collection"))),
        _texts(said.get("queries"))[:_QUERIES],
        _text(said.get("language")).lower()[:2],
        tuple(kind for one in _texts(said.get("kinds")) if (kind := _choice(Kind, one))),
        _text(said.get("unclear")),
        _texts(said.get("choices")),
    )


def _catalogue(said: Mapping[str, Any]) -> CatalogueQuery:
    limit = said.get("limit")
    return CatalogueQuery(
        _choice(Shown, said.get("show")) or Shown.ARTICLES,
        _texts(said.get("mentioning")),
        _texts(said.get("without")),
        _choice(Grouping, said.get("group")),
        _choice(Order, said.get("order")),
        limit if isinstance(limit, int) and limit > 0 else None,
        _texts(said.get("compared")),
    )


def _filter(value: object) -> Filter:
    said = _mapping(value)
    return Filter(
        _period(_text(said.get("from")), _text(said.get("to"))),
        _texts(said.get("authors")),
        _texts(said.get("publishers")),
        _texts(said.get("articles")),
    )


def _period(first: str, last: str) -> Period:
    days = _bound(first, last=False), _bound(last, last=True)
    if days[0] and days[1] and days[0] > days[1]:
        return ALWAYS
    return days


def _bound(text: str, *, last: bool) -> date | None:
    try:
        return day_written(text[:10], last=last) if text else None
    except FilterError:  # not written as asked for
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    """The texts of a list, or a single one; blank ones are left out."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for one in values if (text := _text(one))))


def _choice(values: type[_Choice], value: object) -> _Choice | None:
    said = _text(value).lower()
    return values(said) if said in set(values) else None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _short(text: str) -> str:
    return neutral(text)[:_LONGEST]
