"""SIGTERM: the hub finishes what runs and ends by itself, whatever hangs on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from socialai import app as building
from socialai.routes.sign_in import COOKIE
from socialai.sandbox.meta import subscriptions
from socialai.sandbox.meta.graph import Sandbox
from socialai.settings import Settings
from socialai.store import sessions, users
from tests.chaos.hub import QUICK, STOP_SECONDS, Hub, until
from tests.chaos.proof import prove
from tests.chaos.shop import TENANT, VERIFY_TOKEN, open_shop

PSID = "24680013579014"
QUESTION = "Do you ship to Norway and what does it cost?"
PATIENT = {**QUICK, "SOCIALAI_SEND_TIMEOUT_SECONDS": "30", "SOCIALAI_RETRY_SECONDS": "1,1,1"}
SLACK = 3.0
"""How much slower a loaded machine may be."""


class Stage:
    """A hub on a sandbox, with somebody who asks."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.data_dir = folder / "data"
        self.tenant_db = self.data_dir / "tenants" / TENANT / "tenant.db"
        self.sandbox_db = folder / "sandbox.db"
        self.sandbox = sandbox
        open_shop(self.data_dir, sandbox)
        self.cookie = self._sign_in()
        self.hub = Hub(self.data_dir, PATIENT)
        self.hub.start()
        sandbox.connect(f"{self.hub.url}/webhooks/facebook/{TENANT}", VERIFY_TOKEN)

    def states(self) -> list[str]:
        with closing(sqlite3.connect(self.tenant_db)) as db:
            return [row[0] for row in db.execute("select state from outbox order by id")]

    def ask(self) -> None:
        """Returns while the answer is on its way."""
        self.sandbox.say(PSID, QUESTION)
        assert until(lambda: self.states() == ["sending"], 60), self.hub.log_tail()
        assert until(lambda: len(self.sandbox.sent(PSID)) == 1, 60)

    def settle(self) -> None:
        assert until(lambda: self.states() == ["sent"] and not self.sandbox.pending(), 60), self.states()
        self.hub.stop()
        found = prove(self.tenant_db, self.sandbox_db)
        assert found.faults == [], str(found)
        assert len(self.sandbox.sent(PSID)) == 1

    def _sign_in(self) -> str:
        app = building.build(Settings(data_dir=self.data_dir))
        user = app.files.app.read(lambda db: users.users(db, TENANT))[0]
        token = app.files.app.write(lambda db: sessions.create(db, user.id, app.clock(), 1.0))
        building.stop(app)
        return token


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Stage]:
    """The platform takes the answer, and says so two seconds later at the earliest."""
    yield from _stage(tmp_path, hold_for=1.0)


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[Stage]:
    """The platform takes the answer and never says so."""
    yield from _stage(tmp_path, hold_for=60.0)


def _stage(folder: Path, hold_for: float) -> Iterator[Stage]:
    with Sandbox(database=folder / "sandbox.db", retry_waits=(0.0, 0.1), hold_for=hold_for) as sandbox:
        sandbox.fail("timeout_after_accepting", times=1)
        stage = Stage(folder, sandbox)
        yield stage
        stage.hub.close()


def test_a_send_that_is_nearly_done_is_finished(slow: Stage) -> None:
    slow.ask()
    assert slow.hub.stop() < STOP_SECONDS * SLACK
    assert slow.states() == ["sent"]
    slow.hub.start()
    slow.settle()


def test_a_send_that_hangs_and_an_open_page_do_not_hold_the_stop_up(stuck: Stage) -> None:
    """Nobody told whether it arrived: the next start asks the platform before anything is sent again."""
    subscriptions.subscribe(stuck.sandbox.state, stuck.sandbox.account().id, ("messages",))
    with (
        httpx.Client(base_url=stuck.hub.url, cookies={COOKIE: stuck.cookie}, trust_env=False) as browser,
        browser.stream("GET", "/live", timeout=60) as live,
    ):
        assert live.status_code == 200
        lines = live.iter_lines()
        assert next(lines) == ": open"
        stuck.ask()
        assert stuck.hub.stop() < STOP_SECONDS * SLACK
        assert [line for line in lines if line.startswith("event:")]
    assert stuck.states() in (["sending"], ["unknown"])
    stuck.hub.start()
    stuck.settle()
