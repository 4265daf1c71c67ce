"""A Word document → Markdown: headings, lists, tables and paragraphs, in their order."""

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.oxml.text.paragraph import CT_P
from docx.table import Table
from docx.text.paragraph import Paragraph

from socialai.errors import InvalidInput, TooLarge
from socialai.knowledge.readers.document import Check, Document, heading, item, one_line, table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

MAX_UNPACKED = 100 * 1024 * 1024
MAX_BODY = 20 * 1024 * 1024
MAX_PARTS = 2000

_BODY = "word/document.xml"
_HEADING = re.compile(r"(?:heading (\d)|title)$", re.IGNORECASE)


def is_docx(data: bytes) -> bool:
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _BODY in archive.namelist()
    except zipfile.BadZipFile:
        raise InvalidInput("The file is damaged or not complete. Upload it again.") from None


def read(data: bytes, check: Check) -> Document:
    _refuse_bombs(data)
    document = docx.Document(BytesIO(data))
    blocks = _blocks(document, check)
    titles = [block.lstrip("# ") for block in blocks if block.startswith("#")]
    title = document.core_properties.title or next(iter(titles), "")
    return Document(title=title, kind="docx", text="\n\n".join(blocks))


def _refuse_bombs(data: bytes) -> None:
    """By the sizes the archive declares: more than these is never unpacked."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    body = max(part.file_size for part in parts if part.filename == _BODY)
    if len(parts) > MAX_PARTS or body > MAX_BODY or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooLarge("The document is too large unpacked. Remove its pictures or split it.")
    if any(part.flag_bits & 1 for part in parts):
        raise InvalidInput("The document asks for a password. Save it without one, then add it again.")


def _blocks(document: "WordDocument", check: Check) -> list[str]:
    blocks: list[str] = []
    for block in document.iter_inner_content():
        check()
        text = _table(block, check) if isinstance(block, Table) else _paragraph(block)
        if text:
            blocks.append(text)
    return blocks


def _paragraph(paragraph: Paragraph) -> str:
    text = one_line(paragraph.text)
    if not text:
        return ""
    style = (paragraph.style.name or "") if paragraph.style else ""
    if found := _HEADING.match(style):
        return heading(int(found.group(1) or 1), text)
    in_list = style.lower().startswith("list") or bool(paragraph._p.xpath("./w:pPr/w:numPr"))
    return item(text) if in_list else text


def _table(block: Table, check: Check) -> str:
    """From the elements themselves: python-docx repeats a cell as often as a hostile gridSpan says."""
    rows = []
    for row in block._tbl.tr_lst:
        check()
        cells = [_cell(cell.xpath(".//w:p")) for cell in row.tc_lst]
        if any(cells):
            rows.append(cells)
    return table(rows) if rows else ""


def _cell(paragraphs: list[CT_P]) -> str:
    return one_line(" ".join("".join(paragraph.xpath(".//w:t/text()")) for paragraph in paragraphs))
