"""A language model writes where that adds something; it is said only if the evidence says it."""

from socialai.domain.conversation import Author, Message
from tests.agents.turns import NOW


def said_by(author: Author, text: str) -> Message:
    return Message(1, 1, author, "text", text, NOW, NOW)
