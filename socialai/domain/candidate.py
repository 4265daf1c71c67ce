"""A question and a person's answer that could become an article, once a person approves it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

CandidateState = Literal["waiting", "approved", "rejected"]


class Exchange(Struct, frozen=True):
    """What a contact asked and a user answered, without what tells who. `removed`: what was taken out, by
    kind; `message_id` is the last of the answer."""

    message_id: int
    question: str
    answer: str
    removed: tuple[str, ...]


class Candidate(Struct, frozen=True):
    id: int
    conversation_id: int
    question: str
    answer: str
    removed: tuple[str, ...]
    state: CandidateState
    created_at: datetime
    article_id: int | None = None
    decided_at: datetime | None = None
