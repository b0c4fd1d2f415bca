"""How often a model's own source numbers hold, and what finding the evidence anew makes of them.

    python -m benchmarks.attribution --model model.gguf [--sample N] [TESTSET]

A model drafts answers to answerable questions, once; each drafted sentence is then cited twice:
by the numbers that the model gave, and as Pincite does, which looks for other evidence where
those do not carry the sentence. Told of each: sentences that pass the support check, citations
that lie in a gold passage, and questions of which a gold passage is cited.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant.answerer import Draft
from assistant.assistant import Assistant
from assistant.citations import Cited, known
from assistant.errors import LLMReplyError
from assistant.evaluation.cases import Stretch, TestCase
from assistant.evaluation.testset import Selection, load
from assistant.evidence import Evidence, gather
from assistant.finding import find
from assistant.generative import GenerativeAnswerer
from assistant.gguf import model_file
from assistant.llm import LLM
from assistant.scope import NO_SCOPE
from assistant.settings import Settings
from assistant.verify import Verifier
from index import Library

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
CONTEXT = 4096
WAYS = ("the model's numbers", "found anew")


def main() -> None:
    options = _parser().parse_args()
    answerer = GenerativeAnswerer(LLM.of_file(model_file(options.model, CONTEXT), timeout=600))
    with (
        tempfile.TemporaryDirectory() as home,
        Library.open(SEEDS / "articles", home) as library,
    ):
        assistant = Assistant(library, Settings(), answerer)
        cases = [case for case in load(options.testset, library) if case.answerable and case.gold]
        chosen = Selection(split=options.split, sample=options.sample).of(cases)
        counts: dict[str, Counter[str]] = {way: Counter() for way in WAYS}
        for case in chosen:
            _count(case, assistant, options.tokens, counts)
    print(f"{len(chosen)} questions")
    for way, found in counts.items():
        print(_told(way, found))


def _count(
    case: TestCase, assistant: Assistant, tokens: int, counts: Mapping[str, Counter[str]]
) -> None:
    hits = find(case.question, NO_SCOPE, assistant.library, assistant.settings.passages)
    evidence = gather(hits, tokens)
    drafts = list(_drafts(case, assistant, evidence))
    verifier = Verifier(assistant.ranker, strict=False)
    ways = (_as_claimed(drafts, evidence, verifier), _as_verified(drafts, evidence, verifier))
    for way, cited in zip(WAYS, ways, strict=True):
        counts[way].update(_figures(case, cited))


def _drafts(case: TestCase, assistant: Assistant, evidence: Evidence) -> Iterator[Draft]:
    try:
        for draft in assistant.answerer.draft(case.question, evidence):
            if draft.text:
                yield draft
    except LLMReplyError as error:
        print(f"{case.id}: {error}")


def _as_claimed(drafts: Sequence[Draft], evidence: Evidence, verifier: Verifier) -> Cited:
    cited = Cited()
    for draft in drafts:
        sentences = known(draft.markers, evidence)
        cited = cited.add(draft.text, sentences, verifier.examine(draft.text, sentences).support)
    return cited


def _as_verified(drafts: Sequence[Draft], evidence: Evidence, verifier: Verifier) -> Cited:
    cited = Cited()
    for draft in drafts:
        cited = verifier.add(cited, draft, evidence)
    return cited


def _figures(case: TestCase, cited: Cited) -> Counter[str]:
    """What is counted of one answer. A citation is right if it shares characters with the gold."""
    gold = [stretch for piece in case.gold for stretch in piece.stretches]
    places = [Stretch(one.article.path, one.start, one.end) for one in cited.citations]
    right = [any(place.overlap(stretch) for stretch in gold) for place in places]
    return Counter(
        answers=bool(cited.statements),
        right_answers=any(right),
        statements=len(cited.statements),
        supported=sum(one.support == "supported" for one in cited.statements),
        citations=len(places),
        right_citations=sum(right),
    )


def _told(way: str, found: Counter[str]) -> str:
    return (
        f"  {way:20} {found['supported']} of {found['statements']} sentences supported; "
        f"{found['right_citations']} of {found['citations']} citations in the gold; "
        f"gold cited in {found['right_answers']} of {found['answers']} answers"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("testset", type=Path, nargs="?", default=SEEDS / "questions.jsonl")
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file")
    parser.add_argument("--split", default="", help="only of this split")
    parser.add_argument("--sample", type=int, default=24, help="so many questions (24)")
    parser.add_argument("--tokens", type=int, default=700, help="evidence for each (700)")
    return parser


if __name__ == "__main__":
    main()
