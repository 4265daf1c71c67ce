"""What a backup of a large business costs those who deliver meanwhile, and whether it is that business."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

import httpx

from socialai.cli.benches import intake, load, shop
from socialai.cli.benches.figure import Extent, Figure, Say, at_most, percentile
from socialai.cli.benches.processes import Served, hub_command, serving
from socialai.cli.program import Program
from socialai.domain.backup_plan import BackupRun
from socialai.errors import HubError, SettingsError
from socialai.security.csrf import csrf_token
from socialai.settings import Settings
from socialai.store import backup_runs, drills, events
from socialai.store.db import Database

_CONNECTIONS = 4
_ROUND = 100
_PAUSE = 1.0
"""Between rounds: some 80 deliveries a second, many times what a business gets on its busiest day."""
_QUIET_ROUNDS = 8
_TEXT_BYTES = 8192
_BATCH = 200
_PEOPLE = 200


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    data = folder / "hub"
    shop.prepare(program, Settings(data_dir=data))
    tenant = Database(data / "tenants" / shop.TENANT / "tenant.db")
    say(f"backup: a tenant of {extent.megabytes:,} MB")
    _fill(tenant, extent.megabytes * 1_000_000)
    tenant.rest()
    app, bodies = Database(data / "app.db"), shop.deliveries(_PEOPLE)
    with serving(hub_command(), folder, "/health", {"SOCIALAI_DATA_DIR": str(data)}) as hub:
        say("backup: deliveries without one")
        quiet = [wait for _ in range(_QUIET_ROUNDS) for wait in _round(hub, folder, bodies)]
        say("backup: deliveries while one is made")
        _begin(hub)
        during: list[float] = []
        while (run := app.read(backup_runs.last)) is None or run.state == "running":
            during += _round(hub, folder, bodies)
    app.rest()
    tenant.rest()
    return [*_figures(quiet, during, run, tenant.path.stat().st_size), _restored(data, run, say)]


def _fill(database: Database, size: int) -> None:
    """With deliveries that were processed, each of its own text."""
    texts = shop.texts()
    for batch in range(-(-size // (_BATCH * _TEXT_BYTES))):
        bodies = [_body(texts, f"{batch}/{number}") for number in range(_BATCH)]
        database.write(lambda db, bodies=bodies: _keep(db, bodies))  # type: ignore[misc]


def _body(texts: Iterator[str], mark: str) -> bytes:
    while len(mark) < _TEXT_BYTES:
        mark += f" {next(texts)}"
    return mark.encode()


def _keep(db: Connection, bodies: list[bytes]) -> None:
    now = datetime.now(UTC)
    for body in bodies:
        event_id = events.keep(db, "facebook", body, "bench", now)
        events.finish(db, event_id or 0, now)


def _round(hub: Served, folder: Path, bodies: Iterator[bytes]) -> list[float]:
    """What each delivery waited, in milliseconds."""
    file = folder / "requests"
    file.write_bytes(load.pack([shop.request(body) for body in islice(bodies, _ROUND)]))
    time.sleep(_PAUSE)
    run = intake.drive(hub, file, _CONNECTIONS)
    if run.refused:
        raise SettingsError(f"{run.refused} deliveries were refused.")
    return [1000 * second for second in run.seconds]


def _begin(hub: Served) -> None:
    """As an owner does it."""
    with httpx.Client(base_url=f"http://127.0.0.1:{hub.port}", trust_env=False) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        client.post("/login", data={"email": shop.OWNER, "password": shop.PASSWORD})
        proof = {"x-csrf-token": csrf_token(next(iter(client.cookies.values())))}
        begun = client.post("/settings/backups/now", headers=proof)
    if begun.status_code != httpx.codes.SEE_OTHER:
        raise SettingsError(f"The hub began no backup ({begun.status_code}).")


def _figures(quiet: list[float], during: list[float], run: BackupRun, size: int) -> list[Figure]:
    took = (run.ended_at - run.began_at).total_seconds() if run.ended_at else 0.0
    return [
        at_most(
            100,
            name="intake during a backup, p99",
            value=percentile(during, 0.99),
            unit="ms",
            compared_to=f"without one {percentile(quiet, 0.99):.1f} ms; p50 {percentile(during, 0.5):.1f} ms "
            f"and {percentile(quiet, 0.5):.1f}; {len(during):,} deliveries, {_CONNECTIONS} connections",
        ),
        Figure(
            name="backup, whole and packed after",
            value=took,
            unit="s",
            compared_to=f"a tenant of {size / 1e6:,.0f} MB, {run.bytes / 1e6:,.0f} MB packed {run.error}",
        ),
    ]


def _restored(data: Path, run: BackupRun, say: Say) -> Figure:
    say("backup: bringing it back")
    try:
        done = drills.drill(data / "backups" / run.name, data, datetime.now(UTC), lambda _: None)
        rows, said = done.rows, f"{done.files} files with their checksums"
    except HubError as error:
        rows, said = 0, str(error)
    return Figure(
        name="backup, rows that come back", value=rows, unit="rows", compared_to=said, wanted="all",
        good=rows > 0,
    )  # fmt: skip
