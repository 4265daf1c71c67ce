"""The databases as they were before an upgrade, to be put back when it fails."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from socialai.store import migrate, snapshots

_APP = "app.db"


def databases(data_dir: Path) -> list[Path]:
    """Relative to the data directory."""
    found = [data_dir / _APP, *sorted((data_dir / "tenants").glob("*/tenant.db"))]
    return [path.relative_to(data_dir) for path in found if path.exists()]


def size(data_dir: Path) -> int:
    return sum((data_dir / name).stat().st_size for name in databases(data_dir))


def make(data_dir: Path, place: Path) -> None:
    """While no hub runs. Those of the last upgrade make way."""
    shutil.rmtree(place, ignore_errors=True)
    for name in databases(data_dir):
        (place / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        snapshots.copy(data_dir / name, place / name, lambda _: None)


def put_back(data_dir: Path, place: Path) -> None:
    """Again and again with the same outcome, as it may be cut off itself."""
    for name in databases(place):
        target = data_dir / name
        beside = target.with_name(f"{target.name}.back")
        shutil.copyfile(place / name, beside)
        beside.chmod(0o600)
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                target.with_name(target.name + suffix).unlink()
        beside.replace(target)


def unknown(data_dir: Path, app: tuple[str, ...], tenant: tuple[str, ...]) -> Iterator[str]:
    """Migrations these databases have had of which a program with these knows nothing."""
    for name in databases(data_dir):
        kind, known = ("app", app) if name == Path(_APP) else ("tenant", tenant)
        yield from sorted(migrate.applied(data_dir / name, kind) - set(known))
