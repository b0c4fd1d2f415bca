"""Does the rule on kinds of answers refuse what is answered?

    python -m benchmarks.kinds [--squad SQUAD.json] [--sentences SOURCES TARGETS] [--misses]

Reads what ``benchmarks/cross_encoder.py`` learns from. Of the questions with an answer that ask for
a date, a number or a length of time (``assistant/checks/kinds.py``): how many have an answer in a
sentence that gives none, as the rule sees it. Where the sentences are in lower case, months and
days of the week get their capitals back; some of those sentences do not hold the answer at all.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from assistant.checks.kinds import asked_for, gives
from benchmarks.cross_encoder import lines, squad

_CALENDAR = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)


def main() -> None:
    options = _parser().parse_args()
    if options.squad:
        learned, held, _ = squad(json.loads(options.squad.read_text("utf-8")))
        right = [(one.question, one.sentence) for one in (*learned, *held) if one.is_right]
        _report(options.squad, right, options.misses)
    for sources, targets in options.sentences:
        both = zip(lines(targets), lines(sources), strict=True)
        _report(targets, [(_dated(asked), _dated(text)) for asked, text in both], options.misses)


def _report(file: str | Path, right: Iterable[tuple[str, str]], misses: bool) -> None:
    asked: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    for question, sentence in right:
        kind = asked_for(question)
        if kind is not None:
            asked[kind] += 1
            if not gives(sentence, question):
                lacking[kind] += 1
                if misses:
                    print(f"  [{kind}] {question}\n      {sentence}")
    print(f"{file}: {lacking.total()} of {asked.total()} refused")
    for name, count in asked.most_common():
        print(f"  {name:15} {lacking[name]:4} of {count:5}")


def _dated(text: str) -> str:
    return _CALENDAR.sub(lambda name: name.group().title(), text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--sentences", nargs=2, action="append", default=[])
    parser.add_argument("--misses", action="store_true", help="print them")
    return parser


if __name__ == "__main__":
    main()
