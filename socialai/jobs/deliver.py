"""Send what is owed. An outcome nobody knows is asked about before anything is sent again."""

import sqlite3
from collections.abc import Mapping

from socialai.context import App
from socialai.domain.outbox import RECONCILE_TRIES, OutboxKind
from socialai.errors import DeliveryError, WrongKey
from socialai.jobs import settle
from socialai.jobs.deliver_deed import DeedSender
from socialai.jobs.deliver_lead import LeadSender
from socialai.jobs.deliver_reply import ReplySender
from socialai.jobs.sender import Sender
from socialai.store import tries

SENDERS: Mapping[OutboxKind, type[Sender]] = {"reply": ReplySender, "moderate": DeedSender, "crm": LeadSender}


def deliver(app: App, tenant_id: str, item_id: int) -> None:
    sender, goes = app.files.tenant(tenant_id).write(lambda db: _claim(db, app, tenant_id, item_id))
    if sender is None:
        return
    if goes:
        _attempt(sender)
    else:
        settle.go_on(sender)
    app.feed.tell(tenant_id, sender.topic, sender.item.conversation_id or 0)


def _claim(db: sqlite3.Connection, app: App, tenant_id: str, item_id: int) -> tuple[Sender | None, bool]:
    now = app.clock()
    item = tries.claim_to_send(db, item_id, now) or tries.claim_to_check(db, item_id, now)
    if item is None:
        return None, False
    sender = SENDERS[item.kind](app, tenant_id, item)
    return sender, sender.prepare(db, now)


def _attempt(sender: Sender) -> None:
    if wait := sender.hold(sender.app.clock()):
        settle.hold(sender, wait)
        return
    try:
        if sender.item.state == "unknown":
            _reconcile(sender)
        else:
            _send(sender)
    except WrongKey as error:
        settle.disconnect(sender, str(error), None)


def _send(sender: Sender) -> None:
    try:
        external_id = sender.send(sender.app.clock())
    except DeliveryError as error:
        sender.heard(error, sender.app.clock())
        settle.count(sender, error.outcome)
        _failed(sender, error)
    else:
        sender.heard(None, sender.app.clock())
        settle.count(sender, "sent")
        settle.sent(sender, external_id)


def _failed(sender: Sender, error: DeliveryError) -> None:
    item = sender.item
    if error.outcome == "permanent":
        settle.die(sender, str(error), error.code)
    elif error.outcome == "reauthorise":
        settle.disconnect(sender, str(error), error.code)
    elif error.outcome == "unknown":
        settle.ask_later(sender, sender.app.settings.reconcile_seconds, error)
    elif wait := sender.wait(error.retry_after):
        settle.try_later(sender, wait, str(error), error.code)
    else:
        settle.die(sender, f"Tried {item.attempts} times. Last: {error}", error.code)


def _reconcile(sender: Sender) -> None:
    """Ask whether it arrived: sent with its id, or queued again, or asked once more later."""
    item = sender.item
    try:
        external_id = sender.find_sent(item.started_at or item.created_at)
    except DeliveryError as error:
        _not_told(sender, error)
        return
    settle.log_of(sender, "reconciled", arrived=external_id is not None)
    if external_id is None:
        _not_there(sender)
    else:
        settle.sent(sender, external_id)


def _not_told(sender: Sender, error: DeliveryError) -> None:
    checks = sender.item.checks
    if error.outcome == "reauthorise":
        settle.disconnect(sender, str(error), error.code)
    elif error.outcome != "permanent" and checks < RECONCILE_TRIES:
        settle.ask_later(sender, sender.app.settings.reconcile_seconds * 2 ** (checks - 1), error)
    else:
        reason = f"Nobody knows whether this arrived, and the other side does not say: {error}"
        settle.die(sender, reason, "unknown")


def _not_there(sender: Sender) -> None:
    """It surely did not arrive: a failed try like any other."""
    item = sender.item
    reason = item.error or "It did not arrive."
    if wait := sender.wait(None):
        settle.try_later(sender, wait, reason, item.error_code)
    else:
        settle.die(sender, f"Tried {item.attempts} times. Last: {reason}", item.error_code)
