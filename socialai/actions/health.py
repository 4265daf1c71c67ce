"""What is wrong with the hub right now, in plain words."""

import shutil
from collections.abc import Callable, Iterator

from msgspec import Struct

from socialai.context import App
from socialai.store import tenants

_LEAST_FREE = 200 * 1024 * 1024


class Fault(Struct, frozen=True):
    """`part` is database, queue, models or disk."""

    part: str
    message: str


def faults(app: App) -> list[Fault]:
    """Empty when everything works."""
    checks: tuple[tuple[str, Callable[[App], object]], ...] = (
        ("database", lambda app: app.files.app.read(tenants.tenants)),
        ("queue", lambda app: app.tasks.depth()),
        ("models", lambda app: app.models.check()),
    )
    return [*(fault for part, check in checks for fault in _try(app, part, check)), *_disk(app)]


def _try(app: App, part: str, check: Callable[[App], object]) -> Iterator[Fault]:
    try:
        check(app)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page must name it
        yield Fault(part, str(error))


def little_free(app: App) -> int | None:
    """The bytes that are free where the data are, when it is time to do something about it."""
    free = shutil.disk_usage(app.settings.data_dir).free
    return free if free < app.settings.low_disk_bytes else None


def _disk(app: App) -> Iterator[Fault]:
    free = shutil.disk_usage(app.settings.data_dir).free
    if free < _LEAST_FREE:
        yield Fault("disk", f"Only {free // 2**20} MiB are free where the data is. Free some space soon.")
