"""Public benchmarks as they are published: a folder → a corpus and its test cases.

Read are the layouts of WildGraphBench (arXiv 2602.02053), CLAP NQ (Rosenthal and others, TACL
2025) and BEIR (Thakur and others, NeurIPS 2021). WiCE and other sets of labelled statements are in
:mod:`assistant.evaluation.statements`. Corpora are read and written a line at a time.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from assistant.errors import TestSetError
from assistant.evaluation.cases import Gold, Quote, Stretch, TestCase
from assistant.evaluation.gold import Articles

SHARD = 1_000
"""So many documents go into one file of a corpus that has to be written anew."""

SUPPORTED_BY_PAGE = 0.6
"""WildGraph: if less of the answer's words stands in the gold pages, they may lack it."""

ANSWER_IN_PAGE = "answer in page"
"""The tag of the other questions."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a folder turned out to hold."""

    name: str
    corpus: Path
    """A folder or file of articles."""
    cases: tuple[TestCase, ...]
    answers: bool = True
    """Whether it can measure answers too, and not only retrieval."""


Place = Callable[[Path, Path, str], Benchmark]
"""Folder, folder to write in, split → the benchmark."""


def read(folder: Path, scratch: Path, split: str = "") -> Benchmark:
    """The benchmark in ``folder``. What has to be written anew is written under ``scratch``.

    ``split``: BEIR's set of judgements (``test`` if empty). Raises ``TestSetError``.
    """
    layout = next((layout for layout in _LAYOUTS if _is(folder, layout)), None)
    if layout is None:
        raise TestSetError(
            f"{folder} has no layout that is known: WildGraph (articles/, questions.jsonl), "
            "CLAP NQ (…answerable.jsonl, …unanswerable.jsonl), BEIR (corpus.jsonl, queries.jsonl, "
            "qrels/), labelled statements (*.jsonl), WiCE (*.jsonl with claims)."
        )
    try:
        return layout.read(folder, scratch, split)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise TestSetError(
            f"{folder} is laid out as {layout.name}, but a line lacks what it needs ({error}): "
            "compare it with docs/evaluation.md."
        ) from error


def at_first_paths(cases: Iterable[TestCase], articles: Articles) -> tuple[TestCase, ...]:
    """The cases with gold at each article's first path: the same text may lie at several, and is
    one article."""
    first = {path: paths[0] for _, _, paths in articles.metadata() for path in paths[1:]}
    return tuple(
        replace(case, gold=tuple(dict.fromkeys(_moved(piece, first) for piece in case.gold)))
        for case in cases
    )


def _moved(piece: Gold, first: Mapping[str, str]) -> Gold:
    quotes = (
        replace(quote, at=replace(quote.at, path=first.get(quote.at.path, quote.at.path)))
        for quote in piece.any_of
    )
    return replace(piece, any_of=tuple(dict.fromkeys(quotes)))


def rows(file: Path) -> Iterator[Any]:
    """The values of a file of JSON Lines. Raises ``TestSetError``, which names the line."""
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _parsed(line, f"{file}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise TestSetError(f"{file} cannot be read: give a file of JSON lines in UTF-8.") from error


def _parsed(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TestSetError(f"{where}: not JSON ({error}).") from error


def _whole(path: str, grade: int = 1) -> Gold:
    return Gold((Quote(Stretch.all_of(path), ""),), grade)


# WildGraph


def _wildgraph(folder: Path, _scratch: Path, _split: str) -> Benchmark:
    corpus = folder / "articles"
    there = {path.name for path in corpus.iterdir()}
    found = rows(folder / "questions.jsonl")
    return Benchmark(
        "WildGraph",
        corpus,
        tuple(_wildgraph_case(row) for row in found if there.issuperset(row["articles"])),
    )


def _wildgraph_case(row: Mapping[str, Any]) -> TestCase:
    in_page = row.get("lexical_support", 1.0) >= SUPPORTED_BY_PAGE
    return TestCase(
        id=row["id"],
        question=row["question"],
        type=row["type"].replace("_", "-"),
        gold=tuple(_whole(name) for name in row["articles"]),
        answer=row["answer"],
        tags=(ANSWER_IN_PAGE if in_page else "answer may lack",),
    )


# CLAP NQ


@dataclass(frozen=True, slots=True)
class _Passage:
    """A line of CLAP NQ, as published or with fewer fields."""

    id: str
    question: str
    title: str
    sentences: tuple[str, ...]
    selected: frozenset[str]
    answer: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> _Passage:
        if "passages" not in row:
            output, passage = row, row
        else:
            (passage, *_), (output, *_) = row["passages"], row["output"] or [{}]
        selected = output.get("selected") or output.get("selected_sentences") or ()
        return cls(
            id=str(row["id"]),
            question=row.get("question") or row["input"],
            title=passage["title"],
            sentences=tuple(passage["sentences"]),
            selected=frozenset(map(_spaced, selected)),
            answer=output.get("answer") or "",
        )

    @property
    def text(self) -> str:
        return "\n\n".join(self.sentences)

    def gold(self, path: str) -> Iterator[Gold]:
        """A piece for each selected sentence, at its first place."""
        start, left = 0, set(self.selected)
        for sentence in self.sentences:
            if _spaced(sentence) in left:
                left.discard(_spaced(sentence))
                yield Gold((Quote(Stretch(path, start, start + len(sentence)), sentence),))
            start += len(sentence) + 2


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _clapnq(folder: Path, scratch: Path, _split: str) -> Benchmark:
    without = sorted(folder.glob("*unanswerable.jsonl"))
    answerable = sorted(set(folder.glob("*answerable.jsonl")).difference(without))
    kinds = [chain.from_iterable(map(rows, files)) for files in (answerable, without)]
    # By turns, so that the first few of them are of both kinds.
    taken = chain.from_iterable(zip_longest(*kinds))
    passages = [_Passage.of(row) for row in taken if row is not None]
    articles = ({"title": one.title, "text": one.text} for one in passages)
    paths = _write(articles, scratch)
    cases = tuple(_clapnq_case(one, path) for one, path in zip(passages, paths, strict=True))
    return Benchmark("CLAP NQ", scratch, cases)


def _clapnq_case(passage: _Passage, path: str) -> TestCase:
    gold = tuple(passage.gold(path))
    return TestCase(
        id=passage.id,
        question=passage.question,
        type="answerable" if gold else "unanswerable",
        answerable=bool(gold),
        gold=gold,
        answer=passage.answer,
    )


# BEIR


def _beir(folder: Path, scratch: Path, split: str) -> Benchmark:
    judged = _judgements(folder / "qrels", split)
    wanted = {document for documents in judged.values() for document in documents}
    paths = _beir_corpus(folder / "corpus.jsonl", scratch, wanted)
    cases = []
    for row in rows(folder / "queries.jsonl"):
        grades = judged.get(str(row["_id"]), {})
        gold = tuple(_whole(paths[one], grade) for one, grade in grades.items() if one in paths)
        if gold:
            cases.append(TestCase(str(row["_id"]), row["text"], "query", gold=gold))
    return Benchmark("BEIR", scratch, tuple(cases), answers=False)


def _judgements(folder: Path, split: str) -> dict[str, dict[str, int]]:
    """Query → relevant document → grade."""
    known = sorted(file.stem for file in folder.glob("*.tsv"))
    name = split or next((one for one in ("test", "dev", *known) if one in known), "")
    if name not in known:
        raise TestSetError(f"{folder} has no {name}.tsv: choose --split {', '.join(known)}.")
    found: dict[str, dict[str, int]] = {}
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            grade = int(row["score"])
            if grade > 0:
                found.setdefault(row["query-id"], {})[row["corpus-id"]] = grade
    return found


def _beir_corpus(file: Path, scratch: Path, wanted: Container[str]) -> dict[str, str]:
    """Write the corpus as articles; the paths of the ``wanted`` documents by their ids."""
    paths: dict[str, str] = {}
    ids: deque[str] = deque()

    def articles() -> Iterator[dict[str, str]]:
        for row in rows(file):
            ids.append(str(row["_id"]))
            title = row.get("title") or ""
            # A document without a word must still be there to be missed.
            text = row["text"] if row["text"].strip() else title or ids[-1]
            yield {"title": title, "text": text}

    for path in _write(articles(), scratch):
        id = ids.popleft()
        if id in wanted:
            paths[id] = path
    return paths


def _write(articles: Iterable[Mapping[str, str]], folder: Path) -> Iterator[str]:
    """Write articles as files of JSON Lines; the path that each will have in the corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = set()
    rest = iter(articles)
    for number, shard in enumerate(iter(lambda: list(islice(rest, SHARD)), [])):
        file = folder / f"{number:06}.jsonl"
        lines = "".join(json.dumps(one) + "\n" for one in shard).encode()
        if not file.is_file() or file.read_bytes() != lines:
            file.write_bytes(lines)
        kept.add(file)
        yield from (f"{file.name}#{line}" for line in range(1, len(shard) + 1))
    for left in set(folder.glob("*.jsonl")) - kept:
        left.unlink()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a benchmark's folder looks."""

    name: str
    files: tuple[str, ...]
    """Patterns of which each has a file."""
    read: Place


def _is(folder: Path, layout: _Layout) -> bool:
    return all(any(folder.glob(pattern)) for pattern in layout.files)


_LAYOUTS = (
    _Layout("WildGraph", ("articles", "questions.jsonl"), _wildgraph),
    _Layout("CLAP NQ", ("*answerable.jsonl", "*unanswerable.jsonl"), _clapnq),
    _Layout("BEIR", ("corpus.jsonl", "queries.jsonl", "qrels/*.tsv"), _beir),
)
