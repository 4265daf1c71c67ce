"""The demo as it is run: people write to it, also when it is started again on what it left."""

import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.chaos.hub import until

PATIENCE = 60.0


@contextmanager
def demo(data_dir: Path) -> Iterator[None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "socialai", "demo", "--no-browser", "--port", str(port), "--speed", "50"]
    with (data_dir.parent / "log").open("ab") as log:
        process = subprocess.Popen(
            command, env={"SOCIALAI_DATA_DIR": str(data_dir)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def messages(data_dir: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{data_dir}/tenants/demo/tenant.db?mode=ro", uri=True)) as db:
            return int(db.execute("select count(*) from message").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_people_write_to_it_also_the_second_time(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    for _ in range(2):
        before = messages(data_dir)
        with demo(data_dir):
            wrote = until(lambda: messages(data_dir) > before, PATIENCE)  # noqa: B023 - asked here only
        assert wrote, (tmp_path / "log").read_text()
