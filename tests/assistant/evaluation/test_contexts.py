from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.cases import Gold, Quote, Stretch, TestCase
from assistant.evaluation.contexts import MARGIN, Piece, contexts
from assistant.evaluation.excerpts import Excerpt, Kept, kept
from assistant.evaluation.scoring import Record
from tests.assistant.evaluation.subject import CASES, KERRY, PLANES, WALKED, Shelf, gold, record

TEXT = "".join(f"{at:03} " for at in range(250))


def made(cited: list[tuple[int, int]], *pieces: list[tuple[int, int]]) -> Record:
    """A record of one article with these citations and pieces of gold."""
    citations = [
        {"number": number, "path": "a.txt", "start": start, "end": end, "quote": TEXT[start:end]}
        for number, (start, end) in enumerate(cited, start=1)
    ]
    wanted = tuple(
        Gold(tuple(Quote(Stretch("a.txt", a, b), TEXT[a:b]) for a, b in piece)) for piece in pieces
    )
    return Record(TestCase("one", "?", gold=wanted), (), {"citations": citations}, 1.0)


WHOLE = {"a.txt": Kept("Title", (Excerpt(0, TEXT),))}


def test_cited_gold_and_both_are_told_apart() -> None:
    (context,) = contexts(made([(400, 420)], [(410, 430)]), WHOLE)
    assert context.title == "Title"
    assert context.pieces[1:-1] == (
        Piece(TEXT[400:410], cited=True, gold=False),
        Piece(TEXT[410:420], cited=True, gold=True, numbers=(1,)),
        Piece(TEXT[420:430], cited=False, gold=True),
    )


def test_a_context_ends_with_whole_words() -> None:
    (context,) = contexts(made([(402, 420)]), WHOLE)
    assert 0 < 402 - context.start <= MARGIN
    assert TEXT[context.start - 1] == " "
    assert TEXT[context.end] == " "


def test_places_far_from_each_other_have_contexts_of_their_own_in_the_texts_order() -> None:
    found = contexts(made([(800, 810)], [(100, 110)]), WHOLE)
    assert [context.start < 110 for context in found] == [True, False]


def test_of_alternatives_those_cited_are_shown_otherwise_the_first() -> None:
    starts = [one.pieces[1].text for one in contexts(made([], [(4, 7), (800, 803)]), WHOLE)]
    assert starts == [TEXT[4:7]]
    (only,) = contexts(made([(800, 803)], [(4, 7), (800, 803)]), WHOLE)
    assert Piece(TEXT[800:803], cited=True, gold=True, numbers=(1,)) in only.pieces


def test_a_quote_whose_context_was_not_kept_or_is_another_stands_alone() -> None:
    other = {"a.txt": Kept("Title", (Excerpt(0, "another text " * 100),))}
    for texts in ({}, other):
        (context,) = contexts(made([(400, 420)]), texts)
        assert context.pieces == (Piece(TEXT[400:420], True, False, (1,)),)
        assert (context.start, context.end) == (400, 420)


def test_a_run_of_the_shelf_shows_what_it_cited() -> None:
    one = record(replace(CASES[0], gold=(gold(PLANES), gold(KERRY))))
    first, second = contexts(one, kept([one], Shelf()))
    cited = [piece.text for piece in first.pieces if piece.cited]
    assert cited == [WALKED]
    assert [piece.text for piece in second.pieces if piece.gold] == [KERRY]


PLACES = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 90)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=5,
)


@given(PLACES, PLACES)
def test_pieces_are_the_text_and_marks_are_exact(
    cited: list[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    cited, wanted = list(dict.fromkeys(cited)), list(dict.fromkeys(wanted))
    seen: dict[int, Piece] = {}
    for context in contexts(made(cited, *([one] for one in wanted)), WHOLE):
        at = context.start
        assert "".join(one.text for one in context.pieces) == TEXT[context.start : context.end]
        for piece in context.pieces:
            seen |= dict.fromkeys(range(at, at + len(piece.text)), piece)
            at += len(piece.text)
    for at, piece in seen.items():
        assert piece.cited == any(start <= at < end for start, end in cited)
        assert piece.gold == any(start <= at < end for start, end in wanted)
    assert {at for start, end in (*cited, *wanted) for at in range(start, end)} <= set(seen)
