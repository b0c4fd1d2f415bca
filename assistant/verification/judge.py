"""The judge: a language model says of each sentence whether the lines it cites support it.

All sentences of an answer go in one request, with what comparing facts has found. The judge
decides: a finding that it does not confirm is dropped.

A small model on this machine cannot do that. It is asked of one sentence at a time, for one word:
its No is worth hearing, and its Yes is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiter

import prompts
from assistant.answer import Finding, Support, Usage
from assistant.llm import ChatModel, Request
from assistant.prompting import neutral
from assistant.verification.source import Source, Verdict

_BEFORE = 240
"""Characters before a cited text that the judge is shown."""

_ONE_WORD = 3
"""Tokens of a reply of one word, with a mark."""

_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "statement": {"type": "integer"},
                    "support": {"type": "string", "enum": ["supported", "partly", "unsupported"]},
                    "wrong": {"type": "string"},
                    "why": {"type": "string"},
                },
                "required": ["statement", "support", "wrong", "why"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["verdicts"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to be judged."""

    statement: str
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()
    """What comparing facts has found."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said."""

    verdicts: tuple[Verdict | None, ...]
    """One for each claim; ``None`` where nothing was said of it."""
    usage: Usage = field(default_factory=Usage)


class Judge:
    """A language model as a judge of support."""

    def __init__(self, model: ChatModel, folder: Path | None = None) -> None:
        """``folder``: own prompts. Raises ``PromptError``."""
        self.model = model
        self._prompt = prompts.load("judge", folder)
        self._prompt_for_one = prompts.load("judge_one", folder)

    def judge(self, question: str | None, claims: Sequence[Claim]) -> Judgement:
        """Verdicts on all the claims, by one request; none for no claims. Raises ``LLMError``."""
        if not claims:
            return Judgement(())
        if self.model.on_this_machine:
            return self._judge_one_by_one(claims)
        reply = self.model.complete(self._request(question, claims))
        said = _read(reply.text)
        verdicts = [_verdict(claim, said.get(n)) for n, claim in enumerate(claims, start=1)]
        return Judgement(tuple(verdicts), reply.usage)

    def _judge_one_by_one(self, claims: Sequence[Claim]) -> Judgement:
        verdicts: list[Verdict | None] = []
        usage = Usage()
        for claim in claims:
            messages = self._prompt_for_one.messages({"claim": _shown(1, claim)})
            reply = self.model.complete(Request(messages, max_tokens=_ONE_WORD))
            denied = re.match(r"\W*no\b", reply.text, re.IGNORECASE)
            refuted = Verdict(Support.UNSUPPORTED, claim.findings or (_finding(claim, "", ""),))
            verdicts.append(refuted if denied else None)
            usage += reply.usage
        return Judgement(tuple(verdicts), usage)

    def _request(self, question: str | None, claims: Sequence[Claim]) -> Request:
        shown = [_shown(number, claim) for number, claim in enumerate(claims, start=1)]
        variables = {"question": neutral(question or ""), "claims": shown}
        return Request(self._prompt.messages(variables), _SCHEMA)


def _verdict(claim: Claim, said: Mapping[str, Any] | None) -> Verdict | None:
    support = str((said or {}).get("support", "")).strip().lower()
    if said is None or support not in ("supported", "partly", "unsupported"):
        return None
    if support == "supported":
        return Verdict(Support.SUPPORTED)
    own = _finding(claim, str(said.get("wrong") or ""), str(said.get("why") or "").strip())
    confirmed = [one for one in claim.findings if one.start < own.end and own.start < one.end]
    return Verdict(Support(support), tuple(confirmed) or (own,))


def _shown(number: int, claim: Claim) -> Mapping[str, Any]:
    return {
        "number": number,
        "text": neutral(claim.statement),
        "sources": [
            {
                "source": neutral(source.head),
                "text": neutral(source.text),
                "before": neutral(source.before[-_BEFORE:]),
            }
            for source in claim.sources
        ],
        "notes": [neutral(finding.message) for finding in claim.findings],
    }


def _read(reply: str) -> dict[int, Mapping[str, Any]]:
    """The verdicts in a reply, also in one that was cut; none in one that is not JSON."""
    start = reply.find("{")
    try:
        said = jiter.from_json(reply[start:].encode(), partial_mode="on") if start >= 0 else {}
    except ValueError:
        return {}
    listed = said.get("verdicts") if isinstance(said, dict) else None
    return {
        int(one["statement"]): one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and re.fullmatch(r"[0-9]{1,4}", str(one.get("statement")))
    }


def _finding(claim: Claim, wrong: str, why: str) -> Finding:
    """What the judge found, at the words that it names; the whole statement if it names none."""
    statement, wrong = claim.statement, wrong.strip(" \"“”'.")
    start = statement.casefold().find(wrong.casefold()) if wrong else -1
    if start < 0 or start + len(wrong) > len(statement):
        start, wrong = 0, statement
    why = why or "The cited text does not support this."
    return Finding("judge", start, start + len(wrong), why)
