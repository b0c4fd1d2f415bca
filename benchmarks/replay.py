"""A strong model's drafts, replayed: what does the way from draft to answer lose or doubt?

    python -m benchmarks.replay --drafts DRAFTS.jsonl --articles FOLDER [--home FOLDER]

``DRAFTS`` holds what a strong language model wrote about questions to the articles: ``question``
and ``sentences``, each with ``text`` and ``sources``, the lines it rests on. Every question is
asked anew, with a server in the model's place that gives these sentences
(``tests/strong_model.py``) and no judge: what is called unsupported is so by the facts alone. The
sentences are true, so none should be lost or doubted. Doubted ones are marked here, not replaced.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from assistant.answer import Answer, Statement, Support
from assistant.assistant import Assistant
from assistant.evaluation.scoring import ANSWERING
from assistant.settings import Settings
from index import Library
from tests.strong_model import Recorded, StrongModel


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the model answered, and what came of it."""

    recorded: Recorded
    answer: Answer
    first_text_ms: float | None
    """From the model's first token to the first text; ``None`` where there was no text."""

    @property
    def refused(self) -> bool:
        return self.answer.outcome not in ANSWERING

    @property
    def lost(self) -> list[str]:
        """Sentences that the model gave and that the answer does not have."""
        shown = {_spaced(text) for one in self.answer.statements for text in _texts(one)}
        return [text for text in self.recorded.given if _spaced(text) not in shown]

    @property
    def doubted(self) -> list[Statement]:
        return [one for one in self.answer.statements if _is_doubted(one)]


def _texts(statement: Statement) -> Iterator[str]:
    yield statement.text
    if statement.replaced is not None:
        yield statement.replaced


def _is_doubted(statement: Statement) -> bool:
    refuted = statement.support in (Support.UNSUPPORTED, Support.PARTLY)
    return refuted or statement.replaced is not None


def _spaced(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    options = _parser().parse_args()
    with StrongModel(options.drafts) as server, _home(options.home) as home:
        settings = Settings(
            llm="openai",
            openai_base_url=server.url,
            model="strong",
            judge="off",
            unsupported="mark",
            corpus=options.articles,
            home=home,
        )
        with Library.open(options.articles, home) as library:
            assistant = Assistant(library, settings)
            drafts = [one for one in server.recorded.values() if one.sentences]
            asked = [ask(assistant, one) for one in drafts]
    _report(asked)
    if options.verbose:
        _report_each(asked)


@contextmanager
def _home(given: Path | None) -> Iterator[Path]:
    if given:
        yield given
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def ask(assistant: Assistant, recorded: Recorded) -> Asked:
    first: float | None = None
    for event in assistant.stream(recorded.question):
        if isinstance(event, str) and first is None and event.strip():
            first = perf_counter()
        answer = event
    assert isinstance(answer, Answer)
    taken = None if first is None or not recorded.given else 1000 * (first - recorded.first_token)
    return Asked(recorded, answer, taken)


def _report(asked: list[Asked]) -> None:
    refused = [one for one in asked if one.refused]
    speechless = sum(not one.recorded.given for one in refused)
    given = sum(len(one.recorded.given) for one in asked)
    withheld = sum(len(one.recorded.withheld) for one in asked)
    statements = sum(len(one.answer.statements) for one in asked)
    doubted = sum(len(one.doubted) for one in asked)
    times = [one.first_text_ms for one in asked if one.first_text_ms is not None]
    print(f"{len(asked)} questions that the model answered, {given + withheld} sentences")
    print(
        f"refused: {len(refused)}, {speechless} of them because no line that the model cites "
        "was in the evidence"
    )
    print(
        f"sentences lost: {sum(len(one.lost) for one in asked)} of {given}; {withheld} more could "
        "not be given, as none of their lines was in the evidence"
    )
    share = doubted / statements if statements else 0.0
    print(f"unsupported: {doubted} of {statements} statements ({share:.1%})")
    if times:
        print(f"first text after the model's first token: p50 {median(times):.1f} ms")


def _report_each(asked: list[Asked]) -> None:
    for one in asked:
        notes = (
            [f"refused ({one.answer.outcome}): {one.answer.message or ''}"] if one.refused else []
        )
        notes += [f"lost: {text}" for text in one.lost]
        for statement in one.doubted:
            notes.append(f"{statement.support}: {statement.replaced or statement.text}")
            notes += [f"    {finding.kind}: {finding.message}" for finding in statement.findings]
        if notes:
            print("\n" + one.recorded.question, *notes, sep="\n  ")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--drafts", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--articles", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="keeps the index")
    parser.add_argument("--verbose", action="store_true", help="each refusal, loss and doubt")
    return parser


if __name__ == "__main__":
    main()
