from __future__ import annotations

from assistant.checks.wording import exchanged, replaced, turned

SENTENCE = "Putin needs Assad to survive in order to protect Russian military bases in Syria."


def test_a_copy_with_another_word() -> None:
    assert replaced(SENTENCE.replace("protect", "close"), [SENTENCE]) == [("close", "protect")]
    assert not replaced(SENTENCE, [SENTENCE])


def test_another_wording_is_no_copy() -> None:
    assert not replaced("Putin must keep Assad so as to guard his bases in Syria.", [SENTENCE])


def test_a_copy_with_its_names_exchanged() -> None:
    other = "Assad needs Putin to survive in order to protect Russian military bases in Syria."
    assert exchanged(other, [SENTENCE])
    assert not exchanged("Lavrov and Kerry met.", ["Kerry and Lavrov met."])


def test_a_copy_with_a_negation_more() -> None:
    assert turned(SENTENCE.replace("to protect", "not to protect"), [SENTENCE])
