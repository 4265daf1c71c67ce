"""What we answer: draft → approved → sent."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from socialai.domain.support import Checked
from socialai.domain.triage import Triage

ReplyState = Literal["draft", "approved", "sent", "rejected", "superseded", "failed"]
TurnOutcome = Literal["draft", "auto", "escalated", "silent"]
Tier = Literal["template", "approved", "extractive", "model"]
WRITTEN_BY: dict[Tier, str] = {
    "template": "in your own words",
    "approved": "your answer to this very question",
    "extractive": "quoted from your knowledge",
    "model": "by the language model, from your knowledge",
}


class Source(Struct, frozen=True):
    """Where a sentence of the reply comes from; `sentence` is the one used, as the article has it."""

    article_id: int
    chunk_id: int
    title: str
    score: float
    sentence: str = ""


class Reply(Struct, frozen=True):
    """`original_text` is what the author first wrote; `turn_id` is None when a person wrote it;
    `version` is the conversation's when it was written; `private`: it answers a comment by private
    message."""

    id: int
    conversation_id: int
    author: Literal["assistant", "user"]
    state: ReplyState
    text: str
    original_text: str
    version: int
    created_at: datetime
    turn_id: int | None = None
    user_id: int | None = None
    edited_at: datetime | None = None
    approved_at: datetime | None = None
    sent_at: datetime | None = None
    private: bool = False


class TurnRecord(Struct, frozen=True):
    """What was understood and decided in one turn, kept for the inbox and for audit."""

    id: int
    conversation_id: int
    message_id: int
    trace_id: str
    triage: Triage
    outcome: TurnOutcome
    reasons: tuple[str, ...]
    sources: tuple[Source, ...]
    lead_score: int
    lead_temperature: str
    model_versions: dict[str, str]
    stage_ms: dict[str, float]
    created_at: datetime
    checked: tuple[Checked, ...] = ()
    tier: Tier | None = None
