"""Ring again for whatever the rows say is due: every minute and at start."""

import sqlite3
from datetime import datetime, timedelta
from functools import partial

from socialai import log
from socialai.actions import backups, gaps
from socialai.context import App
from socialai.errors import HubError
from socialai.jobs.forget import forget
from socialai.platforms.registry import PLATFORMS
from socialai.security import gate
from socialai.store import (
    backup_runs,
    blobs,
    candidates,
    cases,
    channels,
    contacts,
    contradictions,
    conversations,
    corrections,
    custom_intents,
    events,
    heads,
    outbox,
    recaps,
    sites,
    tenants,
    tries,
    uploads,
    visitors,
)
from socialai.store.articles import unindexed
from socialai.tasks import Job

_FREE_TO_ASK = [
    kind
    for kind, platform in PLATFORMS.items()
    if (polling := platform.capabilities.polling) and not polling.price
]
_MOST = 1000
_BUSY = 2000


def sweep(app: App) -> None:
    """A queue that is long already needs no more rings."""
    if app.tasks.depth() > _BUSY:
        return
    now = app.clock()
    gate.sweep(app.gate)
    app.channels.outside.refresh()
    if backups.due(app):
        app.tasks.wake("back_up", "", 0)
    for tenant in app.files.app.read(tenants.tenants):
        app.channels.forget(tenant.id)  # another process, the command line, may have changed them
        try:
            _sweep_tenant(app, tenant.id, now)
        except HubError as error:
            log.get().error("tenant could not be swept", tenant=tenant.id, error=str(error))


def recover(app: App) -> None:
    """At start: whatever says it is being sent was cut off, so nobody knows whether it arrived; and what
    happened meanwhile is asked for."""
    for tenant in app.files.app.read(tenants.tenants):
        try:
            database = app.files.create(tenant.id)  # a set-up that was cut off has the tenant, not its file
            database.write(lambda db: tries.end_leases(db, app.clock()))
            database.write(conversations.release_claims)
            database.write(lambda db: channels.poll_now(db, _FREE_TO_ASK, app.clock()))
            if database.read(heads.exist):
                app.tasks.wake("learn", tenant.id, 0)  # the encoder may be another one now
        except HubError as error:
            log.get().error("tenant could not be opened", tenant=tenant.id, error=str(error))
    app.files.app.write(lambda db: backup_runs.end_cut_off(db, app.clock()))
    sweep(app)


def _sweep_tenant(app: App, tenant_id: str, now: datetime) -> None:
    database = app.files.tenant(tenant_id)
    if app.channels.outside.is_cut_off:
        for kind in _FREE_TO_ASK:
            database.write(partial(channels.poll_by, platform=kind, latest=now + _every(kind)))
    asked_in = app.settings.reconcile_seconds
    asked_at = now + timedelta(seconds=asked_in)
    for conversation_id in database.write(lambda db: forget(db, now, _MOST)):
        app.feed.tell(tenant_id, "conversation", conversation_id)
    database.write(lambda db: _forget_visitors(db, now))
    for item_id in database.write(lambda db: tries.doubt_abandoned(db, now, asked_at)):
        app.tasks.wake("deliver", tenant_id, item_id, asked_in)
    for job, ids in database.read(lambda db: _due(db, now)).items():
        for record_id in ids:
            app.tasks.wake(job, tenant_id, record_id)


def _every(kind: str) -> timedelta:
    polling = PLATFORMS[kind].capabilities.polling
    return timedelta(seconds=polling.every if polling else 0)


def _forget_visitors(db: sqlite3.Connection, now: datetime) -> None:
    """Who has not come back for long, and files that nobody sent."""
    visitors.remove_expired(db, now)
    uploads.remove_old(db, now)


def _due(db: sqlite3.Connection, now: datetime) -> dict[Job, list[int]]:
    return {
        "process": [event.id for event in events.waiting(db, 1)],  # takes the others along
        "answer": conversations.due(db, now, 1),  # so does this
        "deliver": outbox.due(db, now, _MOST),
        "attach": blobs.due(db, now, _MOST),
        "poll": channels.polls_due(db, now),
        "renew": channels.renewals_due(db, now),
        "check": channels.checks_due(db, now),
        "enrich": contacts.profiles_due(db, now, _MOST),
        "index": unindexed(db),
        "fetch": sites.due(db, now),
        "gather": [0] if gaps.has_news(db) else [],
        "compare": contradictions.uncompared(db, _MOST),
        "mine": [0] if candidates.has_news(db) else [],
        "examine": [0] if cases.has_waiting(db) else [],
        "recap": recaps.due(db, _MOST),
        "learn": [0] if _taught_since(db) else [],
    }


def _taught_since(db: sqlite3.Connection) -> bool:
    """Anything that was not learnt yet, or is still too little to learn from."""
    return custom_intents.version(db) != heads.learnt_from(db, "intents") or corrections.version(
        db
    ) != heads.learnt_from(db, "corrections")
