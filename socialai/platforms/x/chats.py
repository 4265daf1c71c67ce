"""Encrypted chat: X tells that somebody wrote, and nobody but its own apps can read what."""

from datetime import datetime

from msgspec import Raw, Struct

from socialai.domain.happening import Happening, Ignored, Noted, Received
from socialai.platforms.reading import Id, decode, moment, name

ENCRYPTED = "This message is encrypted: only X's own apps can read and answer it."
_ANSWERED = "Somebody of the team answered in X's encrypted chat, which the hub cannot read"
_IN_A_GROUP = Ignored(reason="An encrypted message in a group, which the hub does not read.")


class Chat(Struct):
    id: Id
    sender_id: Id | None = None
    conversation_id: str | None = None
    created_at_msec: Id | None = None


def read(raw: Raw, account: str) -> Happening:
    chat = decode(raw, Chat)
    sender, at = name(chat.sender_id), moment(name(chat.created_at_msec))
    return _of_ours(chat, account, at) if sender == account else _received(chat, account, sender, at)


def _received(chat: Chat, account: str, sender: str, at: datetime) -> Received:
    return Received(
        channel=account,
        contact=sender,
        at=at,
        external_id=name(chat.id),
        kind="unsupported",
        closed=ENCRYPTED,
    )


def _of_ours(chat: Chat, account: str, at: datetime) -> Happening:
    """A conversation of two is named by both."""
    parties = (chat.conversation_id or "").replace("-", ":").split(":")
    others = [party for party in parties if party != account]
    if len(parties) != 2 or len(others) != 1:
        return _IN_A_GROUP
    return Noted(channel=account, contact=others[0], at=at, text=_ANSWERED)
