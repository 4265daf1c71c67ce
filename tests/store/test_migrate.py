import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from socialai.errors import NewerDatabase, StoreBusy, StoreError
from socialai.resources import resource
from socialai.store.db import connect
from socialai.store.migrate import migrate, statements


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Migrations of our own."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001_first.sql").write_text(
        "create table note (text text);\ninsert into note values ('a;b');\n"
    )
    return folder


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    """A file at the first migration, with a row of its own."""
    path = tmp_path / "hub.db"
    migrate(path, "test", folder)
    db = connect(path)
    db.execute("insert into note values ('mine')")
    db.close()
    return path


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return [tuple(row) for row in db.execute(sql)]
    finally:
        db.close()


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.glob("hub.db*"))


def test_a_new_file_gets_every_migration(tmp_path: Path) -> None:
    applied = migrate(tmp_path / "hub.db", "tenant")
    assert applied[0].startswith("001_")
    assert ("article",) in query(tmp_path / "hub.db", "select name from sqlite_master")
    assert beside(tmp_path / "hub.db") == ["hub.db"]


def test_only_its_owner_may_read_a_database(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text("create table more (text text);")
    path.chmod(0o644)
    migrate(path, "test", folder)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.glob("hub.db*")}
    assert modes == {"hub.db": 0o600, "hub.db.before-002_second": 0o600}


def test_a_file_that_is_up_to_date_is_not_touched(path: Path, folder: Path) -> None:
    before = path.read_bytes()
    assert migrate(path, "test", folder) == []
    assert path.read_bytes() == before
    assert beside(path) == ["hub.db"]


def test_an_upgrade_keeps_the_rows_and_a_copy_of_the_file_as_it_was(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    (folder / "003_third.sql").write_text("update note set kind = 'old';\n")
    assert migrate(path, "test", folder) == ["002_second", "003_third"]
    assert query(path, "select text, kind from note") == [("a;b", "old"), ("mine", "old")]
    copy = path.with_name("hub.db.before-002_second")
    assert query(copy, "select * from note") == [("a;b",), ("mine",)]
    assert beside(path) == ["hub.db", "hub.db.before-002_second"]


@pytest.mark.parametrize(
    "script",
    [
        "create table more (x);\nthis is no SQL;\n",
        "delete from note;\ninsert into nowhere values (1);\n",
        "update note set text = 'changed';\nselect raise_an_error();\n",
    ],
)
def test_a_failing_migration_leaves_the_file_byte_for_byte(path: Path, folder: Path, script: str) -> None:
    (folder / "002_good.sql").write_text("alter table note add column kind text;\n")
    (folder / "003_bad.sql").write_text(script)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="left as it was"):
        migrate(path, "test", folder)
    assert path.read_bytes() == before
    assert beside(path) == ["hub.db"]


def test_a_failing_first_migration_leaves_no_file(tmp_path: Path, folder: Path) -> None:
    (folder / "002_bad.sql").write_text("nonsense;\n")
    with pytest.raises(StoreError):
        migrate(tmp_path / "hub.db", "test", folder)
    assert beside(tmp_path / "hub.db") == []


def test_it_succeeds_once_the_migration_is_mended(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text("nonsense;\n")
    with pytest.raises(StoreError):
        migrate(path, "test", folder)
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    assert migrate(path, "test", folder) == ["002_second"]


def test_what_was_left_by_a_process_that_was_killed_does_not_matter(path: Path, folder: Path) -> None:
    path.with_name("hub.db.upgrading").write_bytes(b"half")
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    assert migrate(path, "test", folder) == ["002_second"]
    assert beside(path) == ["hub.db", "hub.db.before-002_second"]


def test_what_is_still_in_the_log_is_upgraded_too(path: Path, folder: Path) -> None:
    """As after kill -9: rows that are only in the -wal file."""
    db = connect(path)
    db.execute("insert into note values ('late')")
    for suffix in ("", "-wal"):
        path.with_name(f"hub.db{suffix}.kept").write_bytes(path.with_name(f"hub.db{suffix}").read_bytes())
    db.close()
    for suffix in ("", "-wal"):
        path.with_name(f"hub.db{suffix}.kept").replace(path.with_name(f"hub.db{suffix}"))
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    migrate(path, "test", folder)
    assert ("late", None) in query(path, "select text, kind from note")


_IDLE = """
import sys
from pathlib import Path
import socialai
from socialai.resources import resource
from socialai.store.db import connect
db = connect(Path(sys.argv[1]))
print(db.execute("select count(*) from note").fetchone()[0], flush=True)
sys.stdin.readline()
db.close()
"""


def test_a_file_that_a_running_hub_has_open_is_not_replaced_under_it(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    with subprocess.Popen(
        [sys.executable, "-c", _IDLE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as hub:
        assert hub.stdout
        assert hub.stdin
        assert hub.stdout.readline() == "2\n"
        with pytest.raises(StoreBusy, match="Stop the hub"):
            migrate(path, "test", folder)
        hub.stdin.write("\n")
    assert migrate(path, "test", folder) == ["002_second"]


def test_a_file_of_a_newer_program_is_refused_and_not_touched(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text("alter table note add column kind text;\n")
    migrate(path, "test", folder)
    (folder / "002_second.sql").unlink()
    before = path.read_bytes()
    with pytest.raises(NewerDatabase, match="002_second"):
        migrate(path, "test", folder)
    assert path.read_bytes() == before


def test_a_damaged_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreError, match="damaged"):
        migrate(tmp_path / "hub.db", "app")
    assert (tmp_path / "hub.db").read_bytes() == b"nonsense" * 1000


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "hub.db").touch()
    assert migrate(tmp_path / "hub.db", "app")


def test_tables_that_are_made_anew_keep_their_rows_and_what_refers_to_them(tmp_path: Path) -> None:
    """From the files as they were before conversations had threads and the outbox had kinds."""
    before, path = tmp_path / "before", tmp_path / "tenant.db"
    before.mkdir()
    for script in resource("migrations", "tenant").glob("00*.sql"):
        shutil.copy(script, before)
    migrate(path, "tenant", before)
    db = connect(path)
    for statement in _ROWS.split(";"):
        db.execute(statement)
    db.close()
    migrate(path, "tenant")
    assert query(path, "select thread, preview from conversation") == [("", "hello")]
    assert query(path, "select kind, lane, key, text from outbox") == [
        ("reply", "conversation/3", "k", "yes")
    ]
    assert query(path, "select count(*) from message") == [(1,)]
    assert query(path, "pragma foreign_key_check") == []
    with pytest.raises(sqlite3.IntegrityError):
        query(path, "insert into conversation select * from conversation")


_ROWS = """
insert into channel (id, platform, external_id, name, config, created_at)
    values (1, 'facebook', '9', 'A', '{}', '');
insert into contact (id, created_at) values (2, '');
insert into conversation (id, channel_id, contact_id, preview, last_message_at, created_at)
    values (3, 1, 2, 'hello', '', '');
insert into reply (id, conversation_id, author, state, text, original_text, version, created_at)
    values (4, 3, 'assistant', 'approved', 'yes', 'yes', 0, '');
insert into message (id, conversation_id, author, kind, text, sent_at, created_at)
    values (5, 3, 'assistant', 'text', 'yes', '', '');
insert into outbox (kind, channel_id, conversation_id, reply_id, message_id, key, text, due_at, created_at)
    values ('reply', 1, 3, 4, 5, 'k', 'yes', '', '')
"""


def test_a_migration_that_leaves_rows_in_the_air_is_refused(path: Path, folder: Path) -> None:
    (folder / "002_second.sql").write_text(
        "create table parent (id integer primary key);\n"
        "create table child (parent_id integer references parent (id));\n"
        "insert into child values (1);"
    )
    before = path.read_bytes()
    with pytest.raises(StoreError, match="child refer to rows of parent"):
        migrate(path, "test", folder)
    assert path.read_bytes() == before


def test_a_script_is_cut_at_the_ends_of_statements_only() -> None:
    script = """
        create table a (x);
        -- a; comment
        insert into a values ('one;
        two;');
        create trigger t after insert on a begin
            select 1;
        end;
        select 2"""
    kinds = [statement.replace("-- a; comment", "").split()[0] for statement in statements(script)]
    assert kinds == ["create", "insert", "create", "select"]
