"""What the stand-in of the Graph API knows and keeps."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

ALL_FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
)
"""The webhook fields a page can be subscribed to."""

Author = Literal["person", "app", "inbox"]
"""Who wrote: the person, an app through the API, or somebody of the business in the Page inbox."""


class App(Struct, frozen=True):
    id: str
    secret: str
    name: str


class Page(Struct, frozen=True):
    id: str
    token: str
    name: str
    app_id: str


class Person(Struct, frozen=True):
    """`timezone` is hours from UTC; `available` is False for somebody who blocked the page."""

    psid: str
    name: str
    locale: str = "en_GB"
    timezone: float | None = None
    available: bool = True


class World(Struct, frozen=True):
    """What exists when the sandbox starts; people are added as they write."""

    apps: tuple[App, ...]
    pages: tuple[Page, ...]
    people: tuple[Person, ...] = ()


class Attachment(Struct, frozen=True, omit_defaults=True):
    """`type`: image, video, audio, file, location, fallback, template."""

    type: str
    url: str | None = None
    title: str | None = None


class Act(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing a person does.

    Sends text, attachments, a postback's payload (the text is its title), a quick reply's payload
    (with its text) or an unsupported kind. `edit`, `delete` and `react_to` name a message: its id, "last"
    (the person's own last one) or "answer" (the page's last one); `reaction` is the emoji, None takes it
    back. `blocks` the page or no longer does. `standby`: another app holds the thread.
    """

    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    postback: str | None = None
    quick_reply: str | None = None
    reply_to: str | None = None
    sticker_id: int | None = None
    unsupported: bool = False
    standby: bool = False
    edit: str | None = None
    delete: str | None = None
    react_to: str | None = None
    reaction: str | None = None
    read: bool = False
    blocks: bool | None = None


class Say(Act, frozen=True, kw_only=True):
    """Who does it, on which page (None: the first one); a new person gets the name and the locale."""

    psid: str
    name: str | None = None
    locale: str | None = None
    page_id: str | None = None


class Message(Struct, frozen=True):
    """`at` is milliseconds; `metadata` is what the sending app wrote beside the text."""

    id: str
    page_id: str
    psid: str
    author: Author
    text: str
    at: int
    seq: int = 0
    attachments: tuple[Attachment, ...] = ()
    metadata: str | None = None
    tag: str | None = None
    payload: str | None = None
    edits: int = 0
    deleted: bool = False
    reaction: str | None = None


class Conversation(Struct, frozen=True):
    id: str
    page_id: str
    psid: str
    name: str
    messages: tuple[Message, ...]
    actions: tuple[str, ...] = ()


class Delivery(Struct, frozen=True):
    """One webhook body, kept until the hub answers 200 to it."""

    id: int
    page_id: str
    body: bytes
    attempts: int
    accepted: bool
    problem: str | None = None

    @property
    def event(self) -> Any:
        return msgspec.json.decode(self.body)


WORLD = World(
    apps=(App(id="412008153370021", secret="sandbox-app-secret", name="SocialAI Hub (sandbox)"),),
    pages=(
        Page(
            id="108800441200777",
            token="sandbox-page-token",
            name="Northwind Outfitters",
            app_id="412008153370021",
        ),
    ),
)
"""The demo's world: one app with one page."""
