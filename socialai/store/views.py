"""Lists of conversations, as the inbox shows them."""

import sqlite3
from typing import Literal

from socialai.domain.conversation import Conversation
from socialai.domain.triage import Intent
from socialai.store.records import to_records

View = Literal["all", "unread", "waiting", "escalated", "mine", "resolved"]

_VIEWS: dict[View, str] = {
    "all": "state != 'resolved'",
    "unread": "unread > 0",
    "waiting": "exists (select 1 from reply where conversation_id = conversation.id and state = 'draft')",
    "escalated": "state = 'escalated'",
    "mine": "owner_id = ?1 and state != 'resolved'",
    "resolved": "state = 'resolved'",
}


OWN_INTENT = """
    (select case when example.id is null then json_extract(triage, '$.custom_intent.id')
            else example.intent_id end
        from turn left join intent_example as example on example.message_id = turn.message_id
        where turn.conversation_id = conversation.id order by turn.id desc limit 1)
"""
"""Which of the tenant's own intents the conversation has, as understood last, or as a person said since."""


def conversations(
    db: sqlite3.Connection,
    view: View = "all",
    *,
    user_id: int | None = None,
    channel_id: int | None = None,
    intent: Intent | None = None,
    own_intent_id: int | None = None,
    words: str = "",
    before: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Conversation]:
    """Newest first, before the (last_message_at, id) of the last one seen."""
    at, last_id = before or ("9999", 0)
    rows = db.execute(
        f"""
        select * from conversation where {_VIEWS[view]}
        and (?1 is ?1) and (?2 is null or channel_id = ?2)
        and (?3 = '' or preview like '%' || ?3 || '%' or exists
            (select 1 from contact where contact.id = contact_id and name like '%' || ?3 || '%'))
        and (?7 is null or intent = ?7) and (?8 is null or ?8 = {OWN_INTENT})
        and (last_message_at < ?4 or (last_message_at = ?4 and id < ?5))
        order by last_message_at desc, id desc limit ?6
        """,
        (user_id, channel_id, words, at, last_id, limit, intent, own_intent_id),
    ).fetchall()
    return to_records(rows, Conversation)


def counts(db: sqlite3.Connection, user_id: int | None) -> dict[View, int]:
    """How many conversations each view holds."""
    totals = ", ".join(f"sum({condition})" for condition in _VIEWS.values())
    row = db.execute(f"select {totals} from conversation where ?1 is ?1", (user_id,)).fetchone()
    return {view: int(total or 0) for view, total in zip(_VIEWS, row, strict=True)}
