"""question → Question: what a person asks, understood once.

With a language model by one request (:mod:`.proposal`); without, by the bundled reader and by what
the register has. Names are the register's in either case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Scope, Usage
from assistant.understanding.names import Names, names_of
from assistant.understanding.offline import understand_offline
from assistant.understanding.proposal import Proposal, propose, shown
from assistant.understanding.question import (
    CatalogueQuery,
    Grouping,
    Intent,
    Kind,
    Order,
    Question,
    Shown,
)
from assistant.understanding.resolving import both, resolve
from index.filtering import Filter

if TYPE_CHECKING:
    from assistant.conversation import Turn
    from assistant.llm.model import ChatModel
    from index.library import Library

__all__ = [
    "CatalogueQuery",
    "Grouping",
    "Intent",
    "Kind",
    "Order",
    "Question",
    "Shown",
    "Understood",
    "understand",
]


_NONE = Usage()


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, and what it took to understand it."""

    question: Question
    usage: Usage = _NONE
    message: str | None = None
    """What a person should be told beside the answer."""


def understand(  # noqa: PLR0913, PLR0917
    text: str,
    turns: Sequence[Turn],
    within: Filter,
    library: Library,
    model: ChatModel | None = None,
    prompts: Path | None = None,
    today: date | None = None,
) -> Understood:
    """What ``text`` asks, in the light of the turns before it.

    ``within`` restricts the articles from outside, and always holds; what the question restricts
    comes on top of it. Raises ``LLMError`` where a model is given and fails.
    """
    register, today = library.register(), today or date.today()
    if model is None:
        return Understood(understand_offline(text, turns, within, library, today))
    variables = shown(text, turns, within, register.holdings, today)
    proposal, usage = propose(variables, model, prompts)
    return Understood(_question(text, proposal, within, names_of(register)), usage)


def _question(text: str, proposal: Proposal, within: Filter, names: Names) -> Question:
    is_collection = proposal.intent is Intent.COLLECTION
    wanted, notes = resolve(proposal.within, names, strict=is_collection)
    preferred, _ = resolve(proposal.preferred, names)
    standalone = proposal.standalone or text
    return Question(
        asked=text,
        standalone=standalone,
        intent=proposal.intent,
        scope=Scope(both(within, wanted), preferred, notes),
        queries=proposal.queries or (standalone,),
        language=proposal.language or None,
        kinds=proposal.kinds,
        catalogue=proposal.catalogue if is_collection else None,
        unclear=proposal.unclear or None,
        choices=proposal.choices if proposal.unclear else (),
    )
