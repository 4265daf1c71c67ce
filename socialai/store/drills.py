"""A backup put back into a scratch place and compared with itself: the only proof that it is one."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from socialai.domain.backup import Manifest
from socialai.store import restores
from socialai.store.snapshots import Advance


class Drill(Struct, frozen=True):
    """What came back: every file with the checksum, every table with the rows that were backed up."""

    made_at: datetime
    tenants: tuple[str, ...]
    files: int
    rows: int


def drill(path: Path, near: Path, now: datetime, advance: Advance) -> Drill:
    """Raises what a restore would: InvalidInput, StoreError, DiskFull. Nothing of it stays."""
    near.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = Path(tempfile.mkdtemp(prefix=".drill-", dir=near))
    try:
        restored = restores.restore(path, scratch / "hub", now, advance, None)
        return _counted(restored.manifest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _counted(manifest: Manifest) -> Drill:
    """A restore that went through compared each of them."""
    rows = sum(sum(file.rows.values()) for file in manifest.files.values())
    return Drill(manifest.made_at, manifest.tenants, len(manifest.files), rows)
