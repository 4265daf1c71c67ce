"""How long the disk takes to have something for good: nothing durable can be faster."""

import os
import time
from pathlib import Path

_TIMES = 200
_PAGE = b"x" * 4096


def fsync_ms(folder: Path) -> list[float]:
    """Milliseconds of each of some writes of a page."""
    file = os.open(folder / "fsync", os.O_CREAT | os.O_WRONLY)
    try:
        return [_once(file) for _ in range(_TIMES)]
    finally:
        os.close(file)


def _once(file: int) -> float:
    os.write(file, _PAGE)
    started = time.perf_counter()
    os.fsync(file)
    return 1000 * (time.perf_counter() - started)
