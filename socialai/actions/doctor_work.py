"""The doctor looks at the work: the way from outside, channels, what is undelivered, backups."""

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from socialai.actions.doctor_data import tenant_ids
from socialai.domain.channel import Channel
from socialai.domain.finding import Finding, fix, ok, warn
from socialai.domain.tunnel import NoTunnel, ProgramTunnel
from socialai.outside import chosen_tunnel
from socialai.store import backup_runs, channels, events, outbox
from socialai.store.db import Database
from socialai.tunnel import programs

T = TypeVar("T")
_CONNECT = "Connect it again, on the page Channels."


def way_in(data_dir: Path, public_url: str) -> Iterator[Finding]:
    """The tunnel, or the address without one."""
    choice = _read(data_dir / "app.db", chosen_tunnel) if (data_dir / "app.db").exists() else NoTunnel()
    if isinstance(choice, NoTunnel):
        yield _public_url(public_url)
    elif isinstance(choice, ProgramTunnel) and choice.program not in programs.installed():
        said = f"{choice.program} makes it, and is not installed here. Install it, or choose another."
        yield fix("tunnel", said, "socialai tunnel --help")
    else:
        how = choice.program if isinstance(choice, ProgramTunnel) else f"SSH to {choice.user}@{choice.host}"
        yield ok("tunnel", f"By {how}. Whether it stands: socialai tunnel show")


def work(data_dir: Path) -> Iterator[Finding]:
    """Of every tenant whose file is there; others are named with the databases."""
    for tenant_id in tenant_ids(data_dir / "app.db"):
        if (path := data_dir / "tenants" / tenant_id / "tenant.db").exists():
            yield from _read(path, partial(_of_tenant, tenant_id=tenant_id))
    yield _read(data_dir / "app.db", _backups)


def _of_tenant(db: sqlite3.Connection, tenant_id: str) -> list[Finding]:
    found = [_channel(channel, tenant_id) for channel in channels.channels(db)]
    dead = events.count(db, "dead") + outbox.count(db, "dead")
    if dead:
        part, command = f"undelivered of {tenant_id}", f"socialai dead-letters list -t {tenant_id}"
        found.append(warn(part, f"{dead} were given up; a person decides about them.", command))
    return found


def _channel(channel: Channel, tenant_id: str) -> Finding:
    part = f"channel {channel.id} of {tenant_id}"
    if channel.state == "reauthorise":
        return fix(part, f"{channel.name}: {channel.state_reason or 'its access was taken away'} {_CONNECT}")
    if channel.state != "active":
        return ok(part, f"{channel.name} is paused by a person.")
    return ok(part, f"{channel.name} is connected.")


def _backups(db: sqlite3.Connection) -> Finding:
    last = backup_runs.last_ended(db)
    if last is None:
        return warn("backups", "None was made by the hub so far.", "socialai backups now")
    if last.error or last.check_error:
        said = f"The last one failed: {last.error or last.check_error}"
        return fix("backups", said, "socialai backups now")
    said = f"The last one is of {last.began_at:%Y-%m-%d %H:%M} UTC"
    if last.checked_at is None:
        return ok("backups", f"{said}. Try it out: socialai backups try {last.id}")
    return ok("backups", f"{said}, and came back whole when it was tried out.")


def _public_url(url: str) -> Finding:
    part = "public address"
    if not url:
        said = "Not set, so platforms cannot reach the hub from outside. Set public_url if they should."
        return ok(part, said)
    if not url.startswith("https://"):
        return fix(part, f"Platforms deliver to https:// addresses only, and public_url is {url}")
    return ok(part, url)


def _read(path: Path, job: Callable[[sqlite3.Connection], T]) -> T:
    database = Database(path)
    try:
        return database.read(job)
    finally:
        database.rest()
