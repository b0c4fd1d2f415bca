"""Verification: markers become citations; facts are compared; a judge is asked; what fails is
repaired."""

from assistant.verification.checking import check, check_text
from assistant.verification.citations import Cited, resolve
from assistant.verification.facts import find_mismatches
from assistant.verification.judge import Claim, Judge, Judgement
from assistant.verification.source import Source, Verdict
from assistant.verification.verifying import Verified, verify

__all__ = [
    "Cited",
    "Claim",
    "Judge",
    "Judgement",
    "Source",
    "Verdict",
    "Verified",
    "check",
    "check_text",
    "find_mismatches",
    "resolve",
    "verify",
]
