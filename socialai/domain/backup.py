"""What a backup says of itself, and which files one may hold."""

import re
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

FORMAT = 1
MANIFEST = "manifest.json"
APP, KEY, SETTINGS = "app.db", "secret.key", "settings.toml"

_TENANT_FILE = re.compile(r"tenants/([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)/(tenant\.db|blobs/.+)")
_BLOB_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,200}")


class BackupFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`migrations` and `rows` (by table) are of databases only."""

    sha256: str
    bytes: Annotated[int, Meta(ge=0)]
    migrations: tuple[str, ...] = ()
    rows: dict[str, int] = {}


class Manifest(Struct, frozen=True, kw_only=True):
    """`key_mark` tells which secret.key the credentials inside are sealed with, without saying the key."""

    format: int
    program: str
    made_at: datetime
    tenants: tuple[str, ...]
    key_mark: str
    files: dict[str, BackupFile]

    @property
    def has_key(self) -> bool:
        return KEY in self.files

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values())


def tenant_file(tenant_id: str) -> str:
    return f"tenants/{tenant_id}/tenant.db"


def database_kind(name: str) -> str | None:
    """Which migrations a file of a backup has; None for what is no database."""
    if name == APP:
        return "app"
    return "tenant" if tenant_of(name) and name.endswith("/tenant.db") else None


def tenant_of(name: str) -> str | None:
    """The tenant a file of a backup belongs to."""
    found = _TENANT_FILE.fullmatch(name)
    return found and found[1]


def is_expected(name: str) -> bool:
    """Whether a backup may hold a file of this name: no path that leads elsewhere is among them."""
    if name in (APP, KEY, SETTINGS):
        return True
    found = _TENANT_FILE.fullmatch(name)
    return bool(found) and all(_BLOB_PART.fullmatch(part) for part in name.split("/")[2:])
