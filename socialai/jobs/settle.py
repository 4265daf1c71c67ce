"""What came of a delivery, written down, and whose turn it is then."""

import sqlite3
from datetime import timedelta

from socialai import log
from socialai.errors import DeliveryError
from socialai.jobs.sender import Sender
from socialai.store import outbox, tries
from socialai.store.db import Job


def sent(sender: Sender, external_id: str) -> None:
    now = sender.app.clock()

    def run(db: sqlite3.Connection) -> int:
        if tries.sent(db, sender.item.id, external_id, now):
            sender.arrived(db, external_id, now)
        return 0

    _write(sender, run)
    go_on(sender)


def try_later(sender: Sender, wait: float, reason: str, code: str | None) -> None:
    """It did not arrive, and is queued again."""
    due_at = sender.app.clock() + timedelta(seconds=wait)
    _write(sender, lambda db: tries.requeue(db, sender.item.id, due_at, reason, code))
    sender.app.tasks.wake("deliver", sender.tenant_id, sender.item.id, wait)


def ask_later(sender: Sender, wait: float, error: DeliveryError) -> None:
    """It may have arrived: that is asked before anything is sent again."""
    due_at = sender.app.clock() + timedelta(seconds=wait)
    _write(sender, lambda db: tries.doubt(db, sender.item.id, due_at, str(error), error.code))
    sender.app.tasks.wake("deliver", sender.tenant_id, sender.item.id, wait)


def hold(sender: Sender, wait: float) -> None:
    """The way it goes is closed for a while; that is not its fault, so it counts as no try."""
    due_at = sender.app.clock() + timedelta(seconds=wait)
    _write(sender, lambda db: tries.hold(db, sender.item.id, due_at))
    sender.app.tasks.wake("deliver", sender.tenant_id, sender.item.id, wait)


def disconnect(sender: Sender, reason: str, code: str | None) -> None:
    """What it goes through stops until it is connected again; its outbox waits, and nothing counts as
    tried."""

    def run(db: sqlite3.Connection) -> int:
        sender.stop(db, reason)
        return tries.give_back(db, sender.item.id, reason, code)

    _write(sender, run)
    sender.app.feed.tell(sender.tenant_id, "channel", sender.item.channel_id or 0)


def die(sender: Sender, reason: str, code: str | None) -> None:
    """A dead letter, unless an echo has told meanwhile that it arrived."""
    app, item = sender.app, sender.item

    def run(db: sqlite3.Connection) -> int:
        buried = tries.bury(db, item.id, reason, code)
        if buried:
            sender.died(db, reason, app.clock())
        return buried

    if buried := _write(sender, run):
        app.metrics.dead_letters.labels(sender.tenant_id, "outbox").inc(buried)
        app.feed.tell(sender.tenant_id, "dead_letter", item.id)
    go_on(sender)


def go_on(sender: Sender) -> None:
    """Wake what waits behind it in its lane."""
    database = sender.app.files.tenant(sender.tenant_id)
    following = database.read(lambda db: outbox.find_next(db, sender.item.lane))
    if following is not None:
        sender.app.tasks.wake("deliver", sender.tenant_id, following)


def count(sender: Sender, outcome: str) -> None:
    sender.app.metrics.deliveries.labels(sender.to, outcome).inc()
    log_of(sender, "delivery tried", outcome=outcome)


def log_of(sender: Sender, event: str, **facts: object) -> None:
    log.get().info(
        event,
        tenant=sender.tenant_id,
        conversation=sender.item.conversation_id,
        trace=sender.trace,
        item=sender.item.id,
        kind=sender.item.kind,
        **facts,
    )


def _write(sender: Sender, job: Job[int]) -> int:
    return sender.app.files.tenant(sender.tenant_id).write(job)
