"""A kept event becomes contacts, conversations and messages; what cannot be read becomes a dead letter."""

import sqlite3
from concurrent.futures import Future
from datetime import datetime, timedelta

import msgspec

from socialai import log
from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.event import Event
from socialai.domain.happening import UNTOLD, Happening, Ignored, Unreadable
from socialai.errors import HubError, StoreError
from socialai.jobs.forget import delivery_until
from socialai.jobs.keep import keep
from socialai.jobs.place import Kept
from socialai.store import events
from socialai.store.db import Job

GROUP = 64
"""Events that share a commit; a webhook waits no longer than one group for its own."""

_ABOUT = timedelta(seconds=0.25)


def process(app: App, tenant_id: str, _event_id: int) -> None:
    """Whatever waits, oldest first, in groups that share a commit; the next group gets a bell of its own."""
    database = app.files.tenant(tenant_id)
    group = database.read(lambda db: events.waiting(db, GROUP))
    due: dict[int, datetime] = {}
    try:
        keeping_all = database.put_all([_keeping(app, event) for event in group])
        for event, keeping in zip(group, keeping_all, strict=True):
            due |= _kept(app, tenant_id, event, keeping)
    finally:
        _ring(app, tenant_id, due)
    if len(group) == GROUP:
        app.tasks.wake("process", tenant_id, group[-1].id)


def _keeping(app: App, event: Event) -> Job[Kept | None]:
    happenings, problem = _parse(event)

    def run(db: sqlite3.Connection) -> Kept | None:
        """None when it was processed meanwhile."""
        if not events.is_waiting(db, event.id):
            return None
        now = app.clock()
        forget_at = delivery_until(event.platform, now)
        kept = keep(db, event, happenings, timedelta(seconds=app.settings.debounce_seconds), now)
        if problem:
            kept.problems.insert(0, problem)
        if kept.problems:
            events.bury(db, event.id, " ".join(dict.fromkeys(kept.problems)), now, forget_at)
        else:
            events.finish(db, event.id, now, kept.recovered, forget_at)
        return kept

    return run


def _parse(event: Event) -> tuple[list[Happening], str | None]:
    """An event that breaks the adapter is one we do not understand: it waits for a person, not for ever."""
    try:
        found = adapter_kind(event.platform).parse(event.body)
        return [_timed(happening, event.received_at) for happening in found], None
    except HubError as error:
        return [], str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours in parse must not lose the event
        log.get().exception(
            "adapter fault", event_id=event.id, trace=event.trace_id, error=type(error).__name__
        )
        return [], f"The hub has a fault reading this {event.platform} delivery ({type(error).__name__})."


def _timed(happening: Happening, arrived_at: datetime) -> Happening:
    """What the platform gives no time for happened when it arrived."""
    if isinstance(happening, Ignored | Unreadable) or happening.at != UNTOLD:
        return happening
    return msgspec.structs.replace(happening, at=arrived_at)


def _kept(app: App, tenant_id: str, event: Event, keeping: Future[Kept | None]) -> dict[int, datetime]:
    """When which conversation is to be answered."""
    try:
        kept = keeping.result()
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours must neither lose this event nor stop the others
        _fault(app, tenant_id, event, error)
        return {}
    if kept is None:
        return {}
    _tell(app, tenant_id, event, kept)
    return kept.due


def _ring(app: App, tenant_id: str, due: dict[int, datetime]) -> None:
    """One bell for those that are due at about the same time: `answer` takes the others along."""
    now, rung_at = app.clock(), None
    for conversation_id, due_at in sorted(due.items(), key=lambda item: item[1], reverse=True):
        if rung_at is None or rung_at - due_at > _ABOUT:
            app.tasks.wake("answer", tenant_id, conversation_id, (due_at - now).total_seconds())
            rung_at = due_at


def _fault(app: App, tenant_id: str, event: Event, error: Exception) -> None:
    log.get().error(
        "fault in keeping", tenant=tenant_id, event_id=event.id, trace=event.trace_id, exc_info=error
    )
    kind = type(error).__name__
    reason = f"The hub has a fault keeping this {event.platform} delivery ({kind}). Retry it after an update."
    now, forget_at = app.clock(), delivery_until(event.platform, app.clock())
    app.files.tenant(tenant_id).write(lambda db: events.bury(db, event.id, reason, now, forget_at))
    _died(app, tenant_id, event)


def _died(app: App, tenant_id: str, event: Event) -> None:
    app.metrics.dead_letters.labels(tenant_id, "event").inc()
    app.feed.tell(tenant_id, "dead_letter", event.id)


def _tell(app: App, tenant_id: str, event: Event, kept: Kept) -> None:
    log.get().info(
        "event processed",
        tenant=tenant_id,
        event_id=event.id,
        trace=event.trace_id,
        conversations=sorted(kept.touched),
        ignored=kept.ignored,
        dead=bool(kept.problems),
    )
    if kept.problems:
        _died(app, tenant_id, event)
    if kept.died:
        app.metrics.dead_letters.labels(tenant_id, "outbox").inc(kept.died)
        app.feed.tell(tenant_id, "dead_letter")
    for channel_id in kept.cut:
        app.feed.tell(tenant_id, "channel", channel_id)
    for message_id in kept.files:
        app.tasks.wake("attach", tenant_id, message_id)
    for contact_id in kept.strangers:
        app.tasks.wake("enrich", tenant_id, contact_id)
    for item_id in kept.next_deliveries:
        app.tasks.wake("deliver", tenant_id, item_id)
    for conversation_id in kept.touched:
        app.feed.tell(tenant_id, "conversation", conversation_id)
