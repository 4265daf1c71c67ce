"""Questions and answers as text, `Q:` before the one and `A:` before the other."""

from socialai.knowledge.faq import read_pairs
from socialai.knowledge.readers.document import Check, Document, first_heading


def read(text: str, check: Check) -> Document:
    """Text without a question stays text."""
    check()
    text = text.replace("\r\n", "\n")
    asks = any(pair.question for pair in read_pairs(text))
    return Document(title=first_heading(text), kind="faq" if asks else "text", text=text)
