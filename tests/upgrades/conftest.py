"""An installation of a program that is a small script, and upgrades to others."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from socialai.inference.bundles import keys
from socialai.settings import Settings
from socialai.upgrades import file

REAL = f'exec "{sys.executable}" -m socialai "$@"'
"""What the program of this checkout does."""

Make = Callable[..., Path]


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    """The program that is installed."""
    return script(tmp_path / "program" / "socialai", REAL)


@pytest.fixture
def key(settings: Settings) -> Ed25519PrivateKey:
    """Of somebody who is trusted with programs."""
    made = Ed25519PrivateKey.generate()
    keys.add(settings.data_dir, "maker", keys.public_of(made), signs_programs=True)
    return made


@pytest.fixture
def make(tmp_path: Path, key: Ed25519PrivateKey) -> Make:
    """`make("0.2.0", ready="exit 1")`: an upgrade whose program does that when it is asked to be ready."""

    def write(version: str, ready: str = REAL, other: str = REAL, by: Ed25519PrivateKey = key) -> Path:
        body = (
            f'case "$1" in\n--version) echo "socialai {version}" ;;\nready) {ready} ;;\n*) {other} ;;\nesac'
        )
        program = script(tmp_path / f"made-{version}", body)
        path = tmp_path / f"socialai-{version}.upgrade"
        file.write(path, program, version, by)
        return path

    return write


def script(path: Path, body: str) -> Path:
    """Named to the programs it starts as the launcher names itself."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexport SOCIALAI_EXECUTABLE="$0"\n{body}\n')
    path.chmod(0o755)
    return path


def environ(settings: Settings, executable: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SOCIALAI_DATA_DIR": str(settings.data_dir),
        "SOCIALAI_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(Path(file.__file__).parents[2]),
    }
