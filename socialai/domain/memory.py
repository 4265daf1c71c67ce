"""What is kept of a contact beyond their last messages: what they told of themselves, and what was said."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from socialai.domain.conversation import Author

DetailKind = Literal["name", "order_number", "preference"]
MOST_DETAILS = 20
LONGEST_DETAIL = 200
DetailValue = Annotated[str, Meta(min_length=1, max_length=LONGEST_DETAIL)]


class Told(Struct, frozen=True):
    kind: DetailKind
    value: str


class Detail(Struct, frozen=True):
    """`message_id` is where the contact told it, `user_id` who wrote or changed it."""

    id: int
    contact_id: int
    kind: DetailKind
    value: str
    created_at: datetime
    message_id: int | None = None
    conversation_id: int | None = None
    user_id: int | None = None


class Line(Struct, frozen=True):
    """A sentence of a message, worth keeping in short."""

    message_id: int
    author: Author
    at: datetime
    text: str


class Recap(Struct, frozen=True):
    """What was said in a conversation before the messages a turn reads. `until_at` and `until_id` are the
    last message that was looked at; `text` are a language model's words for the lines up to
    `text_until_id`."""

    conversation_id: int
    lines: tuple[Line, ...] = ()
    until_at: str = ""
    until_id: int = 0
    text: str = ""
    text_until_id: int = 0

    @property
    def newer(self) -> tuple[Line, ...]:
        """Those that the text does not tell."""
        return tuple(line for line in self.lines if line.message_id > self.text_until_id)
