"""Whether an index is sound, and what can be saved of one that is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from index import statements as sql
from index.article import Article, Passage, article_id
from index.catalogue import Catalogue, PassageRecord
from index.cutting import embedding_id, embedding_input
from index.database import Database
from index.derived import Derived
from index.errors import CatalogueError
from index.records import Location, body, unpack_metadata

_SAMPLES = 100

Added = tuple[Location, str]
"""An article without a file: where it was, and its text."""


def problems(catalogue: Catalogue) -> list[str]:
    """What is wrong with the catalogue itself, a sentence each."""
    found = catalogue.problems()
    if not found:
        model = catalogue.fingerprint().get("embedding", "")
        found = [
            f"the passages of {article.path} are not what was stored"
            for article in catalogue.articles()
            if not _is_as_cut(catalogue, article, model)
        ]
    return found


def _is_as_cut(catalogue: Catalogue, article: Article, model: str) -> bool:
    """Whether the article's passages are those that their vectors were made of."""
    stored: dict[int, str] = dict(catalogue.database.rows(sql.PASSAGE_EMBEDDINGS, article.id))
    return all(
        stored.get(passage.id) == embedding_id(model, _input(article, passage))
        for passage in catalogue.passages_of(article)
    )


def _input(article: Article, passage: Passage) -> str:
    said = body(article.text, passage.sentences)
    return embedding_input(article.title or "", passage.heading, said)


def compare_with_derived(catalogue: Catalogue, derived: Derived) -> list[str]:
    """Where the search indexes are not what the catalogue says, a sentence each."""
    if derived.generation != catalogue.generation:
        return ["the search indexes are behind the catalogue: run `pincite index`"]
    found = []
    passages = catalogue.passage_count()
    for name, count in zip(("vector", "keyword"), derived.count(), strict=True):
        if count != passages:
            found.append(f"the {name} index holds {count} passages instead of {passages}")
    unlike = sum(
        not derived.finds(record.id, record.vector) for record in _sample(catalogue, passages)
    )
    if unlike:
        found.append(f"{unlike} passages of a sample are not found by their own vectors")
    return found


def _sample(catalogue: Catalogue, passages: int) -> Iterator[PassageRecord]:
    """Passages spread over the catalogue."""
    apart = max(1, passages // _SAMPLES)
    for records in catalogue.passages_since(0):
        yield from records[::apart]


def salvage(folder: Path) -> list[Added]:
    """Move a damaged catalogue aside; the articles in it that are in no file, if whole.

    A sound one stays where it is. The caller holds the writer's lock.
    """
    path = folder / "catalogue.sqlite"
    if not path.exists() or _is_sound(path):
        return []
    added = _added(path)
    aside = folder / f"damaged-{datetime.now():%Y%m%d-%H%M%S-%f}"
    aside.mkdir()
    for name in ("catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    return added


def _is_sound(path: Path) -> bool:
    try:
        catalogue = Catalogue(path)
    except CatalogueError:
        return False
    try:
        return not problems(catalogue)
    except CatalogueError:
        return False
    finally:
        catalogue.close()


def _added(path: Path) -> list[Added]:
    """As many as can be read."""
    found: list[Added] = []
    try:
        database = Database(path)
    except CatalogueError:
        return found
    try:
        for at, id, packed in database.rows(sql.LOCATIONS_OF_FILE, ""):
            text = database.rows(sql.ARTICLE, id)[0][0]
            if article_id(text) == id:
                found.append((Location(at, id, unpack_metadata(packed)), text))
    except (CatalogueError, LookupError, ValueError):
        return found
    finally:
        database.close()
    return found
