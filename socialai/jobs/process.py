"""A kept event becomes contacts, conversations and messages; what cannot be read becomes a dead letter."""

import sqlite3
from datetime import timedelta

from socialai import log
from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.event import Event
from socialai.domain.happening import Happening
from socialai.errors import HubError
from socialai.jobs.keep import Kept, keep
from socialai.store import events


def process(app: App, tenant_id: str, event_id: int) -> None:
    database = app.files.tenant(tenant_id)
    event = database.read(lambda db: events.get(db, event_id))
    if event.state != "received":
        return
    happenings, problem = _parse(event)

    def run(db: sqlite3.Connection) -> Kept | None:
        now = app.clock()
        if events.get(db, event_id).state != "received":
            return None
        kept = keep(db, event, happenings, timedelta(seconds=app.settings.debounce_seconds), now)
        problems = [*([problem] if problem else []), *kept.problems]
        if problems:
            events.bury(db, event_id, " ".join(dict.fromkeys(problems)), now)
        else:
            events.finish(db, event_id, now)
        return kept

    kept = database.write(run)
    if kept is not None:
        _tell(app, tenant_id, event, kept, bool(problem or kept.problems))


def _parse(event: Event) -> tuple[list[Happening], str | None]:
    """An event that breaks the adapter is one we do not understand: it waits for a person, not for ever."""
    try:
        return adapter_kind(event.platform).parse(event.body), None
    except HubError as error:
        return [], str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours in parse must not lose the event
        log.get().exception(
            "adapter fault", event_id=event.id, trace=event.trace_id, error=type(error).__name__
        )
        return [], f"The hub has a fault reading this {event.platform} delivery ({type(error).__name__})."


def _tell(app: App, tenant_id: str, event: Event, kept: Kept, died: bool) -> None:
    now = app.clock()
    log.get().info(
        "event processed",
        tenant=tenant_id,
        event_id=event.id,
        trace=event.trace_id,
        conversations=sorted(kept.touched),
        ignored=kept.ignored,
        dead=died,
    )
    if died:
        app.metrics.dead_letters.labels(tenant_id, "event").inc()
        app.feed.tell(tenant_id, "dead_letter", event.id)
    for conversation_id, due_at in kept.due.items():
        app.tasks.wake("answer", tenant_id, conversation_id, (due_at - now).total_seconds())
    for contact_id in kept.new_contacts:
        app.tasks.wake("enrich", tenant_id, contact_id)
    for item_id in kept.next_deliveries:
        app.tasks.wake("deliver", tenant_id, item_id)
    for conversation_id in kept.touched:
        app.feed.tell(tenant_id, "conversation", conversation_id)
