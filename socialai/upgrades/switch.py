"""From one version of the program to another and, where that fails, back: verify, copy, try, replace.

The new program proves itself on the real data while no hub runs, so that nothing is taken in or sent that
going back would lose: its command `ready` brings the databases up to date and asks whether each part works.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from socialai import __version__
from socialai.errors import Conflict, HubError, UpgradeRefused
from socialai.store import migrate
from socialai.upgrades import copies, file, state
from socialai.upgrades.state import State

READY = "ready"
_TRY_SECONDS = 3600.0
_START_SECONDS = 120.0
_SPARE = 200 * 1024 * 1024
_TAIL = 600


def take(path: Path, data_dir: Path, executable: Path, now: datetime, *, older: bool = False) -> State:
    """Verify the file and have its program ready for the switch. Raises UpgradeRefused or Conflict."""
    head = file.read_head(path, data_dir)
    coming = head.upgrade
    _refuse_version(coming, data_dir, older=older)
    _refuse_place(executable, data_dir, coming.bytes)
    place = state.folder(data_dir)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.extract(path, head, place / "new")
    _refuse_stranger(place / "new", coming.version, data_dir)
    taken = State(
        stage="waiting",
        executable=str(executable),
        before=__version__,
        to=coming.version,
        sha256=coming.sha256,
        at=now,
        app=migrate.names("app"),
        tenant=migrate.names("tenant"),
    )
    state.put(data_dir, taken)
    return taken


def this_executable() -> Path | None:
    """The file that was downloaded and runs; None for a program of pip or a checkout."""
    said = os.environ.get("SOCIALAI_EXECUTABLE") or (sys.executable if getattr(sys, "frozen", False) else "")
    return Path(said) if said else None


def settle(data_dir: Path) -> State | None:
    """While no hub runs: go on with an upgrade that waits, or undo one that was cut off. None when there is
    nothing to do; else the outcome, after which the executable is run anew."""
    found = state.find(data_dir)
    if found is None or found.stage in ("done", "failed"):
        return None
    if found.stage == "trying":
        return _cut_off(data_dir, found)
    try:
        copies.make(data_dir, _copies(data_dir))
    except (HubError, OSError) as error:  # nothing was touched
        return _over(data_dir, found, "failed", f"The upgrade could not begin: {error}")
    state.put(data_dir, trying := replace(found, stage="trying"))
    answer = _run(state.folder(data_dir) / "new", [READY], data_dir, _TRY_SECONDS)
    if answer.returncode:
        return _back(data_dir, trying, f"Version {trying.to} could not start here: {_last_words(answer)}")
    _replace(data_dir, trying)
    return _over(data_dir, trying, "done", f"Version {trying.to} runs. Version {trying.before} is kept.")


def go_back(data_dir: Path, executable: Path) -> str:
    """The version before, while no hub runs; its number. Conflict where it cannot read what is there now."""
    found, kept = state.find(data_dir), before(executable)
    if found is None or found.stage != "done" or not kept.exists():
        raise Conflict("There is no version before this one here.")
    if newer := next(copies.unknown(data_dir, found.app, found.tenant), None):
        raise Conflict(
            f"Version {found.before} cannot read what {found.to} has written ({newer}); going back would "
            f"lose what came since {found.at:%Y-%m-%d %H:%M} UTC. The databases of then "
            f"are in {_copies(data_dir)}."
        )
    kept.replace(executable)
    state.put(data_dir, replace(found, stage="failed", said=f"Version {found.before} was brought back."))
    return found.before


def before(executable: Path) -> Path:
    """The version one step back."""
    return executable.with_name(f"{executable.stem}.before{executable.suffix}")


def _cut_off(data_dir: Path, found: State) -> State:
    """The machine went off: before the new program was in its place, or just after."""
    if _sha256(Path(found.executable)) == found.sha256:
        return _over(data_dir, found, "done", f"Version {found.to} runs. Version {found.before} is kept.")
    return _back(data_dir, found, f"The upgrade to {found.to} was cut off")


def _back(data_dir: Path, trying: State, why: str) -> State:
    copies.put_back(data_dir, _copies(data_dir))
    (state.folder(data_dir) / "new").unlink(missing_ok=True)
    said = f"{why.rstrip('.')}. Everything is as it was with version {trying.before}."
    return _over(data_dir, trying, "failed", said)


def _over(data_dir: Path, trying: State, stage: state.Stage, said: str) -> State:
    state.put(data_dir, over := replace(trying, stage=stage, said=said))
    return over


def _replace(data_dir: Path, trying: State) -> None:
    """There is an executable at each moment."""
    executable = Path(trying.executable)
    beside = executable.with_name(f"{executable.name}.part")
    shutil.copy2(executable, beside)
    beside.replace(before(executable))
    shutil.copy2(state.folder(data_dir) / "new", beside)
    if os.name == "nt":  # a program that runs cannot be written over there, but moved away
        executable.replace(before(executable))
    beside.replace(executable)
    (state.folder(data_dir) / "new").unlink()


def _refuse_version(coming: file.Upgrade, data_dir: Path, *, older: bool) -> None:
    if coming.version == __version__:
        raise Conflict(f"Version {coming.version} is here already.")
    if newer := next(copies.unknown(data_dir, coming.app, coming.tenant), None):
        raise UpgradeRefused(
            f"Version {coming.version} is older than your data ({newer} is unknown to it) and would lose "
            f"some of them. Stay with {__version__}, or take a later one."
        )
    if _parts(coming.version) < _parts(__version__) and not older:
        raise UpgradeRefused(
            f"Version {coming.version} is older than {__version__}, which is here. Nothing would be lost; if "
            "you mean it: socialai upgrade FILE --older"
        )


def _refuse_place(executable: Path, data_dir: Path, size: int) -> None:
    if not os.access(executable.parent, os.W_OK):
        raise UpgradeRefused(
            f"The program lies in {executable.parent}, where the hub may not write. Move it to a folder of "
            "the user it runs as, or replace it by hand."
        )
    needed = 2 * size + copies.size(data_dir) + _SPARE
    for place in (data_dir, executable.parent):
        if (free := shutil.disk_usage(place).free) < needed:
            raise UpgradeRefused(
                f"The upgrade needs {needed // 2**20:,} MiB in {place} and {free // 2**20:,} MiB are free. "
                "Free some space, then try again."
            )


def _refuse_stranger(program: Path, version: str, data_dir: Path) -> None:
    """It starts on this machine and is what it says."""
    answer = _run(program, ["--version"], data_dir, _START_SECONDS)
    if answer.returncode or version not in answer.stdout.split():
        program.unlink(missing_ok=True)
        raise UpgradeRefused(f"Version {version} does not run on this machine: {_last_words(answer)}")


def _run(
    program: Path, words: list[str], data_dir: Path, seconds: float
) -> "subprocess.CompletedProcess[str]":
    command = [str(program), *words]
    environ = clean_environ() | {"SOCIALAI_DATA_DIR": str(data_dir)}
    try:
        return subprocess.run(
            command,
            env=environ,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"it took more than {seconds:.0f} seconds.")
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", f"{error.strerror}.")


def clean_environ() -> dict[str, str]:
    """For another executable: what PyInstaller put there is for this one."""
    environ = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    environ.pop("SOCIALAI_EXECUTABLE", None)
    environ.pop("LD_LIBRARY_PATH", None)
    if original := environ.get("LD_LIBRARY_PATH_ORIG"):
        environ["LD_LIBRARY_PATH"] = original
    return environ


def _last_words(answer: "subprocess.CompletedProcess[str]") -> str:
    lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
    return lines[-1][-_TAIL:] if lines else f"it ended with {answer.returncode}."


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copies(data_dir: Path) -> Path:
    return state.folder(data_dir) / "databases"
