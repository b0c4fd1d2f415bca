"""A reply is read as it comes, in either form, however it is cut into pieces."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answerers.reply import Drafted, ReplyReader
from assistant.errors import LLMReplyError
from index.plain import plain

KNOWN = 9


def read(pieces: Iterable[str], cut: bool = False, known: int = KNOWN) -> list[Drafted]:
    reader = ReplyReader(known)
    found = [sentence for piece in pieces for sentence in reader.feed(piece)]
    return found + list(reader.finish(cut))


def pairs(sentences: list[Drafted]) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.text, sentence.markers) for sentence in sentences]


def as_json(*sentences: tuple[str, list[int]]) -> str:
    return json.dumps({"sentences": [{"text": text, "sources": n} for text, n in sentences]})


TWO = as_json(("One.", [1]), ("Two.", [2, 3]))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (TWO, [("One.", (1,)), ("Two.", (2, 3))]),
        (f"\n```json\n{TWO}\n```", [("One.", (1,)), ("Two.", (2, 3))]),
        (f"<think>Is it [s1]? {{}}</think>\n{TWO}", [("One.", (1,)), ("Two.", (2, 3))]),
        ('[{"text": "One.", "sources": [1]}]', [("One.", (1,))]),
        ('[ {"text": "One.", "sources": 1}]', [("One.", (1,))]),
        ('{"sentences": [{"sources": ["s1", "[s2]", true, null], "text": "A"}]}', [("A", (1, 2))]),
        ('{"sentences": [{"text": "One."}]}', [("One.", ())]),
        ('{"sentences": [{"text": "One [s4].", "sources": [1]}]}', [("One.", (1, 4))]),
        ('{"sentences": [{"text": "Two\\nlines {\\"x\\"} \\\\", "sources": [1]}]}', None),
        ('{"sentences": [{"text": "Two\nraw", "sources": [1]}]}', [("Two raw", (1,))]),
        ('{"sentences": [{"text": "Far.", "sources": [99, 0, -1]}]}', [("Far.", (99, 0, -1))]),
        ('{"sentences": []}', []),
        ('{"answer": 1, "sentences":[{"text": "", "sources": []}]}', []),
        ("[]", []),
        ("```json\n[]\n```", []),
    ],
)
def test_json(reply: str, expected: list[tuple[str, tuple[int, ...]]] | None) -> None:
    if expected is None:
        expected = [('Two lines {"x"} \\', (1,))]
    assert pairs(read([reply])) == expected
    assert pairs(read(reply)) == expected  # character by character


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("One. [s1]\nTwo [s2][s3].", [("One.", (1,)), ("Two.", (2, 3))]),
        ("One. [s1] Two. [s2] [s3] Three.", [("One.", (1,)), ("Two.", (2, 3)), ("Three.", ())]),
        ("One [s1]. Two [s2].", [("One.", (1,)), ("Two.", (2,))]),
        ('He said "One." [s1] "Two," she said. [s2]', None),
        ("By one [s1], Moscow [s2] leaves.", [("By one, Moscow leaves.", (1, 2))]),
        ("The U.S. [s1] officials left. [s2]", [("The U.S. officials left.", (1, 2))]),
        ("- One. [s1]\n* Two. [s2]\n2) Three. [3]\n---", None),
        ("One. [s1, s2; 4]", [("One.", (1, 2, 4))]),
        ("One. [s2-s4] [ s6 – 7 ]", [("One.", (2, 3, 4, 6, 7))]),
        ("One. [s8-s9999]", [("One.", (8, 9))]),
        ("One. 【s1】", [("One.", (1,))]),
        ("In [2024] he left. [s1]", [("In [2024] he left.", (1,))]),
        ("In [12] he [5] left. [s99]", [("In [12] he left.", (5, 99))]),
        ("[W]e left [sic]. [s1]", [("[W]e left [sic].", (1,))]),
        ("[s1] One.", [("One.", (1,))]),
        ("俄罗斯离开了。[s1]美国留下了。[s2]", [("俄罗斯离开了。", (1,)), ("美国留下了。", (2,))]),
        ("NO ANSWER", []),
        ("**NO ANSWER**.\nThe sources do not mention it. [s1]", []),
        ("<think>hm</think>NO ANSWER", []),
    ],
)
def test_text(reply: str, expected: list[tuple[str, tuple[int, ...]]] | None) -> None:
    if expected is None and reply.startswith("-"):
        expected = [("One.", (1,)), ("Two.", (2,)), ("Three.", (3,))]
    if expected is None:
        expected = [('He said "One."', (1,)), ('"Two," she said.', (2,))]
    assert pairs(read([reply])) == expected
    assert pairs(read(reply)) == expected


def test_a_sentence_comes_as_soon_as_something_follows_it() -> None:
    reader = ReplyReader(KNOWN)
    assert not list(reader.feed('{"sentences": [{"text": "One.", "sources": [1'))
    assert not list(reader.feed("]}"))
    assert pairs(list(reader.feed(", {"))) == [("One.", (1,))]
    assert not list(reader.feed('"text": "Two.", "sources": [2]}], "outcome": '))
    assert pairs(list(reader.feed('"'))) == [("Two.", (2,))]
    reader = ReplyReader(KNOWN)
    assert not list(reader.feed("Number one is long. [s1]"))
    assert pairs(list(reader.feed(" T"))) == [("Number one is long.", (1,))]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (TWO[:-8], [("One.", (1,))]),
        ('{"sentences": [{"text": "One.", "sources": [1]}', [("One.", (1,))]),
        ("One. [s1]\nTwo is cut o", [("One.", (1,))]),
        ("One. [s1] Two. [s2] Three is", [("One.", (1,)), ("Two.", (2,))]),
    ],
)
def test_a_cut_reply_keeps_its_complete_sentences(
    reply: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert pairs(read([reply], cut=True)) == expected


@pytest.mark.parametrize(
    ("reply", "cut", "message"),
    [
        ("", False, "is empty"),
        (" \n ", False, "is empty"),
        ("<think>and so on", False, "is empty"),
        ("---", False, "is unreadable"),
        ('{"sentences": [{"text": "Cut', True, "broke off in its first sentence"),
        ('{"sentences": [{"text": "Cut', False, "is unreadable"),
        ('{"reply": "Something else entirely"}', False, "is unreadable"),
        ("A first sentence that is cut o", True, "broke off"),
        ("", True, "broke off"),
    ],
)
def test_a_reply_without_a_sentence(reply: str, cut: bool, message: str) -> None:
    with pytest.raises(LLMReplyError, match=message):
        read([reply], cut)


sentences = st.lists(
    st.tuples(
        st.text(alphabet=st.characters(exclude_characters="[]【】<", exclude_categories=["Cs"])),
        st.lists(st.integers(), max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(sentences, st.integers(min_value=1, max_value=7), st.booleans())
@example([('"}{', [1]), ("\\", [2]), ('\\"', [3])], 1, True)
def test_json_reads_the_same_however_it_is_cut(
    given: list[tuple[str, list[int]]], size: int, ascii_only: bool
) -> None:
    reply = json.dumps(
        {"sentences": [{"text": text, "sources": numbers} for text, numbers in given]},
        ensure_ascii=ascii_only,
    )
    expected = [
        (plain(text), tuple(dict.fromkeys(numbers))) for text, numbers in given if plain(text)
    ]
    assert pairs(read(reply[at : at + size] for at in range(0, len(reply), size))) == expected


@given(st.text(alphabet=' \n.!?[]s0123456789,-"{}\\aA<>`', max_size=80), st.integers(1, 5))
def test_anything_reads_the_same_however_it_is_cut(reply: str, size: int) -> None:
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert _outcome(pieces) == _outcome([reply])


def _outcome(pieces: list[str]) -> object:
    try:
        return pairs(read(pieces))
    except LLMReplyError as error:
        return str(error)


@pytest.mark.parametrize(
    "part", ["[", "[s1,", "[1", " ", ". ", '."', "{", "{}", '{"', "\\", "[s1] ", "<think>", "1-"]
)
def test_a_hostile_reply_is_read_in_linear_time(part: str) -> None:
    reply = part * (20_000 // len(part))
    started = time.perf_counter()
    _outcome([f"A{reply}"])
    _outcome([f'{{"{reply}'])
    _outcome([f"{{ {reply}"])
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("See ![map](http://evil.example/?d=1) here.", "See map here."),
        ("[Sign in](javascript:alert(1)) **now**.", "Sign in now."),
        ("<img src=http://evil.example/x>It is <b>so</b>.", "It is so."),
        ("Fewer than 5 < 6 and 7 > 6.", "Fewer than 5 < 6 and 7 > 6."),
    ],
)
def test_what_a_page_would_follow_is_taken_out(said: str, kept: str) -> None:
    reply = json.dumps({"sentences": [{"text": said, "sources": [1]}]})
    assert pairs(read([reply])) == [(kept, (1,))]
    assert pairs(read([f"{said} [s1]"])) == [(kept, (1,))]


def test_only_what_opens_a_line_is_a_bullet() -> None:
    assert pairs(read(["1. They met on 3. May, or 4) later. [s1]"])) == [
        ("They met on 3. May, or 4) later.", (1,))
    ]
