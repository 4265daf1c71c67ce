"""socialai service on Linux, with a stand-in for systemctl that writes down what it is told."""

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd's own")


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """What systemctl and loginctl were told, a line each; systemctl fails while a file says so."""
    folder, notes = tmp_path / "bin", tmp_path / "told"
    folder.mkdir()
    for name in ("systemctl", "loginctl"):
        stand_in = folder / name
        stand_in.write_text(
            f'#!/bin/sh\necho "{name} $*" >> {notes}\n'
            f"test -e {tmp_path}/denied && echo 'Access denied' >&2 && exit 1\nexit 0\n"
        )
        stand_in.chmod(0o755)
    return notes


@pytest.fixture
def env(tmp_path: Path, told: Path) -> dict[str, str]:
    return {"PATH": f"{told.parent / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "SUDO_USER": ""}


def test_it_is_installed_stopped_started_and_removed(
    run: Run, env: dict[str, str], told: Path, tmp_path: Path
) -> None:
    assert run("service", "install", **env).exit_code == 0
    unit = tmp_path / ".config/systemd/user/socialai-hub.service"
    assert "WatchdogSec=" in unit.read_text()
    status = run("service", "status", **env)
    assert "service: on" in status.stdout
    assert "hub: not running" in status.stdout
    assert status.exit_code == 1
    for word in ("stop", "start", "uninstall"):
        assert run("service", word, **env).exit_code == 0
    assert not unit.exists()
    assert told.read_text().splitlines() == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now socialai-hub.service",
        "loginctl enable-linger",
        "systemctl --user is-active socialai-hub.service",
        "systemctl --user stop socialai-hub.service",
        "systemctl --user start socialai-hub.service",
        "systemctl --user disable --now socialai-hub.service",
    ]


def test_what_systemd_refuses_is_said_with_what_to_do(run: Run, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "denied").touch()
    refused = run("service", "start", **env)
    assert str(refused.exception) == (
        "'systemctl --user start socialai-hub.service' failed: Access denied. "
        "Do it as the administrator of this machine?"
    )
    nobody = run("service", "start", "--system", "--as", "root", **env)
    assert "Say as which user" in str(nobody.exception)
