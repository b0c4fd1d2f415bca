"""How good are the answers: a test set, a run of it, its figures.

::

    cases = load(Path("seeds/questions.jsonl"))
    run = evaluate(assistant, cases)
    figures = summarise(run.records, run.k)
    print(figures["correctness"].value)
"""

from assistant.evaluation.asking import Method, evaluate
from assistant.evaluation.run import Run
from assistant.evaluation.summary import summarise
from assistant.evaluation.testset import Selection, TestCase, check, load

__all__ = ["Method", "Run", "Selection", "TestCase", "check", "evaluate", "load", "summarise"]
