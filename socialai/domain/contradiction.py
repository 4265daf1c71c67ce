"""Two sentences of a tenant's knowledge that give different numbers for the same thing."""

from datetime import datetime

from msgspec import Struct


class Contradiction(Struct, frozen=True):
    id: int
    article_id: int
    title: str
    sentence: str
    other_id: int
    other_title: str
    other_sentence: str
    found_at: datetime


class Clash(Struct, frozen=True):
    """Found between an article's own sentence and one of another article."""

    sentence: str
    other_id: int
    other_sentence: str
