"""Send what is owed. An outcome nobody knows is asked of the platform before anything is sent again."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from socialai import log
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation, Message
from socialai.domain.outbox import RECONCILE_TRIES, OutboxItem, next_wait
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing, Platform
from socialai.store import (
    activities,
    channels,
    contacts,
    conversations,
    messages,
    outbox,
    replies,
)


@dataclass(frozen=True)
class _Delivery:
    """A claimed item with all that is needed to send it or to ask about it."""

    app: App
    tenant_id: str
    item: OutboxItem
    channel: Channel
    outgoing: Outgoing
    adapter: Platform


def deliver(app: App, tenant_id: str, item_id: int) -> None:
    database = app.files.tenant(tenant_id)
    claimed = database.write(lambda db: _claim(db, item_id, app.clock()))
    if claimed is None:
        return
    item, channel, outgoing = claimed
    delivery = _Delivery(app, tenant_id, item, channel, outgoing, app.channels.adapter(tenant_id, channel.id))
    if item.state == "unknown":
        _reconcile(delivery)
    else:
        _send(delivery)
    app.feed.tell(tenant_id, "conversation", item.conversation_id)


def _claim(
    db: sqlite3.Connection, item_id: int, now: datetime
) -> tuple[OutboxItem, Channel, Outgoing] | None:
    item = outbox.claim_to_send(db, item_id, now) or outbox.claim_to_check(db, item_id, now)
    if item is None:
        return None
    conversation = conversations.get(db, item.conversation_id)
    outgoing = _outgoing(db, item, conversation, messages.get(db, item.message_id))
    return item, channels.get(db, item.channel_id), outgoing


def _outgoing(
    db: sqlite3.Connection, item: OutboxItem, conversation: Conversation, message: Message
) -> Outgoing:
    """A draft that a person approved is a person's message."""
    return Outgoing(
        contact=contacts.external_id(db, conversation.contact_id, conversation.channel_id),
        text=item.text,
        key=item.key,
        last_contact_message_at=conversation.last_contact_message_at,
        by_person=message.user_id is not None,
    )


def _send(delivery: _Delivery) -> None:
    item = delivery.item
    with suppress(DeliveryError):
        if item.attempts == 1:
            delivery.adapter.typing(delivery.outgoing.contact)
    try:
        external_id = delivery.adapter.send(delivery.outgoing, delivery.app.clock())
    except DeliveryError as error:
        _failed(delivery, error)
    else:
        _sent(delivery, external_id)


def _reconcile(delivery: _Delivery) -> None:
    """Ask whether it arrived: sent with its id, or queued again, or asked once more later."""
    item, now = delivery.item, delivery.app.clock()
    try:
        external_id = delivery.adapter.find_sent(delivery.outgoing, item.started_at or item.created_at)
    except DeliveryError as error:
        if item.checks + 1 >= RECONCILE_TRIES:
            _die(
                delivery,
                f"Nobody knows whether this arrived, and the platform does not say: {error}",
                "unknown",
            )
        else:
            wait = delivery.app.settings.reconcile_seconds * 2**item.checks
            _later(delivery, "unknown", wait, error, in_doubt=True, checks=item.checks + 1)
        return
    if external_id is not None:
        _sent(delivery, external_id)
    else:
        wait = next_wait(item.attempts, delivery.app.settings.retry_seconds, None)
        missing = DeliveryError("retry", item.error or "It did not arrive.", code=item.error_code)
        if wait is None:
            _die(delivery, str(missing), item.error_code)
        else:
            _later(delivery, "queued", 0.0, missing, in_doubt=False, checks=0)
    log.get().info(
        "reconciled", tenant=delivery.tenant_id, item=item.id, arrived=external_id is not None, at=now
    )


def _sent(delivery: _Delivery, external_id: str) -> None:
    item, now = delivery.item, delivery.app.clock()

    def run(db: sqlite3.Connection) -> int | None:
        if outbox.sent(db, item.id, external_id, now):
            messages.sent(db, item.message_id, external_id, now)
            replies.finish(db, item.reply_id)
        return outbox.find_next(db, item.conversation_id)

    following = delivery.app.files.tenant(delivery.tenant_id).write(run)
    _count(delivery, "sent")
    if following is not None:
        delivery.app.tasks.wake("deliver", delivery.tenant_id, following)


def _failed(delivery: _Delivery, error: DeliveryError) -> None:
    app, item = delivery.app, delivery.item
    _count(delivery, error.outcome)
    if error.outcome == "permanent":
        _die(delivery, str(error), error.code)
    elif error.outcome == "reauthorise":
        _disconnect(delivery, error)
    elif error.outcome == "unknown":
        _later(delivery, "unknown", app.settings.reconcile_seconds, error, in_doubt=True, checks=0)
    else:
        wait = next_wait(item.attempts, app.settings.retry_seconds, error.retry_after)
        if wait is None:
            _die(delivery, f"Tried {item.attempts} times. Last: {error}", error.code)
        else:
            _later(delivery, "queued", wait, error, in_doubt=False, checks=0)


def _later(
    delivery: _Delivery, state: str, wait: float, error: DeliveryError, *, in_doubt: bool, checks: int
) -> None:
    item, app = delivery.item, delivery.app
    due_at = app.clock() + timedelta(seconds=wait)
    app.files.tenant(delivery.tenant_id).write(
        lambda db: outbox.later(
            db,
            item.id,
            "unknown" if state == "unknown" else "queued",
            due_at,
            str(error),
            error.code,
            in_doubt=in_doubt,
            checks=checks,
        )
    )
    app.tasks.wake("deliver", delivery.tenant_id, item.id, wait)


def _disconnect(delivery: _Delivery, error: DeliveryError) -> None:
    """The token is dead: the channel stops, its outbox waits, and nothing counts as tried."""
    item, app = delivery.item, delivery.app
    now = app.clock()

    def run(db: sqlite3.Connection) -> None:
        channels.set_state(db, delivery.channel.id, "reauthorise", str(error))
        outbox.later(db, item.id, "queued", now, str(error), error.code, in_doubt=False, checks=0)
        outbox.give_back_attempt(db, item.id)

    app.files.tenant(delivery.tenant_id).write(run)
    app.feed.tell(delivery.tenant_id, "channel", delivery.channel.id)


def _die(delivery: _Delivery, reason: str, code: str | None) -> None:
    item, app = delivery.item, delivery.app

    def run(db: sqlite3.Connection) -> int | None:
        if outbox.bury(db, item.id, reason, code):
            replies.finish(db, item.reply_id)
            activities.add(db, item.conversation_id, "not_sent", f"Not sent: {reason}", app.clock())
        return outbox.find_next(db, item.conversation_id)

    following = app.files.tenant(delivery.tenant_id).write(run)
    app.metrics.dead_letters.labels(delivery.tenant_id, "outbox").inc()
    app.feed.tell(delivery.tenant_id, "dead_letter", item.id)
    if following is not None:
        app.tasks.wake("deliver", delivery.tenant_id, following)


def _count(delivery: _Delivery, outcome: str) -> None:
    delivery.app.metrics.deliveries.labels(delivery.channel.platform, outcome).inc()
    log.get().info(
        "delivery",
        tenant=delivery.tenant_id,
        conversation=delivery.item.conversation_id,
        item=delivery.item.id,
        outcome=outcome,
    )
