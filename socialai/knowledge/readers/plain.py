"""Bytes that should be text → text."""

import codecs
import re

from socialai.errors import InvalidInput

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.IGNORECASE)
# Possessive: what was skipped is never tried another way, of which hostile text has endlessly many.
_HTML = re.compile(r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_NOT_TEXT = "This is not a text, PDF, Word or HTML file. Save it as one of these, then add it again."


def decode(data: bytes) -> str:
    text = _decoded(data)
    odd = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\v\x1b")
    if odd > len(text) // 100:
        raise InvalidInput(_NOT_TEXT)
    return text


def looks_like_html(text: str) -> bool:
    return bool(_HTML.match(text[:4096]))


def _decoded(data: bytes) -> str:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    if b"\0" in data:
        raise InvalidInput(_NOT_TEXT)
    raise InvalidInput(
        "The file's characters cannot be read. Save it with the encoding UTF-8, then add it again."
    )


def _candidates(data: bytes) -> list[str]:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return [encoding]
    if wide := _utf16_without_bom(data):
        return [wide]
    declared = _DECLARED.search(data[:4096])
    return ["utf-8", *([declared.group(1).decode("ascii")] if declared else []), "cp1252"]


def _utf16_without_bom(data: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in every second byte."""
    start = data[:2000]
    if len(start) < 4 or start.count(0) < len(start) // 3:
        return None
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
