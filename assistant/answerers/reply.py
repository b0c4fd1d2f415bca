"""A model's reply, read while it comes: JSON or plain text with markers, whichever it turns out.

Nothing is believed here: a marker is passed on as it was claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Outcome, Usage
from assistant.draft import Conclusion
from assistant.errors import LLMReplyError
from assistant.llm.reading import read_json, without_thought
from index.plain import plain

_TEXT = {"type": "string"}
ENDING: Mapping[str, Any] = {
    "outcome": {"type": "string", "enum": ["answered", "partial", "not_found", "unclear"]},
    "missing": _TEXT,
    "clarify": _TEXT,
    "choices": {"type": "array", "items": _TEXT},
}
"""The properties with which every reply ends."""

_ENOUGH = 16
"""Characters that show whether a reply is JSON."""
_JSON = re.compile(r"(?:```(?:json)?\s*)?(?:\{|\[\s*[{\]])")
_NO_ANSWER = re.compile(r"\W*NO[ _]ANSWER\b")
_ENDS = re.compile(r"\W*(?P<what>MISSING|UNCLEAR)\W*:(?P<said>.*)", re.DOTALL)
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


def schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of a reply that has ``properties`` and then :data:`ENDING`."""
    return closed_object({**properties, **ENDING})


def closed_object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of an object that has all of ``properties`` and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model gave it."""

    text: str
    """Without markers."""
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """What a reply says beside its sentences or lines; blank where it says nothing."""

    outcome: str = ""
    missing: str = ""
    clarify: str = ""
    choices: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Ending:
        """The ending of a reply in JSON. What has not the form it should counts as blank."""
        listed = said.get("choices")
        choices = map(_words, listed) if isinstance(listed, list) else ()
        outcome, missing, clarify = map(_words, map(said.get, ("outcome", "missing", "clarify")))
        return cls(outcome, missing, clarify, tuple(filter(None, choices)))

    def conclusion(self, answered: bool, usage: Usage, cut: bool = False) -> Conclusion:
        """What it comes to. ``answered``: whether there is a sentence or a line.

        Without one nothing is answered, whatever the model says; and a question that is not asked
        back is not unclear.
        """
        told, missing = self.outcome.lower(), self.missing or None
        if told == Outcome.UNCLEAR and self.clarify:
            return Conclusion(
                Outcome.UNCLEAR, message=self.clarify, choices=self.choices, usage=usage
            )
        if told == Outcome.NOT_FOUND or not answered:
            return Conclusion(Outcome.NOT_FOUND, missing, usage=usage)
        if cut:
            return Conclusion(Outcome.PARTIAL, missing, message=_CUT, usage=usage)
        if told == Outcome.PARTIAL or (missing and told != Outcome.ANSWERED):
            return Conclusion(Outcome.PARTIAL, missing, usage=usage)
        return Conclusion(Outcome.ANSWERED, usage=usage)


_CUT = "The language model's reply is longer than it may be and was cut: ask a narrower question."


class ReplyReader:
    """Reads one reply to evidence of ``known`` sentences.

    A sentence is given out once something follows it, or at the end.
    """

    def __init__(self, known: int) -> None:
        self._known = known
        self._head = ""
        self._form: _Json | _Text | None = None

    @property
    def ending(self) -> Ending:
        """What the reply says beside its sentences, once it is finished."""
        return self._form.ending if self._form else Ending()

    def feed(self, text: str) -> Iterator[Drafted]:
        """The sentences that ``text`` completes."""
        if self._form is None:
            self._head += text
            text = without_thought(self._head)
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
            text = without_thought(self._head)
            self._form = self._form_of(text)
            yield from self._form.feed(text)
        yield from self._form.finish(cut)

    def _form_of(self, text: str) -> _Json | _Text:
        return _Json(self._known) if _JSON.match(text) else _Text(self._known)


class _Json:
    """``{"sentences": [{"text": "…", "sources": [1, 2]}, …], "outcome": …}``, or the list alone.

    ``feed`` and ``finish`` as in :class:`ReplyReader`.
    """

    def __init__(self, known: int) -> None:
        self._known = known
        self._text = ""
        self._read = 0
        self._any = False
        self.ending = Ending()

    def feed(self, text: str) -> Iterator[Drafted]:
        self._text += text
        if '"' not in text and "{" not in text:
            return  # nothing new has begun
        said = _object(read_json(self._text, "trailing-strings"))
        going_on = list(said)[-1:] == ["sentences"]
        # A sentence is whole once another, or another property, has begun.
        yield from self._take(_listed(said)[: -1 if going_on else None])

    def finish(self, cut: bool) -> Iterator[Drafted]:
        # What comes after the last bracket is half a thing, or a remark.
        end = 1 + max(self._text.rfind("}"), self._text.rfind("]"))
        said = _object(read_json(self._text[:end]))
        listed = _listed(said)
        yield from self._take(listed)
        self.ending = Ending.of(said)
        sound = said.keys() & {"sentences", *ENDING} and all(map(_has_text, listed))
        if not self._any and not sound:
            raise unreadable(self._text, cut)

    def _take(self, listed: Sequence[Any]) -> Iterator[Drafted]:
        for one in listed[self._read :]:
            self._read += 1
            if _has_text(one):
                self._any = True
                sentence = _drafted(one["text"], self._known, _sources(one.get("sources")))
                if sentence.text:
                    yield sentence


def _words(said: Any) -> str:
    return plain(said) if isinstance(said, str) else ""


def _object(said: Any) -> Mapping[str, Any]:
    if isinstance(said, list):
        return {"sentences": said}
    return said if isinstance(said, dict) else {}


def _listed(said: Mapping[str, Any]) -> list[Any]:
    listed = said.get("sentences")
    return listed if isinstance(listed, list) else []


def _has_text(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("text"), str)


class _Text:
    """Sentences with markers after them, each on a line of its own or not.

    ``feed`` and ``finish`` as in :class:`ReplyReader`.
    """

    def __init__(self, known: int) -> None:
        self._known = known
        self._text = ""
        self._any = False
        self.ending = Ending()

    def feed(self, text: str) -> Iterator[Drafted]:
        self._text += text
        while end := _END.search(self._text):
            sentence, self._text = self._text[: end.end()], self._text[end.end() :]
            yield from self._close(sentence)

    def finish(self, cut: bool) -> Iterator[Drafted]:
        rest = self._text
        if not cut:
            yield from self._close(rest)
        if not self._any and not self.ending.outcome:
            raise unreadable(rest, cut)

    def _close(self, text: str) -> Iterator[Drafted]:
        if self.ending.outcome:
            return  # what follows explains why
        if _NO_ANSWER.match(text):
            self.ending = Ending(Outcome.NOT_FOUND)
        elif ends := _ENDS.match(text):
            said = plain(ends["said"])
            self.ending = (
                Ending(Outcome.PARTIAL, missing=said)
                if ends["what"] == "MISSING"
                else Ending(Outcome.UNCLEAR, clarify=said)
            )
        else:
            sentence = _drafted(_BULLET.sub("", text.strip(), count=1), self._known, ())
            if any(map(str.isalnum, sentence.text)):
                self._any = True
                yield sentence


def _drafted(text: str, known: int, sources: Iterable[int]) -> Drafted:
    """``text`` as plain words, with its markers taken out and put behind ``sources``.

    Images, links and tags would be followed by whatever shows the answer as a page.
    """
    text, markers = split_markers(text, known)
    return Drafted(plain(_TAG.sub("", text)), tuple(dict.fromkeys([*sources, *markers])))


def split_markers(text: str, known: int) -> tuple[str, list[int]]:
    """``text`` without its markers, and their numbers, of which ``known`` is the last there is."""
    markers: list[int] = []

    def take(match: re.Match[str]) -> str:
        numbers = _numbers(match.group(1), known)
        if "s" not in match.group(1).lower() and not all(1 <= one <= known for one in numbers):
            return match.group()  # a year in brackets is no marker
        markers.extend(numbers)
        return ""

    return _MARKER.sub(take, text), markers


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


def unreadable(text: str, cut: bool) -> LLMReplyError:
    """The error for a reply with nothing in it that could be shown."""
    if cut:
        return LLMReplyError(
            "The language model's reply broke off in its first sentence: ask a narrower question, "
            "or set PINCITE_MODEL to another model."
        )
    kind = "unreadable" if text.strip() else "empty"
    return LLMReplyError(
        f"The language model's reply is {kind}: ask again, or set PINCITE_MODEL to another model."
    )
