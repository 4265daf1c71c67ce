"""Read back whether something arrived at X: a conversation's private messages, or the account's own posts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote

from msgspec import Raw, Struct

from socialai.errors import DeliveryError, ParseError
from socialai.platforms.base import Outgoing
from socialai.platforms.calls import Calls
from socialai.platforms.reading import Id, iso
from socialai.platforms.x.posts import Around, Post, said
from socialai.platforms.x.snowflake import first_of, time_of
from socialai.platforms.x.words import Link, entities, plain

SKEW = timedelta(minutes=10)
"""How far a shop's clock may be ahead of X's: what seems too old to be ours would be sent twice."""
_PAGES = 10
POST_FIELDS = (
    "id,text,author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,note_tweet,"
    "display_text_range,edit_history_tweet_ids,attachments"
)
DM_FIELDS = "id,text,event_type,created_at,dm_conversation_id,sender_id,entities,attachments"


class Meta(Struct, frozen=True):
    next_token: str | None = None


class DmEvent(Struct):
    """One event of a private conversation; what is in its text comes beside it or in `entities`."""

    id: Id
    event_type: str = "MessageCreate"
    text: str | None = None
    sender_id: Id | None = None
    created_at: str | None = None
    dm_conversation_id: str | None = None
    urls: list[Link] | None = None
    entities: Raw = Raw(b"null")
    attachments: Raw = Raw(b"null")


class DmEvents(Struct):
    data: list[DmEvent] = []
    meta: Meta = Meta()


class Posts(Struct):
    data: list[Post] = []
    meta: Meta = Meta()


def find_message(calls: Calls, account: str, outgoing: Outgoing, since: datetime) -> str | None:
    """The first message of the account with this text since then; None when surely there is none."""
    found = None
    for event in _messages(calls, outgoing.contact, since - SKEW):
        own = str(event.sender_id) == account and str(event.id) not in outgoing.known
        if own and _same(plain(event.text or "", links(event)), outgoing.text):
            found = str(event.id)
    return found


def find_answer(calls: Calls, account: str, outgoing: Outgoing, since: datetime) -> str | None:
    """The account's answer to the same post with this text since then; None when surely there is none."""
    asked = outgoing.answers or outgoing.thread
    found = None
    for post in _posts(calls, account, since - SKEW):
        try:
            ours = said(post, account, Around())
        except ParseError:
            raise _cannot_tell("a post of the account could not be read") from None
        if ours.reply_to == asked and ours.id not in outgoing.known and _same(ours.shown, outgoing.text):
            found = ours.id
    return found


def links(event: DmEvent) -> list[Link]:
    """X's documents and its answers differ in where the links stand."""
    return [*(event.urls or ()), *(entities(event.entities).urls or ())]


def _messages(calls: Calls, contact: str, earliest: datetime) -> Iterator[DmEvent]:
    """Newest first until one is older; DeliveryError when they are not read so far."""
    query = {"max_results": "100", "event_types": "MessageCreate", "dm_event.fields": DM_FIELDS}
    for _ in range(_PAGES):
        page = calls.read(f"2/dm_conversations/with/{quote(contact, safe='')}/dm_events", query, DmEvents)
        for event in page.data:
            if _time(event) < earliest:
                return
            yield event
        if not page.meta.next_token:
            return
        query = {**query, "pagination_token": page.meta.next_token}
    raise _cannot_tell("the conversation is too long")


def _posts(calls: Calls, account: str, earliest: datetime) -> Iterator[Post]:
    query = {"max_results": "100", "since_id": first_of(earliest), "tweet.fields": POST_FIELDS}
    for _ in range(_PAGES):
        page = calls.read(f"2/users/{account}/tweets", query, Posts)
        yield from page.data
        if not page.meta.next_token:
            return
        query = {**query, "pagination_token": page.meta.next_token}
    raise _cannot_tell("there are too many posts")


def _time(event: DmEvent) -> datetime:
    try:
        return iso(event.created_at) if event.created_at else time_of(str(event.id))
    except ParseError:
        raise _cannot_tell("a time is missing") from None


def _same(one: str, other: str) -> bool:
    """X trims a text and may change its line ends."""
    return one.split() == other.split()


def _cannot_tell(why: str) -> DeliveryError:
    return DeliveryError("retry", f"What was sent could not be read back: {why}.", code="read_back")
