"""A PDF → Markdown: its lines joined into paragraphs; a short line that stands alone becomes a heading."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice, pairwise

from pypdf import PageObject, PdfReader

from socialai.errors import InvalidInput, TooLarge
from socialai.knowledge.readers.document import MAX_CHARACTERS, Check, Document, heading, item

MAX_PAGES = 500
_HEADING_LENGTH = 60
_ENDED = re.compile(r"[.!?:;…)\"”’][ \t]*$")
_ITEM = re.compile(r"[•‣◦▪·*–-]\s+")


def read(data: bytes, check: Check) -> Document:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InvalidInput("This PDF asks for a password. Save it without one, then add it again.")
    pages = list(_pages(reader, check))
    if not any(map(str.isalnum, "".join(pages))):
        raise InvalidInput(
            "This PDF holds pictures of pages, no text. Run text recognition (OCR) on it first."
        )
    return Document(title=_title(reader), kind="pdf", text="\n\n".join(map(_markdown, pages)))


def _pages(reader: PdfReader, check: Check) -> Iterator[str]:
    length = 0
    for number, page in enumerate(islice(reader.pages, MAX_PAGES + 1), 1):
        if number > MAX_PAGES:
            raise TooLarge(f"The PDF has more than {MAX_PAGES} pages. Split it and add the parts.")
        text = _text(page, check)
        length += len(text)
        if length > MAX_CHARACTERS:
            raise TooLarge("The PDF holds too much text. Split it and add the parts.")
        yield text


def _text(page: PageObject, check: Check) -> str:
    check()
    return page.extract_text(visitor_operand_before=lambda *_: check())


def _title(reader: PdfReader) -> str:
    title = reader.metadata.title if reader.metadata else None
    return (
        title if title and " " in title.strip() else ""
    )  # 'Microsoft Word - x.doc' and 'untitled' say less than the name


def _markdown(page: str) -> str:
    """Blank lines where one paragraph ends and the next begins."""
    lines = [" ".join(line.split()) for line in page.splitlines()]
    width = max(map(len, lines), default=0)
    blocks: list[str] = []
    for before, line in pairwise(["", *lines]):
        if not line:
            continue
        if blocks and before and _continues(before, line, width):
            blocks[-1] = _joined(blocks[-1], line)
        else:
            blocks.append(line)
    return "\n\n".join(_block(block, follower) for block, follower in pairwise([*blocks, ""]))


def _continues(before: str, line: str, width: int) -> bool:
    """A line runs on when it is nearly full, or when the next one cannot begin a sentence."""
    if _ITEM.match(line):
        return False
    return line[0].islower() or (len(before) > width * 0.7 and len(before) > _HEADING_LENGTH // 2)


def _joined(block: str, line: str) -> str:
    if block.endswith("-") and block[-2:-1].isalpha() and line[0].islower():
        return block[:-1] + line
    return f"{block} {line}"


def _block(block: str, follower: str) -> str:
    if marked := _ITEM.match(block):
        return item(block[marked.end() :])
    if follower and len(block) <= _HEADING_LENGTH and not _ENDED.search(block) and len(follower) > len(block):
        return heading(2, block)
    return block
