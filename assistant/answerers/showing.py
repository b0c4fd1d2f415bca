"""Evidence as a language model is shown it: numbered lines under their article, all of it text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.evidence import Evidence, count_tokens, size, source, within
from assistant.neutral import neutral

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from assistant.llm import LLM

SPARE = 0.8
"""Share of a model's context that is planned for: its tokens are not the ones we count."""

LEAST = 100
"""Tokens of evidence that are tried however short the context is said to be."""


def lines(evidence: Evidence) -> list[dict[str, Any]]:
    """The prompts' variable ``articles``: each article's head and its numbered sentences."""
    return [
        {
            "source": neutral(", ".join((source(article), *article.authors))),
            "sentences": [
                {"number": sentence.number, "text": neutral(sentence.text)}
                for sentence in sentences
            ],
        }
        for article, sentences in evidence.articles()
    ]


def fitting(
    llm: LLM, evidence: Evidence, render: Callable[[Evidence], list[ChatMessage]]
) -> Evidence:
    """As much of ``evidence`` as the model can read in the prompt that ``render`` makes.

    Asks the model's server for the length of its context, once. Raises ``LLMError``.
    """
    context = llm.context()
    if context is None:
        return evidence
    bare = sum(count_tokens(str(message.content)) for message in render(Evidence((), ())))
    return within(evidence, max(LEAST, int(SPARE * (context - llm.longest())) - bare))


def half(evidence: Evidence) -> Evidence:
    """The better half of it, for a model that found the whole too long."""
    return within(evidence, size(evidence) // 2)
