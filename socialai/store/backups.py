"""Back up one tenant or all of them into a single file, while a hub may be running.

Every database is copied as of one moment and checked before it is packed, so a backup that exists is whole.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from msgspec import Struct

from socialai import __version__
from socialai.domain.backup import (
    APP,
    FORMAT,
    KEY,
    MANIFEST,
    SETTINGS,
    BackupFile,
    Manifest,
    database_kind,
    is_expected,
    tenant_file,
)
from socialai.errors import Conflict, NotFound, StoreError
from socialai.store import snapshots, tenants
from socialai.store.snapshots import Advance
from socialai.store.vault import Vault

_PIECE = 1024 * 1024
_OF_THE_INSTALLATION = (
    "session",
    "signing_key",
    "revoked_token",
    "sign_in_failure",
    "hub_setting",
    "hub_secret",
    "second_factor",
    "recovery_code",
    "half_session",
)


class Backup(Struct, frozen=True):
    path: Path
    manifest: Manifest


def back_up(
    data_dir: Path, folder: Path, now: datetime, advance: Advance, *, tenant_id: str | None, with_key: bool
) -> Backup:
    """`tenant_id` None: all of them, with settings.toml. `advance` counts up to `size` bytes."""
    if not (data_dir / APP).exists():
        raise NotFound(f"There is no hub in {data_dir}, so there is nothing to back up.")
    name = f"socialai-{tenant_id or 'all'}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    with snapshots.plain(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / name).exists():
            raise Conflict(f"{folder / name} is there already. Try again in a second.")
        with _new_file(folder / name) as archive, _scratch(data_dir) as scratch:
            return Backup(
                folder / name, _Maker(data_dir, archive, scratch, advance).make(tenant_id, now, with_key)
            )


def size(data_dir: Path, tenant_id: str | None) -> int:
    """About how many bytes of databases there are to copy."""
    found = [data_dir / APP, *(data_dir / "tenants").glob(f"{tenant_id or '*'}/tenant.db")]
    return sum(path.stat().st_size for path in found if path.exists())


def key_mark(key: bytes) -> str:
    """Tells two keys apart and says nothing of either."""
    return Vault(key[:32]).derive("mark")[:8].hex()


class _Maker:
    def __init__(self, data_dir: Path, archive: ZipFile, scratch: Path, advance: Advance) -> None:
        self._data_dir = data_dir
        self._archive = archive
        self._scratch = scratch
        self._advance = advance
        self._files: dict[str, BackupFile] = {}

    def make(self, tenant_id: str | None, now: datetime, with_key: bool) -> Manifest:
        chosen = self._add_app(tenant_id)
        for each in chosen:
            self._add_tenant(each)
        for name in (SETTINGS,) * (tenant_id is None) + (KEY,) * with_key:
            if (self._data_dir / name).exists():
                self._add_file(name)
        manifest = Manifest(
            format=FORMAT,
            program=__version__,
            made_at=now,
            tenants=chosen,
            key_mark=self._key_mark(),
            files=self._files,
        )
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest

    def _add_app(self, tenant_id: str | None) -> tuple[str, ...]:
        """The ids of the tenants whose files belong to it."""
        copy = self._copied(APP)
        if tenant_id is not None:
            keep_only(copy, tenant_id)
        with snapshots.changing(copy) as db:
            chosen = tuple(tenant.id for tenant in tenants.tenants(db))
        self._pack_database(APP, copy)
        return chosen

    def _add_tenant(self, tenant_id: str) -> None:
        name = tenant_file(tenant_id)
        if not (self._data_dir / name).exists():
            raise NotFound(
                f"{self._data_dir / name} is missing. Restore it, or back up the others with --tenant."
            )
        self._pack_database(name, self._copied(name))
        blobs = self._data_dir / "tenants" / tenant_id / "blobs"
        for path in sorted(blobs.rglob("*")):
            inside = path.relative_to(self._data_dir).as_posix()
            if path.is_file() and not path.name.startswith("."):
                if not is_expected(inside):
                    raise StoreError(f"{path} has a name that a backup cannot hold. Rename or remove it.")
                self._add_file(inside)

    def _copied(self, name: str) -> Path:
        target = self._scratch / "copy.db"
        snapshots.copy(self._data_dir / name, target, self._advance)
        return target

    def _pack_database(self, name: str, copy: Path) -> None:
        facts = snapshots.check(copy, str(database_kind(name)))
        packed = self._pack(name, copy)
        self._files[name] = msgspec.structs.replace(packed, migrations=facts.migrations, rows=facts.rows)
        copy.unlink()

    def _add_file(self, name: str) -> None:
        self._files[name] = self._pack(name, self._data_dir / name)

    def _pack(self, name: str, path: Path) -> BackupFile:
        digest, count = hashlib.sha256(), 0
        entry = ZipInfo(name)
        entry.compress_type = ZIP_DEFLATED
        with path.open("rb") as source, self._archive.open(entry, "w", force_zip64=True) as packed:
            while piece := source.read(_PIECE):
                packed.write(piece)
                digest.update(piece)
                count += len(piece)
        return BackupFile(sha256=digest.hexdigest(), bytes=count)

    def _key_mark(self) -> str:
        key = self._data_dir / KEY
        return key_mark(key.read_bytes()) if key.exists() else ""


def keep_only(app_db: Path, tenant_id: str) -> None:
    """Take everyone else out of a copy of app.db, with the keys and sessions that are the installation's."""
    with snapshots.changing(app_db) as db:
        tenants.get(db, tenant_id)
        db.execute("delete from tenant where id != ?", (tenant_id,))
        for table in _OF_THE_INSTALLATION:
            db.execute(f"delete from {table}")
    snapshots.vacuum(app_db)


@contextmanager
def _new_file(path: Path) -> Iterator[ZipFile]:
    """Appears under its name only when it is whole and on the disk; readable by its owner only."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _scratch(data_dir: Path) -> Iterator[Path]:
    """On the hub's own disk: SQLite's files cannot be opened on every network share."""
    folder = Path(tempfile.mkdtemp(prefix=".copying-", dir=data_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
