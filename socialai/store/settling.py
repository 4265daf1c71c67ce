"""What must change in a restored database: nobody knows what happened since the backup was made."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from socialai.domain.clock import stamp
from socialai.errors import Conflict, InvalidInput
from socialai.store import snapshots, tenants

_SEALED = "Restored without the secret.key its credentials are sealed with. Connect the channel again."


def settle_app(path: Path, expected: Sequence[str], *, with_key: bool) -> None:
    """Everybody signs in again. Signing keys that cannot be opened would keep the hub from starting."""
    with snapshots.changing(path) as db:
        found = tuple(tenant.id for tenant in tenants.tenants(db))
        if found != tuple(expected):
            raise InvalidInput(
                "The tenants in this backup are not those of its manifest. Use another backup."
            )
        db.execute("delete from session")
        if not with_key:
            db.execute("delete from signing_key")
            db.execute("delete from hub_secret")


def settle_tenant(path: Path, now: datetime, *, with_key: bool) -> None:
    """A person approves until they switch to auto again: what is open here may have been answered since.

    For the same reason nothing that was to be sent goes out before the platform was asked for it.
    """
    with snapshots.changing(path) as db:
        db.execute("update channel set mode = 'draft'")
        db.execute(
            """
            update outbox set state = 'unknown', in_doubt = 1, due_at = ?, lease_until = null
            where state in ('queued', 'sending')
            """,
            (stamp(now),),
        )
        if not with_key:
            db.execute("update channel set state = 'reauthorise', state_reason = ?", (_SEALED,))


def add_people(source: Path, target: Path, tenant_id: str) -> None:
    """The tenant and its users under the ids its file names them by; nothing if the hub knows it."""
    with snapshots.changing(source) as old, snapshots.changing(target) as db:
        if tenants.find(db, tenant_id):
            return
        try:
            for table, key, columns in _PEOPLE:
                marks = ", ".join("?" * len(columns))
                rows = old.execute(
                    f"select {', '.join(columns)} from {table} where {key} = ?", (tenant_id,)
                ).fetchall()
                db.executemany(f"insert into {table} ({', '.join(columns)}) values ({marks})", rows)
        except sqlite3.IntegrityError as error:
            raise Conflict(
                f"People of '{tenant_id}' are in this hub already under another tenant, or their ids are. "
                "Restore it into a data directory of its own."
            ) from error


_PEOPLE = (
    ("tenant", "id", ("id", "name", "created_at")),
    (
        "user",
        "tenant_id",
        (
            "id",
            "tenant_id",
            "email",
            "name",
            "password_hash",
            "role",
            "disabled_at",
            "signed_out_at",
            "created_at",
        ),
    ),
)
