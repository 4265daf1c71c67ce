"""When backups are made, where they are put, and how many are kept."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

_Name = Annotated[str, Meta(min_length=1, max_length=500)]


class Folder(Struct, frozen=True, tag="folder", tag_field="kind"):
    """On this machine, another disk of it, or a share; '' is the data directory's own."""

    path: Annotated[str, Meta(max_length=500)] = ""

    @property
    def words(self) -> str:
        return self.path or "the data directory"


class Sftp(Struct, frozen=True, tag="sftp", tag_field="kind", kw_only=True):
    """Any SSH server; its host key is pinned. The hub's own key signs in, as for the tunnel."""

    host: _Name
    user: _Name
    host_key: _Name
    port: Annotated[int, Meta(ge=1, le=65535)] = 22
    path: Annotated[str, Meta(max_length=500)] = "."

    @property
    def words(self) -> str:
        return f"{self.user}@{self.host}:{self.path}"


class Bucket(Struct, frozen=True, tag="bucket", tag_field="kind", kw_only=True):
    """S3 and what speaks like it; the secret key is sealed apart."""

    endpoint: _Name
    bucket: _Name
    access_key: _Name
    region: Annotated[str, Meta(max_length=60)] = ""
    prefix: Annotated[str, Meta(max_length=200)] = ""

    @property
    def words(self) -> str:
        return f"{self.endpoint}/{self.bucket}/{self.prefix}".rstrip("/")


Place = Folder | Sftp | Bucket


class BackupPlan(Struct, frozen=True):
    """`every_hours` 0: only when asked. `keep`: so many of the newest; older ones of the plan are removed."""

    every_hours: Annotated[int, Meta(ge=0, le=24 * 31)] = 24
    keep: Annotated[int, Meta(ge=1, le=1000)] = 7
    place: Place = Folder()


class BackupRun(Struct, frozen=True, kw_only=True):
    id: int
    state: Literal["running", "done", "failed"]
    began_at: datetime
    ended_at: datetime | None = None
    name: str = ""
    place: Place
    bytes: int = 0
    error: str = ""
    drill_began_at: datetime | None = None
    checked_at: datetime | None = None
    check_error: str = ""
    removed_at: datetime | None = None

    @property
    def is_busy(self) -> bool:
        return self.state == "running" or self.drill_began_at is not None

    @property
    def is_there(self) -> bool:
        return self.state == "done" and self.removed_at is None
