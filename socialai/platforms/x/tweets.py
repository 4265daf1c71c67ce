"""Posts as the older account-activity API delivers them, in the shape of version 1.1."""

from datetime import UTC, datetime

from msgspec import Raw, Struct

from socialai.domain.happening import Happening
from socialai.errors import ParseError
from socialai.platforms.reading import Id, decode, moment, name, optional
from socialai.platforms.x.media import Media
from socialai.platforms.x.people import User
from socialai.platforms.x.said import Said
from socialai.platforms.x.snowflake import time_of
from socialai.platforms.x.words import Entities, entities, plain

_CREATED = "%a %b %d %H:%M:%S %z %Y"


class Extended(Struct):
    """The whole of a long text, of which `text` holds the beginning."""

    full_text: str | None = None
    display_text_range: list[int] | None = None
    entities: Raw = Raw(b"null")
    extended_entities: Raw = Raw(b"null")


class EditHistory(Struct):
    edit_tweet_ids: list[Id] | None = None


class Pictures(Struct):
    media: list[Media] | None = None


class Quoted(Struct):
    user: User | None = None


class Tweet(Struct):
    """Numbers may have been rounded by who passed them on; what ends in `_str` was not."""

    id: Id | None = None
    id_str: str | None = None
    text: str | None = None
    full_text: str | None = None
    created_at: str | None = None
    timestamp_ms: Id | None = None
    conversation_id_str: str | None = None
    in_reply_to_status_id: Id | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id: Id | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    display_text_range: list[int] | None = None
    extended_tweet: Extended | None = None
    edit_history: EditHistory | None = None
    quoted_status: Raw = Raw(b"null")
    retweeted_status: Raw = Raw(b"null")
    entities: Raw = Raw(b"null")
    extended_entities: Raw = Raw(b"null")
    user: User | None = None


def read(raw: Raw, account: str) -> Happening:
    """ParseError when what is needed is missing."""
    return _said(decode(raw, Tweet), account).becomes(account)


def _said(tweet: Tweet, account: str) -> Said:
    number = tweet.id_str or name(tweet.id)
    user = tweet.user or User()
    parent = _text(tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id)
    long = tweet.extended_tweet
    text = (long and long.full_text) or tweet.full_text or tweet.text or ""
    begins = ((long and long.display_text_range) or tweet.display_text_range or [0])[0]
    first, inside, pictures = _first(tweet, number), _inside(tweet), _pictures(tweet)
    hidden = [picture.link for picture in pictures]
    quoted = optional(tweet.quoted_status, Quoted) or Quoted()
    return Said(
        id=number,
        first=first,
        author=name(user.number),
        at=_time(tweet, number),
        text=plain(text, inside.urls or (), hidden),
        shown=plain(text[max(begins, 0) :], inside.urls or (), hidden),
        thread=tweet.conversation_id_str or parent or first,
        reply_to=parent,
        files=tuple(picture.attachment() for picture in pictures),
        profile=user.profile(),
        mentions=_mentions(tweet, account, inside, begins, parent),
        answers_us=_text(tweet.in_reply_to_user_id_str, tweet.in_reply_to_user_id) == account,
        quotes_us=quoted.user is not None and quoted.user.number == account,
        shares=bytes(tweet.retweeted_status) != b"null",
    )


def _mentions(tweet: Tweet, account: str, inside: Entities, begins: int, parent: str | None) -> bool:
    """A post to the account that answers none of its posts begins with its name."""
    if any(one.begins >= begins and one.is_of(account, "") for one in inside.named):
        return True
    return parent is None and _text(tweet.in_reply_to_user_id_str, tweet.in_reply_to_user_id) == account


def _inside(tweet: Tweet) -> Entities:
    long = tweet.extended_tweet
    return entities(long.entities if long and long.full_text else tweet.entities)


def _pictures(tweet: Tweet) -> list[Media]:
    long = tweet.extended_tweet or Extended()
    places = (long.extended_entities, tweet.extended_entities, long.entities, tweet.entities)
    found = (optional(raw, Pictures) for raw in places)
    return next((pictures.media for pictures in found if pictures and pictures.media), [])


def _first(tweet: Tweet, number: str) -> str:
    history = tweet.edit_history or EditHistory()
    return str((history.edit_tweet_ids or [number])[0])


def _time(tweet: Tweet, number: str) -> datetime:
    if tweet.timestamp_ms is not None:
        return moment(tweet.timestamp_ms)
    if tweet.created_at is None:
        return time_of(number)
    try:
        return datetime.strptime(tweet.created_at, _CREATED).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ParseError("the time is no time") from None


def _text(written: str | None, number: Id | None) -> str | None:
    return written or (None if number is None else str(number))
