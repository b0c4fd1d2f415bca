"""Does a sentence answer a question? The bundled cross-encoder reads the two together.

all-MiniLM-L6-v2, trained further on the questions of SQuAD 1.1 and 2.0 (Rajpurkar et al., 2016 and
2018), among them such as look answered and are not; int8 weights. ``benchmarks/cross_encoder.py``
trains it anew; cross-encoders for ranking: Nogueira & Cho, *Passage Re-ranking with BERT*, 2019.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from index.bundled import cross_encoder_model, token_ids, tokenizer

_MAX_TOKENS = 128
"""As in training, both texts and the three special tokens together."""


def answers(question: str, sentences: Sequence[str]) -> NDArray[np.float32]:
    """The log odds that each sentence answers the question, shape ``(len(sentences),)``.

    A pair is read alone, so that its value does not depend on its neighbours. What is over 128
    tokens is cut, the sentence before the question. Raises ``EmbeddingError``.
    """
    # The questions it was trained on have a question mark, which people leave out.
    (asked, *read) = token_ids([f"{question.rstrip(' .?!')}?", *sentences])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda ids: _log_odds(asked, ids), read))
    return np.asarray(found, np.float32)


def _log_odds(question: list[int], sentence: list[int]) -> float:
    first, last = tokenizer().token_to_id("[CLS]"), tokenizer().token_to_id("[SEP]")
    asked = [first, *question[: _MAX_TOKENS // 2 - 2], last]
    read = [*sentence[: _MAX_TOKENS - len(asked) - 1], last]
    row = np.asarray([asked + read], np.int64)
    inputs = {
        "input_ids": row,
        "attention_mask": np.ones_like(row),
        "token_type_ids": np.asarray([[0] * len(asked) + [1] * len(read)], np.int64),
    }
    return float(cross_encoder_model().run(None, inputs)[0][0, 0])
