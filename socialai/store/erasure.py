"""Everything of one person, gone for good: what they wrote and were told, files, deliveries as they came."""

import sqlite3

_THEIRS = """
    select message.id from message join conversation on conversation.id = message.conversation_id
    where conversation.contact_id = ?
"""


def erase(db: sqlite3.Connection, contact_id: int) -> None:
    """The rest goes with the contact. A delivery that brought others' messages too loses them only here: they
    are kept as messages of their own."""
    db.execute(
        f"""
        update event set body = x'' where state in ('processed', 'discarded')
            and trace_id in (select trace_id from message where id in ({_THEIRS}))
        """,
        (contact_id,),
    )
    db.execute(f"delete from intent_example where message_id in ({_THEIRS})", (contact_id,))
    db.execute(
        """
        delete from visitor where (channel_id, external_id) in
            (select channel_id, external_id from identity where contact_id = ?)
        """,
        (contact_id,),
    )
    db.execute("delete from contact where id = ?", (contact_id,))
    db.execute("delete from gap where id not in (select gap_id from gap_question)")
