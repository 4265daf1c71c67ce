import json
import os
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock

from socialai.settings import Settings
from socialai.store.db import connect
from tests import bundles
from tests.cli.conftest import Run


def wrong(run: Run, *args: str, **env: str) -> dict[str, str]:
    """What is wrong, by part; the exit code says the same."""
    done = run("doctor", "--json", *args, SOCIALAI_PORT=str(_free_port()), **env)
    broken = [each for each in json.loads(done.stdout) if each["state"] == "fix"]
    found = {each["part"]: f"{each['message']} {each['command']}".strip() for each in broken}
    assert done.exit_code == bool(found)
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_whole_hub_is_whole(run: Run) -> None:
    assert wrong(run) == {}
    shown = run("doctor", SOCIALAI_PORT=str(_free_port())).stdout
    assert "✗" not in shown
    assert all(
        part in shown for part in ("app.db", "tenant acme", "encoder model", "libraries", "secret.key")
    )


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(
    at: Callable[[Path], Run], tmp_path: Path
) -> None:
    assert wrong(at(tmp_path / "empty")) == {}
    assert not (tmp_path / "empty").exists()


def test_a_key_that_others_can_read_is_wrong(run: Run, settings: Settings) -> None:
    (settings.data_dir / "secret.key").chmod(0o644)
    assert "chmod 600" in wrong(run)["secret.key"]


def test_a_damaged_key_is_wrong(run: Run, settings: Settings) -> None:
    (settings.data_dir / "secret.key").write_bytes(b"short")
    assert "damaged" in wrong(run)["secret.key"]


def test_a_damaged_file_is_named_with_what_to_do(run: Run, acme: Path) -> None:
    data = acme.read_bytes()
    acme.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    try:
        assert "socialai restore" in wrong(run)["tenant acme"]
    finally:
        acme.write_bytes(data)


def test_a_missing_file_is_named(run: Run, acme: Path) -> None:
    acme.rename(acme.with_name("gone.db"))
    assert "is missing" in wrong(run)["tenant acme"]


def test_a_file_of_a_newer_program_is_named(run: Run, acme: Path) -> None:
    db = connect(acme)
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('tenant', '999_new', '')"
    )
    db.close()
    assert "999_new" in wrong(run)["tenant acme"]


def test_an_older_file_is_no_fault(run: Run, acme: Path) -> None:
    db = connect(acme)
    newest = db.execute("select max(name) from _sqlite_migrations").fetchone()[0]
    db.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('x', 'y', '')")
    db.close()
    shown = run("doctor", SOCIALAI_PORT=str(_free_port())).stdout
    assert newest
    assert "up to date" in shown


def test_a_damaged_queue_is_no_fault(run: Run, settings: Settings) -> None:
    (settings.data_dir / "queue.db").write_bytes(b"nonsense" * 1000)
    assert wrong(run) == {}
    assert "loses nothing" in run("doctor", SOCIALAI_PORT=str(_free_port())).stdout


def test_a_model_that_is_absent_is_named(run: Run, settings: Settings, tmp_path: Path) -> None:
    newest = bundles.activated(settings.data_dir, bundles.make_set(tmp_path / "brought")).folder
    (newest / "triage" / "manifest.json").unlink()
    assert list(wrong(run)) == ["installed models"]
    assert str(newest / "triage") in wrong(run)["installed models"]


def test_an_encoder_of_the_owners_own_is_named(run: Run, settings: Settings, tmp_path: Path) -> None:
    bundles.activated(settings.data_dir, bundles.make_search(tmp_path / "brought"))
    assert wrong(run) == {}
    assert "searches the knowledge" in run("doctor", SOCIALAI_PORT=str(_free_port())).stdout
    assert "search-1" in run("models", "list").stdout
    (settings.data_dir / "models" / "search-1" / "model.onnx").unlink()
    assert "search-1/model.onnx is missing" in wrong(run)["installed models"]


def test_a_port_that_another_program_has_is_named(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("doctor", "--json", SOCIALAI_PORT=str(taken.getsockname()[1]))
    assert [each["part"] for each in json.loads(done.stdout) if each["state"] == "fix"] == ["hub"]


def test_a_hub_that_runs_but_does_not_answer_there_is_no_fault(run: Run, settings: Settings) -> None:
    with FileLock(settings.data_dir / "hub.lock"):
        assert wrong(run) == {}


def test_platforms_deliver_to_https_only(run: Run) -> None:
    assert "https" in wrong(run, SOCIALAI_PUBLIC_URL="http://hub.example.com")["public address"]
    assert wrong(run, SOCIALAI_PUBLIC_URL="https://hub.example.com") == {}


def test_platforms_are_asked_only_when_wanted(run: Run, wire: Any) -> None:
    wrong(run)
    assert wire.requests == []
    assert wrong(run, "--online") == {}
    assert len(wire.requests) == 4


@pytest.mark.usefixtures("acme")
def test_nobody_is_asked_for_a_hub_that_is_not_whole(run: Run, wire: Any, settings: Settings) -> None:
    (settings.data_dir / "secret.key").chmod(0o644)
    assert "Not asked" in wrong(run, "--online")["channels"]
    assert wire.requests == []


def test_a_dead_token_is_named(at: Callable[[Path], Run], settings: Settings, wire: Any) -> None:
    wire.answer = lambda _: httpx.Response(
        400,
        json={"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}},
    )
    assert "channel 1 of acme" in wrong(at(settings.data_dir), "--online")


def test_a_locked_file_is_said_plainly(run: Run, acme: Path) -> None:
    db = sqlite3.connect(acme)
    db.execute("pragma locking_mode=exclusive")
    db.execute("begin exclusive")
    try:
        assert "Another program holds" in wrong(run)["tenant acme"]
    finally:
        db.close()


def test_what_may_not_last_is_a_warning_and_no_fault(run: Run, settings: Settings) -> None:
    settings.data_dir.chmod(0o755)
    done = run("doctor", "--json", SOCIALAI_PORT=str(_free_port()), SOCIALAI_LOW_DISK_BYTES=str(2**60))
    found = {each["part"]: each for each in json.loads(done.stdout)}
    assert done.exit_code == 0
    for part, said in (
        ("data directory", f"chmod 700 {settings.data_dir}"),
        ("disk", ""),
        ("backups", "socialai backups now"),
        ("undelivered of acme", "socialai dead-letters list -t acme"),
    ):
        assert (found[part]["state"], found[part]["command"]) == ("warn", said), part
    assert {"memory", "disk speed", "time", "libraries", "channel 1 of acme"} <= set(found)


def test_a_channel_a_tunnel_or_a_backup_that_is_broken_is_named(run: Run, acme: Path, tmp_path: Path) -> None:
    db = connect(acme)
    db.execute("update channel set state = 'reauthorise', state_reason = 'The password was changed.'")
    db.close()
    (tmp_path / "usb").mkdir()
    run("backups", "to-folder", tmp_path / "usb")
    (tmp_path / "usb").rmdir()
    run("backups", "now")
    found = wrong(run)
    assert "password was changed" in found["channel 1 of acme"]
    assert "Is the disk there?" in found["backups"]


def test_a_clock_that_went_back_is_named(run: Run, settings: Settings) -> None:
    later = time.time() + 86_400
    os.utime(settings.data_dir / "app.db", (later, later))
    assert "clock stands wrong" in wrong(run)["time"]
