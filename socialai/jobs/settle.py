"""What came of a delivery, written down, and whose turn it is then."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from socialai import log
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.outbox import OutboxItem
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.store import activities, channels, messages, outbox, replies
from socialai.store.db import Job


@dataclass(frozen=True)
class Claimed:
    """An item that nobody else works on; `withdrawn`: it shall not be sent any more."""

    item: OutboxItem
    channel: Channel
    outgoing: Outgoing
    withdrawn: bool
    trace: str | None


@dataclass(frozen=True)
class Delivery:
    app: App
    tenant_id: str
    claimed: Claimed

    @property
    def item(self) -> OutboxItem:
        return self.claimed.item

    @property
    def channel(self) -> Channel:
        return self.claimed.channel

    @property
    def outgoing(self) -> Outgoing:
        return self.claimed.outgoing

    def write(self, job: Job[int]) -> int:
        return self.app.files.tenant(self.tenant_id).write(job)

    def log(self, event: str, **facts: object) -> None:
        log.get().info(
            event,
            tenant=self.tenant_id,
            conversation=self.item.conversation_id,
            trace=self.claimed.trace,
            item=self.item.id,
            **facts,
        )


def sent(delivery: Delivery, external_id: str) -> None:
    item, now = delivery.item, delivery.app.clock()

    def run(db: sqlite3.Connection) -> int:
        if outbox.sent(db, item.id, external_id, now):
            messages.sent(db, item.message_id, external_id, now)
            replies.finish(db, item.reply_id)
        return 0

    delivery.write(run)
    go_on(delivery)


def try_later(delivery: Delivery, wait: float, reason: str, code: str | None) -> None:
    """It did not arrive, and is queued again."""
    due_at = delivery.app.clock() + timedelta(seconds=wait)
    delivery.write(lambda db: outbox.requeue(db, delivery.item.id, due_at, reason, code))
    delivery.app.tasks.wake("deliver", delivery.tenant_id, delivery.item.id, wait)


def ask_later(delivery: Delivery, wait: float, error: DeliveryError) -> None:
    """It may have arrived: the platform is asked before anything is sent again."""
    due_at = delivery.app.clock() + timedelta(seconds=wait)
    delivery.write(lambda db: outbox.doubt(db, delivery.item.id, due_at, str(error), error.code))
    delivery.app.tasks.wake("deliver", delivery.tenant_id, delivery.item.id, wait)


def disconnect(delivery: Delivery, reason: str, code: str | None) -> None:
    """The channel stops until it is connected again; its outbox waits, and nothing counts as tried."""

    def run(db: sqlite3.Connection) -> int:
        channels.set_state(db, delivery.channel.id, "reauthorise", reason)
        return outbox.give_back(db, delivery.item.id, reason, code)

    delivery.write(run)
    delivery.app.feed.tell(delivery.tenant_id, "channel", delivery.channel.id)


def die(delivery: Delivery, reason: str, code: str | None) -> None:
    """A dead letter, unless an echo has told meanwhile that it arrived."""
    app, item = delivery.app, delivery.item

    def run(db: sqlite3.Connection) -> int:
        buried = outbox.bury(db, item.id, reason, code)
        if buried:
            replies.finish(db, item.reply_id)
            activities.add(db, item.conversation_id, "not_sent", f"Not sent: {reason}", app.clock())
        return buried

    if buried := delivery.write(run):
        app.metrics.dead_letters.labels(delivery.tenant_id, "outbox").inc(buried)
        app.feed.tell(delivery.tenant_id, "dead_letter", item.id)
    go_on(delivery)


def withdraw(db: sqlite3.Connection, item: OutboxItem, now: datetime) -> None:
    """A person took the conversation over while the assistant's answer still waited."""
    reason = "a person took over before it could be"
    outbox.withdraw(db, item.reply_id, f"Not sent: {reason}.")
    replies.withdraw(db, item.reply_id)
    activities.add(db, item.conversation_id, "not_sent", f"Not sent: {reason}", now)


def go_on(delivery: Delivery) -> None:
    """Wake what waits behind it in its conversation."""
    database = delivery.app.files.tenant(delivery.tenant_id)
    following = database.read(lambda db: outbox.find_next(db, delivery.item.conversation_id))
    if following is not None:
        delivery.app.tasks.wake("deliver", delivery.tenant_id, following)


def count(delivery: Delivery, outcome: str) -> None:
    delivery.app.metrics.deliveries.labels(delivery.channel.platform, outcome).inc()
    delivery.log("delivery tried", outcome=outcome)
