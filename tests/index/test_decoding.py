"""Bytes → text."""

from __future__ import annotations

import contextlib
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import decode
from index.errors import ReadingError

READABLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


@given(READABLE.filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_comes_back_unchanged(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text


@given(READABLE)
def test_a_byte_order_mark_settles_the_encoding(text: str) -> None:
    for encoding in ("utf-16", "utf-32"):
        assert decode(text.encode(encoding)) == text


@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_is_encodable_text_or_an_error(data: bytes) -> None:
    with contextlib.suppress(ReadingError):
        decode(data).encode()


def test_line_ends_and_spaces_stay() -> None:
    text = "One\r\ntwo\rthree\n\tfour\xa0five\u2028six \f"
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le café est fermé à Noël, dit-il, et “personne” n’est là."),
        ("cp1251", "Привет, это короткая заметка о переговорах в Женеве."),
        ("koi8-r", "Привет, это короткая заметка о переговорах в Женеве."),
        ("cp1250", "Minister powiedział, że rozmowy w Genewie będą trwały."),
        ("cp1250", "Rząd ogłosił w poniedziałek, że most zostanie zamknięty na dwa lata."),
        ("iso8859_5", "Правительство объявило, что мост через реку будет закрыт на два года."),
        ("cp866", "Правительство объявило, что мост через реку будет закрыт на два года."),
        ("mac_roman", "L'été dernier, le gouvernement a annoncé que le pont serait fermé."),
        ("cp1253", "Ο υπουργός εξωτερικών δήλωσε σήμερα"),
        ("cp1254", "Türkiye'de görüşmeler başladı, dışişleri bakanı söyledi"),
        ("shift_jis", "これは日本語の記事です。東京で会議が開かれた。"),
        ("gb18030", "这是一篇中文文章，讨论在日内瓦举行的会谈。"),
    ],
)
def test_legacy_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["The talks in Geneva have faltered.", "Переговоры в Женеве зашли в тупик."]
)
def test_utf16_without_its_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_the_one_letter_that_tells_may_come_late() -> None:
    text = "All plain so far.\n" * 5_000 + "Un café fermé."
    assert decode(text.encode("cp1252")) == text


def test_damaged_utf8_is_still_utf8() -> None:
    text = "Переговоры в Женеве снова зашли в тупик"
    assert decode(text.encode()[:-1]) == text[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01", b"\x7fELF\x02\x01\x01" + b"\0" * 9, b"\x01\x02\x03" * 40],
)
def test_what_is_not_text(data: bytes) -> None:
    with pytest.raises(ReadingError, match="not text"):
        decode(data)


def test_noise_is_not_text() -> None:
    noise = random.Random(1).randbytes(2_000).replace(b"\0", b"")
    with pytest.raises(ReadingError):
        decode(noise)


def test_large_files_are_told_by_a_part() -> None:
    began = time.perf_counter()
    decode("Un café fermé à midi. ".encode("cp1252") * 200_000)
    assert time.perf_counter() - began < 5
