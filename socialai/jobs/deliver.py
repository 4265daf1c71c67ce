"""Send what is owed. An outcome nobody knows is asked of the platform before anything is sent again."""

import sqlite3
from contextlib import suppress

from socialai.context import App
from socialai.domain.conversation import Conversation
from socialai.domain.outbox import RECONCILE_TRIES, OutboxItem, next_wait
from socialai.errors import DeliveryError, WrongKey
from socialai.jobs import settle
from socialai.jobs.settle import Claimed, Delivery
from socialai.platforms.base import Outgoing, Platform
from socialai.store import channels, contacts, conversations, messages, outbox, replies


def deliver(app: App, tenant_id: str, item_id: int) -> None:
    claimed = app.files.tenant(tenant_id).write(lambda db: _claim(db, item_id, app))
    if claimed is None:
        return
    delivery = Delivery(app, tenant_id, claimed)
    if claimed.withdrawn:
        settle.go_on(delivery)
    else:
        _attempt(delivery)
    app.feed.tell(tenant_id, "conversation", claimed.item.conversation_id)


def _claim(db: sqlite3.Connection, item_id: int, app: App) -> Claimed | None:
    now = app.clock()
    item = outbox.claim_to_send(db, item_id, now) or outbox.claim_to_check(db, item_id, now)
    if item is None:
        return None
    conversation = conversations.get(db, item.conversation_id)
    channel = channels.get(db, item.channel_id)
    withdrawn = item.state == "sending" and _is_talked_over(db, item, conversation)
    if withdrawn:
        settle.withdraw(db, item, now)
    return Claimed(
        item, channel, _outgoing(db, item, conversation), withdrawn, outbox.find_trace(db, item.id)
    )


def _is_talked_over(db: sqlite3.Connection, item: OutboxItem, conversation: Conversation) -> bool:
    """The assistant's own answer, and meanwhile a person has the conversation."""
    return conversation.owner_id is not None and replies.get(db, item.reply_id).user_id is None


def _outgoing(db: sqlite3.Connection, item: OutboxItem, conversation: Conversation) -> Outgoing:
    """A draft that a person approved is a person's message."""
    return Outgoing(
        contact=contacts.external_id(db, conversation.contact_id, conversation.channel_id),
        text=item.text,
        key=item.key,
        last_contact_message_at=conversation.last_contact_message_at,
        by_person=messages.get(db, item.message_id).user_id is not None,
        known=outbox.arrived(db, conversation.id) if item.state == "unknown" else frozenset(),
    )


def _attempt(delivery: Delivery) -> None:
    try:
        adapter = delivery.app.channels.adapter(delivery.tenant_id, delivery.channel.id)
    except WrongKey as error:
        settle.disconnect(delivery, str(error), None)
        return
    if delivery.item.state == "unknown":
        _reconcile(delivery, adapter)
    else:
        _send(delivery, adapter)


def _send(delivery: Delivery, adapter: Platform) -> None:
    with suppress(DeliveryError):
        if delivery.item.attempts == 1:
            adapter.typing(delivery.outgoing.contact)
    try:
        external_id = adapter.send(delivery.outgoing, delivery.app.clock())
    except DeliveryError as error:
        settle.count(delivery, error.outcome)
        _failed(delivery, error)
    else:
        settle.count(delivery, "sent")
        settle.sent(delivery, external_id)


def _failed(delivery: Delivery, error: DeliveryError) -> None:
    item, settings = delivery.item, delivery.app.settings
    if error.outcome == "permanent":
        settle.die(delivery, str(error), error.code)
    elif error.outcome == "reauthorise":
        settle.disconnect(delivery, str(error), error.code)
    elif error.outcome == "unknown":
        settle.ask_later(delivery, settings.reconcile_seconds, error)
    elif wait := next_wait(item.attempts, settings.retry_seconds, error.retry_after):
        settle.try_later(delivery, wait, str(error), error.code)
    else:
        settle.die(delivery, f"Tried {item.attempts} times. Last: {error}", error.code)


def _reconcile(delivery: Delivery, adapter: Platform) -> None:
    """Ask whether it arrived: sent with its id, or queued again, or asked once more later."""
    item = delivery.item
    try:
        external_id = adapter.find_sent(delivery.outgoing, item.started_at or item.created_at)
    except DeliveryError as error:
        _not_told(delivery, error)
        return
    delivery.log("reconciled", arrived=external_id is not None)
    if external_id is None:
        _not_there(delivery)
    else:
        settle.sent(delivery, external_id)


def _not_told(delivery: Delivery, error: DeliveryError) -> None:
    checks = delivery.item.checks
    if error.outcome == "reauthorise":
        settle.disconnect(delivery, str(error), error.code)
    elif checks < RECONCILE_TRIES:
        settle.ask_later(delivery, delivery.app.settings.reconcile_seconds * 2 ** (checks - 1), error)
    else:
        reason = f"Nobody knows whether this arrived, and the platform does not say: {error}"
        settle.die(delivery, reason, "unknown")


def _not_there(delivery: Delivery) -> None:
    """It surely did not arrive: a failed try like any other."""
    item = delivery.item
    reason = item.error or "It did not arrive."
    if wait := next_wait(item.attempts, delivery.app.settings.retry_seconds, None):
        settle.try_later(delivery, wait, reason, item.error_code)
    else:
        settle.die(delivery, f"Tried {item.attempts} times. Last: {reason}", item.error_code)
