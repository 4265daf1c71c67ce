"""The businesses of this installation; each has a file of its own beside app.db."""

import re
import sqlite3
import unicodedata
from datetime import datetime

from socialai.domain.clock import stamp
from socialai.domain.user import Tenant
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.store.records import to_record, to_records

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def check_id(tenant_id: str) -> str:
    if not _SLUG.fullmatch(tenant_id):
        raise InvalidInput("A tenant's id is 1 to 40 lower-case letters, digits and hyphens.")
    return tenant_id


def suggest_id(name: str) -> str:
    """An id made of the business's name: 'Café Ñandú & Co' → 'cafe-nandu-co'."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "tenant"


def create(db: sqlite3.Connection, tenant_id: str, name: str, now: datetime) -> Tenant:
    row = db.execute(
        "insert into tenant (id, name, created_at) values (?, ?, ?) on conflict do nothing returning *",
        (check_id(tenant_id), name, stamp(now)),
    ).fetchone()
    if row is None:
        raise Conflict(f"There is a tenant '{tenant_id}' already. Choose another id.")
    return to_record(row, Tenant)


def tenants(db: sqlite3.Connection) -> list[Tenant]:
    return to_records(db.execute("select * from tenant order by id").fetchall(), Tenant)


def find(db: sqlite3.Connection, tenant_id: str) -> Tenant | None:
    row = db.execute("select * from tenant where id = ?", (tenant_id,)).fetchone()
    return row and to_record(row, Tenant)


def get(db: sqlite3.Connection, tenant_id: str) -> Tenant:
    tenant = find(db, tenant_id)
    if tenant is None:
        raise NotFound(f"There is no tenant '{tenant_id}' here.")
    return tenant


def rename(db: sqlite3.Connection, tenant_id: str, name: str) -> Tenant:
    db.execute("update tenant set name = ? where id = ?", (name, tenant_id))
    return get(db, tenant_id)
