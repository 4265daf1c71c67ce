"""Files as people upload them, made on the spot."""

import zipfile
from io import BytesIO

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def pdf(*pages: list[str], title: str = "", password: str = "") -> bytes:
    """Each page's lines in Helvetica; a page without lines is as a scan is, without text."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(_drawn(lines))
        page[NameObject("/Contents")] = content
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="AES-256")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(lines: list[str]) -> bytes:
    escaped = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines)
    drawn = "".join(f"({line}) Tj T*\n" for line in escaped)
    return f"BT /F1 11 Tf 14 TL 50 780 Td\n{drawn}ET".encode("latin-1")


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Shipping", 1)
    document.add_paragraph("We ship to Norway.")
    document.add_paragraph("By post", style="List Bullet")
    document.add_paragraph("By courier", style="List Number")
    table = document.add_table(rows=0, cols=2)
    for cells in (("Country", "Cost"), ("Norway", "14.90 EUR")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.add_heading("Returns", 2)
    document.add_paragraph("Within 30 days.")
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return written.getvalue()


def edited(document: bytes, old: bytes, new: bytes) -> bytes:
    """A Word document with something replaced in its body."""
    with zipfile.ZipFile(BytesIO(document)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)
    return archive(parts)
