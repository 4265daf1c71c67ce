"""A start that cannot be: the reason in one sentence, an exit code that means something, nothing touched."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialai.domain.clock import utc_now
from socialai.security import set_up
from socialai.settings import Settings
from tests.chaos.hub import START_SECONDS, Hub, free_port

WRONG_SETTINGS = 3
REFUSED = 1


@pytest.fixture
def running(settings: Settings) -> Iterator[Hub]:
    hub = Hub(settings.data_dir, {})
    hub.start()
    yield hub
    hub.close()


def serve(data_dir: Path, port: int, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start a hub that is expected to give up."""
    environ = {**os.environ, "SOCIALAI_DATA_DIR": str(data_dir), **variables}
    command = [sys.executable, "-m", "socialai", "serve", "--port", str(port), *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=START_SECONDS)


def test_a_second_hub_on_the_same_data_is_turned_away_and_the_first_goes_on(
    running: Hub, settings: Settings
) -> None:
    second = serve(settings.data_dir, free_port())
    assert second.returncode == WRONG_SETTINGS
    assert second.stderr == (
        f"A hub is running on {settings.data_dir} already, at {running.url}. "
        "Open that in the browser, or stop it first; another hub needs another SOCIALAI_DATA_DIR.\n"
    )
    assert running.answers()


def test_a_second_start_of_the_program_opens_the_hub_that_runs(running: Hub, settings: Settings) -> None:
    second = serve(settings.data_dir, free_port(), "--browser", BROWSER="true")
    assert (second.returncode, second.stdout) == (0, f"Opened in the browser: {running.url}\n")
    set_up.new_token(settings.data_dir, utc_now())  # as a hub does that waits to be set up
    third = serve(settings.data_dir, free_port(), "--browser", BROWSER="true")
    link = third.stdout.rpartition(" ")[2].strip()
    assert link.startswith(f"{running.url}/setup?token=")
    set_up.check_token(settings.data_dir, link.partition("=")[2], utc_now())


def test_a_killed_hub_leaves_no_lock_behind(running: Hub) -> None:
    running.kill()
    running.start()
    assert running.answers()


def test_a_port_in_use_is_said_before_anything_starts(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = serve(settings.data_dir, port)
    assert refused.returncode == WRONG_SETTINGS
    assert refused.stderr == (
        f"127.0.0.1:{port} cannot be used (Address already in use). Another program has it, perhaps another "
        "hub; stop that, or choose another with --port.\n"
    )


def test_a_damaged_secret_key_is_said(settings: Settings) -> None:
    path = settings.data_dir / "secret.key"
    path.write_bytes(b"half a key")
    refused = serve(settings.data_dir, free_port())
    assert refused.returncode == WRONG_SETTINGS
    assert refused.stderr == (
        f"{path} is damaged. Put back the copy you kept; without it no credential can be opened.\n"
    )


def test_a_damaged_app_db_is_said(settings: Settings) -> None:
    path = settings.data_dir / "app.db"
    path.write_bytes(b"This is not a database. " * 1000)
    refused = serve(settings.data_dir, free_port())
    assert refused.returncode == REFUSED
    assert refused.stderr == f"{path} is damaged. Restore it from a backup: socialai restore --help.\n"
