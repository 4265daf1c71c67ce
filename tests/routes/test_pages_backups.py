"""Settings, backups: planned, made, tried out, downloaded; and said when one fails."""

import io
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai.context import App
from socialai.domain.backup_plan import BackupRun, Folder
from socialai.jobs.sweep import recover
from socialai.places.sftp import public_line
from socialai.security import accounts
from socialai.security.csrf import csrf_token
from socialai.store import backup_runs, sessions
from tests import cast
from tests.routes.conftest import Client, Headers
from tests.tunnel.sshd import Sshd

PLACE = "/settings/backups"
PLAN = {"every": "24", "keep": "2", "kind": "own"}
BUCKET = {"endpoint": "http://127.0.0.1:9", "bucket": "shop", "access_key": "A"}
PHRASE = "green tomato soup"


@pytest.fixture
def olga(empty_app: App) -> Headers:
    """Owner of the only business of a hub."""
    user = accounts.set_up(empty_app.gate, "acme", "Acme", "olga@acme.example", "olga", cast.PASSWORD)
    empty_app.files.create("acme")
    token = empty_app.files.app.write(lambda db: sessions.create(db, user.id, empty_app.clock(), 2400.0))
    return {
        "cookie": f"hub_session={token}",
        "x-csrf-token": csrf_token(token),
        "accept": "text/html",
        "sec-fetch-site": "same-origin",
    }


@pytest.fixture
def made(empty_app: App, empty_client: Client, olga: Headers) -> Callable[[], BackupRun]:
    """By the button, and the work that it wakes."""

    def make() -> BackupRun:
        assert empty_client.post(f"{PLACE}/now", headers=olga).status_code == 200
        run = last(empty_app)
        empty_app.tasks.run("back_up", "", run.id)
        return last(empty_app)

    return make


def last(app: App) -> BackupRun:
    found = app.files.app.read(backup_runs.last)
    assert found
    return found


def test_one_is_made_tried_out_and_downloaded(
    empty_app: App, empty_client: Client, olga: Headers, made: Callable[[], BackupRun]
) -> None:
    assert "No backup was made" in empty_client.get(PLACE, headers=olga).text
    run = made()
    assert run.is_there
    empty_client.post(f"{PLACE}/{run.id}/drill", headers=olga)
    assert "is being tried out" in empty_client.get(PLACE, headers=olga).text
    empty_app.tasks.run("drill", "", run.id)
    assert "came back whole" in empty_client.get(PLACE, headers=olga).text
    file = empty_client.get(f"{PLACE}/{run.id}/file", headers=olga)
    assert run.name in file.headers["content-disposition"]
    assert "tenants/acme/tenant.db" in zipfile.ZipFile(io.BytesIO(file.content)).namelist()
    assert [path.name for path in empty_app.copies.folder.iterdir()] == [run.name]


def test_sealed_ones_hold_the_key_and_show_it_to_nobody(
    empty_app: App, empty_client: Client, olga: Headers, made: Callable[[], BackupRun]
) -> None:
    short = empty_client.post(PLACE, headers=olga, data={**PLAN, "sealed": "on", "passphrase": "short"})
    assert "at least 10 characters" in short.text
    saved = empty_client.post(PLACE, headers=olga, data={**PLAN, "sealed": "on", "passphrase": PHRASE})
    assert "Saved." in saved.text
    assert PHRASE not in saved.text
    run = made()
    content = (empty_app.copies.folder / run.name).read_bytes()
    assert (empty_app.settings.data_dir / "secret.key").read_bytes() not in content
    empty_app.tasks.run("drill", "", run.id)
    assert (last(empty_app).checked_at, last(empty_app).check_error) == (empty_app.clock(), "")
    empty_client.post(PLACE, headers=olga, data={**PLAN, "sealed": "on"})
    assert empty_app.copies.passphrase() == PHRASE
    empty_client.post(PLACE, headers=olga, data=PLAN)
    assert empty_app.copies.passphrase() == ""


def test_the_plan_makes_them_and_keeps_the_newest(
    empty_app: App, empty_client: Client, olga: Headers, clock: cast.Clock
) -> None:
    empty_client.post(PLACE, headers=olga, data=PLAN)
    empty_app.tasks.run("back_up", "", 0)
    assert empty_app.files.app.read(backup_runs.last) is None, "a new hub has its first after an hour"
    for _ in range(4):
        clock.wait(hours=25)
        empty_app.tasks.run("back_up", "", 0)
        empty_app.tasks.run("back_up", "", 0)
    runs = empty_app.files.app.read(lambda db: backup_runs.runs(db, 10))
    assert [run.is_there for run in runs] == [True, True, False, False]
    kept = sorted(path.name for path in empty_app.copies.folder.iterdir())
    assert kept == sorted(run.name for run in runs if run.is_there)
    assert "removed, as newer ones came" in empty_client.get(PLACE, headers=olga).text
    assert empty_client.get(f"{PLACE}/{runs[-1].id}/file", headers=olga).status_code == 404


def test_one_that_fails_is_said_on_every_page_and_tried_again_within_the_hour(
    empty_app: App,
    empty_client: Client,
    olga: Headers,
    made: Callable[[], BackupRun],
    clock: cast.Clock,
    tmp_path: Path,
) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    saved = empty_client.post(PLACE, headers=olga, data={**PLAN, "kind": "folder", "path": str(usb)})
    assert "Saved." in saved.text
    assert made().place == Folder(str(usb))
    assert [path.name for path in usb.iterdir()] == [last(empty_app).name]
    shutil.rmtree(usb)
    assert "Is the disk there?" in made().error
    for page in ("/inbox", "/status"):
        assert "The last backup failed." in empty_client.get(page, headers=olga).text
    clock.wait(minutes=59)
    empty_app.tasks.run("back_up", "", 0)
    clock.wait(minutes=2)
    usb.mkdir()
    empty_app.tasks.run("back_up", "", 0)
    runs = empty_app.files.app.read(lambda db: backup_runs.runs(db, 10))
    assert [run.state for run in runs] == ["done", "failed", "done"]
    assert "The last backup failed." not in empty_client.get("/inbox", headers=olga).text
    assert list(empty_app.copies.folder.iterdir()) == []


def test_one_that_was_cut_off_is_said_at_the_next_start(
    empty_app: App, empty_client: Client, olga: Headers
) -> None:
    empty_client.post(f"{PLACE}/now", headers=olga)
    assert "Is being made" in empty_client.get(PLACE, headers=olga | {"hx-request": "true"}).text
    assert empty_client.post(f"{PLACE}/now", headers=olga).status_code == 409
    recover(empty_app)
    assert "stopped while it was made" in empty_client.get(PLACE, headers=olga).text


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "folder", "path": "usb"},
        {"kind": "folder", "path": "/nowhere/at/all"},
        {"kind": "sftp", "server": "nonsense"},
        {"kind": "sftp", "server": "hub@127.0.0.1", "port": "9"},
        {"kind": "sftp", "server": "hub@127.0.0.1", "port": "x"},
        {"kind": "bucket"},
        {"kind": "bucket", **BUCKET},
        {"kind": "bucket", **BUCKET, "secret_key": "s"},
        {"every": "x"},
        {"keep": "0"},
        {"every": "9" * 30},
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_said(
    empty_app: App, empty_client: Client, olga: Headers, typed: dict[str, str]
) -> None:
    before = empty_app.copies.plan()
    answer = empty_client.post(PLACE, headers=olga, data={**PLAN, **typed})
    assert (answer.status_code, "Not saved" in answer.text) == (400, True)
    assert empty_app.copies.plan() == before


def test_where_several_businesses_share_the_machine_no_owner_sees_a_backup(
    client: Client, browser: Callable[[str], Headers]
) -> None:
    assert "whoever runs it" in client.get(PLACE, headers=browser("olga")).text
    assert client.post(f"{PLACE}/now", headers=browser("olga")).status_code == 403
    assert client.get(f"{PLACE}/1/file", headers=browser("olga")).status_code == 404
    assert client.get(PLACE, headers=browser("anna")).status_code == 403


def test_a_server_is_shown_before_its_key_is_pinned(
    empty_app: App, empty_client: Client, olga: Headers, made: Callable[[], BackupRun], tmp_path: Path
) -> None:
    server = Sshd(tmp_path, public_line(empty_app.copies.key()))
    server.start()
    try:
        there = {"server": f"{server.user}@127.0.0.1", "port": str(server.port)}
        typed = {**PLAN, "kind": "sftp", **there, "remote_path": str(tmp_path / "hub"), "host_key": ""}
        asked = empty_client.post(PLACE, headers=olga, data=typed).text
        assert "Is this your server?" in asked
        assert empty_app.copies.plan().place == Folder()
        saved = empty_client.post(PLACE, headers=olga, data={**typed, "host_key": server.host_key}).text
        assert "Saved." in saved
        run = made()
        assert [path.name for path in (tmp_path / "hub").iterdir()] == [run.name]
        assert list(empty_app.copies.folder.iterdir()) == []
        empty_app.tasks.run("drill", "", run.id)
        assert last(empty_app).check_error == ""
    finally:
        server.kill()


def test_what_one_that_was_cut_off_left_is_removed_by_the_next(
    empty_app: App, made: Callable[[], BackupRun]
) -> None:
    folder, old = empty_app.copies.folder, time.time() - 86_400
    cut = folder / "socialai-all-x.zip.partial"
    cut.touch()
    left = [folder / ".drill-x", empty_app.settings.data_dir / ".copying-x"]
    for path in left:
        path.mkdir()
    for path in (cut, *left):
        os.utime(path, (old, old))
    (folder / ".drill-y").mkdir()
    run = made()
    assert not any(path.exists() for path in (cut, *left))
    assert sorted(path.name for path in folder.iterdir()) == [".drill-y", run.name]
