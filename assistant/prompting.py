"""Text of others on its way into a prompt: numbered, fenced, and unable to be anything but text.

Only the prompt's copy changes: citations go by sentence number, so quotes are untouched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.evidence import Evidence, EvidenceSentence, count_tokens, size, source, within
from assistant.llm.model import Request, reply_tokens
from index.article import Article

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from assistant.llm.model import ChatModel
    from prompts import Prompt

SPARE = 0.8
"""Share of a model's context that is planned for: its tokens are not the ones we count."""
LEAST = 100
"""Tokens of evidence that are tried however short the context is said to be."""

# Any letter and any kind of bracket: what looks like a marker is one to a model.
_NUMBERS = r"\s?[^\W\d_]?\d+(?:\s?[,;–-]\s?[^\W\d_]?\d+)*\s?"
_OPEN, _CLOSE = "\\[【［〔⟦〚", "\\]】］〕⟧〛"
_MARKER = re.compile(rf"[{_OPEN}]({_NUMBERS}|\d+[:†][^{_OPEN}{_CLOSE}\s]*)[{_CLOSE}]")
_BRACKETED_TOKEN = re.compile(r"\[(/?(?:INST|SYS|THINK|ARGS|[A-Z]+(?:_[A-Z]+)+))\]")
_ANGLES = str.maketrans("<>", "‹›")
_JOINERS = "\u200c\u200d"  # Persian and Indic spelling and emoji need them


def neutral(text: str) -> str:
    """``text`` on one line, without anything a model or our own reader could take for a sign.

    Bracketed numbers become parenthesised, as do tokens such as ``[INST]``; angle brackets
    become quotation marks, which undoes ``<|im_start|>``, ``</s>`` and the fence of the prompt;
    invisible and control characters vanish.
    """
    text = " ".join("".join(filter(_visible, text)).split())
    text = _MARKER.sub(r"(\1)", text)
    text = _BRACKETED_TOKEN.sub(r"(\1)", text)
    return text.translate(_ANGLES)


def lines(evidence: Evidence) -> list[dict[str, Any]]:
    """The prompts' variable ``articles``: each article's head and its numbered sentences.

    A sentence is ``apart`` where something stands between it and the one before.
    """
    return [
        {"source": neutral(_head(article)), "sentences": list(_numbered(sentences))}
        for article, sentences in evidence.articles()
    ]


def adjoin(one: EvidenceSentence, next_one: EvidenceSentence) -> bool:
    """Whether nothing but white space and marks of layout stands between the two."""
    if one.article.id != next_one.article.id or next_one.span.start < one.span.end:
        return False
    return not any(map(str.isalnum, one.article.text[one.span.end : next_one.span.start]))


def asking(
    model: ChatModel, prompt: Prompt, question: str, evidence: Evidence, schema: Mapping[str, Any]
) -> Request:
    """The request that puts ``question`` to as much of ``evidence`` as the model can read.

    Asks the model's server for the length of its context, once. Raises ``LLMError``.
    """
    today = date.today()

    def messages(shown: Evidence, json: bool = True) -> list[ChatMessage]:
        return prompt.messages(
            {
                "today": f"{today:%A}, {today.day} {today:%B %Y}",
                "articles": lines(shown),
                "question": neutral(question),
                "json": json,
            }
        )

    def request(shown: Evidence, shorter: Callable[[], Request] | None = None) -> Request:
        return Request(messages(shown), schema, messages(shown, json=False), shorter)

    shown, context = evidence, model.context()
    if context is not None:
        bare = sum(count_tokens(str(one.content)) for one in messages(Evidence()))
        room = int(SPARE * (context - reply_tokens(context))) - bare
        shown = within(evidence, max(LEAST, room))
    return request(shown, lambda: request(within(shown, size(shown) // 2)))


def _head(article: Article) -> str:
    """Title, publisher, date and authors; the weekday, too, since texts say "on Tuesday"."""
    known = [source(article)]
    known += [f"by {', '.join(article.authors)}"] if article.authors else []
    known += [f"published on a {article.published:%A}"] if article.published else []
    return ", ".join(known)


def _numbered(sentences: Sequence[EvidenceSentence]) -> Iterator[dict[str, Any]]:
    for place, sentence in enumerate(sentences):
        apart = place > 0 and not adjoin(sentences[place - 1], sentence)
        yield {"number": sentence.number, "text": neutral(sentence.text), "apart": apart}


def _visible(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")
