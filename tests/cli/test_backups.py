"""Backups of the plan on the command line, and a tenant put back to a moment."""

from pathlib import Path

from filelock import FileLock

from socialai.errors import InvalidInput, NotFound, SettingsError
from socialai.settings import Settings
from socialai.store.db import connect
from tests import cast
from tests.cli.conftest import Run


def test_made_listed_tried_out_and_taken_home(run: Run, settings: Settings, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    assert "will be" in run("backups", "to-folder", usb).stdout
    sealed = run("backups", "plan", "--keep", 3, "--sealed", "--stdin", input="green tomato soup\n").stdout
    assert "every 24 hours" in sealed
    assert "sealed with a passphrase. 3 are kept" in sealed
    assert run("backups", "now").exit_code == 0
    (name,) = [path.name for path in usb.iterdir()]
    assert run("backups", "there").stdout.strip() == name
    assert run("backups", "try", 1).stdout.strip() == "It would come back whole."
    assert "came back whole on" in run("backups", "list").stdout
    for which in ("1", name):
        home = tmp_path / f"home-{which}"
        home.mkdir()
        assert run("backups", "fetch", which, "--to", home).exit_code == 0
        assert (home / name).read_bytes() == (usb / name).read_bytes()
    assert isinstance(run("backups", "fetch", f"../usb/{name}").exception, InvalidInput)
    (usb / name).write_bytes((usb / name).read_bytes()[:-500])
    broken = run("backups", "try", 1)
    assert (broken.exit_code, "changed" in broken.stdout or "damaged" in broken.stdout) == (1, True)


def test_what_fails_is_said(run: Run, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    run("backups", "to-folder", usb)
    usb.rmdir()
    failed = run("backups", "now")
    assert (failed.exit_code, "Is the disk there?" in failed.stdout) == (1, True)
    assert isinstance(run("backups", "try", 1).exception, NotFound)


def test_a_tenant_goes_back_to_a_moment_and_what_was_there_is_put_aside(
    run: Run, settings: Settings, acme: Path
) -> None:
    run("backups", "now")
    db = connect(acme)
    db.execute("insert into setting values ('since', '1')")
    db.close()
    moment = f"{cast.START + cast.minutes(1):%Y-%m-%d %H:%M}"
    early = run("restore", "--at", "2020-01-01 00:00", "--tenant", "acme")
    assert isinstance(early.exception, NotFound)
    with FileLock(settings.data_dir / "hub.lock"):
        running = run("restore", "--at", moment, "--tenant", "acme")
        assert isinstance(running.exception, SettingsError)
    done = run("restore", "--at", moment, "--tenant", "acme")
    assert done.exit_code == 0, done.exception
    assert _settings(acme) == 0
    (aside,) = (settings.data_dir / "aside").iterdir()
    assert _settings(aside / "tenant.db") == 1
    assert "Acme on Facebook" in run("channel", "check", 1, "-t", "acme").stdout, "its key is here"


def test_a_moment_needs_a_tenant(run: Run) -> None:
    for args in (["--at", "2026-11-23 08:00"], []):
        assert isinstance(run("restore", *args).exception, InvalidInput)


def _settings(path: Path) -> int:
    db = connect(path, read_only=True)
    try:
        return int(db.execute("select count(*) from setting where name = 'since'").fetchone()[0])
    finally:
        db.close()
