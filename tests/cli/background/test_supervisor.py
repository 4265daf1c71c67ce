"""A small program stands for the hub: it ends, hangs, chatters, and is kept running all the same."""

import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from socialai.cli.background.supervisor import LOG, Pace, Supervisor
from socialai.cli.background.watch import Watch

QUICK = Pace(waits=(0.01,), probe_every=0.05, patience=0.3, start_patience=0.3, stop_patience=5.0)


def supervisor(
    tmp_path: Path, script: str, is_alive: Callable[[], bool] = lambda: True, **more: int
) -> Supervisor:
    program = tmp_path / "hub.py"
    program.write_text(f"from pathlib import Path\nstarts = Path({str(tmp_path / 'starts')!r})\n{script}")
    return Supervisor(
        [sys.executable, "-u", str(program)], os.environ, tmp_path / "logs", is_alive, QUICK, **more
    )


def test_it_is_started_again_until_it_says_that_it_cannot_run(tmp_path: Path) -> None:
    script = """
starts.write_text((starts.read_text() if starts.exists() else "") + "x")
print("start", len(starts.read_text()))
raise SystemExit(3 if len(starts.read_text()) == 3 else 1)
"""
    assert supervisor(tmp_path, script).run() == 3
    said = (tmp_path / "logs" / LOG).read_text().splitlines()
    again = "The hub ended (1); it is started again in 0.01 s."
    assert said == ["start 1", again, "start 2", again, "start 3"]


def test_who_answers_nobody_any_more_is_ended_and_started_again(tmp_path: Path) -> None:
    script = """
import threading
starts.write_text((starts.read_text() if starts.exists() else "") + "x")
if len(starts.read_text()) == 2:
    raise SystemExit(3)
threading.Event().wait()
"""
    assert supervisor(tmp_path, script, lambda: False).run() == 3
    assert "has not answered for 0.3 s" in (tmp_path / "logs" / LOG).read_text()


def test_a_stop_ends_the_hub_and_starts_no_other(tmp_path: Path) -> None:
    hub = supervisor(tmp_path, "import threading\nthreading.Event().wait()", lambda: hub.stop() is None)
    assert hub.run() < 0 or os.name == "nt"


def test_the_log_never_fills_the_disk(tmp_path: Path) -> None:
    script = "for number in range(2000):\n    print(f'{number:099d}')\nraise SystemExit(3)"
    supervisor(tmp_path, script, log_bytes=5000).run()
    files = list((tmp_path / "logs").iterdir())
    assert len(files) == 6
    assert max(file.stat().st_size for file in files) <= 5000
    assert (tmp_path / "logs" / LOG).read_text().endswith("1999\n")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd's own")
def test_systemd_hears_of_a_hub_that_answers_and_nothing_of_one_that_hangs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "150000"}
        alive, asked = [False, False, True, True], threading.Semaphore(0)

        def probe(_: str) -> bool:
            asked.release()
            return alive.pop(0) if alive else False

        with Watch("http://hub", environ, probe):
            heard = [systemd.recv(100) for _ in range(2)]
            for _ in range(6):  # it goes on asking, and hears nothing
                assert asked.acquire(timeout=20)
        systemd.setblocking(False)
        with pytest.raises(BlockingIOError):
            systemd.recv(100)
    assert heard == [b"READY=1\nWATCHDOG=1", b"WATCHDOG=1"]
