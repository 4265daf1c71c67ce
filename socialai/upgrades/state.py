"""How far an upgrade has come: one small file, so that a machine that went off in between knows it.

waiting   the new program is here and proved; the next start, or the hub that runs, goes on with it
trying    every database has its copy; the new program may have changed them
done, failed   `said` tells what came of it
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Stage = Literal["waiting", "trying", "done", "failed"]


class State(Struct, frozen=True, kw_only=True):
    """`executable` is the file that is replaced; `sha256` and `to` are of the new one. `app` and `tenant` are
    the migrations that the version before knows."""

    stage: Stage
    executable: str
    before: str
    to: str
    sha256: str
    at: datetime
    app: tuple[str, ...]
    tenant: tuple[str, ...]
    said: str = ""


def folder(data_dir: Path) -> Path:
    return data_dir / "upgrade"


def find(data_dir: Path) -> State | None:
    try:
        return msgspec.json.decode((folder(data_dir) / "state.json").read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None


def is_waiting(data_dir: Path) -> bool:
    found = find(data_dir)
    return found is not None and found.stage == "waiting"


def put(data_dir: Path, state: State) -> None:
    """On the disk when it returns."""
    place = folder(data_dir)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = place / "state.json.part"
    with beside.open("wb") as file:
        file.write(msgspec.json.encode(state))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(place / "state.json")
