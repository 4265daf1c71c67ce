"""Markdown is kept as it was written."""

import re

from socialai.knowledge.readers.document import Check, Document, first_heading

_FRONT_MATTER = re.compile(r"\A---\n(?:[\w-]+:.*\n)+---\n")


def read(text: str, check: Check) -> Document:
    check()
    text = _FRONT_MATTER.sub("", text.replace("\r\n", "\n"), count=1)
    return Document(title=first_heading(text), kind="markdown", text=text)
