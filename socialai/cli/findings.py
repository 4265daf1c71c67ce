"""What `doctor` looks at. Every check only reads: a hub that is broken is not changed by asking why."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
from filelock import FileLock, Timeout
from msgspec import Struct

from socialai.cli.serve import listen
from socialai.domain.engine import LocalEngine, RemoteEngine
from socialai.errors import HubError, ModelError, NewerDatabase, SettingsError, StoreError
from socialai.inference import sets
from socialai.inference.llama_library import installed as installed_llama
from socialai.inference.llama_model import check_file
from socialai.inference.manifest import check_folder
from socialai.inference.serving import serving
from socialai.settings import LLM_FOLDER, Settings
from socialai.store import engine_choices, snapshots, tenants
from socialai.store.db import Database, connect
from socialai.store.vault import load_master_key

_LEAST_FREE = 200 * 1024 * 1024
_SECONDS = 3.0


class Finding(Struct, frozen=True):
    """`message` says what is, or what is wrong and what to do."""

    part: str
    ok: bool
    message: str


def look(settings: Settings) -> Iterator[Finding]:
    """Everything that can be seen without asking anyone outside."""
    yield from _folder(settings.data_dir)
    yield _key(settings.data_dir / "secret.key")
    yield from _databases(settings.data_dir)
    yield _queue(settings.data_dir / "queue.db")
    yield from _models(settings.data_dir)
    yield _port(settings)
    yield _public_url(settings.public_url)
    yield _libraries()
    yield _llama()


def _folder(folder: Path) -> Iterator[Finding]:
    part = "data directory"
    if not folder.is_dir():
        yield Finding(part, True, f"{folder} is not there yet; it is made when the hub first starts.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(part, False, f"{folder} cannot be written to. Run as its owner, or change its owner.")
        return
    yield Finding(part, True, f"{folder} can be read and written.")
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB are free."
    yield Finding("disk", free >= _LEAST_FREE, said if free >= _LEAST_FREE else f"{said} Free some space.")


def _key(path: Path) -> Finding:
    if not path.exists():
        return Finding(path.name, True, "It is made when the hub first starts.")
    try:
        load_master_key(path)
    except (SettingsError, OSError) as error:
        return Finding(path.name, False, str(error))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(path.name, False, f"Others on this machine can read it. Run: chmod 600 {path}")
    return Finding(path.name, True, "Whole, and for its owner only. Keep a copy of it elsewhere.")


def _databases(data_dir: Path) -> Iterator[Finding]:
    path = data_dir / "app.db"
    if not path.exists():
        yield Finding("app.db", True, "There is no hub yet. Start one: socialai serve")
        return
    finding = _database("app.db", path, "app")
    yield finding
    if not finding.ok:
        return
    database = Database(path)
    known = database.read(tenants.tenants)
    database.rest()
    for tenant in known:
        tenant_db = data_dir / "tenants" / tenant.id / "tenant.db"
        finding = _database(f"tenant {tenant.id}", tenant_db, "tenant")
        yield finding
        if finding.ok:
            yield from _engine(tenant.id, tenant_db, data_dir / LLM_FOLDER)


def _engine(tenant_id: str, path: Path, folder: Path) -> Iterator[Finding]:
    """Only what can be seen from here: no endpoint is asked."""
    database = Database(path)
    choice = database.read(engine_choices.get)
    database.rest()
    part = f"engine of {tenant_id}"
    if isinstance(choice, RemoteEngine):
        yield Finding(part, True, f"{choice.model} at {choice.url}. Try it: socialai engine test")
    if not isinstance(choice, LocalEngine):
        return
    try:
        header = check_file(folder / choice.path)
    except ModelError as error:
        yield Finding(part, False, str(error))
    else:
        yield Finding(part, installed_llama(), f"{choice.path}, {header.bytes / 2**20:.0f} MiB.")


def _llama() -> Finding:
    said = "is installed" if installed_llama() else "is not installed; no model can write on this machine"
    return Finding("language models", True, f"llama.cpp {said}.")


def _database(part: str, path: Path, kind: str) -> Finding:
    if not path.exists():
        return Finding(part, False, f"{path} is missing. Put it back: socialai restore --help")
    try:
        waiting = snapshots.pending(snapshots.check(path, kind), kind)
    except NewerDatabase as error:
        return Finding(part, False, str(error))
    except StoreError as error:
        return Finding(part, False, f"{error} Put it back from a backup: socialai restore --help")
    size = f"Whole, {path.stat().st_size / 2**20:.1f} MiB"
    if waiting:
        return Finding(part, True, f"{size}; it is upgraded when next opened ({', '.join(waiting)}).")
    return Finding(part, True, f"{size}, up to date.")


def _queue(path: Path) -> Finding:
    if not path.exists():
        return Finding("queue", True, "Empty.")
    try:
        with snapshots.plain(path):
            db = connect(path, read_only=True)
            try:
                waiting = db.execute("select count(*) from task").fetchone()[0]
            finally:
                db.close()
    except StoreError:
        return Finding("queue", True, f"{path} is damaged; the hub makes a new one and loses nothing.")
    return Finding("queue", True, f"{waiting} wake-ups wait.")


def _models(data_dir: Path) -> Iterator[Finding]:
    chosen = serving(data_dir)
    for reason in chosen.refused:
        yield Finding("installed models", False, reason)
    for name in sets.PARTS:
        try:
            manifest = check_folder(chosen.set / name)
        except ModelError as error:
            yield Finding(f"{name} model", False, str(error))
        else:
            yield Finding(f"{name} model", True, f"{manifest.name}, every file as its checksum says.")
    if chosen.search:
        yield Finding("search", True, f"{check_folder(chosen.search).name} searches the knowledge.")


def _port(settings: Settings) -> Finding:
    address = f"{settings.host}:{settings.port}"
    if _is_running(settings.data_dir):
        answers = _answers(f"http://{address}/ready")
        said = answers if answers is not None else "it does not answer there; was it started with --port?"
        return Finding("hub", answers is None or answers == "ready", f"Running on {address}: {said}")
    try:
        listen(settings.host, settings.port).close()
    except HubError as error:
        return Finding("hub", False, str(error))
    return Finding("hub", True, f"Not running; {address} is free for it.")


def _is_running(data_dir: Path) -> bool:
    lock = data_dir / "hub.lock"
    if not lock.exists():
        return False
    try:
        FileLock(lock, timeout=0).acquire().lock.release()
    except Timeout:
        return True
    return False


def _answers(url: str) -> str | None:
    """What the hub says of itself; None when nobody answers."""
    try:
        answer = httpx.get(url, timeout=_SECONDS, trust_env=False)
        if answer.is_success:
            return "ready"
        return "; ".join(fault["message"] for fault in answer.json()["faults"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def _public_url(url: str) -> Finding:
    part = "public address"
    if not url:
        return Finding(
            part,
            True,
            "Not set, so platforms cannot reach the hub from outside. Set public_url if they should.",
        )
    if not url.startswith("https://"):
        return Finding(part, False, f"Platforms deliver to https:// addresses only, and public_url is {url}")
    return Finding(part, True, url)


def _libraries() -> Finding:
    db = connect(Path(":memory:"))
    sqlite, vec = db.execute("select sqlite_version(), vec_version()").fetchone()
    db.close()
    return Finding("libraries", True, f"SQLite {sqlite}, sqlite-vec {vec}.")
