from __future__ import annotations

import pytest

from assistant.prices import Price, price_of


def test_a_price_is_for_a_million_tokens() -> None:
    assert Price(0.4, 1.6).of(1_000_000, 500_000) == pytest.approx(1.2)


def test_a_dated_name_is_the_same_model_and_others_have_no_price() -> None:
    assert price_of("gpt-4.1-mini-2025-04-14") == price_of("gpt-4.1-mini")
    assert price_of("gpt-4.1-mini") != price_of("gpt-4.1")
    assert price_of("qwen2.5-1.5b") is None
