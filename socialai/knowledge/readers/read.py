"""A file's bytes → one article, decided by what the bytes are; the name only tells kinds of text apart.

Every reader gives Markdown, in which headings, lists and tables are kept, or pairs of `Q:` and `A:`.
Whatever is wrong with a file is an InvalidInput that says what to do.
"""

import time
import unicodedata
from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from socialai.errors import InvalidInput, TooLarge
from socialai.knowledge.readers import markdown, page, pairs, pdf, sheet, word
from socialai.knowledge.readers.document import MAX_CHARACTERS, Check, Document, first_heading
from socialai.knowledge.readers.plain import decode, looks_like_html

T = TypeVar("T")

MAX_BYTES = 20 * 1024 * 1024
SECONDS = 20.0

_BY_SUFFIX: dict[str, Callable[[str, Check], Document]] = {
    ".csv": sheet.read,
    ".faq": pairs.read,
    ".tsv": sheet.read,
    ".htm": page.read,
    ".html": page.read,
    ".markdown": markdown.read,
    ".md": markdown.read,
}
_FOREIGN = {
    b"PK\x03\x04": "This is a zip archive. Unpack it and add the documents in it one by one.",
    b"\xd0\xcf\x11\xe0": "This is an old or locked Office file. Save it as .docx without a password.",
    b"{\\rtf": "This is an RTF file. Save it as .docx, then add it again.",
}


def read(data: bytes, name: str) -> Document:
    """The document in `data`, its title taken from it or else from the file name."""
    if not data.strip():
        raise InvalidInput("The file is empty. Choose a file with text in it.")
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it and add the parts.")
    path = PurePath(name.replace("\\", "/"))
    return finished(limited(lambda check: _read(data, path, check)), name)


def limited(work: Callable[[Check], T]) -> T:
    """What a reader does, in its time; whatever goes wrong is an InvalidInput."""
    try:
        return work(_check_until(time.monotonic() + SECONDS))
    except InvalidInput:
        raise
    except Exception as error:  # a library meets hostile files in ways it does not declare
        raise InvalidInput(
            "The file is damaged and cannot be read. Save it again from its program, then add that file."
        ) from error


def _read(data: bytes, path: PurePath, check: Check) -> Document:
    if b"%PDF-" in data[:1024]:
        return pdf.read(data, check)
    if word.is_docx(data):
        return word.read(data, check)
    for magic, advice in _FOREIGN.items():
        if data.startswith(magic):
            raise InvalidInput(advice)
    text = decode(data)
    if looks_like_html(text):
        return page.read(text, check)
    reader = _BY_SUFFIX.get(path.suffix.lower())
    return reader(text, check) if reader else Document(title=first_heading(text), kind="text", text=text)


def finished(document: Document, name: str) -> Document:
    """Cleaned, with a title; InvalidInput when it says nothing or too much."""
    text = _clean(document.text)
    if not any(map(str.isalnum, text)):
        raise InvalidInput("There is no text in this file. Choose a file with text in it.")
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(f"The file holds more than {MAX_CHARACTERS:,} characters. Split it and add the parts.")
    title = " ".join(_clean(document.title).split()) or _title_from(name)
    return Document(title=title[:200], kind=document.kind, text=text)


def _clean(text: str) -> str:
    """One newline, composed characters, no invisible ones."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    kept = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs")) for line in lines
    )
    return "\n".join(map(str.rstrip, kept)).strip("\n")


def _title_from(name: str) -> str:
    stem = _clean(PurePath(name.replace("\\", "/")).stem).replace("_", " ").replace("-", " ")
    return " ".join(stem.split()) or "Untitled"


def _check_until(deadline: float) -> Check:
    def check() -> None:
        if time.monotonic() > deadline:
            raise InvalidInput("The file takes too long to read. Split it, or save it in a simpler form.")

    return check
