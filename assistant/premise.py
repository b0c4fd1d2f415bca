"""What a question takes for granted, and whether the articles contradict it.

"Why did Russia walk out of the talks?" takes for granted that Russia did. The premise is the question
without what asks; it is held against the sentences of the evidence that speak of the same thing. If
all of them say otherwise (they deny it, say the opposite, give it to somebody else or to another
date) the question has a false premise. No sentence that speaks of it at all: that is for
:mod:`assistant.ranking` to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.checks import dates, polarity
from assistant.checks.tokens import Token, tokens
from assistant.evidence import Evidence, EvidenceSentence
from assistant.support import Source
from assistant.words import ASKING_WORDS, FUNCTION_WORDS

SAME_THING = 0.75
"""A sentence that holds this share of a premise's words, rare ones counting more, speaks of the
same thing."""

_DID = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might)(?:n't)?"
_ASKS = re.compile(rf"^\W*(?:why|how|when|where|since when|for what reasons?)\s+{_DID}\s+", re.I)
_INTRODUCTION = re.compile(
    r"^\W*(?:since|given that|now that|as|considering that)\s+(.+?),\s*", re.I
)
