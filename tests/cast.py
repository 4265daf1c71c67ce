"""The fixed cast of every test: the shop *acme* with its team, and *rival*, whom nothing at acme may touch.

Each tenant has one channel, contact, conversation, draft, article, event and dead outbox item that tests
speak of; rival's have ids that acme's file does not hold.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from socialai.context import App
from socialai.domain.candidate import Exchange
from socialai.domain.case import Wanted
from socialai.domain.contradiction import Clash
from socialai.domain.gap import Unanswered
from socialai.domain.happening import Received
from socialai.domain.lead import Score
from socialai.domain.reply import Source
from socialai.domain.triage import Sentiment, Triage
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.store import (
    activities,
    articles,
    attempts,
    blobs,
    candidates,
    cases,
    contacts,
    contradictions,
    conversations,
    crms,
    custom_intents,
    details,
    events,
    gaps,
    leads,
    merges,
    messages,
    outbox,
    replies,
    sites,
    tries,
    turns,
)
from socialai.store.db import connect

START = datetime(2026, 11, 23, 8, 0, 0, 250_000, tzinfo=UTC)
PASSWORD = "green tomato soup"
ACME = {"olga": "owner", "adam": "admin", "anna": "agent", "vera": "viewer"}
PAGES = {"acme": "1001", "rival": "2002"}
SECRETS = {
    "page_token": "EAAB-page-token",
    "app_secret": "app-secret-0123",
    "verify_token": "verify-me-please",
}
PLATFORM_APP = {"app_id": "4711", "app_secret": "secret-of-the-app", "verify_token": "verify-me-please"}
SCORE = Score(72, "warm", ("40 of 40: wants to buy",))
_MORE_AT_RIVAL = 3


class Clock:
    """A time that only moves when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


class Ids(Struct, frozen=True):
    """What a tenant has, named as the routes name it."""

    user_id: int
    channel_id: int
    contact_id: int
    conversation_id: int
    message_id: int
    turn_id: int
    reply_id: int
    article_id: int
    event_id: int
    item_id: int
    intent_id: int
    example_id: int
    site_id: int
    gap_id: int
    candidate_id: int
    contradiction_id: int
    case_id: int
    attempt_id: int
    blob_id: int
    merge_id: int
    crm_id: int
    detail_id: int
    run_id: int


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def bring_up(app: App) -> dict[str, Ids]:
    """Both tenants, in an empty data directory."""
    olga = accounts.set_up(app.gate, "acme", "Acme", "olga@acme.example", "olga", PASSWORD)
    for name, role in ACME.items():
        if role != "owner":
            email = f"{name}@acme.example"
            accounts.add_user(app.gate, operator("acme"), email, name, role, PASSWORD)  # type: ignore[arg-type]  # a role
    rita = accounts.add_tenant(app.gate, "rival", "Rival", "rita@rival.example", "rita", PASSWORD)
    acme = _furnish(app, "acme", olga.id)
    for number in range(1, _MORE_AT_RIVAL):
        _furnish(app, "rival", rita.id, page=f"{PAGES['rival']}{number}")
    return {"acme": acme, "rival": _furnish(app, "rival", rita.id)}


def rows(path: Path) -> dict[str, list[Any]]:
    """Everything a database holds, table by table."""
    db = connect(path, read_only=True)
    try:
        names = db.execute("select name from sqlite_master where type = 'table' and sql not like '%virtual%'")
        return {
            name: [tuple(row) for row in db.execute(f'select * from "{name}"')]
            for (name,) in names.fetchall()
        }
    finally:
        db.close()


def _furnish(app: App, tenant_id: str, user_id: int, page: str | None = None) -> Ids:
    app.files.create(tenant_id)
    page = page or PAGES[tenant_id]
    channel = app.channels.connect(
        tenant_id, "facebook", f"{tenant_id.title()} on Facebook", {"page_id": page, **SECRETS}, app.clock()
    )
    app.channels.apps.put_own(tenant_id, "facebook", PLATFORM_APP)
    return app.files.tenant(tenant_id).write(lambda db: _fill(db, user_id, channel.id, page, app.clock()))


def _fill(db: sqlite3.Connection, user_id: int, channel_id: int, page: str, now: datetime) -> Ids:
    body = f'{{"object": "page", "entry": [{{"id": "{page}"}}]}}'.encode()
    event_id = events.keep(db, "facebook", body, "trace-1", now)
    assert event_id is not None
    events.bury(db, event_id, "This delivery is not understood.", now)
    contact_id = contacts.ensure(db, channel_id, "7001", now)
    contacts.set_profile(db, contact_id, "Ada Lovelace", {"locale": "en_GB"})
    conversation_id = conversations.ensure(db, channel_id, contact_id, now)
    message_id = _message(db, conversation_id, page, now)
    turn_id, reply_id = _turn(db, conversation_id, message_id, now)
    leads.put(db, contact_id, conversation_id, "sales", SCORE, "facebook", now)
    activities.add(db, conversation_id, "drafted", "The assistant wrote a draft", now)
    text = f"We ship to Norway for 9 EUR ({page})."
    article = articles.add(db, title=f"Shipping {page}", kind="text", text=text, source="test", now=now)
    return Ids(
        user_id=user_id,
        channel_id=channel_id,
        contact_id=contact_id,
        conversation_id=conversation_id,
        message_id=message_id,
        turn_id=turn_id,
        reply_id=reply_id,
        article_id=article.id,
        event_id=event_id,
        item_id=_dead_item(db, channel_id, conversation_id, now),
        site_id=sites.add(db, f"https://{page}.example/", now + timedelta(days=365), whole=True).id,
        contradiction_id=_contradiction(db, article.id, page, now),
        candidate_id=_candidate(db, conversation_id, message_id, page, now),
        gap_id=_gap(db, conversation_id, turn_id, page, now),
        detail_id=details.add(db, contact_id, "preference", f"Pays on invoice ({page})", user_id, now).id,
        merge_id=_merge(db, contact_id, user_id, now),
        blob_id=_blob(db, message_id),
        crm_id=crms.put(db, "hubspot", page, f"HubSpot {page}", {"api_version": "v3"}, None, now).id,
        attempt_id=_attempt(db, user_id, page, now),
        case_id=cases.add(db, Wanted(f"Do you sell bells ({page})?", answerable=False), now).id,
        run_id=1,  # of the hub, not of a tenant
        **_intent(db, page, now),
    )


def _blob(db: sqlite3.Connection, message_id: int) -> int:
    """A file that came with the message."""
    row = db.execute(
        "insert into blob (message_id, position, state) values (?, 0, 'waiting') returning id", (message_id,)
    ).fetchone()
    blobs.keep(db, row["id"], "image/png", b"a picture")
    return int(row["id"])


def _merge(db: sqlite3.Connection, contact_id: int, user_id: int, now: datetime) -> int:
    """Somebody who turned out to be Ada, too."""
    row = db.execute(
        "insert into contact (name, created_at) values ('A. L.', ?) returning id", (now.isoformat(),)
    )
    return merges.join(db, contact_id, int(row.fetchone()["id"]), user_id, now)


def _attempt(db: sqlite3.Connection, user_id: int, page: str, now: datetime) -> int:
    """Somebody is at the platform, to sign in there."""
    back, redirect = "http://testserver", "http://testserver/auth/social/facebook/callback"
    return attempts.add(db, f"state-{page}", "facebook", user_id, back, redirect, now)


def _contradiction(db: sqlite3.Connection, article_id: int, page: str, now: datetime) -> int:
    """With itself: the cast has one article."""
    clash = Clash(f"Shipping to Norway costs 9 EUR ({page}).", article_id, "It costs 12 EUR.")
    contradictions.add(db, article_id, [clash], now)
    return contradictions.contradictions(db)[0].id


def _candidate(
    db: sqlite3.Connection, conversation_id: int, message_id: int, page: str, now: datetime
) -> int:
    found = Exchange(message_id, f"Do you repair zips ({page})?", "Yes, for 15 EUR within a week.", ("name",))
    candidates.add(db, conversation_id, [found], message_id, now)
    return candidates.candidates(db)[0].id


def _gap(db: sqlite3.Connection, conversation_id: int, turn_id: int, page: str, now: datetime) -> int:
    question = f"Do you sell gift cards ({page})?"
    gap_id = gaps.add(db, question, bytes(384 * 4), now)
    gaps.add_question(db, gap_id, Unanswered(turn_id, conversation_id, question, "unanswered", now))
    return gap_id


def _intent(db: sqlite3.Connection, page: str, now: datetime) -> dict[str, int]:
    intent = custom_intents.add(db, f"Wholesale {page}", "usual", now)
    texts = [f"Do you sell {count} at once? ({page})" for count in range(50, 54)]
    custom_intents.add_examples(db, intent.id, texts, now)
    return {"intent_id": intent.id, "example_id": custom_intents.examples(db, intent.id)[0].id}


def _message(db: sqlite3.Connection, conversation_id: int, page: str, now: datetime) -> int:
    received = Received(
        channel=page, contact="7001", external_id="m_1", at=now, text="Do you ship to Norway?", kind="text"
    )
    message = messages.add_inbound(db, conversation_id, received, None, "trace-1", now)
    assert message is not None
    conversations.received(db, conversation_id, message.text, now)
    return message.id


def _turn(db: sqlite3.Connection, conversation_id: int, message_id: int, now: datetime) -> tuple[int, int]:
    turn_id = turns.add(
        db,
        conversation_id,
        message_id,
        "trace-1",
        triage=Triage("sales", "sales", 0.91, Sentiment("neutral", 0.1), "low"),
        outcome="draft",
        reasons=(),
        sources=(Source(1, 1, "Shipping", 0.8, "We ship to Norway for 9 EUR."),),
        score=SCORE,
        model_versions={"encoder": "test"},
        stage_ms={"classify": 1.0},
        now=now,
        tier="extractive",
    )
    version = conversations.get(db, conversation_id).version
    reply = replies.add(
        db, conversation_id, "draft", "Hi Ada, we ship to Norway for 9 EUR.", version, now, turn_id=turn_id
    )
    return turn_id, reply.id


def _dead_item(db: sqlite3.Connection, channel_id: int, conversation_id: int, now: datetime) -> int:
    reply = replies.add(db, conversation_id, "approved", "An earlier reply", 0, now, user_id=1)
    message_id = messages.add_outgoing(db, conversation_id, reply.id, "user", 1, reply.text, now)
    item_id = outbox.add_reply(db, channel_id, conversation_id, reply.id, message_id, reply.text, now)
    tries.bury(db, item_id, "Facebook refused it.", "10")
    return item_id
