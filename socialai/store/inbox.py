"""What the inbox shows of a conversation besides the conversation itself."""

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from socialai.domain.lead import Temperature
from socialai.store.records import as_json, to_records
from socialai.store.views import OWN_INTENT


class Glance(Struct, frozen=True):
    """`own_intent`: the tenant's own. `has_failed`: something we owe them could not be sent."""

    id: int
    contact_name: str | None
    platform: str
    channel_name: str
    temperature: Temperature | None
    own_intent: str | None
    has_draft: bool
    has_failed: bool


def glances(db: sqlite3.Connection, conversation_ids: Sequence[int]) -> dict[int, Glance]:
    rows = db.execute(
        f"""
        select conversation.id, contact.name as contact_name, channel.platform, channel.name as channel_name,
            lead.temperature, (select name from intent where intent.id = {OWN_INTENT}) as own_intent,
            exists (
                select 1 from reply where conversation_id = conversation.id and state = 'draft') as has_draft,
            exists (
                select 1 from outbox where conversation_id = conversation.id and state = 'dead') as has_failed
        from conversation
        join contact on contact.id = conversation.contact_id
        join channel on channel.id = conversation.channel_id
        left join lead on lead.contact_id = conversation.contact_id
        where conversation.id in (select value from json_each(?))
        """,
        (as_json(conversation_ids),),
    ).fetchall()
    return {glance.id: glance for glance in to_records(rows, Glance)}
