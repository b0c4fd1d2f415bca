from __future__ import annotations

import numpy as np
import pytest

from assistant.understanding.names import Names
from index.article import Metadata
from index.register import Entry, Register


def names_in(*known: Metadata) -> Names:
    entries = [Entry(str(at), one, (f"news/{at:02}_text.txt",)) for at, one in enumerate(known)]
    nothing = np.empty(0, np.int64)
    return Names(
        Register(1, entries, nothing, nothing, lambda ids: (ids, np.empty((0, 384), np.float32)))
    )


NAMES = names_in(
    Metadata("Storm sinks three boats", ("Lena Vogt",), publisher="The Courier"),
    Metadata(
        "Fähre", ("José Núñez", "Anna Borshchevskaya"), url="https://www.themoscowtimes.com/a"
    ),
    Metadata("Мост", ("Анна Каренина",), publisher="Newsline Europe"),
    Metadata("Talks", ("Maria Borshchevskaya", "Goodwin, Abby")),
)


@pytest.mark.parametrize(
    ("text", "said", "names"),
    [
        ("articles by lena vogt", "lena vogt", ("Lena Vogt",)),
        ("Vogt's pieces", "Vogt", ("Lena Vogt",)),
        ("by Vogt, Lena", "Vogt, Lena", ("Lena Vogt",)),
        ("by L. Vogt", "L. Vogt", ("Lena Vogt",)),
        ("by Abby Goodwin", "Abby Goodwin", ("Goodwin, Abby",)),
        ("goodwin", "goodwin", ("Goodwin, Abby",)),
        ("what did nunez write", "nunez", ("José Núñez",)),
        ("статьи Каренина", "Каренина", ("Анна Каренина",)),
        (
            "by Borshchevskaya",
            "Borshchevskaya",
            ("Anna Borshchevskaya", "Maria Borshchevskaya"),
        ),
        ("by Anna Borshchevskaya", "Anna Borshchevskaya", ("Anna Borshchevskaya",)),
        ("in the courier", "the courier", ("The Courier",)),
        ("The Moscow Times said", "The Moscow Times", ("themoscowtimes.com",)),
        ("is storm sinks three boats true", "storm sinks three boats", ("news/00_text.txt",)),
        ("summarise 01_text.txt.", "01_text.txt", ("news/01_text.txt",)),
    ],
)
def test_a_name_is_found(text: str, said: str, names: tuple[str, ...]) -> None:
    (found,) = NAMES.find(text)
    assert text[found.start : found.end] == said
    assert set(found.names) == set(names)


@pytest.mark.parametrize("text", ["articles by Ann Lee", "I met Otto Vogt there", "Lena", "talks"])
def test_what_the_register_lacks_is_not_found(text: str) -> None:
    assert NAMES.find(text) == []


def test_a_proposed_name_is_matched() -> None:
    assert NAMES.authors("Anna Borshevskaya") == ("Anna Borshchevskaya",)
    assert NAMES.authors("Jose Nunez") == ("José Núñez",)
    assert NAMES.authors("vogdt") == ("Lena Vogt",)
    assert NAMES.authors("Smith") == ()
    assert NAMES.publishers("newsline europe") == ("Newsline Europe",)
    assert NAMES.publishers("Moscow Times") == ("themoscowtimes.com",)
    assert NAMES.articles("boats storm") == ("news/00_text.txt",)
    assert NAMES.articles("bridge") == ()
