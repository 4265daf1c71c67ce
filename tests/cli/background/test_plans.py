"""What systemd, launchd and Windows are told, as they themselves read it."""

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from socialai.cli.background import launchd, systemd, windows
from socialai.cli.background.plan import Definition

AWKWARD = 'Olga\'s "shop" 100% $HOME\\new'


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    program = tmp_path / AWKWARD / "socialai"
    program.parent.mkdir()
    program.symlink_to("/bin/true")
    return Definition((str(program),), tmp_path / AWKWARD)


def owned(definition: Definition, user: str) -> Definition:
    return Definition(definition.words, definition.data_dir, user)


@pytest.mark.parametrize("user", [None, "root"])
def test_systemd_accepts_the_unit(definition: Definition, tmp_path: Path, user: str | None) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("There is no systemd-analyze here.")
    plan = systemd.plan(owned(definition, user) if user else definition, tmp_path)
    unit = tmp_path / "socialai-hub.service"
    unit.write_text(plan.text)
    verdict = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *([] if user else ["--user"]), unit],
        env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "socialai-hub" not in verdict.stderr, verdict.stderr
    assert verdict.returncode == 0, verdict.stderr


def test_a_unit_of_the_machine_runs_as_somebody_and_sees_little_else(definition: Definition) -> None:
    text = systemd.plan(owned(definition, "olga"), Path("/home/olga")).text
    assert "User=olga\n" in text
    assert "ProtectSystem=full\n" in text
    assert "WantedBy=multi-user.target" in text
    own = systemd.plan(definition, Path("/home/olga"))
    assert own.file == Path("/home/olga/.config/systemd/user/socialai-hub.service")
    assert "User=" not in own.text


def test_what_systemd_would_read_otherwise_is_quoted() -> None:
    assert systemd.quoted('a "b" %h $x \\') == '"a \\"b\\" %%h $$x \\\\"'
    assert systemd.quoted("X=%h $x", is_variable=True) == '"X=%%h $x"'


def test_launchd_reads_the_same_words_back(definition: Definition, tmp_path: Path) -> None:
    plan = launchd.plan(owned(definition, "olga"), tmp_path)
    said = plistlib.loads(plan.text.encode())
    assert said["ProgramArguments"] == [*definition.words, "service", "supervise"]
    assert said["EnvironmentVariables"] == {"SOCIALAI_DATA_DIR": str(definition.data_dir)}
    assert said["UserName"] == "olga"
    assert plan.file == Path("/Library/LaunchDaemons/socialai-hub.plist")
    assert launchd.plan(definition, tmp_path).file == tmp_path / "Library/LaunchAgents/socialai-hub.plist"


def test_windows_is_told_where_the_data_are_and_to_try_again(definition: Definition, tmp_path: Path) -> None:
    create, failure, _ = windows.plan(definition, tmp_path).install
    assert create[-2] == "binPath="
    assert create[-1].endswith(f'service host --data-dir "{definition.data_dir}"')
    assert "restart/5000" in failure[-1]
