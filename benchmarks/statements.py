"""Are true statements left alone, and false ones caught?

    python -m benchmarks.statements --data FILE-or-folder [--judge] [--most N] [--show]

The data are labelled statements (``assistant.evaluation.statements``). Facts alone are compared;
with ``--judge`` the language model of the settings (``PINCITE_LLM`` …) is asked, once a statement.
``--most`` draws so many at random, always the same; ``--show`` prints those called wrongly.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from time import perf_counter

from assistant.answer import Support
from assistant.evaluation.statements import find, load
from assistant.evaluation.support import Checked, check_all, lines, summarise
from assistant.llm import chat_model
from assistant.settings import Settings


def main() -> None:
    arguments = _arguments()
    statements = load(find(arguments.data))
    if arguments.most and arguments.most < len(statements):
        statements = tuple(random.Random(1).sample(statements, arguments.most))
    model = chat_model(Settings.load()) if arguments.judge else None
    started = perf_counter()
    checked = list(check_all(statements, model))
    each = 1000 * (perf_counter() - started) / len(checked)
    for one in checked if arguments.show else ():
        _show(one)
    print(f"Judge: {model.name if model else 'none'}; {each:.0f} ms a statement")
    for line in lines(summarise(checked)):
        print(line)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--judge", action="store_true")
    parser.add_argument("--most", type=int)
    parser.add_argument("--show", action="store_true")
    return parser.parse_args()


def _show(one: Checked) -> None:
    labelled = one.labelled
    if one.flagged == (labelled.label is Support.SUPPORTED):
        said = "; ".join(finding.message for finding in one.verdict.findings)
        print(f"{labelled.id} {labelled.label}, {labelled.kind}: {labelled.statement}")
        print(f"    {one.verdict.support} {said}")


if __name__ == "__main__":
    main()
