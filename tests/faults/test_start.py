"""A start that cannot be: the reason in one sentence, an exit code that means something, nothing touched."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
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
    return run(data_dir, "serve", "--port", str(port), *words, **variables)


def run(
    data_dir: Path, *words: str, before: Sequence[str] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SOCIALAI_DATA_DIR": str(data_dir), **variables}
    command = [*before, sys.executable, "-m", "socialai", *words]
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


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs to become another user")
def test_data_and_key_of_another_user_are_said(settings: Settings) -> None:
    stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are for nobody else
        data_dir = Path(shutil.copytree(settings.data_dir, Path(folder) / "data"))
        for path in (data_dir.parent, data_dir):
            path.chmod(0o755)
        refused = run(data_dir, "tenant", "list", before=stranger)
        assert refused.stderr.startswith(f"{data_dir} cannot be written by this user"), refused.stderr
        data_dir.chmod(0o777)
        (data_dir / "app.db").chmod(0o666)
        for name in ("tenants", "backups"):
            (data_dir / name).chmod(0o777)
        refused = run(data_dir, "tenant", "list", before=stranger)
        assert f"{data_dir / 'secret.key'} cannot be read (Permission denied)" in refused.stderr


def test_a_data_directory_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = run(tmp_path / "file", "tenant", "list")
    assert refused.stderr.startswith(f"{tmp_path / 'file'} is a file and no folder.")
