"""What the stand-in of the Graph API knows and keeps."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

Watched = Literal["page", "instagram", "whatsapp_business_account"]
"""The kind of object that an app is told of."""

FIELDS: Mapping[Watched, tuple[str, ...]] = {
    "page": (
        "messages",
        "messaging_postbacks",
        "message_echoes",
        "message_deliveries",
        "message_reads",
        "message_reactions",
        "message_edits",
        "feed",
        "mention",
    ),
    "instagram": (
        "messages",
        "message_edit",
        "message_reactions",
        "messaging_postbacks",
        "messaging_seen",
        "comments",
        "live_comments",
        "mentions",
    ),
    "whatsapp_business_account": (
        "messages",
        "smb_message_echoes",
        "account_update",
        "user_preferences",
        "user_id_update",
    ),
}
"""The webhook fields an account can be subscribed to."""

Author = Literal["person", "app", "inbox"]
"""Who wrote: the person, an app through the API, or somebody of the business in the Page inbox."""


class App(Struct, frozen=True):
    id: str
    secret: str
    name: str


class Account(Struct, frozen=True):
    """A Page, an Instagram account or a number on WhatsApp.

    `handle` is its user name or the number as people write it; `parent` the Page behind an Instagram account,
    the WhatsApp Business account of a number. `ended`: its token is not accepted any more.
    """

    id: str
    token: str
    name: str
    app_id: str
    watched: Watched = "page"
    handle: str = ""
    parent: str = ""
    ended: bool = False


class Post(Struct, frozen=True):
    """Something that an account said to everybody; people comment on it."""

    id: str
    account_id: str
    text: str


class Person(Struct, frozen=True):
    """`timezone` is hours from UTC; `available` is False for somebody who blocked the page."""

    psid: str
    name: str
    locale: str = "en_GB"
    timezone: float | None = None
    available: bool = True

    @property
    def username(self) -> str:
        return self.name.lower().replace(" ", ".")


class World(Struct, frozen=True):
    """What exists when the sandbox starts; people are added as they write."""

    apps: tuple[App, ...]
    accounts: tuple[Account, ...]
    posts: tuple[Post, ...] = ()
    people: tuple[Person, ...] = ()


class Attachment(Struct, frozen=True, omit_defaults=True):
    """`type`: image, video, audio, file, location, fallback, template."""

    type: str
    url: str | None = None
    title: str | None = None


class Act(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing a person does.

    Sends text, attachments, a postback's payload (the text is its title), a quick reply's payload (with its
    text), an answer to the story at an address (Instagram) or an unsupported kind. `edit`, `delete` and
    `react_to` name a message: its id, "last" (the person's own last one) or "answer" (the account's last
    one); `reaction` is the emoji, None takes it back. `blocks` the account or no longer does. `standby`:
    another app holds the thread. `ago`: it was done so many seconds ago, and is told of only now; `lost`: no
    webhook ever tells of it.
    """

    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    postback: str | None = None
    quick_reply: str | None = None
    reply_to: str | None = None
    story: str | None = None
    sticker_id: int | None = None
    unsupported: bool = False
    standby: bool = False
    edit: str | None = None
    delete: str | None = None
    react_to: str | None = None
    reaction: str | None = None
    read: bool = False
    blocks: bool | None = None
    ago: int = 0
    lost: bool = False


class Say(Act, frozen=True, kw_only=True):
    """Who does it, on which page (None: the first one); a new person gets the name and the locale."""

    psid: str
    name: str | None = None
    locale: str | None = None
    account_id: str | None = None


class Message(Struct, frozen=True):
    """`at` is milliseconds; `metadata` is what the sending app wrote beside the text."""

    id: str
    account_id: str
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
    account_id: str
    psid: str
    name: str
    messages: tuple[Message, ...]
    actions: tuple[str, ...] = ()


class Delivery(Struct, frozen=True):
    """One webhook body, kept until the hub answers 200 to it."""

    id: int
    account_id: str
    body: bytes
    attempts: int
    accepted: bool
    problem: str | None = None

    @property
    def event(self) -> Any:
        return msgspec.json.decode(self.body)


_APP = App(id="412008153370021", secret="sandbox-app-secret", name="SocialAI Hub (sandbox)")
_PAGE = Account(id="108800441200777", token="sandbox-page-token", name="Northwind Outfitters", app_id=_APP.id)
_INSTAGRAM = Account(
    id="17841400455970023",
    token="sandbox-instagram-token",
    name="Northwind Outfitters",
    app_id=_APP.id,
    watched="instagram",
    handle="northwind.outfitters",
    parent=_PAGE.id,
)
_NUMBER = Account(
    id="109320565430017",
    token="sandbox-whatsapp-token",
    name="Northwind Outfitters",
    app_id=_APP.id,
    watched="whatsapp_business_account",
    handle="+353 20 910 0142",
    parent="104466182611933",
)
WORLD = World(
    apps=(_APP,),
    accounts=(_PAGE, _INSTAGRAM, _NUMBER),
    posts=(
        Post(f"{_PAGE.id}_2001", _PAGE.id, "The Fulmar down jacket is here. Which colour would you take?"),
        Post(f"{_PAGE.id}_2002", _PAGE.id, "Tent week: see them pitched behind the shop in Galway."),
        Post("18027339470012001", _INSTAGRAM.id, "Above the clouds with the Errigal boots."),
    ),
)
"""The demo's world: one app of a shop with a Page, an Instagram account and a number on WhatsApp."""
