"""From nothing to the first page, and what the hub holds when it idles."""

import json
import statistics
import time
from itertools import islice
from pathlib import Path

from socialai.cli.benches import intake, load, shop
from socialai.cli.benches.figure import Extent, Figure, Say, at_most
from socialai.cli.benches.processes import Served, hub_command, script, serving
from socialai.cli.program import Program
from socialai.serving import UVICORN
from socialai.settings import Settings
from socialai.store.db import Database

_MESSAGES = 30
_PAGE = "/login"


def measure(program: Program, folder: Path, extent: Extent, say: Say) -> list[Figure]:
    data = folder / "hub"
    shop.prepare(program, Settings(data_dir=data))
    environment = {"SOCIALAI_DATA_DIR": str(data), "SOCIALAI_DEBOUNCE_SECONDS": "0"}
    seconds = []
    for number in range(extent.starts):
        say(f"start: {number + 1} of {extent.starts}")
        with serving(hub_command(), folder, _PAGE, environment) as hub:
            seconds.append(hub.seconds)
            if number + 1 == extent.starts:
                say(f"start: memory after {_MESSAGES} messages")
                memory = _idle_memory(hub, folder, data)
    with serving(script("bare.py", json.dumps(UVICORN)), folder, "/health") as bare:
        beside, bare_seconds = bare.memory_mb, bare.seconds
    return [
        at_most(
            3,
            name="start to first page, median",
            value=statistics.median(seconds),
            unit="s",
            compared_to=f"bare Litestar {bare_seconds:.2f} s; slowest {max(seconds):.2f} s",
        ),
        at_most(
            350,
            name="idle memory (RSS), models warm",
            value=memory,
            unit="MB",
            compared_to=f"bare Litestar {beside:.0f} MB",
        ),
    ]


def _idle_memory(hub: Served, folder: Path, data: Path) -> float:
    """After messages that every model worked on."""
    file = folder / "requests"
    file.write_bytes(
        load.pack([shop.request(body) for body in islice(shop.deliveries(_MESSAGES), _MESSAGES)])
    )
    database = Database(data / "tenants" / shop.TENANT / "tenant.db")
    try:
        intake.drive(hub, file)
        intake.wait_until_done(database)
    finally:
        database.rest()
    time.sleep(1.0)
    return hub.memory_mb
