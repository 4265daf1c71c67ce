"""A CRM of the business, and what it is told of a lead."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from socialai.domain.lead import Temperature

LeadEvent = Literal["lead.hot", "lead.created", "lead.changed", "lead.converted", "lead.sent"]
"""`lead.sent`: a person wants it there."""
CrmState = Literal["active", "reauthorise", "paused"]
Field = Literal[
    "external_id",
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "social_id",
    "score",
    "rating",
    "source",
    "summary",
]
SOURCE = "SocialAI Hub"
TASK = "Social engagement - follow up"
_RATINGS: dict[Temperature, str] = {"hot": "Hot", "warm": "Warm", "cold": "Cold"}
_PARTICLES = frozenset("van von de der den del della di da dos du la le ten ter zu bin al el".split())


class Crm(Struct, frozen=True):
    id: int
    kind: str
    external_id: str
    name: str
    config: dict[str, Any]
    fields: dict[str, str]
    state: CrmState
    created_at: datetime
    state_reason: str | None = None
    token_expires_at: datetime | None = None


class CrmLink(Struct, frozen=True):
    """The record that a lead is in a CRM. `told` is what we wrote last, by the CRM's field."""

    crm_id: int
    contact_id: int
    record_id: str
    told: dict[str, str]
    told_at: datetime
    url: str | None = None
    gone_at: datetime | None = None


class CrmChange(Struct, frozen=True):
    """`fields`: the CRM's field → before and after."""

    id: int
    crm_id: int
    contact_id: int
    at: datetime
    why: str
    what: Literal["created", "updated", "task", "note"]
    record_id: str
    fields: dict[str, tuple[str | None, str]]


class Talk(Struct, frozen=True):
    """A conversation with the lead, as the CRM's activity history tells it."""

    platform: str
    last_message_at: datetime
    said: tuple[str, ...]


class LeadFacts(Struct, frozen=True):
    """What a CRM is told. `external_id` names the lead for ever, `social_ids` how platforms name the
    person."""

    external_id: str
    name: str
    email: str | None
    phone: str | None
    company: str | None
    score: int
    temperature: Temperature
    reasons: tuple[str, ...]
    social_ids: tuple[str, ...]
    talks: tuple[Talk, ...]

    def values(self) -> dict[Field, str]:
        """What is known, by our own field; what is not known is not told."""
        first, last = split_name(self.name)
        told: dict[Field, str | None] = {
            "external_id": self.external_id,
            "first_name": first,
            "last_name": last,
            "company": self.company,
            "email": self.email,
            "phone": self.phone,
            "social_id": self.social_ids[0] if self.social_ids else None,
            "score": str(self.score),
            "rating": _RATINGS[self.temperature],
            "source": SOURCE,
            "summary": "; ".join(self.reasons),
        }
        return {field: value for field, value in told.items() if value}


def split_name(name: str) -> tuple[str, str]:
    """'Ludwig van Beethoven' → 'Ludwig', 'van Beethoven'; one word alone is a first name."""
    words = name.split()
    if len(words) < 2:
        return name.strip(), ""
    start = next((at for at, word in enumerate(words[1:-1], 1) if word.lower() in _PARTICLES), len(words) - 1)
    return " ".join(words[:start]), " ".join(words[start:])


def activity(facts: LeadFacts) -> str:
    """What goes into the activity history: why the lead is what it is, and what was said."""
    said = (
        f"{talk.platform}, {talk.last_message_at:%Y-%m-%d %H:%M} UTC\n" + "\n".join(talk.said)
        for talk in facts.talks
    )
    why = "\n".join(f"- {reason}" for reason in facts.reasons)
    return "\n\n".join((f"{_RATINGS[facts.temperature]} lead, score {facts.score}\n{why}", *said))
