"""The library from outside: real files, real Chroma, real Tantivy, real processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from index import Library
from index.article import Metadata
from index.errors import (
    ClosedError,
    CorpusError,
    FingerprintError,
    LockedError,
    QueryError,
    StorageError,
)
from index.filtering import EVERYTHING, Filter
from index.library import Options
from index.lock import writer_lock
from tests.index.small import (
    FILES,
    WordEmbedder,
    best,
    embedder_of,
    folder_of,
    options,
    write,
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus", FILES)
    return tmp_path / "corpus"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def opened(corpus: Path, home: Path) -> Iterator[Library]:
    with Library.open(corpus, home, options=options()) as library:
        yield library


def test_what_is_new_is_indexed_and_found(opened: Library) -> None:
    assert opened.report.added == 3
    assert opened.report.passages_embedded == opened.passage_count()
    assert opened.notice == ""
    hits = opened.search("the night train to the coast", 10)
    assert hits[0].passage.article.path == "more/trains.txt"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    passage = hits[0].passage
    assert passage.text == passage.article.text[passage.start : passage.end]
    assert opened.search("train", 0) == []
    assert opened.check() == []


@pytest.mark.parametrize("query", ["", " \n", None])
def test_an_empty_query_is_an_error(opened: Library, query: str) -> None:
    with pytest.raises(QueryError, match="nothing to search for"):
        opened.search(query)


def test_a_closed_library_says_so(corpus: Path, home: Path) -> None:
    library = Library.open(corpus, home, options=options())
    library.search("steel")
    library.close()
    library.close()
    for use in (library.register, library.sync, lambda: library.search("steel"), library.check):
        with pytest.raises(ClosedError, match="The library is closed: open it again"):
            use()


def test_an_article_is_read_by_its_parts(opened: Library) -> None:
    (article,) = (one for one in opened.articles() if one.path == "wheat.txt")
    passages = opened.passages(article.id)
    assert passages[0].article == article
    said = [span.of(article.text) for span in opened.sentences(article.id)]
    assert said == [
        "The harvest of wheat was poor in May.",
        "Bread is dear in the capital.",
    ]
    with pytest.raises(CorpusError, match="No article"):
        opened.passages("0" * 32)


def test_articles_that_mention_a_phrase(opened: Library) -> None:
    paths = {one.id: one.path for one in opened.articles()}

    def mentioning(phrase: str, within: Filter = EVERYTHING, **how: bool) -> set[str]:
        return {paths[id] for id in opened.mentioning(phrase, within, **how)}

    assert mentioning("the") == {*FILES}
    assert mentioning("WORKERS") == mentioning("the worker") == {"steel.txt"}
    assert mentioning("the", Filter(excluded=("steel.txt",))) == {"wheat.txt", "more/trains.txt"}
    assert mentioning("steel workers") == set()
    assert mentioning("steel workers", together=False) == {"steel.txt"}
    assert mentioning("zebra") == mentioning("?") == set()


def test_the_first_mention_is_a_sentence_a_heading_or_the_title(tmp_path: Path, home: Path) -> None:
    text = (
        "# Harbour notes\n\nThe ferries were late. Boats waited for the old ferry.\n\n"
        "## Storm damage\n\nTwo boats sank at the old pier.\n"
    )
    write(tmp_path / "corpus", {"a.md": text})
    with Library.open(tmp_path / "corpus", home, options=options()) as library:
        (article,) = library.articles()

        def first(phrase: str) -> str | None:
            span = library.first_mention(article.id, phrase)
            return span.of(text) if span else None

        assert first("ferry") == "The ferries were late."
        assert first("old ferry") == "Boats waited for the old ferry."
        assert first("storm damage") == "Storm damage"
        assert first("old boats") == "Boats waited for the old ferry."  # apart: most of the words
        assert first("zebra") is None
        assert library.stated_line(article.id, "authors").of(text) == "# Harbour notes"


def test_what_a_search_excludes_is_not_found(opened: Library) -> None:
    found = opened.search("wheat, steel or the night train", excluded=["steel.txt"])
    assert {hit.passage.article.path for hit in found} == {"wheat.txt", "more/trains.txt"}


def test_a_corpus_may_be_empty_where_that_is_allowed(tmp_path: Path, home: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with pytest.raises(CorpusError, match="holds no article"):
        Library.open(corpus, home, options=options())
    with Library.open(corpus, home, options=options(), allow_empty=True) as library:
        assert library.search("steel") == []
        assert library.register().entries == ()
        assert library.mentioning("steel") == frozenset()
        write(corpus, FILES)
        assert library.sync().added == 3
        assert best(library, "steel") == "steel.txt"
        for path in FILES:
            (corpus / path).unlink()
        with pytest.raises(CorpusError, match="holds no article"):
            library.sync()
        assert best(library, "steel") == "steel.txt"


def test_a_large_unfinished_corpus_is_used_as_far_as_it_is_indexed(
    corpus: Path, home: Path
) -> None:
    few = options(index_at_most=2)
    with Library.open(corpus, home, options=few) as library:
        assert (library.report.added, library.report.waiting) == (2, 1)
        assert library.notice.startswith("1 new or changed file")
    with Library.open(corpus, home, options=few) as library:
        assert (library.report.added, library.report.waiting, library.notice) == (1, 0, "")
    write(corpus, {f"{number}.txt": f"Notes\n\nNote {number}." for number in range(3)})
    (corpus / "wheat.txt").touch()
    with Library.open(corpus, home, options=few) as library:
        assert (library.report.added, library.report.waiting) == (0, 3)
        assert best(library, "steel mill") == "steel.txt"
        assert library.sync().added == 3


def test_opening_again_embeds_nothing(corpus: Path, home: Path, opened: Library) -> None:
    with Library.open(corpus, home, options=options()) as again:
        assert again.report.unchanged == 3
        assert embedder_of(again).seen == []
        assert best(again, "steel mill") == "steel.txt"


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C interrupts, even where the tests were started with it ignored, as in a script's
    background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
def test_ctrl_c_keeps_what_is_done_and_the_next_run_goes_on(corpus: Path, home: Path) -> None:
    write(corpus, {f"{number}.txt": f"Notes\n\nNote {number} is short." for number in range(9)})

    def interrupts(done: int, _total: int, _passages: int, _path: str, /) -> None:
        if done == 4:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        Library.open(corpus, home, options=options(), progress=interrupts)
    with Library.open(corpus, home, options=options()) as library:
        assert (library.report.unchanged, library.report.added) == (4, 8)
        assert embedder_of(library).seen == []
        assert library.check() == []


def test_articles_are_listed_by_path(opened: Library) -> None:
    articles = list(opened.articles())
    assert [one.path for one in articles] == sorted(FILES)
    assert [one.text for one in articles] == [FILES[path] for path in sorted(FILES)]
    assert [(id, paths) for id, _, paths in opened.metadata()] == [
        (one.id, one.paths) for one in articles
    ]
    assert opened.article(articles[0].id) == articles[0]
    with pytest.raises(CorpusError, match="No article"):
        opened.article("0" * 32)


def test_a_word_is_counted_in_passages(opened: Library) -> None:
    assert opened.frequency("steel") >= 1
    assert opened.frequency("zebra") == 0


def test_a_sync_changes_what_is_found(corpus: Path, opened: Library) -> None:
    write(corpus, {"zebra.txt": "Zebras\n\nA zebra escaped from the zoo."})
    (corpus / "wheat.txt").unlink()
    report = opened.sync()
    assert (report.added, report.removed, report.unchanged) == (1, 1, 2)
    assert best(opened, "zebra zoo") == "zebra.txt"
    assert "wheat.txt" not in {hit.passage.article.path for hit in opened.search("wheat")}
    assert opened.check() == []


def test_two_corpora_under_one_home_are_two_libraries(
    tmp_path: Path, home: Path, opened: Library
) -> None:
    write(tmp_path / "else" / "corpus", {"wheat.txt": "Barley\n\nBarley was cheap."})
    with Library.open(tmp_path / "else" / "corpus", home, options=options()) as other:
        assert other.search("barley")[0].passage.text == "Barley was cheap."
    assert len(list(home.iterdir())) == 2
    assert best(opened, "wheat") == "wheat.txt"


def test_a_corpus_may_be_a_file_or_several_places(corpus: Path, home: Path) -> None:
    with Library.open(corpus / "wheat.txt", home, options=options()) as library:
        assert [one.path for one in library.articles()] == ["wheat.txt"]
    places = [corpus / "more", corpus / "steel.txt"]
    with Library.open(places, home, options=options()) as library:
        assert [one.path for one in library.articles()] == ["more/trains.txt", "steel.txt"]


def test_there_is_no_such_corpus(tmp_path: Path, home: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere does not exist"):
        Library.open(tmp_path / "nowhere", home)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=r"holds no article"):
        Library.open(tmp_path / "empty", home, options=options())


def test_a_corpus_that_goes_takes_nothing_along(corpus: Path, opened: Library) -> None:
    corpus.rename(corpus.with_name("unmounted"))
    with pytest.raises(CorpusError, match="does not exist"):
        opened.sync()
    assert best(opened, "steel mill") == "steel.txt"
    corpus.mkdir()
    with pytest.raises(CorpusError, match="holds no article"):
        opened.sync()
    assert len(list(opened.articles())) == 3


def test_nothing_is_indexed_yet(corpus: Path, home: Path) -> None:
    with (
        Library.open(corpus, home, options=options(), sync=False) as library,
        pytest.raises(CorpusError, match="pincite index"),
    ):
        library.search("wheat")


def test_other_settings_are_an_error_that_names_them(
    corpus: Path, home: Path, opened: Library
) -> None:
    with pytest.raises(FingerprintError, match=r"embedding model words, now other.*--rebuild"):
        Library.open(corpus, home, options=options("other"))
    with pytest.raises(FingerprintError, match=r"tokens in a passage \d+, now 50"):
        Library.open(corpus, home, options=options(passage_tokens=50))
    assert best(opened, "steel mill") == "steel.txt"


def test_a_rebuild_takes_other_settings_on(corpus: Path, home: Path, opened: Library) -> None:
    other = options("other", rebuild=True)
    with Library.open(corpus, home, options=other) as rebuilt:
        assert len(embedder_of(rebuilt).seen) == rebuilt.passage_count()
        assert best(rebuilt, "steel mill") == "steel.txt"
        assert rebuilt.check() == []
        with pytest.raises(FingerprintError, match="--rebuild"):
            opened.search("steel")
        with pytest.raises(FingerprintError, match="--rebuild"):
            opened.sync()
    with Library.open(corpus, home, options=options("other")) as again:
        assert embedder_of(again).seen == []


def test_a_rebuild_embeds_only_what_must_change(corpus: Path, home: Path, opened: Library) -> None:
    with Library.open(corpus, home, options=options(rebuild=True)) as rebuilt:
        assert embedder_of(rebuilt).seen == []
    smaller = options(passage_tokens=12, overlap_tokens=0, rebuild=True)
    with Library.open(corpus, home, options=smaller) as rebuilt:
        seen = embedder_of(rebuilt).seen
        assert 0 < len(seen) < rebuilt.passage_count()


def test_a_rebuild_that_is_killed_goes_on(
    corpus: Path, home: Path, opened: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(WordEmbedder, "passages", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            Library.open(corpus, home, options=options("other", rebuild=True))
    with pytest.raises(FingerprintError):
        Library.open(corpus, home, options=options())
    with Library.open(corpus, home, options=options("other")) as resumed:
        assert best(resumed, "steel mill") == "steel.txt"
        assert resumed.check() == []


def _interrupt(embedder: WordEmbedder, texts: list[str]) -> None:
    raise KeyboardInterrupt


def test_articles_without_files(corpus: Path, opened: Library) -> None:
    known = Metadata(title="Zebras", published=date(2016, 4, 28))
    added = opened.add("A zebra escaped from the zoo.", known, "notes/zebra")
    assert added.path == "notes/zebra"
    assert opened.search("zebra zoo", 1)[0].passage.article == added
    opened.sync()
    assert opened.article(added.id) == added
    changed = opened.add("The zebra was caught.", known, "notes/zebra")
    assert [one.id for one in opened.articles() if one.title == "Zebras"] == [changed.id]
    opened.remove("notes/zebra")
    assert "Zebras" not in {one.title for one in opened.articles()}
    assert opened.check() == []


def test_a_library_of_nothing_but_what_is_added(tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty").mkdir()
    with Library.open(tmp_path / "empty", home, options=options(), sync=False) as library:
        library.add("A zebra escaped from the zoo.", Metadata(), "zebra")
        assert library.sync().unchanged == 0
        assert best(library, "zebra zoo") == "zebra"
        library.remove("zebra")
        assert library.search("zebra zoo") == []
        assert library.check() == []


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../../x", "a\nb", "wheat.txt"])
def test_paths_that_cannot_be_added(opened: Library, path: str) -> None:
    with pytest.raises(CorpusError):
        opened.add("A text.", Metadata(), path)


@pytest.mark.parametrize("text", ["", " \n", "half \ud800 a character"])
def test_texts_that_cannot_be_added(opened: Library, text: str) -> None:
    with pytest.raises(CorpusError):
        opened.add(text, Metadata(), "note")


def test_only_what_was_added_is_removed(tmp_path: Path, opened: Library) -> None:
    with pytest.raises(CorpusError, match="delete it and run"):
        opened.remove("wheat.txt")
    with pytest.raises(CorpusError, match="not added"):
        opened.remove("nothing")
    write(tmp_path / "outside", {"zebra.txt": "Zebras\n\nA zebra escaped from the zoo."})
    opened.sync(tmp_path / "outside")
    assert best(opened, "zebra zoo") == "../outside/zebra.txt"
    opened.remove("../outside")
    assert opened.sync().failed == ()
    assert len(list(opened.articles())) == 3


def test_where_another_writes_the_index_is_used_as_it_stands(
    corpus: Path, home: Path, opened: Library
) -> None:
    write(corpus, {"zebra.txt": "Zebras\n\nA zebra escaped from the zoo."})
    with writer_lock(folder_of(home), 0):
        with Library.open(corpus, home, options=options()) as reader:
            assert "Another process" in reader.notice
            assert reader.report.added == 0
            assert best(reader, "steel mill") == "steel.txt"
        with pytest.raises(LockedError, match="Another process"):
            opened.sync()


def test_where_another_makes_the_first_index_one_waits(corpus: Path, home: Path) -> None:
    Library.open(corpus, home, options=options(), sync=False).close()
    with writer_lock(folder_of(home), 0), pytest.raises(LockedError, match="pid"):
        Library.open(corpus, home, options=options())


_SYNC = """
import sys
from index import Library
from index.library import Options
from tests.index.small import WordEmbedder
Library.open(sys.argv[1], sys.argv[2], options=Options(embedder=WordEmbedder())).close()
"""


def test_a_reader_sees_what_another_process_indexed(
    corpus: Path, home: Path, opened: Library
) -> None:
    assert best(opened, "zebra zoo") != "zebra.txt"
    write(corpus, {"zebra.txt": "Zebras\n\nA zebra escaped from the zoo."})
    subprocess.run([sys.executable, "-c", _SYNC, str(corpus), str(home)], check=True)
    hit = opened.search("zebra zoo", 1)[0]
    assert hit.passage.article.path == "zebra.txt"
    assert hit.dense is not None
    assert hit.keyword is not None


def test_threads_search_while_the_library_is_synced(corpus: Path, opened: Library) -> None:
    done = threading.Event()

    def search() -> set[str]:
        found = set()
        while not done.is_set():
            found.add(best(opened, "steel mill"))
        return found

    with ThreadPoolExecutor(3) as pool:
        searches = [pool.submit(search) for _ in range(3)]
        for number in range(3):
            write(corpus, {f"zebra{number}.txt": f"Zebras\n\nZebra number {number} escaped."})
            opened.sync()
        done.set()
        assert [one.result() for one in searches] == [{"steel.txt"}] * 3
    assert opened.check() == []


def test_a_home_that_cannot_be_made(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="PINCITE_HOME"):
        Library.open(corpus, tmp_path / "file" / "home", options=options())


def test_progress_is_told(corpus: Path, home: Path) -> None:
    told: list[tuple[int, int, int, str]] = []
    with Library.open(corpus, home, options=options(), progress=lambda *step: told.append(step)):
        pass
    assert [(done, total) for done, total, _, _ in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_options_do_not_show_a_token() -> None:
    shown = repr(
        Options(chroma_url="http://user:hunter2@host", chroma_headers={"x-token": "hunter3"})
    )
    assert "hunter" not in shown


def test_a_llamaindex_retriever(opened: Library) -> None:
    (node,) = opened.as_retriever(1).retrieve("steel mill")
    assert node.node.metadata["path"] == "steel.txt"
