"""What the catalogue is given, it gives back, whole or not at all, and never altered."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import statements as sql
from index.article import Article, Metadata, Span, article_id
from index.catalogue import Catalogue, Published
from index.errors import CatalogueError, CorpusError, StorageError
from index.records import (
    Cut,
    Draft,
    FileRecord,
    Location,
    merge,
    pack_metadata,
    pack_spans,
    pack_vector,
    unpack_metadata,
    unpack_spans,
    unpack_vector,
)
from index.writer import CatalogueWriter

TEXT = "Wheat was **dear**. [Ad] Bread was dearer."
SENTENCES = (Span(0, 19), Span(25, 42))
METADATA = Metadata(
    title="Café prices",
    authors=("Ann Lee", "Bo Ek"),
    published=date(2016, 4, 28),
    publisher="The Post",
    url="https://example.org/a",
    language="en",
    stated=MappingProxyType({"title": Span(0, 5)}),
)
VECTORS = {"v0": np.array([1, 0, 0], np.float32), "v1": np.array([0, 0.6, 0.8], np.float32)}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def writer(catalogue: Catalogue) -> CatalogueWriter:
    made = CatalogueWriter(catalogue)
    made.put_vectors(VECTORS)
    return made


def record(path: str) -> FileRecord:
    return FileRecord(path, 1, 2, 3, 4, 5, "d" * 64, 1)


def draft(text: str = TEXT, metadata: Metadata = METADATA) -> Draft:
    cuts = (
        Cut("Markets", SENTENCES, "", "v0"),
        Cut("", (SENTENCES[1],), "", "v1"),
    )
    return Draft(article_id(text), text, metadata, (Span(20, 24),), cuts, "settings")


def put(writer: CatalogueWriter, path: str, text: str = TEXT) -> str:
    """Keep an article of two passages; its id."""
    made = draft(text)
    writer.put_file(record(path), [Location(path, made.article_id, METADATA)], [made])
    return made.article_id


def test_an_article_comes_back_as_it_was(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    id = put(writer, "a.txt")
    assert catalogue.article(id) == Article(id, TEXT, METADATA, ("a.txt",))
    assert list(catalogue.articles()) == [catalogue.article(id)]
    assert list(catalogue.metadata()) == [(id, METADATA, ("a.txt",))]
    assert catalogue.boilerplate(id) == (Span(20, 24),)
    with pytest.raises(CorpusError, match="No article has the id 'nonsense'"):
        catalogue.article("nonsense")


def test_passages_come_in_the_order_asked(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    found = catalogue.passages([2, 7, 1])
    assert list(found) == [2, 1]
    assert found[1].sentences == SENTENCES
    assert found[1].heading == "Markets"
    assert found[1].text == TEXT
    assert found[1].article.path == "a.txt"


def test_records_for_the_derived_indexes(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    id = put(writer, "a.txt")
    (batch,) = catalogue.passages_since(0)
    first = batch[0]
    assert (first.id, first.article_id, first.title, first.heading) == (
        1,
        id,
        "Café prices",
        "Markets",
    )
    assert first.sentences == (
        "Wheat was dear.",
        "Bread was dearer.",
    )  # neither marks nor boilerplate
    assert (first.published, first.authors) == (METADATA.published, METADATA.authors)
    assert [one.vector.tolist() for one in batch] == [
        vector.tolist() for vector in VECTORS.values()
    ]


def test_passages_since_comes_in_batches_by_id(
    catalogue: Catalogue, writer: CatalogueWriter
) -> None:
    for number in range(3):
        put(writer, f"{number}.txt", f"{TEXT} {number}")
    after_first = catalogue.generation
    put(writer, "last.txt", f"{TEXT} last")
    batches = list(catalogue.passages_since(0, batch=3))
    assert [[one.id for one in batch] for batch in batches] == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert [[one.id for one in batch] for batch in catalogue.passages_since(after_first)] == [
        [7, 8]
    ]
    assert catalogue.passage_count() == 8


def test_a_number_is_never_given_twice(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    writer.remove_files(["a.txt"])
    writer.sweep()
    writer.forget()
    put(writer, "a.txt")
    assert list(catalogue.passages(range(10))) == [3, 4]


def test_generation_counts_what_a_search_could_show(
    catalogue: Catalogue, writer: CatalogueWriter
) -> None:
    seen = [catalogue.generation]

    def changed() -> bool:
        seen.append(catalogue.generation)
        return seen[-1] > seen[-2]

    put(writer, "a.txt")
    assert changed()
    writer.note_files([record("a.txt")])
    writer.put_vectors(VECTORS)
    writer.sweep()
    writer.forget()
    writer.remove_files([])
    assert not changed()
    writer.remove_files(["a.txt"])
    assert changed()
    writer.sweep()
    assert changed()


def test_removed_passages_are_remembered_until_published(
    catalogue: Catalogue, writer: CatalogueWriter
) -> None:
    put(writer, "a.txt")
    generation = catalogue.generation
    writer.remove_files(["a.txt"])
    assert catalogue.removed_since(0) == []  # the article may turn up at another path
    assert catalogue.passages([1, 2]) == {}
    writer.sweep()
    assert catalogue.removed_since(generation) == [1, 2]
    assert catalogue.removed_since(catalogue.generation) == []
    writer.forget()
    assert catalogue.removed_since(0) == [1, 2]
    catalogue.publish(Published("x", catalogue.generation, "{}"))
    writer.forget()
    assert catalogue.removed_since(0) == []
    assert not writer.is_embedded("v0")


def test_what_is_published_is_read_back(catalogue: Catalogue) -> None:
    assert catalogue.published() is None
    published = Published("0001", 7, '{"a": "ä"}')
    catalogue.publish(published)
    assert catalogue.published() == published


def test_a_restart_withdraws_what_is_published(
    catalogue: Catalogue, writer: CatalogueWriter
) -> None:
    catalogue.publish(Published("0001", 7, "{}"))
    writer.restart({"embedding": "other"})
    assert catalogue.published() is None
    assert catalogue.fingerprint() == {"embedding": "other"}


def test_another_reader_sees_each_commit(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    reader = Catalogue(catalogue.path)
    id = put(writer, "a.txt")
    assert reader.article(id).paths == ("a.txt",)
    put(writer, "b.txt")
    assert reader.article(id).paths == ("a.txt", "b.txt")
    assert reader.generation == catalogue.generation
    reader.close()


def test_many_may_make_a_catalogue_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def make(path: Path) -> int:
        together.wait()
        catalogue = Catalogue(path)
        generation = catalogue.generation
        catalogue.close()
        return generation

    with ThreadPoolExecutor(8) as pool:
        for number in range(10):
            path = tmp_path / f"{number}.sqlite"
            assert list(pool.map(make, [path] * 8)) == [0] * 8


def test_a_change_that_fails_leaves_nothing(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    before = catalogue.generation
    other = draft("Another text.")
    with pytest.raises(sqlite3.IntegrityError):
        writer.put_file(record("b.txt"), [Location("a.txt", other.article_id, METADATA)], [other])
    assert catalogue.generation == before
    assert list(writer.files()) == ["a.txt"]
    assert not writer.holds(other.article_id)
    put(writer, "c.txt")


def test_an_altered_text_is_never_shown(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    id = put(writer, "a.txt")
    _run(catalogue, "UPDATE articles SET text = 'Wheat was cheap. [Ad] Bread was cheaper.'")
    with pytest.raises(CatalogueError, match="doctor --repair"):
        catalogue.article(id)
    with pytest.raises(CatalogueError, match="doctor --repair"):
        catalogue.passages([1])
    assert catalogue.problems() == [f"the text of article {id} is not what was stored"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET sentences = '[[8,'",
        "UPDATE passages SET sentences = '[[9,8]]'",
        "UPDATE passages SET sentences = '[8]'",
        "UPDATE articles SET metadata = '[]'",
        'UPDATE articles SET metadata = \'{"published":"2016-04-99"}\'',
        "UPDATE meta SET value = '{' WHERE name = 'published'",
        "UPDATE meta SET value = '{' WHERE name = 'fingerprint'",
    ],
)
def test_what_cannot_be_understood_is_an_error_with_a_remedy(
    catalogue: Catalogue, writer: CatalogueWriter, change: str
) -> None:
    put(writer, "a.txt")
    writer.restart({"embedding": "words"})
    catalogue.publish(Published("p1", 1, "{}"))
    _run(catalogue, change)
    with pytest.raises(CatalogueError, match="doctor --repair"):
        _ = (catalogue.published(), catalogue.fingerprint(), catalogue.passages([1]))


def test_an_error_does_not_tell_the_text(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    _run(catalogue, "UPDATE articles SET text = CAST(x'736563726574ff' AS TEXT)")
    with pytest.raises(CatalogueError) as caught:
        catalogue.passages([1])
    assert "secret" not in str(caught.value)


def test_an_altered_vector_is_never_used(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    _run(catalogue, "UPDATE embeddings SET vector = x'000000000000000000000000' WHERE id = 'v1'")
    with pytest.raises(CatalogueError, match="vector of passage 2"):
        list(catalogue.passages_since(0))
    assert catalogue.problems() == ["vector v1 is not what was stored"]


def test_a_lost_vector_is_found_by_a_check(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    assert catalogue.problems() == []
    _run(catalogue, "DELETE FROM embeddings WHERE id = 'v0'")
    assert catalogue.problems() == ["1 passages have no vector"]


def test_a_file_that_is_no_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database, certainly" * 100)
    with pytest.raises(CatalogueError, match="doctor --repair"):
        Catalogue(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_catalogue(tmp_path: Path, share: float) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue(path)
    writer = CatalogueWriter(catalogue)
    writer.put_vectors(VECTORS)
    for number in range(50):
        put(writer, f"{number}.txt", f"{TEXT} {number} " + "more " * 500)
    catalogue.close()
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    with pytest.raises(CatalogueError, match="doctor --repair"):
        list(Catalogue(path).articles())


def test_a_catalogue_of_another_version(catalogue: Catalogue) -> None:
    _run(catalogue, "UPDATE meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(CatalogueError, match="another version"):
        Catalogue(catalogue.path)


def test_a_full_disk(catalogue: Catalogue, writer: CatalogueWriter) -> None:
    put(writer, "a.txt")
    catalogue.database.rows("PRAGMA max_page_count = 30")
    with pytest.raises(StorageError, match="disk is full"):
        put(writer, "b.txt", TEXT + "x" * 1_000_000)
    assert catalogue.problems() == []
    assert [one.path for one in catalogue.articles()] == ["a.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        Catalogue(tmp_path / "missing" / "catalogue.sqlite")


def test_many_articles_do_not_stay_in_memory(
    catalogue: Catalogue, writer: CatalogueWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.catalogue._CACHED_CHARACTERS", 3 * len(TEXT))
    ids = [put(writer, f"{number}.txt", f"{TEXT} {number}") for number in range(9)]
    for id in ids * 2:
        assert catalogue.article(id).id == id
    assert catalogue._cache._characters <= 3 * len(TEXT)


def test_metadata_is_merged_in_the_order_of_paths() -> None:
    first = Location("a.txt", "x", Metadata(title="A"))
    second = Location("b.txt", "x", Metadata(title="B", publisher="The Post"))
    assert merge([second, first]) == Metadata(title="A", publisher="The Post")


words = st.none() | st.text(min_size=1)
spans = st.builds(lambda start, length: Span(start, start + length), *[st.integers(0, 9**9)] * 2)


@given(
    st.builds(
        Metadata,
        title=words,
        authors=st.lists(st.text(min_size=1)).map(tuple),
        published=st.none() | st.dates(),
        publisher=words,
        url=words,
        language=words,
        stated=st.dictionaries(st.text(), spans).map(MappingProxyType),
    )
)
def test_metadata_is_packed_without_loss(metadata: Metadata) -> None:
    assert unpack_metadata(pack_metadata(metadata)) == metadata


@given(st.lists(spans).map(tuple))
def test_spans_are_packed_without_loss(found: tuple[Span, ...]) -> None:
    assert unpack_spans(pack_spans(found)) == found


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1), st.integers(0, 2**32 - 1))
def test_vectors_are_packed_without_loss(values: list[float], other: int) -> None:
    vector = np.array(values, np.float32)
    packed, checksum = pack_vector(vector)
    assert unpack_vector(packed, checksum).tobytes() == vector.tobytes()
    if other != checksum:
        with pytest.raises(ValueError, match="not what was stored"):
            unpack_vector(packed, other)


def _run(catalogue: Catalogue, statement: str) -> None:
    """Change the file behind the catalogue's back."""
    connection = sqlite3.connect(catalogue.path)
    connection.execute(statement)
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    connection.commit()
    connection.close()


def test_the_statements_call_no_function_of_one_engine() -> None:
    said = " ".join(str(value) for name, value in vars(sql).items() if name.isupper())
    called = {name.upper() for name in re.findall(r"\b(\w+)\(", said)}
    assert called <= {"COUNT", "MIN", "CHAR", "VARCHAR"}
