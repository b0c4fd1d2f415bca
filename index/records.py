"""What the catalogue keeps beside articles and passages: nouns, and how they are packed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Metadata, Span
from index.plain import plain

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was last read."""

    path: str
    """Relative to the corpus root, with ``/``."""
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    seen_ns: int
    """When the four values above were taken."""
    digest: str
    """SHA-256 of its bytes."""
    reader: int
    """Version of the readers that read it."""
    problem: str = ""
    """Why it, or a part of it, could not be read; empty where all was well."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage to be: it has no number yet."""

    heading: str
    sentences: tuple[Span, ...]
    input: str
    """What its vector is made of."""
    embedding: str
    """Id of its vector: a hash of the model's name and the input."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article cut into passages, and with what they were made."""

    article_id: str
    text: str
    metadata: Metadata
    boilerplate: tuple[Span, ...]
    cuts: tuple[Cut, ...]
    settings: str
    """Hash of the settings that cut them."""


@dataclass(frozen=True, slots=True)
class Location:
    """An article found at a path, with the metadata found there."""

    path: str
    article_id: str
    metadata: Metadata


def merge(locations: Iterable[Location]) -> Metadata:
    """What is known of an article: the first path's metadata, gaps filled from the next."""
    ordered = sorted(locations, key=lambda location: location.path)
    return reduce(Metadata.over, (location.metadata for location in ordered), Metadata())


def body(text: str, sentences: Iterable[Span]) -> str:
    """What a passage says, as plain text: its sentences, without the boilerplate between them."""
    return " ".join(plain(span.of(text)) for span in sentences)


def pack_spans(spans: Iterable[Span]) -> str:
    return json.dumps([[span.start, span.end] for span in spans], separators=(",", ":"))


def unpack_spans(packed: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(packed))


def pack_metadata(metadata: Metadata) -> str:
    """Canonical: equal metadata is packed into equal strings."""
    known: dict[str, Any] = {
        "title": metadata.title,
        "authors": list(metadata.authors),
        "published": metadata.published and metadata.published.isoformat(),
        "publisher": metadata.publisher,
        "url": metadata.url,
        "language": metadata.language,
        "stated": {name: [span.start, span.end] for name, span in metadata.stated.items()},
    }
    filled = {name: value for name, value in known.items() if value}
    return json.dumps(filled, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack_metadata(packed: str) -> Metadata:
    known = json.loads(packed)
    published = known.get("published")
    stated = {name: Span(start, end) for name, (start, end) in known.get("stated", {}).items()}
    return Metadata(
        title=known.get("title"),
        authors=tuple(known.get("authors", ())),
        published=date.fromisoformat(published) if published else None,
        publisher=known.get("publisher"),
        url=known.get("url"),
        language=known.get("language"),
        stated=MappingProxyType(stated),
    )


def pack_vector(vector: Vector) -> tuple[bytes, int]:
    """Its bytes and their CRC-32."""
    packed = np.asarray(vector, dtype="<f4").tobytes()
    return packed, zlib.crc32(packed)


def unpack_vector(packed: bytes, checksum: int) -> Vector:
    """Raises ``ValueError`` where the bytes are not those that were packed."""
    if zlib.crc32(packed) != checksum:
        raise ValueError("a vector is not what was stored")
    return np.frombuffer(packed, dtype="<f4").astype(np.float32, copy=False)
