"""What customers asked and nothing in the knowledge answered: questions alike are one gap."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

GapState = Literal["open", "answered", "dismissed"]
Why = Literal["unanswered", "by a person"]


class Unanswered(Struct, frozen=True):
    """What a contact wrote in one turn. `why`: nothing answered it, or a person did, not the assistant."""

    turn_id: int
    conversation_id: int
    text: str
    why: Why
    asked_at: datetime


class Gap(Struct, frozen=True):
    """`question` is the first one asked; `article_id` was written to answer it."""

    id: int
    question: str
    state: GapState
    created_at: datetime
    article_id: int | None = None
    closed_at: datetime | None = None


class GapSummary(Struct, frozen=True):
    """A gap with how often it was asked, when last, and a few of the questions, newest first."""

    gap: Gap
    asked: int
    newest_at: datetime
    by_a_person: int
    examples: tuple[Unanswered, ...]
