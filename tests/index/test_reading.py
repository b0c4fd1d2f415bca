"""Files and folders → readings of text files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import reading
from index.errors import CorpusError, ReadingError
from index.reading import SUFFIXES, find, read, shown

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Some text.")
    return root


def found(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in find(root)]


def test_text_is_the_file_unchanged() -> None:
    for path in find(SEEDS):
        (article,) = read(path).readings
        assert article.text.encode() == path.read_bytes()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_text_is_read_as_it_is(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff"):
        (article,) = reading._text(text.encode()).readings
        assert article.text == text


def test_find_is_sorted_and_leaves_out_what_is_hidden_or_not_read(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.md", "a/B.TXT", ".git/c.txt", ".d.txt", "e.jpg", "f/g.jsonl")
    assert found(tmp_path) == ["a/B.TXT", "a/z.md", "b.txt", "f/g.jsonl"]


def test_find_follows_links_once(tmp_path: Path) -> None:
    tree(tmp_path, "a/one.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to("a")
    (tmp_path / "itself.txt").symlink_to("itself.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    (tmp_path / "two.txt").symlink_to("a/one.txt")
    assert found(tmp_path) == ["a/one.txt", "gone.txt", "itself.txt", "two.txt"]
    for broken in ("gone.txt", "itself.txt"):
        with pytest.raises(ReadingError, match="a link that leads nowhere") as caught:
            read(tmp_path / broken)
        assert isinstance(caught.value.__cause__, OSError)


def test_find_a_single_file(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.jpg")
    assert list(find(tmp_path / "a.txt")) == [tmp_path / "a.txt"]
    with pytest.raises(ReadingError, match=r"b\.jpg is of a format that is not read"):
        find(tmp_path / "b.jpg")


def test_find_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        find(tmp_path / "nowhere")


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "a/one.txt", "b/two.txt")
    scan = os.scandir

    def refuse(folder: Path) -> object:  # the tests may run as root, whom no mode keeps out
        if Path(folder).name == "a":
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(tmp_path) == ["a", "b/two.txt"]
    with pytest.raises(ReadingError, match="it cannot be opened") as caught:
        read(tmp_path / "a")
    assert isinstance(caught.value.__cause__, OSError)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="it is gone") as caught:
        read(tmp_path / "gone.txt")
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("content", ["", " \n\t\r\n\xa0", "\ufeff"])
def test_a_blank_file_holds_no_text(tmp_path: Path, content: str) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadingError, match=r"^it holds no text"):
        read(path)


def test_a_picture_called_text(tmp_path: Path) -> None:
    path = tmp_path / "photo.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20)
    with pytest.raises(ReadingError, match=r"^it is not text") as caught:
        read(path)
    assert not isinstance(caught.value.__cause__, OSError)


def test_limits_of_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree(tmp_path, "a.txt") / "a.txt"
    monkeypatch.setattr(reading, "MAX_CHARACTERS", 5)
    with pytest.raises(ReadingError, match="more than 5 characters: split it"):
        read(path)
    monkeypatch.setattr(reading, "MAX_BYTES", 5)
    with pytest.raises(ReadingError, match="larger than 0 MB: split it"):
        read(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert found(tmp_path) == []
    with pytest.raises(ReadingError, match="not a file"):
        read(tmp_path / "pipe.txt")


def test_hostile_names(tmp_path: Path) -> None:
    tree(tmp_path, "two\nlines.txt", "Šibenik.txt")
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(raw, "wb") as file:
        file.write(b"Some text.")
    for name in ("two\nlines.txt", "Šibenik.txt"):
        assert read(tmp_path / name).readings
    assert len(list(find(tmp_path))) == 3
    with pytest.raises(ReadingError, match=r"^its name or its folder's is not UTF-8"):
        read(Path(os.fsdecode(raw)))
    assert shown(Path("two\nlines.txt")) == "two\\nlines.txt"
    assert shown(Path("Šibenik.txt")) == "Šibenik.txt"


def test_front_matter_overrides_what_the_text_says(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: The true title\n---\n# Another\n\nBy Jane Doe\n\nSome text.\n")
    (article,) = read(path).readings
    assert article.text == path.read_text()
    assert article.metadata.title == "The true title"
    assert article.metadata.authors == ("Jane Doe",)


def test_a_url_names_the_site_and_no_publisher(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Some text.\n\nOriginal url:\n\n<https://www.example.org/2016/a>\n")
    metadata = read(path).readings[0].metadata
    assert metadata.publisher is None
    assert metadata.site == "example.org"


def test_every_suffix_is_in_lower_case() -> None:
    assert (
        frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".jsonl"})
        == SUFFIXES
    )
