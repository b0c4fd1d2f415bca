"""Words: what is typed is words, never syntax, and what is written is found."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import normalised, phrase_words, query_words, stems
from index.catalogue import PassageRecord
from index.errors import StorageError
from index.keywords import Keywords, KeywordWriter
from index.manifest import DamagedError


def record(id: int, *sentences: str, title: str = "", heading: str = "") -> PassageRecord:
    return PassageRecord(
        id=id,
        article_id=str(id),
        title=title,
        heading=heading,
        sentences=sentences,
        vector=np.zeros(4, np.float32),
        published=None,
        authors=(),
        publisher=None,
    )


def written(folder: Path, records: Sequence[PassageRecord]) -> Keywords:
    with KeywordWriter(folder) as writer:
        writer.add(records)
    return Keywords(folder)


BODIES = (
    "Kerry said the walkout from the Geneva talks was temporary.",
    "The U.S. and Russia agreed on a communiqué in Munich.",
    "Россия начала операцию в Сирии.",
    "قال الأسد إن المفاوضات ستستمر",
    "Assad's forces were running out of F-16s near Aleppo in 2016.",
    "A completely different matter: gardening with roses.",
    "İstanbul hosted the résumé (résumé) of ﬁnal talks.",
)


@pytest.fixture(scope="module")
def keywords(tmp_path_factory: pytest.TempPathFactory) -> Keywords:
    folder = tmp_path_factory.mktemp("keywords")
    return written(folder, [record(id, body) for id, body in enumerate(BODIES, start=1)])


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Who walked out of Geneva? walkout", 1),
        ("What did the US agree to?", 2),
        ("U.S. agreement", 2),
        ("Communique", 2),
        ("COMMUNIQUÉ", 2),
        ("Россия", 3),
        ("الأسد", 4),
        ("Assad", 5),
        ("Assad’s force runs", 5),
        ("F-16", 5),
        ("istanbul", 7),
        ("resume", 7),
        ("re\u0301sume\u0301", 7),
        ("final", 7),
        ("Сирии", 3),
        ("الاسد", 4),
        ("rose garden", 6),
    ],
)
def test_the_passage_with_the_words_comes_first(keywords: Keywords, query: str, best: int) -> None:
    assert keywords.matching(query, 3)[0][0] == best


@pytest.mark.parametrize("query", ["", "  \n", "?!", "“”", "🙂", "\ud800", "zyzzyva"])
def test_without_a_known_word_nothing_matches(keywords: Keywords, query: str) -> None:
    assert keywords.matching(query, 5) == []


def test_a_phrase_loses_the_function_words_at_its_ends_only() -> None:
    assert phrase_words("the State of the Union") == ("state", "of", "the", "union")
    assert phrase_words("The Who") == ("the", "who")
    assert phrase_words("Mr. Moreau’s ferries") == ("mr", "moreau", "ferri")


def test_function_words_count_only_where_there_is_nothing_else() -> None:
    assert query_words("What did the Russians do about it?") == ("russian",)
    assert query_words("What is it about?") == ("what", "is", "it", "about")
    assert query_words("Kerry Kerry kerry's") == ("kerri",)


@pytest.mark.parametrize(
    "query",
    ['"Geneva" talks', "body:Geneva", "+Geneva -talks", "Geneva^9 AND OR NOT (", "[Geneva TO *]"],
)
def test_syntax_is_words(keywords: Keywords, query: str) -> None:
    assert keywords.matching(query, 3)[0][0] == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_a_query_with_true_hits(keywords: Keywords, query: str) -> None:
    hits = keywords.matching(query, 5)
    assert all(score > 0 for _, score in hits)
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert {id for id, _ in hits} <= set(range(1, len(BODIES) + 1))


@settings(max_examples=40, deadline=None)
@given(body=st.text(alphabet=st.characters(), max_size=80))
def test_any_text_can_be_written(body: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    assert written(folder, [record(1, body), record(2, "needle")]).matching("needle", 2)[0][0] == 2


@pytest.mark.parametrize(
    "text", ["\u0301\u0323" * 300_000, "A." * 500_000, "’s" * 500_000, "a" * 1_000_000, "İ" * 10**6]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    begun = time.process_time()
    normalised(text)
    query_words(text)
    assert time.process_time() - begun < 3


def test_titles_are_searched_too(tmp_path: Path) -> None:
    long = "Nothing of note happened. " * 20
    records = [record(1, long + "Aleppo"), record(2, long, title="Aleppo"), record(3, long)]
    hits = written(tmp_path, records).matching("Aleppo", 5)
    assert {id for id, _ in hits} == {1, 2}


def test_an_article_goes_with_its_passages(tmp_path: Path) -> None:
    one = [replace(record(id, f"word{id} here"), article_id="one") for id in (1, 2)]
    written(tmp_path, [*one, record(3, "word1 there")])
    with KeywordWriter(tmp_path) as writer:
        writer.delete([1, 2])
        writer.add([replace(record(id, "word7"), article_id="one") for id in (4, 5)])
    keywords = Keywords(tmp_path)
    assert keywords.count() == 3
    assert {id for id, _ in keywords.matching("word1 word7", 9)} == {3, 4, 5}
    assert keywords.mentioning(stems("word7")) == {4}  # the article, by its first passage


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("ferries", {1, 3}),
        ("the old Ferry", {1}),
        ("ferry boat", set()),
        ("old ferry sank", set()),
        ("Café Ruse", {3}),
        ("harbour news", {1}),
        ("渡轮", {4}),
        ("轮渡", set()),
        ("?", set()),
        ("", set()),
    ],
)
def test_a_phrase_stands_in_one_sentence_a_heading_or_the_title(
    tmp_path: Path, phrase: str, found: set[int]
) -> None:
    records = [
        record(1, "They took the old ferry.", "Boats wait for nobody.", heading="Harbour news"),
        replace(record(2, "It sank."), article_id="1"),
        record(3, "Nothing.", title="Ferries at the cafe Ruse"),
        record(4, "昨天渡轮停运。"),
    ]
    keywords = written(tmp_path, records)
    assert keywords.mentioning(phrase_words(phrase)) == found


def test_words_apart_are_looked_for_in_one_passage(tmp_path: Path) -> None:
    records = [
        record(1, "A fire broke out.", "The prison is new."),
        replace(record(2, "The prisoners escaped the fires."), article_id="1"),
        record(3, "The prison stands."),
    ]
    keywords = written(tmp_path, records)
    assert keywords.mentioning(stems("prison fire")) == set()
    assert keywords.mentioning(stems("prison fire"), together=False) == {1}


def test_more_passages_than_a_search_would_bring_are_found(tmp_path: Path) -> None:
    records = [record(id, "the same words") for id in range(1, 2000)]
    assert len(written(tmp_path, records).mentioning(stems("same words"))) == 1999


def test_a_word_is_counted_in_passages(keywords: Keywords) -> None:
    counts = [keywords.frequency(word) for word in ("the", "Munich", "F-16s", "zyzzyva", "", "?")]
    assert counts == [3, 1, 1, 0, 0, 0]


def test_equal_scores_come_in_the_order_of_ids(tmp_path: Path) -> None:
    records = [record(id, "the same words") for id in range(1, 200)]
    hits = written(tmp_path, records).matching("same words", 7)
    assert [id for id, _ in hits] == [1, 2, 3, 4, 5, 6, 7]


def test_what_is_deleted_is_gone_and_what_is_added_is_there(tmp_path: Path) -> None:
    written(tmp_path, [record(id, f"common only{id}") for id in (1, 2, 2**40)])
    with KeywordWriter(tmp_path) as writer:
        writer.delete([1, 77, 2**40])
        writer.add([record(9, "common only9")])
    keywords = Keywords(tmp_path)
    assert keywords.count() == 2
    assert {id for id, _ in keywords.matching("common", 9)} == {2, 9}
    assert keywords.matching("only1", 9) == []


def test_a_missing_index_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedError):
        Keywords(tmp_path / "nowhere")


def test_a_damaged_index_is_damage(tmp_path: Path) -> None:
    written(tmp_path, [record(1, "word")])
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(DamagedError):
        Keywords(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        KeywordWriter(tmp_path / "file" / "keywords")


def _write_until_killed(folder: str) -> None:
    with KeywordWriter(Path(folder)) as writer:
        for start in range(100, 10**9, 100):
            writer.add([record(start + at, f"common {at} word") for at in range(100)])


def test_a_writer_that_is_killed_leaves_what_was_finished(tmp_path: Path) -> None:
    written(tmp_path, [record(1, "common")])
    process = multiprocessing.get_context("spawn").Process(
        target=_write_until_killed, args=(str(tmp_path),)
    )
    process.start()
    time.sleep(2)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert [id for id, _ in Keywords(tmp_path).matching("common", 9)] == [1]
    assert written(tmp_path, [record(2, "common")]).count() == 2


def test_work_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    written(tmp_path, [record(1, "common")])

    def fail() -> None:
        with KeywordWriter(tmp_path) as writer:
            writer.add([record(2, "common")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert written(tmp_path, []).count() == 1
