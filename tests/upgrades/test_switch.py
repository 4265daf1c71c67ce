"""From one version to another with small programs that stand for them, on the cast's real databases."""

import sqlite3
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from socialai import __version__
from socialai.domain.clock import utc_now
from socialai.errors import Conflict, UpgradeRefused
from socialai.settings import Settings
from socialai.upgrades import copies, file, state, switch
from socialai.upgrades.state import State
from tests import cast
from tests.upgrades.conftest import Make, script

MIGRATE = f'''"{sys.executable}" - <<'END'
import pysqlite3, os
for name in ("app.db", "tenants/acme/tenant.db"):
    db = pysqlite3.connect(os.environ["SOCIALAI_DATA_DIR"] + "/" + name)
    db.execute("create table of_the_new_one (id)")
    db.execute("insert into _sqlite_migrations (migration_set, name, applied_at)"
               " select migration_set, '999_new', '' from _sqlite_migrations limit 1")
    db.commit()
END
'''


def take(make: Make, settings: Settings, executable: Path, version: str = "0.2.0", **more: str) -> State:
    return switch.take(make(version, **more), settings.data_dir, executable, utc_now())


def settled(settings: Settings) -> State:
    found = switch.settle(settings.data_dir)
    assert found is not None
    assert switch.settle(settings.data_dir) is None
    return found


def tables(settings: Settings, name: str = "app.db") -> set[str]:
    db = sqlite3.connect(settings.data_dir / name)
    try:
        return {row[0] for row in db.execute("select name from sqlite_schema")}
    finally:
        db.close()


def test_a_version_that_is_ready_takes_the_place_and_the_one_before_is_kept(
    make: Make, settings: Settings, executable: Path
) -> None:
    old = executable.read_bytes()
    assert take(make, settings, executable).stage == "waiting"
    over = settled(settings)
    assert (over.stage, over.said) == ("done", f"Version 0.2.0 runs. Version {__version__} is kept.")
    assert executable.read_bytes() != old
    assert switch.before(executable).read_bytes() == old
    assert switch.go_back(settings.data_dir, executable) == __version__
    assert executable.read_bytes() == old


def test_one_that_is_not_ready_changes_nothing(make: Make, settings: Settings, executable: Path) -> None:
    old, acme = executable.read_bytes(), settings.tenants_dir / "acme" / "tenant.db"
    before = cast.rows(acme)
    take(make, settings, executable, ready=f"{MIGRATE}\necho 'no memory for the model' >&2; exit 1")
    over = settled(settings)
    assert over.stage == "failed"
    assert over.said == (
        "Version 0.2.0 could not start here: no memory for the model. "
        f"Everything is as it was with version {__version__}."
    )
    assert executable.read_bytes() == old
    assert not switch.before(executable).exists()
    assert "of_the_new_one" not in tables(settings) | tables(settings, "tenants/acme/tenant.db")
    assert cast.rows(acme) == before


def test_a_machine_that_went_off_in_between_is_as_it_was(
    make: Make, settings: Settings, executable: Path
) -> None:
    old = executable.read_bytes()
    taken = take(make, settings, executable)
    copies.make(settings.data_dir, state.folder(settings.data_dir) / "databases")
    state.put(settings.data_dir, replace(taken, stage="trying"))
    sqlite3.connect(settings.data_dir / "app.db").execute("create table of_the_new_one (id)")
    over = settled(settings)
    assert (over.stage, "was cut off" in over.said) == ("failed", True)
    assert "of_the_new_one" not in tables(settings)
    assert executable.read_bytes() == old


def test_a_machine_that_went_off_after_it_has_the_new_one(
    make: Make, settings: Settings, executable: Path, tmp_path: Path
) -> None:
    taken = take(make, settings, executable)
    state.put(settings.data_dir, replace(taken, stage="trying"))
    executable.write_bytes((tmp_path / "made-0.2.0").read_bytes())
    assert settled(settings).stage == "done"


def test_going_back_is_refused_where_it_would_lose_data(
    make: Make, settings: Settings, executable: Path
) -> None:
    with pytest.raises(Conflict, match="no version before"):
        switch.go_back(settings.data_dir, executable)
    take(make, settings, executable, ready=MIGRATE)
    assert settled(settings).stage == "done"
    new = executable.read_bytes()
    with pytest.raises(Conflict, match=r"0\.2\.0 has written \(999_new\); going back would lose"):
        switch.go_back(settings.data_dir, executable)
    assert executable.read_bytes() == new


def test_older_ones_are_refused_unless_they_lose_nothing_and_are_meant(
    make: Make, settings: Settings, executable: Path
) -> None:
    older = make("0.0.9")
    with pytest.raises(UpgradeRefused, match="--older"):
        switch.take(older, settings.data_dir, executable, utc_now())
    assert switch.take(older, settings.data_dir, executable, utc_now(), older=True).to == "0.0.9"
    db = sqlite3.connect(settings.data_dir / "app.db")
    db.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('app', '999_later', '')"
    )
    db.commit()
    db.close()
    with pytest.raises(UpgradeRefused, match=r"999_later is unknown to it.* would lose some of them"):
        switch.take(older, settings.data_dir, executable, utc_now(), older=True)
    with pytest.raises(Conflict, match="is here already"):
        take(make, settings, executable, __version__)


def test_what_does_not_run_here_is_refused_before_anything_is_touched(
    settings: Settings, executable: Path, tmp_path: Path, key: Ed25519PrivateKey
) -> None:
    program = script(tmp_path / "made", "echo 'GLIBC_9 not found' >&2; exit 1")
    file.write(path := tmp_path / "broken.upgrade", program, "0.2.0", key)
    with pytest.raises(UpgradeRefused, match="does not run on this machine: GLIBC_9 not found"):
        switch.take(path, settings.data_dir, executable, utc_now())
    assert state.find(settings.data_dir) is None
