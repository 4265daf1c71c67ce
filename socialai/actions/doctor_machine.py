"""The doctor looks at the machine: room, memory, the disk, the clock, libraries and models."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from socialai import machine
from socialai.domain.finding import Finding, fix, ok, warn
from socialai.errors import ModelError
from socialai.inference import sets
from socialai.inference.llama_library import installed as installed_llama
from socialai.inference.manifest import check_folder
from socialai.inference.serving import serving
from socialai.store.db import connect

_LEAST_FREE = 200 * 1024 * 1024
_LEAST_MEMORY = 1024**3
_SLOW_MS = 30.0
_WRITES = 20
_PAGE = b"x" * 4096
_AHEAD_SECONDS = 3600.0
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""Before this program existed no clock that is right can stand."""


def disk(folder: Path, low: int) -> Iterator[Finding]:
    """Room, and how long it takes to have something for good."""
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB are free."
    if free < _LEAST_FREE:
        yield fix("disk", f"{said} Free some space: nothing new can be kept when it is full.")
    elif free < low:
        yield warn("disk", f"{said} That is little for months.")
    else:
        yield ok("disk", said)
    if os.access(folder, os.W_OK):
        yield _speed(folder)


def memory() -> Finding:
    there = machine.memory_bytes()
    if there is None:
        return ok("memory", "This system does not say how much there is.")
    said = f"{there / 2**30:.1f} GiB."
    if there < _LEAST_MEMORY:
        return warn(
            "memory", f"{said} The hub needs about 350 MB; with less than 1 GiB the system may end it."
        )
    return ok("memory", said)


def clock(data_dir: Path) -> Finding:
    """Messages and tokens have times; a clock that stands wrong makes them end too early or never."""
    now, newest = time.time(), max((path.stat().st_mtime for path in data_dir.glob("*.db")), default=0.0)
    said = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M} UTC"
    if now < _BUILT.timestamp() or newest - now > _AHEAD_SECONDS:
        return fix(
            "time",
            f"{said}: the clock stands wrong. Set it, best from the network.",
            "timedatectl set-ntp on",
        )
    return ok("time", f"{said}.")


def libraries() -> Finding:
    db = connect(Path(":memory:"))
    try:
        sqlite, vec = db.execute("select sqlite_version(), vec_version()").fetchone()
        has_text_search = db.execute("select sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    finally:
        db.close()
    said = f"SQLite {sqlite}, sqlite-vec {vec}"
    return ok("libraries", f"{said}, FTS5.") if has_text_search else fix("libraries", f"{said} without FTS5.")


def llama() -> Finding:
    said = "is installed" if installed_llama() else "is not installed; no model can write on this machine"
    return ok("language models", f"llama.cpp {said}.")


def models(data_dir: Path) -> Iterator[Finding]:
    chosen = serving(data_dir)
    for reason in chosen.refused:
        yield fix("installed models", reason, "socialai models list")
    for name in sets.PARTS:
        try:
            manifest = check_folder(chosen.set / name)
        except ModelError as error:
            yield fix(f"{name} model", str(error))
        else:
            yield ok(f"{name} model", f"{manifest.name}, every file as its checksum says.")
    if chosen.search:
        yield ok("search", f"{check_folder(chosen.search).name} searches the knowledge.")


def _speed(folder: Path) -> Finding:
    with tempfile.TemporaryFile(dir=folder) as file:
        took = median(_once(file.fileno()) for _ in range(_WRITES))
    said = f"What must not be lost is on the disk after {took:.1f} ms."
    if took > _SLOW_MS:
        return warn("disk speed", f"{said} That is slow: an SSD inside the machine takes under 10.")
    return ok("disk speed", said)


def _once(file: int) -> float:
    os.write(file, _PAGE)
    started = time.perf_counter()
    os.fsync(file)
    return 1000 * (time.perf_counter() - started)
