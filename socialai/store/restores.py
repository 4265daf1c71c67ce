"""Put a backup back: unpacked, checked and upgraded in a scratch folder before anything takes its place."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile
from zlib import error as DeflateError  # noqa: N812 - the library's name says nothing alone

from msgspec import Struct

from socialai.domain.backup import APP, KEY, SETTINGS, Manifest, database_kind, tenant_file, tenant_of
from socialai.errors import Conflict, DiskFull, InvalidInput, NotFound
from socialai.store import settling, snapshots
from socialai.store.backup_files import Source, opened, read_manifest, unpack
from socialai.store.backups import key_mark
from socialai.store.migrate import migrate
from socialai.store.snapshots import Advance

_SCRATCH = ".restoring"
_HUB = (APP, "tenants", KEY, SETTINGS)
_SPARE_BYTES = 64 * 1024 * 1024


class Restored(Struct, frozen=True):
    """`credentials`: the key they are sealed with is there, so channels and API tokens go on."""

    manifest: Manifest
    tenants: tuple[str, ...]
    credentials: bool


def look(path: Path) -> Manifest:
    """What a backup says of itself, once its names are checked."""
    with _plainly(path), opened(path) as source:
        return read_manifest(source)


def restore(path: Path, data_dir: Path, now: datetime, advance: Advance, key: bytes | None) -> Restored:
    """Into a place without a hub. `key` is the secret.key kept elsewhere; a backup may hold its own.

    Conflict when there is a hub, InvalidInput when the backup is not whole or the key is another one.
    """
    with _plainly(path), opened(path) as source:
        manifest = read_manifest(source)
        _check_empty(data_dir)
        if key is not None:
            _check_key(key, manifest)
        with _scratch(data_dir, manifest, manifest.files) as scratch:
            _unpack(source, manifest, manifest.files, scratch, advance)
            if key is not None:
                _write_key(scratch / KEY, key)
            known = (scratch / KEY).exists()
            settling.settle_app(scratch / APP, manifest.tenants, with_key=known)
            for tenant_id in manifest.tenants:
                settling.settle_tenant(scratch / tenant_file(tenant_id), now, with_key=known)
            _move(scratch, data_dir)
    return Restored(manifest, manifest.tenants, known)


def restore_tenant(
    path: Path, data_dir: Path, tenant_id: str, now: datetime, advance: Advance, aside: Path | None = None
) -> Restored:
    """One tenant's files into a hub that lacks them; its people too, if the hub does not know the tenant.

    `aside` is where the files go that are there; without it they are a Conflict."""
    with _plainly(path), opened(path) as source:
        manifest = read_manifest(source)
        _check_one(data_dir, manifest, tenant_id, aside)
        chosen = [name for name in manifest.files if name == APP or tenant_of(name) == tenant_id]
        known = _fits(data_dir / KEY, manifest)
        with _scratch(data_dir, manifest, chosen) as scratch:
            _unpack(source, manifest, chosen, scratch, advance)
            settling.settle_tenant(scratch / tenant_file(tenant_id), now, with_key=known)
            migrate(data_dir / APP, "app")
            settling.add_people(scratch / APP, data_dir / APP, tenant_id)
            target = data_dir / "tenants" / tenant_id
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _swap(scratch / "tenants" / tenant_id, target, aside)
    return Restored(manifest, (tenant_id,), known)


def _unpack(
    source: Source, manifest: Manifest, chosen: Iterable[str], scratch: Path, advance: Advance
) -> None:
    for name in chosen:
        told = manifest.files[name]
        unpack(source, name, told, scratch / name, advance)
        if (kind := database_kind(name)) is None:
            continue
        facts = snapshots.check(scratch / name, kind)
        if (facts.migrations, facts.rows) != (told.migrations, told.rows):
            raise InvalidInput(f"{name} does not hold the rows that were backed up. Use another backup.")
        snapshots.upgrade(scratch / name, kind)


def _check_empty(data_dir: Path) -> None:
    there = [name for name in _HUB if _holds_anything(data_dir / name)]
    if there:
        raise Conflict(
            f"{data_dir} holds a hub already ({', '.join(there)}), and a restore overwrites nothing. "
            "Move that folder aside, or restore into another one with --data-dir. "
            "To put back a single tenant, use --tenant."
        )


def _swap(new: Path, target: Path, aside: Path | None) -> None:
    """Both moves are renames on one disk; what cannot be moved in is as it was before."""
    if aside and target.exists():
        aside.parent.mkdir(mode=0o700, exist_ok=True)
        target.replace(aside)
        try:
            new.replace(target)
        except OSError:
            aside.replace(target)
            raise
    else:
        new.replace(target)


def _check_one(data_dir: Path, manifest: Manifest, tenant_id: str, aside: Path | None) -> None:
    if tenant_id not in manifest.tenants:
        raise NotFound(f"This backup holds no tenant '{tenant_id}', only: {', '.join(manifest.tenants)}.")
    if not (data_dir / APP).exists():
        raise NotFound(f"There is no hub in {data_dir}. Restore the whole backup first, without --tenant.")
    if aside is None and _holds_anything(folder := data_dir / "tenants" / tenant_id):
        raise Conflict(
            f"{folder} is there already, and a restore overwrites nothing. Move it aside, for example to "
            f"{folder.with_name(tenant_id + '.old')}, and try again."
        )


def _holds_anything(path: Path) -> bool:
    return path.is_symlink() or (any(path.iterdir()) if path.is_dir() else path.exists())


def _check_key(key: bytes, manifest: Manifest) -> None:
    if key_mark(key) != manifest.key_mark:
        raise InvalidInput(
            "This is not the secret.key that the credentials in this backup are sealed with. "
            "Give the one that was in the data directory when the backup was made."
        )


def _fits(path: Path, manifest: Manifest) -> bool:
    return path.exists() and key_mark(path.read_bytes()) == manifest.key_mark


def _write_key(path: Path, key: bytes) -> None:
    path.write_bytes(key)
    path.chmod(0o600)


@contextmanager
def _scratch(data_dir: Path, manifest: Manifest, chosen: Iterable[str]) -> Iterator[Path]:
    """Inside the data directory, so that taking the place is a rename, also where that is a mounted disk."""
    existed = data_dir.exists()
    folder = data_dir / _SCRATCH
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        _check_space(data_dir, sum(manifest.files[name].bytes for name in chosen))
        shutil.rmtree(folder, ignore_errors=True)  # of a restore that was cut off
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not existed and not any(data_dir.iterdir()):
            data_dir.rmdir()


def _check_space(data_dir: Path, needed: int) -> None:
    free = shutil.disk_usage(data_dir).free
    if needed + _SPARE_BYTES > free:
        raise DiskFull(
            f"This restore needs {needed // 2**20 + 64:,} MiB in {data_dir} and {free // 2**20:,} are free."
        )


def _move(scratch: Path, data_dir: Path) -> None:
    """app.db last: without it there is no hub, so one that was cut off here is not taken for whole."""
    for name in (KEY, SETTINGS, "tenants", APP):
        if (scratch / name).exists():
            if name == "tenants" and (data_dir / name).exists():
                (data_dir / name).rmdir()
            (scratch / name).replace(data_dir / name)
    (data_dir / "tenants").mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix":
        handle = os.open(data_dir, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """A damaged archive in our words, wherever in it the damage is found."""
    try:
        with snapshots.plain(path):
            yield
    except (BadZipFile, DeflateError, EOFError, NotImplementedError) as error:
        raise InvalidInput(f"{path} is damaged or no backup of a SocialAI Hub: {error}.") from error
