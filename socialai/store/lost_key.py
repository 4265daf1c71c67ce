"""A hub whose secret.key is gone: what that costs, and how it goes on."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from socialai.domain.backup import APP, KEY, tenant_file
from socialai.errors import Conflict, SettingsError
from socialai.store import settling, snapshots, tenants
from socialai.store.db import connect

WHAT = (
    "Lost with it are the credentials of every channel, app, CRM and engine, second factors, API tokens, the "
    "keys of the tunnel and of backups, and the passphrase of backups. Messages, contacts, knowledge, "
    "settings, people and their passwords are not."
)


def check(data_dir: Path) -> None:
    """SettingsError where a new key would be made for what another one sealed."""
    if is_lost(data_dir):
        raise SettingsError(
            f"{data_dir / KEY} is gone. Put back the copy you kept, readable by its owner only, and start "
            f"again: nothing is lost then. {WHAT} If there is no copy, go on without it: socialai keys lost"
        )


def is_lost(data_dir: Path) -> bool:
    if (data_dir / KEY).exists() or not (data_dir / APP).exists():
        return False
    with snapshots.plain(data_dir / APP), closing(connect(data_dir / APP, read_only=True)) as db:
        there = db.execute(
            "select name from sqlite_schema where name in ('signing_key', 'hub_secret')"
        ).fetchall()
        return any(db.execute(f"select 1 from {table} limit 1").fetchone() for (table,) in there)


def go_on(data_dir: Path, now: datetime) -> list[str]:
    """The ids of the tenants whose channels wait to be connected again. Conflict while the key is there."""
    if not is_lost(data_dir):
        raise Conflict(f"{data_dir / KEY} is not lost.")
    with snapshots.changing(data_dir / APP) as db:
        known = [tenant.id for tenant in tenants.tenants(db)]
        db.execute("delete from second_factor")
        db.execute("delete from recovery_code")
    for tenant_id in known:
        if (path := data_dir / tenant_file(tenant_id)).exists():
            settling.settle_tenant(path, now, with_key=False)
            with snapshots.changing(path) as db:
                db.execute("delete from secret")
                db.execute("delete from oauth_attempt")
    settling.settle_app(data_dir / APP, known, with_key=False)  # last: until then it can be asked for again
    return known
