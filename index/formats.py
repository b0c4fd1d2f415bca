"""HTML, PDF and DOCX → text and what the file says about it.

Each function takes a file's bytes and gives its text, blocks apart by blank lines and headings
marked ``##`` as in Markdown, with the file's own metadata. The same bytes give the same text.
They may raise whatever their library raises: :mod:`index.reading` makes one error of it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from index.article import Metadata
from index.decoding import decode
from index.errors import ReadingError
from index.metadata import day, from_fields, names

if TYPE_CHECKING:
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

MAX_PAGES = 5_000
"""Of a PDF."""

MAX_UNPACKED = 500 * 2**20
"""Bytes a DOCX, which is a ZIP file, may unpack to."""

_HEAD = 100_000
"""Characters of a page in which it says its language."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_LANGUAGE = (
    re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE),
    re.compile(
        r"<meta\b[^>]{0,100}?[\"'](?:og:locale|content-language)[\"'][^>]{0,50}?"
        r"\bcontent\s*=\s*[\"']?([\w-]{2,20})",
        re.IGNORECASE,
    ),
    re.compile(r"\"inLanguage\"\s*:\s*\"([\w-]{2,20})\""),
)
"""Where a page says its language: in its root, its tags, its JSON-LD."""
_BLANK_LINES = re.compile(r"\n{3,}")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
)
_BROKEN_WORD = re.compile(r"(?<!\w)([^\W\d_]{2,40})[-\u00ad]\n([^\W\d_]{2,40})(?!\w)")
_HYPHENATED = re.compile(r"(?<!\w)[^\W\d_]{2,40}-[^\W\d_]{2,40}(?!\w)")
_NO_TITLE = re.compile(
    r"\.(?:docx?|indd|pages|pdf|ppt|pptx|qxd|rtf|tex|dvi)$|^(?:microsoft \w+ - |powerpoint pres"
    r"|untitled|document\s*\d*$|slide\s*\d*$|word document)",
    re.IGNORECASE,
)
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def html(data: bytes) -> tuple[str, Metadata]:
    """The article of a web page, found by trafilatura (Barbaresi 2021, ACL demo)."""
    from trafilatura import bare_extraction

    _quiet("trafilatura", "htmldate")
    source = _html_source(data)
    document = bare_extraction(
        source,
        favor_recall=True,
        include_comments=False,
        include_formatting=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict) or not document.text:
        raise ReadingError("no article is found in the page: save its text as .txt")
    fields = {
        "title": document.title,
        "authors": document.author,
        "published": _literal_day(document.date, source),
        "publisher": document.sitename,
        "url": document.url,
        "language": _page_language(source[:_HEAD]),
    }
    return document.text.strip(), from_fields(fields)


def pdf(data: bytes) -> tuple[str, Metadata]:
    """The text of a PDF, page by page, with words that were broken at line ends made whole.

    The date of the file's making is not taken: it is not the day the article was published.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    _quiet("pypdf")
    reader = PdfReader(BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError("it is encrypted: save it without a password")
    except DependencyError as error:
        raise ImportError("cryptography") from error
    if len(reader.pages) > MAX_PAGES:
        raise ReadingError(f"it has more than {MAX_PAGES:,} pages: split it")
    text = _whole_words("\n\n".join(page.extract_text().strip() for page in reader.pages))
    if not text.strip():
        raise ReadingError("its pages are images without text: run text recognition (OCR) on it")
    info = reader.metadata
    root = reader.root_object
    language = root.get("/Lang")
    return text, _properties(info and info.title, info and info.author, language)


def docx(data: bytes) -> tuple[str, Metadata]:
    """The paragraphs, headings, lists and tables of a Word document, in order."""
    from docx import Document

    with ZipFile(BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise ReadingError(f"it unpacks to more than {MAX_UNPACKED // 2**20} MB: split it")
    document = Document(BytesIO(data))
    # Asked of each paragraph, its style would be looked up in the whole file each time.
    styles = {style.style_id: style.name or "" for style in document.styles}
    parts = (_docx_block(block, styles) for block in document.iter_inner_content())
    about = document.core_properties
    text = "\n\n".join(part for part in parts if part.strip())
    return text, _properties(about.title, about.author, about.language)


def _html_source(data: bytes) -> str:
    """The page as text, in the encoding it declares if that fits."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _page_language(head: str) -> str | None:
    said = (pattern.search(head) for pattern in _LANGUAGE)
    return next((found[1] for found in said if found), None)


def _literal_day(found: str | None, source: str) -> date | None:
    """The day found in a page, if the page writes it with year, month and day in this order.

    From "03/04/2016" a day would be found too, and one time in two a wrong one.
    """
    published = day(found)
    if published is None:
        return None
    literal = rf"{published.year}[-/.]?0?{published.month}[-/.]?0?{published.day}(?!\d)"
    return published if re.search(literal, source) else None


def _properties(title: object, author: object, language: object) -> Metadata:
    """Properties that office programs fill in by themselves are left out.

    Such are a file's name for a title and an account's name, a single word, for an author.
    """
    if isinstance(title, str) and _NO_TITLE.search(title.strip()):
        title = None
    authors = [name for name in names(author) if " " in name]
    return from_fields({"title": title, "authors": authors, "language": language})


def _whole_words(text: str) -> str:
    """``text`` with words broken at line ends made whole, and ligatures taken apart.

    The hyphen stays where the text elsewhere writes the word with one.
    """
    text = text.translate(_LIGATURES)
    hyphenated = {word.lower() for word in _HYPHENATED.findall(text)}
    return _BROKEN_WORD.sub(partial(_whole_word, hyphenated), text)


def _whole_word(hyphenated: set[str], broken: re.Match[str]) -> str:
    with_hyphen = f"{broken[1]}-{broken[2]}"
    if with_hyphen.lower() in hyphenated or not broken[2][0].islower():
        return with_hyphen
    return broken[1] + broken[2]


def _docx_block(block: Paragraph | Table, styles: Mapping[str, str]) -> str:
    from docx.table import Table

    return _docx_table(block) if isinstance(block, Table) else _docx_paragraph(block, styles)


def _docx_paragraph(paragraph: Paragraph, styles: Mapping[str, str]) -> str:
    text = paragraph.text.strip()
    properties = paragraph._p.pPr
    if properties is None or not text:
        return text
    style = styles.get(properties.style or "", "")
    if heading := _HEADING_STYLE.match(style):
        return f"{'#' * min(int(heading[1]), 6)} {text}"
    if style == "Title":
        return f"# {text}"
    if style.startswith("List") or properties.xpath("w:numPr"):
        return f"- {text}"
    return text


def _docx_table(table: Table) -> str:
    rows = [f"| {' | '.join(_docx_cells(row.cells))} |" for row in table.rows]
    return "\n".join(rows)


def _docx_cells(cells: tuple[_Cell, ...]) -> Iterator[str]:
    """The cells of a row as single lines; a merged cell once."""
    last = None
    for cell in cells:
        if cell._tc is not last:
            yield " ".join(cell.text.split())
        last = cell._tc


def _quiet(*loggers: str) -> None:
    """Keep what a parser says about a file off the terminal, unless logging is set up."""
    for name in loggers:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
