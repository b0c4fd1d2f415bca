"""Whether a text states a number, a date or a length of time, in any language that is known."""

from __future__ import annotations

from assistant.understanding.question import Kind
from assistant.verification.dates import mentions
from assistant.verification.language import language_of
from assistant.verification.numbers import numbers, units_of_time


def states(text: str, kind: Kind) -> bool:
    """Whether the text states something of this kind; a time of day counts as a date."""
    language = language_of(text)
    if kind is Kind.DATE:
        return bool(mentions(text, language)) or any(
            number.unit == ":" for number in numbers(text, language)
        )
    if kind is Kind.DURATION:
        return bool(numbers(text, language)) and bool(units_of_time(text, language))
    return bool(numbers(text, language))
