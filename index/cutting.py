"""An article's text → passages with what their vectors are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from index.article import Metadata, article_id, merge_spans
from index.boilerplate import boilerplate
from index.embedding import Embedder
from index.metadata import front_matter
from index.passages import split
from index.records import Cut, Draft, body
from index.sentences import Run, runs

TEXT_VERSION = 2
"""Raised whenever boilerplate, sentences or passages of the same text come out differently."""

_LINE = 200
"""Characters of a title or a heading that go into a vector: more is no title."""


def embedding_input(title: str, heading: str, body: str) -> str:
    """What a passage's vector is made of: its title, heading and plain text, a line each."""
    return "\n".join(part for part in (title[:_LINE], heading[:_LINE], body) if part)


def embedding_id(model: str, made_of: str) -> str:
    """The id of the vector that the model of this name makes."""
    return _hash(f"{model}\n{made_of}")


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts articles into passages of at most ``passage_tokens`` for one embedding model.

    Neighbouring passages share up to ``overlap_tokens`` of whole sentences.
    """

    embedder: Embedder
    passage_tokens: int
    overlap_tokens: int

    def fingerprint(self) -> Mapping[str, str]:
        """The settings that an index made with this cutter stands and falls with."""
        return {
            "embedding": self.embedder.name,
            "dimensions": str(self.embedder.dimensions),
            "passage_tokens": str(self.passage_tokens),
            "overlap_tokens": str(self.overlap_tokens),
        }

    def settings(self) -> str:
        """Hash of all that decides how a text is cut."""
        return _hash(json.dumps([TEXT_VERSION, *self.fingerprint().items()]))

    def draft(self, text: str, metadata: Metadata) -> Draft:
        """The article, cut."""
        found = [*boilerplate(text), *filter(None, [front_matter(text)])]
        marked = merge_spans(found)
        passages = split(
            text,
            runs(text, marked),
            self.embedder.count,
            self.passage_tokens,
            self.overlap_tokens,
        )
        title = metadata.title or ""
        cuts = tuple(self._cut(text, title, passage) for passage in passages)
        return Draft(article_id(text), text, metadata, marked, cuts, self.settings())

    def _cut(self, text: str, title: str, passage: Run) -> Cut:
        made_of = embedding_input(title, passage.heading, body(text, passage.sentences))
        id = embedding_id(self.embedder.name, made_of)
        return Cut(passage.heading, passage.sentences, made_of, id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
