"""A follow-up → a question that stands by itself, without a language model.

Nothing is put on top of what was put together before: a follow-up takes over what the last question
is about, or changes one thing in it. A question that stands by itself stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.understanding.masking import Part, Read
from assistant.understanding.question import Intent
from assistant.understanding.reader import Role

if TYPE_CHECKING:
    from assistant.conversation import Turn

_SUBJECTS = (Role.TOPIC, Role.RESTRICTS, Role.PREFERRED, Role.EXCLUDED)
_PLACEHOLDERS = (Role.REFERS, Role.PERSON, Role.POSSESSIVE)
_NAME = re.compile(r"[A-Z]\S*(?:\s(?:[a-z]{1,3}\s)?[A-Z]\S*)*")
"""The words with capital letters that a subject begins with."""
_MOST = 3
"""Subjects that a follow-up takes over."""


def cited(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Paths of the articles that the last answer with any cites, in the order of its citations."""
    for turn in reversed(turns):
        if turn.answer.citations:
            return tuple(dict.fromkeys(one.article.path for one in turn.answer.citations))
    return ()


def leans(asked: Read) -> bool:
    """Whether it asks about what was said before without a word for it: "summary", "the author"."""
    return asked.heads["follows"] == "refers" and not asked.parts


def in_context(asked: Read, turns: Sequence[Turn], read: Callable[[str], Read]) -> Read:
    """The question with what it takes over from the last one; itself where it takes nothing."""
    follows = asked.heads["follows"]
    stood_for = asked.having(*_PLACEHOLDERS)
    subjects = asked.having(*_SUBJECTS)
    if stood_for and subjects and subjects[0].start < stood_for[0].start:
        stood_for = ()  # whom a question has named is meant by "he"
    if asked.heads["intent"] == Intent.TALK or not (follows or stood_for):
        return asked
    last = _last(turns, read)
    if last is None:
        return asked
    if follows == "fragment":
        return _changed(asked, last, read)
    if stood_for:
        return _filled(asked, stood_for[0], last, read)
    if asked.heads["intent"] == Intent.CONTENT:
        return _about(asked, last)
    return asked


def _last(turns: Sequence[Turn], read: Callable[[str], Read]) -> Read | None:
    """The last question that was none of talk, and asked for more than "more"."""
    for turn in reversed(turns):
        typed = read(turn.question)
        if typed.heads["intent"] != Intent.TALK and not leans(typed):
            return typed if turn.question == turn.standalone else read(turn.standalone)
    return None


def _filled(asked: Read, part: Part, last: Read, read: Callable[[str], Read]) -> Read:
    """With the last question's subject in place of the word that stands for it."""
    subject = _meant(part.role, last)
    if subject is None:
        return asked
    said = _with_article(subject, last)
    if part.role is not Role.REFERS and (name := _NAME.match(said)):
        said = name.group()
    if part.role is Role.POSSESSIVE:
        said += "’" if said.endswith("s") else "’s"
    filled = read(asked.text[: part.start] + said + asked.text[part.end :])
    return replace(filled, heads={**asked.heads, "follows": ""})


def _meant(role: Role, last: Read) -> Part | None:
    """Whom or what a word stands for: persons are named, and come first; things come last."""
    subjects = last.having(*_SUBJECTS)
    if role is Role.REFERS:
        return next((one for one in reversed(subjects) if not one.is_name), None) or next(
            reversed(subjects), None
        )
    return next((one for one in subjects if one.is_name), None) or next(iter(subjects), None)


def _with_article(part: Part, asked: Read) -> str:
    before = asked.text[: part.start].split()[-1:]
    return f"the {part.text}" if before == ["the"] and not part.is_name else part.text


def _about(asked: Read, last: Read) -> Read:
    """With what the last question is about behind it."""
    subjects = [_with_article(one, last) for one in last.having(*_SUBJECTS)][:_MOST]
    if not subjects:
        return asked
    said = asked.text.rstrip(" ?.!")
    return replace(asked, text=f"{said}: {', '.join(subjects)}?")


def _changed(asked: Read, last: Read, read: Callable[[str], Read]) -> Read:
    """The last question with what the fragment names in the place of what is most like it."""
    text, added = last.text.rstrip(" ?.!"), []
    taken: list[tuple[Part, Part]] = []
    for new in (part for part in asked.parts if part.role not in _PLACEHOLDERS):
        old = _alike(new, [part for part in last.parts if all(part is not one for _, one in taken)])
        if old is None:
            added.append(_tail(asked, new))
        else:
            taken.append((new, old))
    for new, old in sorted(taken, key=lambda pair: -pair[1].start):
        said = new.text if text[: old.start].endswith("the ") else _with_article(new, asked)
        text = text[: old.start] + said + text[old.end :]
    changed = read(" ".join([text, *added]) + "?")
    return replace(changed, heads=_heads(asked, last))


def _heads(asked: Read, last: Read) -> dict[str, str]:
    """The last question's, with what the fragment asks for anew of articles."""
    heads = {**last.heads, "follows": ""}
    new = {name: asked.heads[name] for name in ("order", "group") if asked.heads[name]}
    if asked.heads["show"] != "articles":
        new["show"] = asked.heads["show"]
    if asked.heads["intent"] == Intent.COLLECTION and new:
        heads |= {**new, "intent": Intent.COLLECTION.value, "single": asked.heads["single"]}
    return heads


def _alike(new: Part, parts: Sequence[Part]) -> Part | None:
    """Which of the parts the new one stands in the place of."""
    if new.kind == "period":
        return next((part for part in parts if part.kind == "period"), None)
    same = [part for part in parts if part.kind == new.kind and part.kind != "words"]
    same = same or [part for part in parts if part.kind != "period" and part.role in _SUBJECTS]
    return max(same, key=lambda part: _likeness(new, part), default=None)


def _likeness(one: Part, other: Part) -> float:
    return float(one.vector @ other.vector) + 0.05 * (one.is_name == other.is_name)


def _tail(asked: Read, part: Part) -> str:
    """The part with the word before it: "in Portugal", "by Smith"."""
    before = asked.text[: part.start].split()
    opening = " ".join(before[-2:] if before[-1:] == ["the"] else before[-1:])
    return part.text if part.kind == "period" else f"{opening} {part.text}".strip()
