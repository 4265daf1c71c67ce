"""The list of conversations: its filter, and what each row shows."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from msgspec import Struct

from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation
from socialai.domain.custom_intent import CustomIntent
from socialai.domain.triage import INTENTS, Intent
from socialai.routes.pages.inbox_window import ReplyWindow, reply_window
from socialai.routes.pages.person import Person, person
from socialai.routes.pages.render import link
from socialai.security.permissions import Principal
from socialai.store import channels, custom_intents, views
from socialai.store.inbox import Glance, glances
from socialai.store.views import View

STEP = 50
_MOST = 1000
VIEWS: dict[View, str] = {
    "all": "Open",
    "unread": "Unread",
    "waiting": "To approve",
    "escalated": "Escalated",
    "mine": "Mine",
    "closing": "Closing soon",
    "resolved": "Resolved",
}


class Query(Struct, frozen=True):
    """Which conversations are listed; it travels in the address. `about` is one of the five intents, or the
    id of one of the tenant's own."""

    view: View = "all"
    channel: int | None = None
    about: str = ""
    words: str = ""
    shown: int = STEP

    @property
    def own_intent_id(self) -> int | None:
        return number(self.about)

    @property
    def intent(self) -> Intent | None:
        return next((intent for intent in INTENTS if intent == self.about), None)

    def url(self, conversation_id: int | None = None, **changes: object) -> str:
        path = f"/inbox/{conversation_id}" if conversation_id else "/inbox"
        asked = {
            "view": self.view,
            "channel": self.channel,
            "about": self.about,
            "q": self.words,
            "shown": self.shown,
        } | changes
        return link(path, **{name: value for name, value in asked.items() if value not in ("all", STEP)})


class Row(Struct, frozen=True):
    conversation: Conversation
    glance: Glance
    contact: Person
    window: ReplyWindow | None


class Listing(Struct, frozen=True):
    query: Query
    rows: list[Row]
    counts: dict[View, int]
    channels: list[Channel]
    own_intents: list[CustomIntent]
    open_id: int | None
    has_more: bool


def query_of(request: Request) -> Query:  # type: ignore[type-arg]  # any user, any state
    """Of a form that htmx sends, the page's own address says it."""
    if request.method == "POST":
        return query_from(dict(parse_qsl(request.headers.get("hx-current-url", "").partition("?")[2])))
    return query_from(request.query_params)


def query_from(asked: Mapping[str, Any]) -> Query:
    """Whatever it says that makes no sense is left out."""
    view: View = next((view for view in VIEWS if view == asked.get("view")), "all")
    return Query(
        view=view,
        channel=number(asked.get("channel")),
        about=_about(str(asked.get("about", ""))),
        words=str(asked.get("q", "")).strip()[:100],
        shown=min(_MOST, max(STEP, number(asked.get("shown")) or STEP)),
    )


def _about(text: str) -> str:
    return text if text in INTENTS or number(text) is not None else ""


def listing(app: App, who: Principal, query: Query, open_id: int | None = None) -> Listing:
    now = app.clock()

    def read(db: sqlite3.Connection) -> Listing:
        found = views.conversations(
            db,
            query.view,
            now,
            user_id=who.user_id,
            channel_id=query.channel,
            words=query.words,
            intent=query.intent,
            own_intent_id=query.own_intent_id,
            limit=query.shown + 1,
            soonest_first=query.view == "closing",
        )
        return Listing(
            query=query,
            rows=_rows(db, found[: query.shown], now),
            counts=views.counts(db, who.user_id, now),
            channels=channels.channels(db),
            own_intents=custom_intents.intents(db),
            open_id=open_id,
            has_more=len(found) > query.shown,
        )

    return app.files.tenant(who.tenant_id).read(read)


def _rows(db: sqlite3.Connection, found: list[Conversation], now: datetime) -> list[Row]:
    seen = glances(db, [conversation.id for conversation in found])
    return [_row(conversation, seen[conversation.id], now) for conversation in found]


def _row(conversation: Conversation, glance: Glance, now: datetime) -> Row:
    window = None if conversation.state == "resolved" else reply_window(conversation, glance.platform, now)
    return Row(conversation, glance, person(conversation.contact_id, glance.contact_name), window)


def number(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 18 else None
