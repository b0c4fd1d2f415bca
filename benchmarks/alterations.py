"""Altered statements: does the support check catch them, and does it let the true ones pass?

    python -m benchmarks.alterations [--split SPLIT] [--misses]

True statements are the hand-written paraphrases in ``seeds/paraphrases.jsonl``, each with the
stretch it says again, and every sentence of the seeds' articles. Each is altered by rule: another
number, another date, another name, a "not" more or less, another speaker, a word of opposite
meaning, two names exchanged. The paraphrases of the split "later" come with alterations written by
hand, too, as an inattentive writer would make them. Printed: by kind, how many of the altered
statements are called unverified, and how many of the true ones. The words exchanged here are chosen
without regard to those that the check knows.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Support
from assistant.assistant import Assistant
from assistant.evidence import EvidenceSentence
from assistant.settings import Settings
from assistant.verify import Verifier
from index import Library
from index.article import Article
from index.sentences import runs

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("number", "date", "name", "not added", "not dropped", "speaker", "opposite", "exchanged")

_PEOPLE = """
Kerry Lavrov Putin Assad Barmin Frolov Golts Shoigu Gerasimov Bogdanov Khoja Toner Smirnova Zarif
Jubeir Erdogan Obama Merkel
""".split()
_PLACES = """
Aleppo Palmyra Latakia Tartus Qatar Malaysia Moldova Ukraine Turkey Iran Iraq Libya Jordan Lebanon
Germany China
""".split()
_SPEECH = r"(?:says|said|told|warned|warn|declared|believes|stated|explained|added|notes|argues)"
_NUMERALS = "two three four five six seven eight nine ten eleven twelve thirty".split()
_MONTHS = """
January February March April May June July August September October November December
""".split()
_PERSON = rf"(?:[A-Z][\w-]+ )?({'|'.join(_PEOPLE)})"
_SPOKEN = re.compile(
    rf"{_PERSON},? (?:also |has )?{_SPEECH}\b|\b{_SPEECH} {_PERSON}|[Aa]ccording to {_PERSON}"
    rf"|In {_PERSON}'s view"
)
_MONTH = "|".join(_MONTHS)
_CALENDAR = re.compile(
    rf"\b(?:{_MONTH}) \d[\d–-]*|\d+ (?:to|and) \d+ (?:{_MONTH})|\d+ (?:{_MONTH})|\b(?:19|20)\d\d\b"
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|could|should|may|might|can|must)\b"
    r"(?! not| no\b| never|,)"
)
_PAST = re.compile(r"(?<=[a-z] )(?!need|used|hundred|indeed)[a-z]+(?:ed|told|said|met|sent)\b")
_NOT = re.compile(
    r"(?<!or) not\b(?! only)|n't\b| never\b(?= )|\bno longer (?=\w)|(?<= )no (?!less)(?=\w)"
)
_ACTS = re.compile(
    rf"\b({'|'.join(_PEOPLE)}|Moscow|Russia|Washington|Turkey|Iran)\b "
    r"(?:has |have |had |will |again |also |strongly )*"
    r"(?:told|warned|criticized|supplied|asked|accused|supported|supports|needs|sent|delivered"
    r"|wants|invited|rejected|failed to keep|praised|attacked)\b[^.,;\"]{0,40}?\b"
    rf"({'|'.join(_PEOPLE)}|the UN|Russia|Turkey|Damascus|Iran|reporters|Syria)\b"
)
_OPPOSITES = """
more/less increased/decreased rise/fall accepted/rejected supports/opposes support/oppose
before/after agreed/disagreed weak/strong first/last success/failure large/small praised/criticized
excluded/included easier/harder new/old confirmed/denied allowed/banned won/lost joined/left
over/under high/low rejected/accepted continued/stopped likely/unlikely possible/impossible
supported/opposed best/worst remain/leave launched/ended frustrated/satisfied positive/negative
similar/different defensive/offensive northern/southern strongest/weakest public/secret
valuable/worthless agreeing/disagreeing successful/unsuccessful hope/fear declining/growing
shrink/grow partial/complete failed/succeeded
""".split()


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement, the sentences it rests on, and how it was altered; ``true`` if not at all."""

    text: str
    cited: tuple[EvidenceSentence, ...]
    kind: str = "true"
    by_hand: tuple[tuple[str, str], ...] = ()
    """Alterations written by hand: kind and text."""


def altered(claim: Claim) -> Iterator[Claim]:
    """Every alteration that the rules find a place for, at most one of a kind."""
    quote = " ".join(one.text for one in claim.cited)
    for kind, text in _alterations(claim.text, quote):
        if text and text != claim.text:
            yield Claim(text, claim.cited, kind)


def altered_by_hand(claim: Claim) -> Iterator[Claim]:
    """The alterations that were written together with the claim."""
    for kind, text in claim.by_hand:
        yield Claim(text, claim.cited, kind)


def _alterations(text: str, quote: str) -> Iterator[tuple[str, str | None]]:
    yield "number", _number(text)
    yield "date", _date(text)
    yield "name", _name(text, quote)
    yield "not added", _more_not(text)
    yield "not dropped", _less_not(text)
    yield "speaker", _speaker(text, quote)
    yield "opposite", _opposite(text)
    yield "exchanged", _exchanged(text)


def _number(text: str) -> str | None:
    bare = _CALENDAR.sub(lambda match: "_" * len(match.group()), text)
    digits = re.search(r"\d+(?:,\d{3})*", bare)
    if digits:
        value = int(digits.group().replace(",", ""))
        return f"{text[: digits.start()]}{value + max(1, value // 3)}{text[digits.end() :]}"
    spelled = re.search(rf"\b(?:{'|'.join(_NUMERALS)}|hundred|million)\b", bare)
    if not spelled:
        return None
    other = {"hundred": "thousand", "million": "billion"}.get(spelled.group())
    if other is None:
        other = _NUMERALS[(_NUMERALS.index(spelled.group()) + 3) % len(_NUMERALS)]
    return text[: spelled.start()] + other + text[spelled.end() :]


def _date(text: str) -> str | None:
    day = re.search(rf"(?:{_MONTH}) (\d\d?)(?!\d)|(?<!\d)(\d\d?) (?:{_MONTH})", text)
    if day:
        group = 1 if day.group(1) else 2
        return f"{text[: day.start(group)]}{int(day.group(group)) % 27 + 1}{text[day.end(group) :]}"
    year = re.search(r"\b20\d\d\b", text)
    if year:
        return f"{text[: year.start()]}{int(year.group()) - 3}{text[year.end() :]}"
    month = re.search(rf"\b(?:{_MONTH})\b", text)
    if month:
        other = _MONTHS[(_MONTHS.index(month.group()) + 4) % 12]
        return text[: month.start()] + other + text[month.end() :]
    return None


def _name(text: str, quote: str) -> str | None:
    """A person for a person, a place for a place; the new one is not in the quote."""
    for group in (_PEOPLE, _PLACES):
        there = [name for name in group if re.search(rf"\b{name}\b", text)]
        others = [name for name in group if name not in quote and name not in text]
        if there and others:
            return re.sub(rf"\b{there[0]}\b", others[len(text) % len(others)], text)
    return None


def _more_not(text: str) -> str | None:
    found = _AUXILIARY.search(text)
    if found:
        return f"{text[: found.end()]} not{text[found.end() :]}"
    past = _PAST.search(text)
    return f"{text[: past.start()]}never {text[past.start() :]}" if past else None


def _less_not(text: str) -> str | None:
    found = _NOT.search(text)
    if not found:
        return None
    shown = text[: found.start()] + text[found.end() :]
    return re.sub(r"\bca (?=\w)", "can ", shown)


def _speaker(text: str, quote: str) -> str | None:
    """Somebody else of the same quote where there is one: the hard case; else of the seeds."""
    found = _SPOKEN.search(text)
    if not found:
        return None
    said = next(name for name in found.groups() if name)
    there = [name for name in _PEOPLE if name != said and re.search(rf"\b{name}\b", quote)]
    others = [name for name in there if name not in text] or there
    others = others or [name for name in _PEOPLE if name != said]
    other = others[len(text) % len(others)]
    start = text.index(said, found.start())
    before, after = text[:start], text[start + len(said) :]
    # If the other is spoken of, the two change places.
    return before.replace(other, said) + other + after.replace(other, said)


def _opposite(text: str) -> str | None:
    for pair in _OPPOSITES:
        one, other = pair.split("/")
        if re.search(rf"\b{one}\b", text):
            return re.sub(rf"\b{one}\b", other, text, count=1)
    return None


def _exchanged(text: str) -> str | None:
    """The names before and after a verb of doing change places."""
    found = _ACTS.search(text)
    if not found or found.group(1) == found.group(2):
        return None
    (a, b), (c, d) = found.span(1), found.span(2)
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def paraphrases(library: Library, split: str | None = None) -> list[Claim]:
    """The hand-written ones, with the sentences that they say again."""
    articles = {path: library.article(id) for id, _, paths in library.metadata() for path in paths}
    sentences = {article.id: content(library, article) for article in articles.values()}
    claims = []
    for line in (ROOT / "seeds" / "paraphrases.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        if split in (None, case["split"]):
            cited = tuple(
                one
                for one in sentences[articles[case["path"]].id]
                if case["start"] <= one.span.start and one.span.end <= case["end"]
            )
            by_hand = tuple(case.get("altered", {}).items())
            claims.append(Claim(case["text"], cited, by_hand=by_hand))
    return claims


def pincite(library: Library) -> list[Claim]:
    """Every sentence of the articles, resting on itself."""
    return [
        Claim(one.text, (one,))
        for id, _, _ in library.metadata()
        for one in content(library, library.article(id))
        if len(one.text.split()) >= 6
    ]


def content(library: Library, article: Article) -> list[EvidenceSentence]:
    """The article's sentences, without boilerplate."""
    left_out = library.boilerplate(article.id)
    spans = [span for run in runs(article.text) for span in run.sentences]
    content = [one for one in spans if not any(other.contains(one) for other in left_out)]
    return [
        EvidenceSentence(number, article, span, "", 1.0)
        for number, span in enumerate(content, start=1)
    ]


def main() -> None:
    options = _parser().parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        library = stack.enter_context(Library.open(ROOT / "seeds" / "articles", home))
        verifier = Verifier(Assistant(library, Settings()).ranker, strict=False)
        paraphrased = paraphrases(library, options.split)
        name = f"paraphrases ({options.split or 'all'})"
        _report(name, _with_altered(paraphrased), verifier, options.misses)
        by_hand = [other for claim in paraphrased for other in altered_by_hand(claim)]
        _report(f"{name}, altered by hand", by_hand, verifier, options.misses)
        sentences = _with_altered(pincite(library))
        _report("sentences of the articles", sentences, verifier, options.misses)


def _with_altered(claims: Sequence[Claim]) -> list[Claim]:
    return [*claims, *(other for claim in claims for other in altered(claim))]


def _report(name: str, claims: Sequence[Claim], verifier: Verifier, misses: bool) -> None:
    flagged: dict[str, list[bool]] = defaultdict(list)
    for claim in claims:
        unverified = verifier.examine(claim.text, claim.cited).support is Support.UNVERIFIED
        flagged[claim.kind].append(unverified)
        if misses and unverified == (claim.kind == "true"):
            print(
                f"  [{claim.kind}] {claim.text}\n      {' '.join(one.text for one in claim.cited)}"
            )
    print(f"\n{name}: called unverified")
    for kind in ("true", *KINDS):
        found = flagged[kind]
        if found:
            print(f"  {kind:12} {sum(found):4} of {len(found):4}  {sum(found) / len(found):.3f}")
    caught = [one for kind in KINDS for one in flagged[kind]]
    print(
        f"  {'all altered':12} {sum(caught):4} of {len(caught):4}  {sum(caught) / len(caught):.3f}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("tune", "hold-out", "later"))
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    return parser


if __name__ == "__main__":
    main()
