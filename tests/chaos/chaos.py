"""Kill the hub again and again under traffic, then prove from both databases: nothing lost, nothing doubled.

python -m tests.chaos.chaos --kills 40 --seed 1
"""

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from socialai.sandbox.failures import FailureKind
from socialai.sandbox.meta import subscriptions
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import FIELDS
from tests import cast
from tests.chaos.hub import STOP_SECONDS, Hub, until
from tests.chaos.people import People
from tests.chaos.proof import Findings, integrity, prove, unsettled
from tests.chaos.shop import BYSTANDER, TENANT, VERIFY_TOKEN, open_shop

_FAILURES: dict[FailureKind, float] = {
    "server_error": 0.05,
    "timeout_after_accepting": 0.15,
    "timeout_before_accepting": 0.03,
    "broken_connection": 0.08,
}
_LEAST_LIFE, _MOST_LIFE = 0.1, 2.5
_SETTLE_SECONDS = 240.0


class Plan(Struct, frozen=True):
    """`rate`: what people do in a second; `limits`: how often the Page is told to wait, for a minute each."""

    kills: int
    seed: int
    rate: float = 8.0
    limits: int = 0


def run(plan: Plan, folder: Path) -> Findings:
    data_dir, sandbox_db = folder / "data", folder / "sandbox.db"
    with Sandbox(database=sandbox_db, retry_waits=(0.0, 0.1, 0.2), hold_for=5.0) as sandbox:
        open_shop(data_dir, sandbox)
        bystander = _rows(data_dir)
        hub = Hub(data_dir)
        try:
            hub.start()
            sandbox.connect(f"{hub.url}/webhooks/facebook/{TENANT}", VERIFY_TOKEN)
            _rage(plan, sandbox, hub)
            seconds = _settle(sandbox, hub, _file(data_dir, TENANT))
            stop_seconds = hub.stop()
        finally:
            hub.close()
        found = prove(_file(data_dir, TENANT), sandbox_db)
    _add(found, plan, seconds, stop_seconds)
    found.faults += integrity([_file(data_dir, TENANT), _file(data_dir, BYSTANDER), data_dir / "app.db"])
    found.faults += [
        f"another tenant's {table} was touched"
        for table, rows in _rows(data_dir).items()
        if rows != bystander[table]
    ]
    return found


def _rage(plan: Plan, sandbox: Sandbox, hub: Hub) -> None:
    """People write, the platform fails, and the hub dies at random moments."""
    dice = random.Random(plan.seed)
    for number, (kind, probability) in enumerate(_FAILURES.items()):
        sandbox.fail(kind, probability=probability, seed=plan.seed + number)
    sandbox.fail("server_error", probability=0.1, seed=plan.seed, on="read")
    if plan.limits:
        sandbox.fail("rate_limit", times=plan.limits, probability=0.05, seed=plan.seed)
    people = People(sandbox, plan.seed, plan.rate)
    people.start()
    moment = threading.Event()
    try:
        for number in range(plan.kills):
            if number == plan.kills // 2:
                _without_echoes(sandbox)
            moment.wait(dice.uniform(_LEAST_LIFE, _MOST_LIFE))
            hub.kill()
            hub.start()
    finally:
        people.stop()
    sandbox.failures.clear()


def _without_echoes(sandbox: Sandbox) -> None:
    """From now on only reading back can tell what became of an answer that never came."""
    fields = tuple(field for field in FIELDS["page"] if field != "message_echoes")
    subscriptions.subscribe(sandbox.state, sandbox.account().id, fields)


def _settle(sandbox: Sandbox, hub: Hub, tenant_db: Path) -> float:
    """The seconds until nobody had anything left to do."""
    began = time.monotonic()

    def is_settled() -> bool:
        return not sandbox.pending() and not any(unsettled(tenant_db).values())

    if not until(is_settled, _SETTLE_SECONDS):
        left = {"webhooks to deliver": len(sandbox.pending()), **unsettled(tenant_db)}
        raise AssertionError(f"After {_SETTLE_SECONDS:.0f} seconds there is left: {left}\n{hub.log_tail()}")
    return time.monotonic() - began


def _add(found: Findings, plan: Plan, settle_seconds: float, stop_seconds: float) -> None:
    found.counts = {
        "kills": plan.kills,
        **found.counts,
        "seconds to settle": round(settle_seconds),
        "seconds to stop": round(stop_seconds),
    }
    if stop_seconds > 2 * STOP_SECONDS:
        found.faults.append(f"the stop took {stop_seconds:.1f} s")


def _file(data_dir: Path, tenant_id: str) -> Path:
    return data_dir / "tenants" / tenant_id / "tenant.db"


def _rows(data_dir: Path) -> dict[str, list[Any]]:
    """Everything the other tenant has, but for what the hub notes down when it starts."""
    found = cast.rows(_file(data_dir, BYSTANDER))
    return {table: rows for table, rows in found.items() if table != "setting" and table[:7] != "sqlite_"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=8.0, help="what people do in a second")
    parser.add_argument("--limits", type=int, default=3, help="how often the Page is told to wait a minute")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the hub does not outlive us
    with tempfile.TemporaryDirectory() as folder:
        found = run(Plan(asked.kills, asked.seed, asked.rate, asked.limits), Path(folder))
    sys.stdout.write(f"{found}\n")
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
