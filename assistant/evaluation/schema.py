"""Whether the JSON of a run's file has the form that scoring and reports rely on.

A run's file may come from anywhere. What fits here cannot make them fail later.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.answer import Outcome, Support

_LARGEST = 2**53
"""JSON's whole numbers are exact up to here (RFC 8259, section 6)."""

_PLACE = {"path": str, "start": int, "end": int}
_CITATION = _PLACE | {
    "number": int,
    "article_id": str,
    "title": (str, None),
    "authors": [str],
    "published": (str, None),
    "publisher": (str, None),
    "quote": str,
}
_FINDING = {"kind": str, "start": int, "end": int, "message": str}
_STATEMENT = {
    "text": str,
    "introduction": str,
    "support": str,
    "citations": [int],
    "findings": [_FINDING],
    "replaced": (str, None),
}
_ANSWER = {
    "standalone": str,
    "outcome": str,
    "missing": (str, None),
    "message": (str, None),
    "choices": [str],
    "statements": [_STATEMENT],
    "citations": [_CITATION],
    "consulted": [_PLACE],
    "answerer": str,
    "model": (str, None),
    "usage": {"prompt_tokens": int, "completion_tokens": int},
}
_RECORD = {"case": dict, "retrieved": [_PLACE], "answer": dict, "latency_ms": float, "error": str}
_TEXTS = {"title": str, "excerpts": [{"start": int, "text": str}]}
_HEAD = {"k": int, "created": str, "settings": dict, "corpus": dict, "versions": dict}

_MOST_K = 10_000


def check_head(data: Any) -> None:
    """Refuse what is no head of a run. Raises ``ValueError``, as all of these do."""
    _refuse_unless(fits(data, _HEAD) and 1 <= data["k"] <= _MOST_K, "head")
    _refuse_unless(fits(data["corpus"], {"articles": int, "embedding": str}), "corpus")
    texts = data.get("texts", {})
    _refuse_unless(isinstance(texts, dict) and fits(list(texts.values()), [_TEXTS]), "texts")


def check_record(data: Any) -> None:
    """Refuse what is no record."""
    _refuse_unless(fits(data, _RECORD), "record")
    _refuse_unless(all(_is_place(one) for one in data["retrieved"]), "retrieved")
    # There is none where it failed or only retrieval was measured.
    for answer in (data["answer"], data.get("without_gold", {})):
        _refuse_unless(isinstance(answer, dict), "answer")
        if answer:
            _check_answer(answer)


def _check_answer(answer: Any) -> None:
    _refuse_unless(fits(answer, _ANSWER), "answer")
    Outcome(answer["outcome"])  # a ValueError where it is none
    for statement in answer["statements"]:
        Support(statement["support"])
    confidence = answer.get("confidence")
    known = confidence is None or (fits(confidence, float) and 0 <= confidence <= 1)
    _refuse_unless(known, "confidence")
    cost = answer.get("cost_usd")
    _refuse_unless(cost is None or fits(cost, float), "cost")
    _refuse_unless(all(_is_place(one) for one in answer["consulted"]), "consulted")
    for citation in answer["citations"]:
        fitting = citation["end"] - citation["start"] == len(citation["quote"])
        _refuse_unless(_is_place(citation) and fitting, "citation")
        if citation["published"] is not None:
            date.fromisoformat(citation["published"])
    numbers = {citation["number"] for citation in answer["citations"]}
    used = {number for one in answer["statements"] for number in one["citations"]}
    _refuse_unless(used <= numbers, "citation number")


def _is_place(place: Any) -> bool:
    return bool(0 <= place["start"] < place["end"])


def fits(value: object, shape: Any) -> bool:
    """Whether ``value`` has the form: a type; ``None``; a dict of keys that must be there; a list
    whose every item has the form of the only one; or one of a tuple of forms. ``float`` takes
    any finite number."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            key in value and fits(value[key], form) for key, form in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, tuple):
        return any(fits(value, form) for form in shape)
    if shape is None or isinstance(value, bool):
        return value is None if shape is None else shape is bool
    if shape is float:
        return isinstance(value, int | float) and abs(value) < _LARGEST
    return isinstance(value, shape) and not (shape is int and abs(value) >= _LARGEST)


def _refuse_unless(sound: bool, what: str) -> None:
    if not sound:
        raise ValueError(f"not the form of a run's {what}")
