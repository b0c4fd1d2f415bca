"""Texts become passages that fit, and vectors are made of what the passage says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.article import Metadata, Span, article_id
from index.cutting import Cutter, embedding_input
from index.records import body
from tests.index.small import WordEmbedder

CUTTER = Cutter(WordEmbedder(), 20, 5)
TEXT = (
    "# Markets\n\nWheat was **dear**. Bread was dearer.\n\n## Steel\n\nThe mill made less of it.\n"
)


def test_a_draft_holds_what_the_catalogue_keeps() -> None:
    draft = CUTTER.draft(TEXT, Metadata(title="Prices"))
    assert (draft.article_id, draft.text) == (article_id(TEXT), TEXT)
    assert [(cut.heading, cut.input) for cut in draft.cuts] == [
        ("Markets", "Prices\nMarkets\nWheat was dear. Bread was dearer."),
        ("Steel", "Prices\nSteel\nThe mill made less of it."),
    ]


def test_front_matter_is_no_passage() -> None:
    front = "---\ntitle: Prices\nsummary: |\n  Wheat was dear.\n\n  Nobody could buy it.\n---\n"
    draft = CUTTER.draft(front + TEXT, Metadata())
    assert draft.boilerplate[0].contains(Span(0, len(front.rstrip())))
    assert all(cut.sentences[0].start >= len(front) for cut in draft.cuts)


def test_the_same_words_have_the_same_vector() -> None:
    first, second = (CUTTER.draft(text, Metadata()) for text in (TEXT, TEXT + "\nMore here.\n"))
    assert first.cuts[0].embedding == second.cuts[0].embedding
    assert first.cuts[0].embedding != first.cuts[1].embedding
    other_title = CUTTER.draft(TEXT, Metadata(title="Prices"))
    assert other_title.cuts[0].embedding != first.cuts[0].embedding
    other_model = replace(CUTTER, embedder=WordEmbedder("other")).draft(TEXT, Metadata())
    assert other_model.cuts[0].embedding != first.cuts[0].embedding


def test_every_setting_is_in_the_fingerprint_and_the_settings() -> None:
    others = [
        replace(CUTTER, embedder=WordEmbedder("other")),
        replace(CUTTER, passage_tokens=21),
        replace(CUTTER, overlap_tokens=4),
    ]
    assert len({cutter.settings() for cutter in (CUTTER, *others)}) == 4
    assert all(other.fingerprint() != CUTTER.fingerprint() for other in others)
    assert replace(CUTTER).settings() == CUTTER.settings()


def test_what_a_vector_is_made_of() -> None:
    assert embedding_input("Title", "Heading", "Body.") == "Title\nHeading\nBody."
    assert embedding_input("", "", "Body.") == "Body."
    assert embedding_input("t" * 999, "", "Body.") == "t" * 200 + "\nBody."


@given(st.text(alphabet="ab.,;\n #*-[]()\u00a0", max_size=400), st.integers(3, 30))
def test_passages_fit_and_lie_in_the_text(text: str, budget: int) -> None:
    draft = replace(CUTTER, passage_tokens=budget, overlap_tokens=budget // 4).draft(
        text, Metadata()
    )
    for cut in draft.cuts:
        assert cut.sentences
        assert len(body(text, cut.sentences).split()) <= budget
        assert all(0 <= span.start < span.end <= len(text) for span in cut.sentences)
