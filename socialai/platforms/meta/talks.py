"""Private messages since a moment, read from the conversations: each in the shape of its webhook.

Source: Graph API reference, conversations and Conversation messages; shared contract sheets, Poll.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from socialai.platforms.meta.graph import Graph
from socialai.platforms.meta.readback import Author, Inbox, Paging
from socialai.platforms.reading import Id

News = tuple[datetime, bytes]
"""When it was said, and the event."""

_OBJECTS = {"messenger": "page", "instagram": "instagram"}
_STORY = {"messenger": "", "instagram": ",story"}
_PAGES = 10


class File(Struct):
    url: str | None = None


class Attachment(Struct):
    image_data: File | None = None
    video_data: File | None = None
    file_url: str | None = None
    mime_type: str = ""
    name: str | None = None


class Attachments(Struct, frozen=True):
    data: list[Attachment] = []


class Link(Struct):
    link: str | None = None


class Story(Struct):
    reply_to: Link | None = None
    mention: Link | None = None


class Said(Struct):
    id: str
    created_time: str | None = None
    message: str | None = None
    author: Author | None = field(name="from", default=None)
    attachments: Attachments = Attachments()
    story: Story | None = None


class SaidList(Struct, frozen=True):
    data: list[Said] = []


class Party(Struct):
    id: Id


class Parties(Struct, frozen=True):
    data: list[Party] = []


class Conversation(Struct):
    updated_time: str
    participants: Parties = Parties()
    messages: SaidList = SaidList()


class Conversations(Struct):
    data: list[Conversation]
    paging: Paging | None = None


def since(graph: Graph, inbox: Inbox, start: datetime) -> Iterator[News]:
    said = f"id,message,from,created_time,attachments{_STORY[inbox.platform]}"
    fields = f"updated_time,participants,messages.limit({inbox.limit}){{{said}}}"
    query = {"platform": inbox.platform, "fields": fields, "limit": "25"}
    for _ in range(_PAGES):
        page = graph.read(f"{inbox.node}/conversations", query, Conversations)
        for conversation in page.data:
            if datetime.fromisoformat(conversation.updated_time) < start:
                return
            yield from _of(conversation, inbox, start)
        # Not the address in `next`: that one carries the token in the open.
        after = (
            page.paging.cursors.after if page.paging and page.paging.next and page.paging.cursors else None
        )
        if not after:
            return
        query = {**query, "after": after}


def event(kind: str, account: str, at: datetime, content: dict[str, Any]) -> bytes:
    entry = {"id": account, "time": round(at.timestamp()), **content}
    return msgspec.json.encode({"object": kind, "entry": [entry]})


def _of(conversation: Conversation, inbox: Inbox, start: datetime) -> Iterator[News]:
    others = [str(party.id) for party in conversation.participants.data if str(party.id) != inbox.author]
    for said in conversation.messages.data:
        # The details of old ones are not told.
        if not (others and said.created_time and said.author):
            continue
        at = datetime.fromisoformat(said.created_time)
        if at >= start:
            item = _item(said, inbox.author, others[0], at)
            yield at, event(_OBJECTS[inbox.platform], inbox.author, at, {"messaging": [item]})


def _item(said: Said, account: str, contact: str, at: datetime) -> dict[str, Any]:
    own = said.author is not None and str(said.author.id) == account
    sender, recipient = (account, contact) if own else (contact, account)
    story = said.story or Story()
    message: dict[str, Any] = {"mid": said.id, "text": said.message or "", "is_echo": own}
    message["attachments"] = [_attachment(each) for each in said.attachments.data]
    if story.mention:
        message["attachments"].append({"type": "story_mention", "payload": {"url": story.mention.link}})
    if story.reply_to:
        message["reply_to"] = {"story": {"url": story.reply_to.link}}
    return {
        "sender": {"id": sender},
        "recipient": {"id": recipient},
        "timestamp": round(at.timestamp() * 1000),
        "message": message,
    }


def _attachment(found: Attachment) -> dict[str, Any]:
    kind = found.mime_type.partition("/")[0]
    if found.image_data:
        kind, url = "image", found.image_data.url
    elif found.video_data:
        kind, url = "video", found.video_data.url
    else:
        kind, url = kind if kind in ("image", "video", "audio") else "file", found.file_url
    return {"type": kind, "payload": {"url": url, "title": found.name}}
