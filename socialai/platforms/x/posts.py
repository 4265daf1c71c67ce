"""Posts as the Activity API and the newer endpoints show them."""

from msgspec import Raw, Struct

from socialai.domain.happening import Happening
from socialai.platforms.reading import Id, decode, iso, name, optional
from socialai.platforms.x import media, people
from socialai.platforms.x.said import Said
from socialai.platforms.x.snowflake import time_of
from socialai.platforms.x.words import entities, plain


class Reference(Struct):
    """`type`: replied_to, quoted, retweeted."""

    type: str = ""
    id: Id | None = None


class NoteTweet(Struct):
    """What is longer than a usual post."""

    text: str | None = None
    entities: Raw = Raw(b"null")


class Post(Struct):
    id: Id
    author_id: Id | None = None
    text: str | None = None
    created_at: str | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    in_reply_to_tweet_id: Id | None = None
    referenced_tweets: list[Reference] | None = None
    edit_history_tweet_ids: list[Id] | None = None
    display_text_range: list[int] | None = None
    note_tweet: NoteTweet | None = None
    entities: Raw = Raw(b"null")
    attachments: Raw = Raw(b"null")

    def refers(self, kind: str) -> str | None:
        found = (str(one.id) for one in self.referenced_tweets or () if one.type == kind and one.id)
        return next(found, None)

    @property
    def words(self) -> tuple[str, Raw]:
        """The whole text, and what stands in it."""
        note = self.note_tweet
        return (note.text, note.entities) if note and note.text else (self.text or "", self.entities)


class Includes(Struct, frozen=True):
    users: list[Raw] | None = None
    tweets: list[Raw] | None = None
    media: list[Raw] | None = None


class Around(Struct, frozen=True):
    """What was told beside the post."""

    users: dict[str, people.User] = {}
    posts: dict[str, Post] = {}
    pictures: dict[str, media.Media] = {}

    @classmethod
    def of(cls, raw: Raw) -> "Around":
        told = optional(raw, Includes) or Includes()
        posts = [post for each in told.tweets or () if (post := optional(each, Post))]
        return cls(people.listed(told.users), {str(post.id): post for post in posts}, media.known(told.media))

    def author_of(self, post_id: str | None) -> str:
        post = self.posts.get(post_id or "")
        return str(post.author_id) if post and post.author_id else ""


def read(raw: Raw, account: str, around: Around, *, is_mention: bool = False) -> Happening:
    """ParseError when what is needed is missing; `is_mention`: X says that it names the account."""
    return said(decode(raw, Post), account, around, is_mention=is_mention).becomes(account)


def said(post: Post, account: str, around: Around, *, is_mention: bool = False) -> Said:
    number, author = name(post.id), name(post.author_id)
    first = str((post.edit_history_tweet_ids or [number])[0])
    thread = name(post.conversation_id or first)
    parent = post.refers("replied_to") or (str(post.in_reply_to_tweet_id or "") or None)
    text, raw = post.words
    inside, files = entities(raw), media.of_post(post.attachments, around.pictures)
    begins = (post.display_text_range or [0])[0]
    root = around.posts.get(thread)
    return Said(
        id=number,
        first=first,
        author=author,
        at=iso(post.created_at) if post.created_at else time_of(number),
        text=plain(text, inside.urls or ()),
        shown=plain(text[max(begins, 0) :], inside.urls or ()),
        thread=thread,
        thread_title=plain(root.words[0], ()) if root and thread != number else None,
        reply_to=parent,
        files=tuple(each.attachment() for each in files),
        profile=people.told(around.users.get(author)),
        mentions=_mentions(post, account, around, is_mention=is_mention),
        answers_us=account in (str(post.in_reply_to_user_id), around.author_of(parent)),
        quotes_us=around.author_of(post.refers("quoted")) == account,
        shares=post.refers("retweeted") is not None,
    )


def _mentions(post: Post, account: str, around: Around, *, is_mention: bool) -> bool:
    """Not by the names that X puts before an answer: those stand before what is shown."""
    handle = around.users[account].handle if account in around.users else ""
    named = entities(post.words[1]).named
    begins = (post.display_text_range or [0])[0]
    told = any(one.begins >= begins and one.is_of(account, handle) for one in named)
    return told or (is_mention and not named)
