"""The library with its vectors on a real Chroma server: all that it does with a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.errors import FingerprintError, VectorServerError
from index.library import Options
from index.vectors import ChromaServer, drop_collections
from tests.index.small import FILES, best, embedder_of, options, write


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path / "corpus"


@pytest.fixture
def served(chroma_server: ChromaServer) -> Options:
    return options(chroma_url=chroma_server.url, chroma_headers=chroma_server.headers)


@pytest.fixture
def opened(corpus: Path, tmp_path: Path, served: Options) -> Iterator[Library]:
    with Library.open(corpus, tmp_path / "home", options=served) as library:
        yield library


def test_what_changes_is_found_by_a_reader_that_is_open(
    corpus: Path, tmp_path: Path, served: Options, opened: Library
) -> None:
    with Library.open(corpus, tmp_path / "home", options=served, sync=False) as reader:
        assert best(reader, "steel mill") == "steel.txt"
        write(corpus, {"zebra.txt": "Zebras\n\nA zebra escaped from the zoo."})
        (corpus / "wheat.txt").unlink()
        (corpus / "steel.txt").rename(corpus / "iron.txt")
        embedder_of(opened).seen.clear()
        report = opened.sync()
        assert (report.added, report.removed, report.moved) == (1, 1, 1)
        assert len(embedder_of(opened).seen) == 1
        zebra = reader.embedder.query("zebra zoo")
        ((id, _),) = reader.use(lambda derived: derived.nearest(zebra, 1))
        assert reader.catalogue.passages([id])[id].article.path == "zebra.txt"
        assert best(reader, "steel mill") == "iron.txt"
        assert reader.check() == opened.check() == []


def test_a_server_that_lost_everything_is_filled_again(
    corpus: Path, tmp_path: Path, served: Options, opened: Library, chroma_server: ChromaServer
) -> None:
    found = [hit.passage.id for hit in opened.search("night train")]
    drop_collections(chroma_server, "", frozenset())
    embedder_of(opened).seen.clear()
    with Library.open(corpus, tmp_path / "home", options=served) as again:
        assert embedder_of(again).seen == []
        assert [hit.passage.id for hit in again.search("night train")] == found
        assert again.check() == []


def test_other_settings_are_told_and_taken_on(
    corpus: Path, tmp_path: Path, opened: Library, chroma_server: ChromaServer
) -> None:
    url = chroma_server.url
    with pytest.raises(FingerprintError, match="--rebuild"):
        Library.open(corpus, tmp_path / "home", options=options("other", chroma_url=url))
    anew = options("other", chroma_url=url, rebuild=True)
    with Library.open(corpus, tmp_path / "home", options=anew) as library:
        assert best(library, "steel mill") == "steel.txt"
        assert library.check() == []


def test_a_server_that_is_gone_is_an_error(corpus: Path, tmp_path: Path, opened: Library) -> None:
    gone = options(chroma_url="http://127.0.0.1:9")
    with pytest.raises(VectorServerError, match=r"127\.0\.0\.1:9"):
        Library.open(corpus, tmp_path / "home", options=gone).search("steel")
