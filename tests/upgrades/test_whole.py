"""A hub that runs, upgraded by the command line: the same process and words, or back as it was."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from socialai.settings import Settings
from socialai.upgrades import switch
from tests.chaos.hub import START_SECONDS, free_port, until
from tests.upgrades.conftest import Make, environ

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are scripts of a shell")


@pytest.fixture
def hub(settings: Settings, executable: Path) -> Iterator[tuple[str, int]]:
    """The address of a hub that the installed program runs, and its process."""
    port = free_port()
    log = settings.data_dir.with_name("hub.log").open("wb")
    process = subprocess.Popen(
        [executable, "serve", "--port", str(port)], env=environ(settings, executable), stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    try:
        assert until(lambda: answers(url), START_SECONDS)
        yield url, process.pid
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(START_SECONDS)
        log.close()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def upgrade(settings: Settings, executable: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [executable, "upgrade", path], env=environ(settings, executable), capture_output=True, text=True,
        timeout=2 * START_SECONDS, check=False,
    )  # fmt: skip


def command_of(pid: int) -> str:
    return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True).stdout


def test_a_hub_that_runs_is_the_new_version_in_the_same_process(
    hub: tuple[str, int], settings: Settings, executable: Path, make: Make
) -> None:
    url, pid = hub
    old = executable.read_bytes()
    refused = upgrade(settings, executable, make("0.3.0", ready="echo 'no such processor' >&2; exit 1"))
    assert (refused.returncode, "no such processor" in refused.stderr) == (1, True), refused.stderr
    assert until(lambda: answers(url), START_SECONDS)
    assert executable.read_bytes() == old
    done = upgrade(settings, executable, make("0.2.0"))
    assert (done.returncode, "Version 0.2.0 runs." in done.stdout) == (0, True), done.stderr
    assert until(lambda: answers(url), START_SECONDS)
    assert b"socialai 0.2.0" in executable.read_bytes()
    assert switch.before(executable).read_bytes() == old
    assert "serve --port" in command_of(pid)


def test_where_no_hub_runs_the_command_does_it_all_and_goes_back(
    settings: Settings, executable: Path, make: Make
) -> None:
    old = executable.read_bytes()
    done = upgrade(settings, executable, make("0.2.0"))
    assert done.returncode == 0, done.stderr
    back = subprocess.run(
        [executable, "upgrade", "--back"], env=environ(settings, executable), capture_output=True, text=True
    )
    assert back.returncode == 0, back.stderr
    assert executable.read_bytes() == old
