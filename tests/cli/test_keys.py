"""secret.key on the command line."""

from collections.abc import Callable
from pathlib import Path

from socialai.errors import InvalidInput, SettingsError
from socialai.settings import Settings
from tests.cli.conftest import Run


def test_a_new_key_opens_everything_and_the_old_one_is_kept_for_old_backups(
    at: Callable[[Path], Run], settings: Settings, tmp_path: Path
) -> None:
    run, key = at(settings.data_dir), settings.data_dir / "secret.key"
    old = key.read_bytes()
    assert run("backup", "--to", tmp_path).exit_code == 0
    done = run("keys", "rotate")
    assert done.exit_code == 0, done.exception
    assert key.read_bytes() != old
    (kept,) = settings.data_dir.glob("secret.key.until-*")
    assert kept.read_bytes() == old
    assert kept.stat().st_mode & 0o077 == 0
    assert "Acme on Facebook" in run("channel", "check", 1, "-t", "acme").stdout
    (backup,) = tmp_path.glob("*.zip")
    new = tmp_path / "new"
    assert run("restore", backup, "--data-dir", new, "--key", kept).exit_code == 0


def test_a_key_that_is_gone_is_said_and_can_be_done_without(
    at: Callable[[Path], Run], settings: Settings
) -> None:
    run = at(settings.data_dir)
    (settings.data_dir / "secret.key").unlink()
    assert isinstance(run("tenant", "list").exception, SettingsError)
    assert "socialai keys lost" in run("doctor").stdout
    assert isinstance(run("keys", "lost", input="no\n").exception, InvalidInput)
    done = run("keys", "lost", input="go on without\n")
    assert "acme, rival" in done.stdout
    assert run("tenant", "list").exit_code == 0
    assert "Connect the channel again" in run("doctor").stdout
