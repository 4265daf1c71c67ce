"""The kept messages of all conversations."""

import secrets

import msgspec

from socialai.sandbox.meta.records import Attachment, Conversation, Message
from socialai.sandbox.meta.state import State

DAY_MS = 24 * 60 * 60 * 1000


def new_id() -> str:
    return "m_" + secrets.token_urlsafe(32)


def keep(state: State, message: Message) -> None:
    values = msgspec.to_builtins(message)
    values["attachments"] = msgspec.json.encode(message.attachments).decode()
    with state.writing() as db:
        db.execute(
            """
            insert into message (id, account_id, psid, author, text, at, attachments, metadata, tag, payload)
            values (:id, :account_id, :psid, :author, :text, :at, :attachments, :metadata, :tag, :payload)
            """,
            values,
        )


def find(state: State, account_id: str, message_id: str) -> Message | None:
    found = _select(state, "account_id = ? and id = ?", account_id, message_id)
    return found[0] if found else None


def last(state: State, account_id: str, psid: str, *, by_person: bool) -> Message | None:
    found = _select(
        state, "account_id = ? and psid = ? and (author = 'person') = ?", account_id, psid, by_person
    )
    return found[-1] if found else None


def thread(state: State, account_id: str, psid: str) -> list[Message]:
    """A conversation's messages, oldest first."""
    return _select(state, "account_id = ? and psid = ?", account_id, psid)


def edit(state: State, message_id: str, text: str) -> int:
    """Change the text; how often it was changed now."""
    with state.writing() as db:
        row = db.execute(
            "update message set text = ?, edits = edits + 1 where id = ? returning edits", (text, message_id)
        ).fetchone()
    return int(row["edits"])


def delete(state: State, message_id: str) -> None:
    with state.writing() as db:
        db.execute("update message set deleted = 1 where id = ?", (message_id,))


def react(state: State, message_id: str, emoji: str | None) -> None:
    with state.writing() as db:
        db.execute("update message set reaction = ? where id = ?", (emoji, message_id))


def note_action(state: State, account_id: str, psid: str, action: str) -> None:
    """Keep a `sender_action`: typing_on, typing_off, mark_seen."""
    with state.writing() as db:
        db.execute(
            "insert into sender_action (account_id, psid, action) values (?, ?, ?)",
            (account_id, psid, action),
        )


def conversations(state: State, account_id: str | None = None) -> list[Conversation]:
    """All of them, the one with the newest message first."""
    rows = state.rows(
        """
        select account_id, psid, coalesce(name, psid) as name from message left join person using (psid)
        where ? is null or account_id = ? group by account_id, psid order by max(seq) desc
        """,
        account_id,
        account_id,
    )
    return [_conversation(state, row["account_id"], row["psid"], row["name"]) for row in rows]


def duplicates(state: State) -> dict[str, int]:
    """How often each metadata key arrived, where that is more than once."""
    rows = state.rows(
        """
        select metadata, count(*) as times from message
        where metadata is not null group by metadata having times > 1
        """
    )
    return {row["metadata"]: row["times"] for row in rows}


def _conversation(state: State, account_id: str, psid: str, name: str) -> Conversation:
    actions = state.rows(
        "select action from sender_action where account_id = ? and psid = ? order by id", account_id, psid
    )
    return Conversation(
        id=f"t_{psid}",
        account_id=account_id,
        psid=psid,
        name=name,
        messages=tuple(thread(state, account_id, psid)),
        actions=tuple(row["action"] for row in actions),
    )


def _select(state: State, where: str, *values: object) -> list[Message]:
    rows = state.rows(f"select * from message where {where} order by seq", *values)
    return [_message(dict(row)) for row in rows]


def _message(row: dict[str, object]) -> Message:
    attachments = msgspec.json.decode(str(row["attachments"]), type=tuple[Attachment, ...])
    return msgspec.convert({**row, "attachments": attachments}, Message, strict=False)
