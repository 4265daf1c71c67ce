"""backup and restore at the command line; what they guarantee is in tests/store/test_backups.py."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from socialai.context import App
from socialai.errors import Conflict, InvalidInput, NotFound, SettingsError
from socialai.settings import Settings
from tests.cli.conftest import Run

Place = Callable[[Path], Run]


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Path:
    done = run("backup", "--to", tmp_path / "usb", "--json")
    assert done.exit_code == 0, done.exception
    return Path(json.loads(done.stdout)["path"])


def test_a_backup_says_where_the_key_is_and_what_it_is_for(run: Run, settings: Settings) -> None:
    done = run("backup")
    assert "acme, rival" in done.stdout
    assert str(settings.data_dir / "secret.key") in done.stdout
    assert "same disk" in done.stdout


def test_it_comes_back_and_works(run: Run, made: Path, at: Place, settings: Settings, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = at(new)("restore", made, "--key", settings.data_dir / "secret.key")
    assert done.exit_code == 0, done.exception
    assert "acme, rival" in done.stdout
    assert "draft mode" in done.stdout
    assert "Acme on Facebook" in at(new)("channel", "list", "-t", "acme").stdout
    assert "Acme on Facebook" in at(new)("channel", "check", 1, "-t", "acme").stdout
    assert at(new)("doctor", SOCIALAI_PORT="0").exit_code == 0


def test_without_the_key_it_must_be_said_so(made: Path, at: Place, tmp_path: Path) -> None:
    new = at(tmp_path / "new")
    refused = new("restore", made)
    assert isinstance(refused.exception, InvalidInput)
    assert "--without-key" in str(refused.exception)
    done = new("restore", made, "--without-key")
    assert done.exit_code == 0, done.exception
    assert "Connect every channel again" in done.stderr
    assert "reauthorise" in new("channel", "list", "-t", "acme").stdout
    assert "Connect the channel again" in new("doctor").stdout


def test_the_key_goes_along_only_after_the_words_are_typed(
    run: Run, at: Place, settings: Settings, tmp_path: Path
) -> None:
    refused = run("backup", "--with-key", "--to", tmp_path / "usb", input="yes\n")
    assert isinstance(refused.exception, InvalidInput)
    assert not (tmp_path / "usb").exists()
    done = run("backup", "--with-key", "--to", tmp_path / "usb", "--json", input="include the key\n")
    assert json.loads(done.stdout.splitlines()[-1])["with_key"] is True
    assert at(tmp_path / "new")("restore", json.loads(done.stdout.splitlines()[-1])["path"]).exit_code == 0


def test_nothing_is_overwritten(run: Run, made: Path) -> None:
    assert isinstance(run("restore", made, "--without-key").exception, Conflict)


def test_a_tenant_is_put_back_alone_while_no_hub_runs(run: Run, made: Path, settings: Settings) -> None:
    folder = settings.tenants_dir / "acme"
    folder.rename(settings.data_dir / "acme.old")
    with FileLock(settings.data_dir / "hub.lock"):
        assert isinstance(run("restore", made, "--tenant", "acme").exception, SettingsError)
    assert run("restore", made, "--tenant", "acme").exit_code == 0
    assert "olga" in run("user", "list", "-t", "acme").stdout
    assert (folder / "tenant.db").exists()


def test_another_place_can_be_named(run: Run, made: Path, tmp_path: Path) -> None:
    done = run("restore", made, "--data-dir", tmp_path / "elsewhere", "--without-key")
    assert done.exit_code == 0, done.exception
    assert (tmp_path / "elsewhere" / "app.db").exists()


def test_one_tenant_or_all_but_not_both(run: Run, at: Place, tmp_path: Path) -> None:
    assert isinstance(run("backup", "--all", "--tenant", "acme").exception, InvalidInput)
    assert isinstance(at(tmp_path / "empty")("backup").exception, NotFound)
    assert not (tmp_path / "empty").exists()


def test_a_hub_that_works_meanwhile_is_backed_up(run: Run, app: App, tmp_path: Path) -> None:
    """`app` has the files open as a running hub does."""
    app.files.tenant("acme").write(lambda db: db.execute("insert into setting values ('x', '1')"))
    done = run("backup", "-t", "acme", "--to", tmp_path, "--json")
    assert json.loads(done.stdout)["tenants"] == ["acme"]


def test_a_sealed_backup_needs_only_its_passphrase(run: Run, at: Place, tmp_path: Path) -> None:
    done = run(
        "backup", "--to", tmp_path / "usb", "--passphrase-stdin", "--json", input="green tomato soup\n"
    )
    path = json.loads(done.stdout)["path"]
    tried = run("drill", path, "--passphrase-stdin", "--json", input="green tomato soup\n")
    assert json.loads(tried.stdout)["tenants"] == ["acme", "rival"]
    new = at(tmp_path / "new")
    restored = new("restore", path, "--passphrase-stdin", input="green tomato soup\n")
    assert restored.exit_code == 0, restored.exception
    assert "Acme on Facebook" in new("channel", "check", 1, "-t", "acme").stdout
    assert new("doctor", SOCIALAI_PORT="0").exit_code == 0


def test_a_drill_of_a_damaged_backup_fails_and_leaves_nothing(
    run: Run, made: Path, settings: Settings
) -> None:
    made.write_bytes(made.read_bytes()[:-2000])
    before = sorted(settings.data_dir.iterdir())
    assert isinstance(run("drill", made).exception, InvalidInput)
    assert sorted(settings.data_dir.iterdir()) == before
