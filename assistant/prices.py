"""What a language model's tokens cost, where it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        spent = self.prompt * prompt_tokens + self.completion * completion_tokens
        return spent / 1_000_000


PRICES = {
    "gpt-4.1": Price(2.00, 8.00),
    "gpt-4.1-mini": Price(0.40, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.40),
    "gpt-4o": Price(2.50, 10.00),
    "gpt-4o-mini": Price(0.15, 0.60),
}
"""List prices of OpenAI without discounts, as known in 2025. Of other models none is known."""

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def price_of(model: str) -> Price | None:
    """The price of a model (``gpt-4.1-mini``, ``gpt-4.1-mini-2025-04-14``) if it is known."""
    return PRICES.get(_DATED.sub("", model))
