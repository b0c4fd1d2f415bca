"""A model's reply, read while it comes: JSON or plain text with markers, whichever it turns out.

Nothing is believed here: a marker is passed on as it was claimed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.errors import LLMReplyError
from index.plain import plain

_ENOUGH = 16
"""Characters that show whether a reply is JSON."""
_JSON = re.compile(r"(?:```(?:json)?\s*)?(?:\{|\[\s*[{\]])")
_NO_SENTENCES = re.compile(r'(?:```(?:json)?\s*)?(?:\{\s*"sentences"\s*:\s*)?\[\s*\]')
_NO_ANSWER = re.compile(r"\W*NO[ _]ANSWER\b")
_SIGN = re.compile(r'[{}"]|\\.', re.DOTALL)
_BULLET = re.compile(r"\A(?:[-*•]|\d{1,2}[.)])\s+")

_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_LIST = r"\s?[sS]?\d{1,4}(?:\s?[,;–-]\s?[sS]?\d{1,4})*\s?"
_MARKER = re.compile(rf"[ \t]?[\[【]({_LIST})[\]】]")
_NUMBERS = re.compile(r"[sS]?(\d+)(?:\s?[–-]\s?[sS]?(\d+))?")
_STOP = r"""[.!?…。！？]["”’»)]*"""
_NEXT = r"""[ \t]*(?=[^\W_a-z]|["“«‘(])"""
_END = re.compile(
    rf"{_STOP}(?:[ \t]?[\[【]{_LIST}[\]】])+{_NEXT}|[\[【]{_LIST}[\]】]{_STOP}{_NEXT}|\n"
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model gave it."""

    text: str
    """Without markers."""
    markers: tuple[int, ...]


class ReplyReader:
    """Reads one reply to evidence of ``known`` sentences.

    A sentence is given out once something follows it, or at the end: whoever gets the last one
    has seen the whole reply.
    """

    def __init__(self, known: int) -> None:
        self._known = known
        self._head = ""
        self._form: _Form | None = None

    def feed(self, text: str) -> Iterator[Drafted]:
        """The sentences that ``text`` completes."""
        if self._form is None:
            self._head += text
            text = _without_thought(self._head)
            if len(text) < _ENOUGH:
                return
            self._form = self._form_of(text)
        yield from self._form.feed(text)

    def finish(self, cut: bool = False) -> Iterator[Drafted]:
        """The last sentences; none in all if the model found no answer.

        ``cut``: the reply broke off, so its last words are no sentence. Raises ``LLMReplyError``
        for a reply without a sentence that does not say that there is no answer.
        """
        if self._form is None:
            text = _without_thought(self._head)
            self._form = self._form_of(text)
            yield from self._form.feed(text)
        yield from self._form.finish(cut)

    def _form_of(self, text: str) -> _Form:
        return _Json(self._known) if _JSON.match(text) else _Text(self._known)


class _Form(Protocol):
    """How a reply is written; ``feed`` and ``finish`` as in :class:`ReplyReader`."""

    def feed(self, text: str) -> Iterator[Drafted]: ...

    def finish(self, cut: bool) -> Iterator[Drafted]: ...


class _Json:
    """``{"sentences": [{"text": "…", "sources": [1, 2]}, …]}``, or the list alone.

    Innermost objects are the sentences. Strings are told apart within objects only: nowhere else
    can one hold a brace.
    """

    def __init__(self, known: int) -> None:
        self._known = known
        self._text = ""
        self._read = 0
        self._start: int | None = None
        self._in_string = False
        self._last: Drafted | None = None
        self._any = False

    def feed(self, text: str) -> Iterator[Drafted]:
        self._text += text
        while sign := _SIGN.search(self._text, self._read):
            self._read = sign.end()
            if self._start is not None and sign.group() == '"':
                self._in_string = not self._in_string
            elif not self._in_string and sign.group() == "{":
                self._start = sign.start()
                yield from self._take_last()
            elif not self._in_string and sign.group() == "}" and self._start is not None:
                self._close(self._text[self._start : sign.end()])
        # A backslash at the end is left unread: what it escapes has not come yet.
        self._read = len(self._text) - self._text.endswith("\\", self._read)

    def finish(self, cut: bool) -> Iterator[Drafted]:
        yield from self._take_last()
        if not self._any and not _NO_SENTENCES.match(self._text):
            raise _unreadable(self._text, cut)

    def _take_last(self) -> Iterator[Drafted]:
        if self._last is not None:
            yield self._last
        self._last = None

    def _close(self, text: str) -> None:
        self._start = None
        try:
            found = json.loads(text, strict=False)
        except ValueError:
            return
        if isinstance(found.get("text"), str):
            self._any = True
            sentence = _drafted(found["text"], self._known, _sources(found.get("sources")))
            self._last = sentence if sentence.text else None


class _Text:
    """Sentences with markers after them, each on a line of its own or not."""

    def __init__(self, known: int) -> None:
        self._known = known
        self._text = ""
        self._any = False
        self._no_answer = False

    def feed(self, text: str) -> Iterator[Drafted]:
        self._text += text
        while end := _END.search(self._text):
            sentence, self._text = self._text[: end.end()], self._text[end.end() :]
            yield from self._close(sentence)

    def finish(self, cut: bool) -> Iterator[Drafted]:
        rest = self._text
        if not cut:
            yield from self._close(rest)
        if not self._any and not self._no_answer:
            raise _unreadable(rest, cut)

    def _close(self, text: str) -> Iterator[Drafted]:
        self._no_answer = self._no_answer or bool(_NO_ANSWER.match(text))
        sentence = _drafted(_BULLET.sub("", text.strip(), count=1), self._known, ())
        if not self._no_answer and any(map(str.isalnum, sentence.text)):
            self._any = True
            yield sentence


def _without_thought(text: str) -> str:
    """``text`` without the thinking aloud that some models begin with; empty while it lasts."""
    text = text.lstrip()
    if text.startswith("<think>"):
        text = text.partition("</think>")[2].lstrip()
    return text


def _drafted(text: str, known: int, sources: Iterable[int]) -> Drafted:
    """``text`` as plain words, with its markers taken out and put behind ``sources``.

    Images, links and tags would be followed by whatever shows the answer as a page.
    """
    markers = list(sources)

    def take(match: re.Match[str]) -> str:
        numbers = _numbers(match.group(1), known)
        if "s" not in match.group(1).lower() and not all(1 <= one <= known for one in numbers):
            return match.group()  # a year in brackets is no marker
        markers.extend(numbers)
        return ""

    text = plain(_TAG.sub("", _MARKER.sub(take, text)))
    return Drafted(text, tuple(dict.fromkeys(markers)))


def _sources(found: Any) -> list[int]:
    """The numbers of a ``sources`` list; models write 3, "3", "s3" and "[s3]"."""
    listed = found if isinstance(found, list) else [found]
    numbers = [one for one in listed if isinstance(one, int) and not isinstance(one, bool)]
    texts = [one for one in listed if isinstance(one, str)]
    return numbers + [int(match.group(1)) for one in texts for match in _NUMBERS.finditer(one)]


def _numbers(text: str, known: int) -> list[int]:
    """The numbers of a marker: ``s1, s3-s5`` is 1, 3, 4, 5."""
    numbers: list[int] = []
    for match in _NUMBERS.finditer(text):
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        numbers += [first, *range(first + 1, min(last, known) + 1)]
    return numbers


def _unreadable(text: str, cut: bool) -> LLMReplyError:
    if cut:
        return LLMReplyError(
            "The language model's reply broke off in its first sentence: ask a narrower question, "
            "or set PINCITE_MODEL to another model."
        )
    kind = "unreadable" if text.strip() else "empty"
    return LLMReplyError(
        f"The language model's reply is {kind}: ask again, or set PINCITE_MODEL to another model."
    )
