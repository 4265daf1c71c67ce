"""The doctor looks at the data: folders, the key, databases, the queue."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from socialai.domain.engine import LocalEngine, RemoteEngine
from socialai.domain.finding import Finding, fix, ok, warn
from socialai.errors import ModelError, NewerDatabase, SettingsError, StoreError
from socialai.inference.llama_library import installed as installed_llama
from socialai.inference.llama_model import check_file
from socialai.settings import LLM_FOLDER
from socialai.store import engine_choices, lost_key, snapshots, tenants
from socialai.store.db import Database
from socialai.store.vault import load_master_key

_RESTORE = "socialai restore --help"


def folder(path: Path) -> Iterator[Finding]:
    part = "data directory"
    if not path.is_dir():
        yield ok(part, f"{path} is not there yet; it is made when the hub first starts.")
    elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield fix(
            part,
            f"{path} cannot be written to. Run as its owner, or change its owner.",
            f"chown -R $USER {path}",
        )
    elif open_to_others(path):
        yield warn(part, f"Others on this machine can look into {path}.", f"chmod 700 {path}")
    else:
        yield ok(part, f"{path} can be read and written, by its owner only.")


def open_to_others(path: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def key(path: Path) -> Finding:
    try:
        lost_key.check(path.parent)
    except SettingsError as error:
        return fix(path.name, str(error), "socialai keys lost")
    if not path.exists():
        return ok(path.name, "It is made when the hub first starts.")
    try:
        load_master_key(path)
    except (SettingsError, OSError) as error:
        return fix(path.name, str(error))
    if open_to_others(path):
        return fix(path.name, "Others on this machine can read it.", f"chmod 600 {path}")
    return ok(path.name, "Whole, and for its owner only. Keep a copy of it elsewhere.")


def databases(data_dir: Path) -> Iterator[Finding]:
    path = data_dir / "app.db"
    if not path.exists():
        yield ok("app.db", "There is no hub yet. Start one: socialai serve")
        return
    finding = _database("app.db", path, "app")
    yield finding
    if finding.state == "fix":
        return
    for tenant_id in tenant_ids(path):
        tenant_db = data_dir / "tenants" / tenant_id / "tenant.db"
        finding = _database(f"tenant {tenant_id}", tenant_db, "tenant")
        yield finding
        if finding.state != "fix":
            yield from _engine(tenant_id, tenant_db, data_dir / LLM_FOLDER)


def tenant_ids(app_db: Path) -> list[str]:
    database = Database(app_db)
    try:
        return [tenant.id for tenant in database.read(tenants.tenants)]
    finally:
        database.rest()


def queue(path: Path) -> Finding:
    if not path.exists():
        return ok("queue", "Empty.")
    try:
        return ok("queue", f"{snapshots.queued(path)} wake-ups wait.")
    except StoreError:
        return ok("queue", f"{path} is damaged; the hub makes a new one and loses nothing.")


def _engine(tenant_id: str, path: Path, folder: Path) -> Iterator[Finding]:
    """Only what can be seen from here: no endpoint is asked."""
    database = Database(path)
    choice = database.read(engine_choices.get)
    database.rest()
    part = f"engine of {tenant_id}"
    if isinstance(choice, RemoteEngine):
        yield ok(part, f"{choice.model} at {choice.url}. Try it: socialai engine test")
    if not isinstance(choice, LocalEngine):
        return
    try:
        header = check_file(folder / choice.path)
    except ModelError as error:
        yield fix(part, str(error), "socialai engine set --help")
        return
    said = f"{choice.path}, {header.bytes / 2**20:.0f} MiB."
    yield ok(part, said) if installed_llama() else fix(part, f"{said} llama.cpp is not installed.")


def _database(part: str, path: Path, kind: str) -> Finding:
    if not path.exists():
        return fix(part, f"{path} is missing. Put it back: {_RESTORE}", _RESTORE)
    try:
        waiting = snapshots.pending(snapshots.check(path, kind), kind)
    except NewerDatabase as error:
        return fix(part, str(error))
    except StoreError as error:
        return fix(part, f"{error} Put it back from a backup: {_RESTORE}", _RESTORE)
    size = f"Whole, {path.stat().st_size / 2**20:.1f} MiB"
    if waiting:
        return ok(part, f"{size}; it is upgraded when next opened ({', '.join(waiting)}).")
    return ok(part, f"{size}, up to date.")
