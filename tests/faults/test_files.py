"""A file that is damaged, gone, locked or full: a plain sentence, nothing accepted lost, and it recovers."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec
import pytest

from socialai import app as building
from socialai.context import App
from socialai.errors import SettingsError, StoreError
from socialai.jobs.sweep import recover
from socialai.settings import Settings
from tests import cast
from tests.chaos.hub import until
from tests.faults.hooks import Client, kept, post
from tests.routes.signed import message

GARBAGE = b"This is not a database. " * 4096


Start = Callable[[Settings], App]
Serve = Callable[[App], Client]


def damage(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
    path.write_bytes(GARBAGE)


# -- a tenant's file


def test_a_damaged_tenant_is_said_with_what_to_do_and_the_others_go_on(
    settings: Settings, start: Start, serve: Serve
) -> None:
    path = settings.tenants_dir / "acme" / "tenant.db"
    damage(path)
    app = start(settings)
    recover(app)
    hooks = serve(app)
    answer = post(hooks, message())
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        f"{path} is damaged. Restore it from a backup: socialai restore --help."
    )
    body = message(page=cast.PAGES["rival"])
    assert post(hooks, body, "/webhooks/facebook/rival").status_code == 200


def test_a_tenant_damaged_while_it_is_open_is_said_too(app: App, serve: Serve) -> None:
    hooks = serve(app)
    database = app.files.tenant("acme")
    database.rest()
    whole = database.path.read_bytes()
    damage(database.path)
    answer = post(hooks, message())
    assert answer.status_code == 503
    assert "is damaged. Restore it from a backup" in answer.json()["detail"]
    database.rest()
    database.path.write_bytes(whole)
    assert post(hooks, message()).status_code == 200


def test_a_tenant_that_another_program_holds_waits_and_goes_on(app: App, serve: Serve) -> None:
    hooks = serve(app)
    """Held for longer than anyone waits, then let go: what was not acknowledged comes again."""
    body = message()
    with closing(sqlite3.connect(app.files.path("acme"), isolation_level=None)) as other:
        other.execute("begin exclusive")
        assert post(hooks, body).status_code == 503
        other.execute("rollback")
    assert post(hooks, body).status_code == 200
    assert kept(app) == [body]


def test_a_damaged_app_db_is_said_at_start(settings: Settings) -> None:
    damage(settings.data_dir / "app.db")
    with pytest.raises(StoreError, match=r"app\.db is damaged\. Restore it from a backup"):
        building.build(settings)


# -- the disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of four megabytes, where this may be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can make a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_said_and_nothing_accepted_is_lost(
    small_disk: Path, settings: Settings, start: Start, serve: Serve
) -> None:
    data_dir = Path(shutil.copytree(settings.data_dir, small_disk / "data"))
    app = start(msgspec.structs.replace(settings, data_dir=data_dir))
    filler = small_disk / "filler"
    hooks = serve(app)
    accepted = [body for body in (message(), message()) if post(hooks, body).status_code == 200]
    _fill(filler)
    refused = message("x" * 200_000)
    answer = post(hooks, refused)
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        f"The disk that holds {app.files.path('acme')} is full. Free some space; nothing accepted was lost."
    )
    assert hooks.get("/ready").status_code == 503
    filler.unlink()
    assert post(hooks, refused).status_code == 200
    assert sorted(kept(app)) == sorted([*accepted, refused])
    assert len(accepted) == 2


def _fill(path: Path) -> None:
    """To the last byte."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


# -- queue.db


def test_a_damaged_queue_costs_a_ring_and_no_work(settings: Settings, start: Start, serve: Serve) -> None:
    queue = settings.data_dir / "queue.db"
    before = start(settings)
    body = message()
    hooks = serve(before)
    assert post(hooks, body).status_code == 200
    building.stop(before)
    damage(queue)
    app = start(settings)
    assert queue.with_name("queue.db.damaged").exists()
    building.start(app)
    assert until(lambda: kept(app) == [], 30)


def test_a_queue_deleted_under_a_running_hub_stops_nothing(
    settings: Settings, start: Start, serve: Serve
) -> None:
    app = start(settings)
    building.start(app)
    hooks = serve(app)
    for file in settings.data_dir.glob("queue.db*"):
        file.unlink()
    assert post(hooks, message()).status_code == 200
    assert until(lambda: kept(app) == [], 30)


# -- secret.key


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_a_damaged_secret_key_is_said_at_start_and_never_replaced(settings: Settings, key: bytes) -> None:
    path = settings.data_dir / "secret.key"
    path.write_bytes(key)
    with pytest.raises(SettingsError, match=r"secret\.key is damaged\. Put back the copy you kept"):
        building.build(settings)
    assert path.read_bytes() == key


def test_with_a_replaced_secret_key_the_hub_says_what_it_cannot_open_and_can_be_connected_again(
    settings: Settings, start: Start, serve: Serve
) -> None:
    (settings.data_dir / "secret.key").write_bytes(b"k" * 32)
    app = start(settings)
    recover(app)
    body = message()
    hooks = serve(app)
    answer = post(hooks, body)
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        "The credentials 'channel/1' of acme cannot be opened with this secret.key. "
        "Put back the secret.key they were sealed with, or connect again."
    )
    values = {"page_id": cast.PAGES["acme"], **cast.SECRETS}
    app.channels.connect("acme", "facebook", "Acme on Facebook", values, app.clock())
    assert post(hooks, body).status_code == 200
