"""HTML, PDF, DOCX and JSON Lines, from files made here."""

from __future__ import annotations

import json
import logging
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from index import formats
from index.errors import ReadingError
from index.reading import Reading, read

PAGE = """<!doctype html><html lang="en-GB"><head>
<title>Peace talks falter | The Herald</title>
<meta property="og:site_name" content="The Herald">
<meta name="author" content="Jane Doe, John Roe">
<link rel="canonical" href="https://herald.example.org/talks">
{date}
</head><body>
<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<article><h1>Peace talks falter</h1>
<p>The talks in Geneva have faltered again, a diplomat said on Friday who asked not to be named.
Nobody expects a settlement this year, and few expect one in the next.</p>
<h2>What comes next</h2>
<p>A further round is planned for the summer, the envoy told reporters after the meeting ended.</p>
<ul><li>The first point is the cease-fire</li><li>The second is aid</li></ul>
<table><tr><th>City</th><th>Sieges</th></tr><tr><td>Aleppo</td><td>2</td></tr></table>
</article><footer>© 2016 The Herald. All rights reserved.</footer></body></html>"""


def one(path: Path) -> Reading:
    (reading,) = read(path).readings
    return reading


def page(folder: Path, date_tag: str = "", encoding: str = "utf-8") -> Path:
    path = folder / "page.html"
    path.write_bytes(PAGE.replace("{date}", date_tag).encode(encoding))
    return path


def pdf(pages: Sequence[Sequence[str]], info: dict[str, str] | None = None) -> bytes:
    """A PDF with these lines on its pages."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    for lines in pages:
        sheet = writer.add_blank_page(612, 792)
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1"))
        sheet[NameObject("/Contents")] = writer._add_object(stream)
        sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata(info or {})
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def pdf_file(folder: Path, *pages: Sequence[str], info: dict[str, str] | None = None) -> Path:
    path = folder / "paper.pdf"
    path.write_bytes(pdf(pages, info))
    return path


def test_html_keeps_the_article_and_drops_the_menu(tmp_path: Path) -> None:
    text = one(page(tmp_path)).text
    assert "## What comes next\n\nA further round" in text
    assert "- The first point is the cease-fire" in text
    assert "| Aleppo | 2 |" in text
    assert "Home" not in text


def test_html_metadata(tmp_path: Path) -> None:
    tag = '<meta property="article:published_time" content="2016-04-28T23:00:00+03:00">'
    found = one(page(tmp_path, tag)).metadata
    assert found.title == "Peace talks falter"
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.published == date(2016, 4, 28)
    assert found.publisher == "The Herald"
    assert found.url == "https://herald.example.org/talks"
    assert found.language == "en"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ('<meta property="og:locale" content="de_DE">', "de"),
        ('<meta http-equiv="Content-Language" content="fr">', "fr"),
        ('<script type="application/ld+json">{"inLanguage": "bg"}</script>', "bg"),
        ("", None),
    ],
)
def test_the_language_of_a_page_without_it_in_its_root(
    tmp_path: Path, said: str, language: str | None
) -> None:
    path = page(tmp_path, said)
    path.write_text(path.read_text("utf-8").replace(' lang="en-GB"', ""), "utf-8")
    assert one(path).metadata.language == language


@pytest.mark.parametrize(
    "tag",
    ["", '<meta name="date" content="03/04/2016">', '<meta name="date" content="April 2016">'],
)
def test_an_uncertain_date_in_html_is_unknown(tmp_path: Path, tag: str) -> None:
    assert one(page(tmp_path, tag)).metadata.published is None


def test_html_in_the_encoding_it_declares(tmp_path: Path) -> None:
    tag = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
    path = page(tmp_path, tag + "<!-- é -->", "cp1252")
    assert "© 2016" in path.read_bytes().decode("cp1252")
    path.write_bytes(path.read_bytes().replace(b"Geneva", "Genève".encode("cp1252")))
    assert "talks in Genève have" in one(path).text


def test_html_without_an_article(tmp_path: Path) -> None:
    path = tmp_path / "empty.htm"
    path.write_text("<html><body></body></html>")
    with pytest.raises(ReadingError, match="no article is found"):
        read(path)


def test_pdf_pages_and_lines(tmp_path: Path) -> None:
    path = pdf_file(tmp_path, ["The first line", "goes on here."], ["The second page."])
    assert one(path).text == "The first line\ngoes on here.\n\nThe second page."


def test_pdf_words_broken_at_line_ends_are_whole(tmp_path: Path) -> None:
    lines = ["A long-term plan for nego-", "tiations, and a long-", "term one at that."]
    assert one(pdf_file(tmp_path, lines)).text == (
        "A long-term plan for negotiations, and a long-term one at that."
    )


def test_pdf_properties(tmp_path: Path) -> None:
    info = {"/Title": "On Talks", "/Author": "Jane Doe", "/CreationDate": "D:20200101000000Z"}
    found = one(pdf_file(tmp_path, ["Some text."], info=info)).metadata
    assert (found.title, found.authors) == ("On Talks", ("Jane Doe",))
    assert found.published is None


def test_pdf_properties_of_the_office_program_are_left_out(tmp_path: Path) -> None:
    info = {"/Title": "Microsoft Word - draft3.doc", "/Author": "jdoe"}
    found = one(pdf_file(tmp_path, ["Some text."], info=info)).metadata
    assert (found.title, found.authors) == (None, ())


def test_scanned_pdf(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="OCR"):
        read(pdf_file(tmp_path, [], []))


def test_encrypted_pdf(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([["Secret."]]))))
    writer.encrypt("password", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    with path.open("wb") as file:
        writer.write(file)
    with pytest.raises(ReadingError, match="encrypted"):
        read(path)


def test_damaged_pdf_says_nothing_but_its_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(pdf([["Some text."]])[:150])
    with pytest.raises(ReadingError, match="it is damaged or not PDF"):
        read(path)
    assert capfd.readouterr() == ("", "")


def test_pdf_with_too_many_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_PAGES", 1)
    with pytest.raises(ReadingError, match="more than 1 pages"):
        read(pdf_file(tmp_path, ["One."], ["Two."]))


def docx_file(folder: Path) -> Path:
    from docx import Document

    document = Document()
    document.core_properties.title = "On Talks"
    document.core_properties.author = "Jane Doe"
    document.add_heading("Peace talks", 0)
    document.add_paragraph("They began.")
    document.add_heading("What next", 2)
    document.add_paragraph("A first point", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ["City", "Sieges", "Aleppo", "2"], strict=True):
        cell.text = words
    document.add_paragraph("The end.")
    path = folder / "memo.docx"
    document.save(str(path))
    return path


def test_docx_in_order(tmp_path: Path) -> None:
    assert one(docx_file(tmp_path)).text == (
        "# Peace talks\n\nThey began.\n\n## What next\n\n- A first point\n\n"
        "| City | Sieges |\n| Aleppo | 2 |\n\nThe end."
    )


def test_docx_properties(tmp_path: Path) -> None:
    found = one(docx_file(tmp_path)).metadata
    assert (found.title, found.authors, found.published) == ("On Talks", ("Jane Doe",), None)


def test_docx_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_UNPACKED", 2**20)
    path = docx_file(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", b"\0" * 2**21)
    with pytest.raises(ReadingError, match="unpacks to more than"):
        read(path)


@pytest.mark.parametrize(("name", "kind"), [("memo.docx", "DOCX"), ("paper.pdf", "PDF")])
def test_a_file_of_another_kind(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text("Only text.")
    with pytest.raises(ReadingError, match=f"it is damaged or not {kind}"):
        read(path)


def lines_file(folder: Path, *rows: object) -> Path:
    path = folder / "many.jsonl"
    written = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("\n".join(written), encoding="utf-8")
    return path


def test_jsonl_is_an_article_a_line(tmp_path: Path) -> None:
    outcome = read(
        lines_file(
            tmp_path,
            {"text": "One.\u2028Still one.", "Title": "First", "authors": ["Jane Doe", "John Roe"]},
            "",
            {
                "text": "Two.",
                "date": "2016-04-28",
                "url": "https://www.example.org/2",
                "lang": "no",
            },
        )
    )
    first, second = outcome.readings
    assert (first.text, first.fragment) == ("One.\u2028Still one.", "#1")
    assert (first.metadata.title, first.metadata.authors) == ("First", ("Jane Doe", "John Roe"))
    assert second.fragment == "#3"
    assert second.metadata.published == date(2016, 4, 28)
    assert (second.metadata.publisher, second.metadata.language) == (None, "no")
    assert outcome.problems == ()


def test_jsonl_reads_the_good_lines_and_names_the_bad(tmp_path: Path) -> None:
    rows = [
        "{",
        {"text": "Good."},
        {"title": "x"},
        {"text": " "},
        '{"text": "\\ud800"}',
        "[" * 9999,
    ]
    outcome = read(lines_file(tmp_path, *rows))
    assert [reading.text for reading in outcome.readings] == ["Good."]
    assert [problem.split(":")[0] for problem in outcome.problems] == [
        "line 1",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    ]


def test_jsonl_without_a_good_line(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match=r"^line 1: it is not JSON"):
        read(lines_file(tmp_path, "nonsense"))


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(ReadingError, match=r"pip install 'pincite\[pdf\]'") as caught:
        read(path)
    assert isinstance(caught.value.__cause__, ImportError)


def encrypted(path: Path, password: str) -> Path:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=BytesIO(pdf([["Some text."]])))
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(path)
    return path


def test_a_pdf_that_anyone_may_open_is_read(tmp_path: Path) -> None:
    assert one(encrypted(tmp_path / "open.pdf", "")).text == "Some text."
    with pytest.raises(ReadingError, match="save it without a password"):
        read(encrypted(tmp_path / "closed.pdf", "secret"))


def test_an_encrypted_pdf_without_the_library_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    def fails(*_: object) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    path = encrypted(tmp_path / "open.pdf", "")
    monkeypatch.setattr(PdfReader, "decrypt", fails)
    with pytest.raises(ReadingError, match=r"pip install 'pincite\[pdf\]'"):
        read(path)


def test_logging_that_is_set_up_still_hears_the_parsers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n7", pdf([["Some text."]])))
    with caplog.at_level(logging.WARNING, "pypdf"):
        assert one(path).text == "Some text."
    assert caplog.records
