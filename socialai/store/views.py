"""Lists of conversations, as the inbox shows them."""

import sqlite3
from datetime import datetime
from typing import Literal

from socialai.domain.clock import stamp
from socialai.domain.conversation import Conversation
from socialai.domain.triage import Intent
from socialai.store.records import to_records

View = Literal["all", "unread", "waiting", "escalated", "mine", "closing", "resolved"]

_VIEWS: dict[View, str] = {
    "all": "state != 'resolved'",
    "unread": "unread > 0",
    "waiting": "exists (select 1 from reply where conversation_id = conversation.id and state = 'draft')",
    "escalated": "state = 'escalated'",
    "mine": "owner_id = ?1 and state != 'resolved'",
    # Only what waits for us: the contact spoke last.
    "closing": "state != 'resolved' and window_ends_at > ?2 and last_contact_message_at >= last_message_at",
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
    view: View,
    now: datetime,
    *,
    user_id: int | None = None,
    channel_id: int | None = None,
    intent: Intent | None = None,
    own_intent_id: int | None = None,
    words: str = "",
    before: tuple[str, int] | None = None,
    limit: int = 50,
    soonest_first: bool = False,
) -> list[Conversation]:
    """Newest first, before the (last_message_at, id) of the last one seen; or those whose window ends
    soonest."""
    at, last_id = before or ("9999", 0)
    order = "window_ends_at, id" if soonest_first else "last_message_at desc, id desc"
    rows = db.execute(
        f"""
        select * from conversation where {_VIEWS[view]}
        and (?1 is ?1) and (?2 is ?2) and (?3 is null or channel_id = ?3)
        and (?4 = '' or preview like '%' || ?4 || '%' or exists
            (select 1 from contact where contact.id = contact_id and name like '%' || ?4 || '%'))
        and (?8 is null or intent = ?8) and (?9 is null or ?9 = {OWN_INTENT})
        and (last_message_at < ?5 or (last_message_at = ?5 and id < ?6))
        order by {order} limit ?7
        """,
        (user_id, stamp(now), channel_id, words, at, last_id, limit, intent, own_intent_id),
    ).fetchall()
    return to_records(rows, Conversation)


def counts(db: sqlite3.Connection, user_id: int | None, now: datetime) -> dict[View, int]:
    """How many conversations each view holds."""
    totals = ", ".join(f"sum({condition})" for condition in _VIEWS.values())
    query = f"select {totals} from conversation where ?1 is ?1 and ?2 is ?2"
    row = db.execute(query, (user_id, stamp(now))).fetchone()
    return {view: int(total or 0) for view, total in zip(_VIEWS, row, strict=True)}
