"""All messages with one contact on one channel: their state, owner, version and what is due."""

import sqlite3
from datetime import datetime, timedelta

from socialai.domain.clock import stamp
from socialai.domain.conversation import OUTSIDE, Conversation, answer_due
from socialai.domain.happening import Thread
from socialai.domain.triage import Intent, Mood, Triage, Urgency
from socialai.errors import Conflict, NotFound
from socialai.store.records import to_record, to_records

CLAIM_SECONDS = 60.0
_IN_PRIVATE = Thread("")


def ensure(
    db: sqlite3.Connection, channel_id: int, contact_id: int, now: datetime, thread: Thread | None = None
) -> int:
    """With this contact in private, or under the post `thread`."""
    post = thread or _IN_PRIVATE
    row = db.execute(
        """
        insert into conversation
            (channel_id, contact_id, thread, thread_title, thread_url, last_message_at, created_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
        on conflict (channel_id, contact_id, thread) do update
        set thread_title = coalesce(excluded.thread_title, thread_title),
            thread_url = coalesce(excluded.thread_url, thread_url)
        returning id
        """,
        (channel_id, contact_id, post.external_id, post.title, post.url, stamp(now)),
    ).fetchone()
    return int(row["id"])


def get(db: sqlite3.Connection, conversation_id: int) -> Conversation:
    row = db.execute("select * from conversation where id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise NotFound(f"There is no conversation {conversation_id}.")
    return to_record(row, Conversation)


def received(
    db: sqlite3.Connection,
    conversation_id: int,
    preview: str,
    sent_at: datetime,
    *,
    unread: int = 1,
    window: timedelta | None = None,
) -> None:
    """A contact wrote: what was resolved opens again, and belongs to nobody. `window`: how long the platform
    takes an answer."""
    db.execute(
        """
        update conversation set
            version = version + 1, unread = unread + ?4, preview = ?2,
            owner_id = case state when 'resolved' then null else owner_id end,
            state = case state when 'resolved' then 'open' else state end,
            last_message_at = max(last_message_at, ?3),
            last_contact_message_at = max(coalesce(last_contact_message_at, ''), ?3),
            window_ends_at = case when ?5 is null then null else max(coalesce(window_ends_at, ''), ?5) end
        where id = ?1
        """,
        (conversation_id, preview, stamp(sent_at), unread, window and stamp(sent_at + window)),
    )


def make_due(
    db: sqlite3.Connection, conversation_id: int, now: datetime, debounce: timedelta = timedelta()
) -> datetime | None:
    """When the answer is due: once the burst is quiet. None while a person has the conversation."""
    conversation = get(db, conversation_id)
    if conversation.owner_id is not None:
        return None
    since = conversation.waiting_since or now
    due_at = answer_due(since, now, debounce)
    db.execute(
        "update conversation set answer_due_at = ?, waiting_since = ? where id = ?",
        (stamp(due_at), stamp(since), conversation_id),
    )
    return due_at


def touched(db: sqlite3.Connection, conversation_id: int, preview: str, sent_at: datetime) -> None:
    """We wrote: it shows in the list."""
    db.execute(
        "update conversation set preview = ?, last_message_at = max(last_message_at, ?) where id = ?",
        (preview, stamp(sent_at), conversation_id),
    )


def changed(db: sqlite3.Connection, conversation_id: int) -> None:
    """Something an answer in the making did not know of."""
    db.execute("update conversation set version = version + 1 where id = ?", (conversation_id,))


def due(db: sqlite3.Connection, now: datetime, limit: int) -> list[int]:
    rows = db.execute(
        """
        select id from conversation where answer_due_at <= ?1
        and (claimed_until is null or claimed_until < ?1) order by answer_due_at limit ?2
        """,
        (stamp(now), limit),
    )
    return [int(row["id"]) for row in rows]


def claim(db: sqlite3.Connection, now: datetime, limit: int) -> list[Conversation]:
    """Take those that are due, longest first, to answer them; not what someone else or a person has."""
    rows = db.execute(
        """
        update conversation set claimed_until = ?2
        where id in (
            select id from conversation where answer_due_at <= ?1 and owner_id is null
            and (claimed_until is null or claimed_until < ?1) order by answer_due_at limit ?3
        )
        returning *
        """,
        (stamp(now), stamp(now + timedelta(seconds=CLAIM_SECONDS)), limit),
    ).fetchall()
    return to_records(rows, Conversation)


def release_claim(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute("update conversation set claimed_until = null where id = ?", (conversation_id,))


def release_claims(db: sqlite3.Connection) -> None:
    """At start nobody is answering."""
    db.execute("update conversation set claimed_until = null where claimed_until is not null")


def answered(db: sqlite3.Connection, conversation_id: int, version: int, triage: Triage) -> bool:
    """Close the turn, unless something came in between (then the claim ends and the answer stays due) or
    another worker closed it."""
    done = db.execute(
        """
        update conversation set
            answer_due_at = null, waiting_since = null, claimed_until = null,
            intent = ?3, mood = ?4, urgency = ?5
        where id = ?1 and version = ?2 and owner_id is null and answer_due_at is not null
        """,
        (conversation_id, version, triage.intent, triage.sentiment.label, triage.urgency),
    )
    if not done.rowcount:
        release_claim(db, conversation_id)
    return done.rowcount > 0


def understood(
    db: sqlite3.Connection, conversation_id: int, intent: Intent, mood: Mood, urgency: Urgency
) -> None:
    """As a person says."""
    db.execute(
        "update conversation set intent = ?2, mood = ?3, urgency = ?4 where id = ?1",
        (conversation_id, intent, mood, urgency),
    )


def nothing_due(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute(
        """
        update conversation set answer_due_at = null, waiting_since = null, claimed_until = null where id = ?
        """,
        (conversation_id,),
    )


def escalate(db: sqlite3.Connection, conversation_id: int, reason: str) -> None:
    db.execute(
        "update conversation set state = 'escalated', escalation_reason = ? where id = ?",
        (reason, conversation_id),
    )


def take_over(db: sqlite3.Connection, conversation_id: int, user_id: int) -> None:
    """The assistant is silent from here on. Conflict when another user has it."""
    taken = db.execute(
        """
        update conversation set owner_id = ?2, version = version + 1, answer_due_at = null,
            waiting_since = null, claimed_until = null
        where id = ?1 and (owner_id is null or owner_id in (?2, ?3))
        """,
        (conversation_id, user_id, OUTSIDE),
    )
    if not taken.rowcount:
        get(db, conversation_id)
        raise Conflict("Another person of your team has this conversation.")


def taken_over_outside(db: sqlite3.Connection, conversation_id: int) -> bool:
    """A person answered on the platform itself; True when the assistant had it until now."""
    taken = db.execute(
        """
        update conversation set owner_id = ?2, version = version + 1, answer_due_at = null,
            waiting_since = null, claimed_until = null
        where id = ?1 and owner_id is null
        """,
        (conversation_id, OUTSIDE),
    )
    return taken.rowcount > 0


def give_back(db: sqlite3.Connection, conversation_id: int) -> None:
    """The assistant may answer again, also what was escalated."""
    db.execute(
        """
        update conversation set owner_id = null, escalation_reason = null, version = version + 1,
            state = case state when 'escalated' then 'open' else state end
        where id = ?
        """,
        (conversation_id,),
    )


def resolve(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute(
        """
        update conversation set state = 'resolved', escalation_reason = null, owner_id = null, unread = 0,
            version = version + 1, answer_due_at = null, waiting_since = null, claimed_until = null
        where id = ?
        """,
        (conversation_id,),
    )


def reopen(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute(
        """
        update conversation set state = 'open', escalation_reason = null, version = version + 1 where id = ?
        """,
        (conversation_id,),
    )


def seen(db: sqlite3.Connection, conversation_id: int) -> None:
    db.execute("update conversation set unread = 0 where id = ? and unread > 0", (conversation_id,))


def of_contact(db: sqlite3.Connection, contact_id: int) -> list[int]:
    rows = db.execute("select id from conversation where contact_id = ? order by id", (contact_id,))
    return [int(row["id"]) for row in rows]


def in_thread(db: sqlite3.Connection, channel_id: int, thread: str) -> list[int]:
    rows = db.execute(
        "select id from conversation where channel_id = ? and thread = ? order by id", (channel_id, thread)
    )
    return [int(row["id"]) for row in rows]


def move_thread(db: sqlite3.Connection, channel_id: int, old: str, new: str) -> set[int]:
    """Those that go on under another id; whoever has a conversation there already keeps both."""
    rows = db.execute(
        """
        update or ignore conversation set thread = ?3 where channel_id = ?1 and thread = ?2 and ?2 != ?3
        returning id
        """,
        (channel_id, old, new),
    )
    return {int(row["id"]) for row in rows.fetchall()}


def find_by_identity(
    db: sqlite3.Connection, channel_id: int, external_id: str, thread: str = ""
) -> int | None:
    """The conversation with whom the platform calls `external_id`."""
    row = db.execute(
        """
        select conversation.id from conversation join identity using (channel_id, contact_id)
        where channel_id = ? and external_id = ? and thread = ?
        """,
        (channel_id, external_id, thread),
    ).fetchone()
    return row and int(row["id"])
