"""Durable intake beside a bare route of the same server: the same requests, in turns."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

import msgspec
from msgspec import Struct

from socialai.cli.benches import load, shop
from socialai.cli.benches.disk import fsync_ms
from socialai.cli.benches.figure import Extent, Figure, Say, at_least, at_most, percentile
from socialai.cli.benches.processes import Served, hub_command, script, serving
from socialai.cli.benches.senders import SENDERS, Sender
from socialai.cli.program import Program
from socialai.errors import SettingsError
from socialai.serving import UVICORN
from socialai.settings import Settings
from socialai.store import conversations, events
from socialai.store.db import Database

CONNECTIONS = 32
_PEOPLE = 200
_WARM_UP = 500
_PATIENCE = 180.0


class Run(Struct, frozen=True):
    """What the load generator saw."""

    accepted: int
    refused: int
    took: float
    seconds: list[float]

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took


class Both(Struct, frozen=True):
    """One round; `catching_up` is how long the hub then processed on."""

    bare: Run
    hub: Run
    catching_up: float


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    data = folder / "hub"
    settings = Settings(data_dir=data)
    shop.prepare(program, settings)
    _connect(program, settings)
    files = _request_files(folder, extent)
    database = Database(data / "tenants" / shop.TENANT / "tenant.db")
    with ExitStack() as stack:
        stack.callback(database.rest)
        bare = stack.enter_context(serving(script("bare.py", json.dumps(UVICORN)), folder, "/health"))
        hub = stack.enter_context(serving(hub_command(), folder, "/health", {"SOCIALAI_DATA_DIR": str(data)}))
        say("intake: warming up")
        first = _both(bare, hub, next(files), database)
        rounds = []
        for number, file in enumerate(files, 1):
            say(f"intake: round {number} of {extent.rounds}")
            rounds.append(_both(bare, hub, file, database))
        others = {}
        for sender, file in _files_of_others(folder, extent):
            say(f"intake: {sender.platform}")
            others[sender.platform] = _both(bare, hub, file, database)
        accepted = sum(each.hub.accepted for each in (first, *rounds, *others.values()))
        shares = [_share(platform, each) for platform, each in others.items()]
        return [*_figures(rounds, fsync_ms(folder)), *shares, *_counts(database, accepted)]


def _connect(program: Program, settings: Settings) -> None:
    app = program.build(settings)
    try:
        for sender in SENDERS:
            app.channels.connect(shop.TENANT, sender.platform, "Bench", dict(sender.values), app.clock())
    finally:
        program.stop(app)


def _request_files(folder: Path, extent: Extent) -> Iterator[Path]:
    """Requests of the warm-up, then of each round; no two are alike."""
    bodies = shop.deliveries(_PEOPLE)
    sizes = [min(_WARM_UP, extent.requests), *[extent.requests] * extent.rounds]
    for number, size in enumerate(sizes):
        file = folder / f"requests-{number}"
        file.write_bytes(load.pack([shop.request(body) for body in islice(bodies, size)]))
        yield file


def _files_of_others(folder: Path, extent: Extent) -> Iterator[tuple[Sender, Path]]:
    for sender in SENDERS:
        file = folder / f"requests-{sender.platform}"
        file.write_bytes(load.pack(list(islice(sender.requests(_PEOPLE), extent.requests // 2))))
        yield sender, file


def _both(bare: Served, hub: Served, file: Path, database: Database) -> Both:
    """The hub has worked everything off before the bare route is measured again."""
    beside = drive(bare, file)
    measured = drive(hub, file)
    started = time.perf_counter()
    wait_until_done(database)
    return Both(beside, measured, time.perf_counter() - started)


def drive(server: Served, file: Path, connections: int = CONNECTIONS) -> Run:
    command = script("load.py", str(server.port), str(connections), str(file))
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise SettingsError(f"The load generator failed: {error}") from None
    return msgspec.json.decode(done.stdout, type=Run)


def wait_until_done(database: Database) -> None:
    late = time.monotonic() + _PATIENCE
    while database.read(_is_busy):
        if time.monotonic() > late:
            raise SettingsError("The hub does not process what it kept.")
        time.sleep(0.02)


def _is_busy(db: Connection) -> bool:
    """Something waits to be processed, or to be answered."""
    late = datetime.now(UTC) + timedelta(days=1)
    return bool(events.count(db, "received") or conversations.due(db, late, 1))


def _figures(rounds: list[Both], disk: list[float]) -> list[Figure]:
    bare = [each.bare for each in rounds]
    hub = [each.hub for each in rounds]
    waits = [1000 * second for run in hub for second in run.seconds]
    bare_waits = [1000 * second for run in bare for second in run.seconds]
    rate, bare_rate = _rate(hub), _rate(bare)
    return [
        at_least(
            50,
            name="intake, share of the bare route",
            value=100 * rate / bare_rate,
            unit="%",
            compared_to=f"bare route {bare_rate:,.0f} requests/s, hub {rate:,.0f}",
        ),
        Figure(
            name="intake, p50",
            value=percentile(waits, 0.5),
            unit="ms",
            compared_to=f"bare route {percentile(bare_waits, 0.5):.1f} ms",
        ),
        at_most(
            25,
            name="intake, p99",
            value=percentile(waits, 0.99),
            unit="ms",
            compared_to=f"bare route {percentile(bare_waits, 0.99):.1f} ms; the disk's fsync alone "
            f"{percentile(disk, 0.5):.1f} ms, p99 {percentile(disk, 0.99):.1f} ms",
        ),
        Figure(
            name="intake, all processed and answered after",
            value=max(each.catching_up for each in rounds),
            unit="s",
            compared_to=f"a round of {len(hub[0].seconds):,} deliveries in {hub[0].took:.1f} s",
        ),
    ]


def _share(platform: str, each: Both) -> Figure:
    return at_least(
        50,
        name=f"intake of {platform}, share of the bare route",
        value=100 * each.hub.rate / each.bare.rate,
        unit="%",
        compared_to=f"bare route {each.bare.rate:,.0f} requests/s, hub {each.hub.rate:,.0f}",
    )


def _rate(runs: list[Run]) -> float:
    return sum(len(run.seconds) for run in runs) / sum(run.took for run in runs)


def _counts(database: Database, accepted: int) -> list[Figure]:
    processed, received, dead = database.read(
        lambda db: [events.count(db, state) for state in ("processed", "received", "dead")]
    )
    kept = processed + received + dead
    figure = Figure(
        name="intake, processed of the accepted",
        value=processed,
        unit="events",
        compared_to=f"{accepted:,} answered 200, {kept:,} journalled",
        wanted="all",
        good=accepted == kept == processed,
    )
    return [figure]
