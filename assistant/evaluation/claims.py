"""WiCE: claims with evidence, and whether our support check sees which are supported.

Kamoi, Goyal, Rodriguez and Durrett, WiCE: Real-World Entailment for Claims in Wikipedia (EMNLP
2023). A claim counts as supported only if the evidence carries all of it, as in their binary task:
*partially supported* is not supported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Support
from assistant.errors import TestSetError
from assistant.evaluation.intervals import estimate
from assistant.evaluation.layouts import rows
from assistant.evaluation.metrics import f1
from assistant.evaluation.summary import Summary
from assistant.evidence import EvidenceSentence
from assistant.support import check
from assistant.words import FUNCTION_WORDS, words
from index.article import Article, Metadata, Span, article_id

CITED = 5
"""So many sentences are taken for cited: those that share the most words with the claim."""

_TITLE = "(meta data) TITLE: "


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of Wikipedia, and the web page that it cites."""

    text: str
    evidence: tuple[str, ...]
    """The page's sentences; the first may state its title."""
    label: str
    """``supported``, ``partially_supported`` or ``not_supported``."""
    gold: tuple[int, ...]
    """Which sentences support it, or a part of it."""

    @property
    def supported(self) -> bool:
        return self.label == "supported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the support check says of a claim."""

    claim: Claim
    chosen: bool
    """With the sentences that share the most words with it for cited."""
    told: bool
    """With those that people marked for cited."""


def find(folder: Path) -> Path | None:
    """The file of claims in ``folder``, if it is laid out as WiCE."""
    for name in ("test", "dev", "train"):
        file = folder / f"{name}.jsonl"
        if file.is_file() and {"claim", "evidence"} <= set(next(rows(file), {})):
            return file
    return None


def load(file: Path, limit: int | None = None) -> tuple[Claim, ...]:
    """The first ``limit`` claims. Raises ``TestSetError``."""
    found = []
    try:
        for row in rows(file):
            gold: list[int] = next(iter(row["supporting_sentences"]), [])
            found.append(Claim(row["claim"], tuple(row["evidence"]), row["label"], tuple(gold)))
            if len(found) == limit:
                break
    except (KeyError, TypeError) as error:
        raise TestSetError(f"{file} is not laid out as WiCE: a line lacks {error}.") from error
    return tuple(found)


def judge(claims: Iterable[Claim]) -> Iterator[Verdict]:
    """The support check's verdict on each claim."""
    for claim in claims:
        sentences = _sentences(claim.evidence)
        wanted = _content(claim.text)
        nearest = sorted(sentences, key=lambda one: -len(wanted & _content(one.text)))[:CITED]
        marked = [one for one in sentences if one.number in claim.gold]
        chosen, told = (check(claim.text, cited) for cited in (nearest, marked))
        yield Verdict(claim, chosen is Support.SUPPORTED, told is Support.SUPPORTED)


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Figures with intervals, by name."""
    verdicts = tuple(verdicts)
    chosen = [(one.chosen, one.claim.supported) for one in verdicts]
    told = [(one.told, one.claim.supported) for one in verdicts]
    return {**_figures("", chosen), **_figures("marked_", told), **_by_label(verdicts)}


def _figures(prefix: str, pairs: Sequence[tuple[bool, bool]]) -> Summary:
    """``pairs``: said to be supported, and supported."""
    values = {
        "accuracy": [said == true for said, true in pairs],
        "precision": [true for said, true in pairs if said],
        "recall": [said for said, true in pairs if true],
    }
    found = {f"{prefix}{name}": estimate(some) for name, some in values.items() if some}
    return {**found, f"{prefix}f1": estimate(pairs, f1)}


def _by_label(verdicts: Iterable[Verdict]) -> Summary:
    """Which share of the claims of each label is called supported."""
    called: dict[str, list[bool]] = {}
    for one in verdicts:
        called.setdefault(one.claim.label, []).append(one.chosen)
    return {f"called_supported:{label}": estimate(values) for label, values in called.items()}


def lines(summary: Summary) -> Iterator[str]:
    """The figures as plain text."""
    yield f"{'Support check against WiCE':36}{'value':>8}{'95 % interval':>20}{'claims':>8}"
    for name, found in summary.items():
        interval = f"{found.low:.3f} to {found.high:.3f}"
        yield f"  {name:34}{found.value:>8.3f}{interval:>20}{found.count:>8}"


def _content(text: str) -> frozenset[str]:
    return frozenset(words(text)) - FUNCTION_WORDS


def _sentences(evidence: Sequence[str]) -> list[EvidenceSentence]:
    page = "\n".join(evidence)
    title = evidence[0].removeprefix(_TITLE) if evidence[0].startswith(_TITLE) else None
    article = Article(article_id(page), page, Metadata(title=title), ("page",))
    found, start = [], 0
    for number, text in enumerate(evidence):
        found.append(EvidenceSentence(number, article, Span(start, start + len(text)), "", 0.0))
        start += len(text) + 1
    return found[1:] if title else found
