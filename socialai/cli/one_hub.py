"""One hub on a data directory: who is there already, and where."""

from pathlib import Path

from filelock import FileLock, Timeout

from socialai.errors import SettingsError
from socialai.settings import Settings
from socialai.upgrades import switch

_LOCK, _ADDRESS = "hub.lock", "hub.address"


class only_one:  # noqa: N801 - reads as a statement where it is used
    """Two hubs on one data directory would answer everything twice."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._lock = FileLock(chosen.data_dir / _LOCK, timeout=0)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise SettingsError(
                f"A hub is running on {self._chosen.data_dir} already, at {said_address(self._chosen)}. "
                "Open that in the browser, or stop it first; another hub needs another SOCIALAI_DATA_DIR."
            ) from None

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def address_of_running(chosen: Settings) -> str | None:
    """Where the hub that holds this data directory is; None when none does."""
    if not chosen.data_dir.is_dir():
        return None
    try:
        with FileLock(chosen.data_dir / _LOCK, timeout=0):
            return None
    except Timeout:
        return said_address(chosen)


def said_address(chosen: Settings) -> str:
    """As the hub that was started last on this data directory said it."""
    return _said(chosen)[0] or f"http://{chosen.host}:{chosen.port}"


def running_executable(chosen: Settings) -> Path | None:
    """The file that a hub which runs was started from; None where none does, or it is no single file."""
    path = _said(chosen)[1] if address_of_running(chosen) else ""
    return Path(path) if path else None


def say_address(chosen: Settings, address: str) -> None:
    text = f"{address}\n{switch.this_executable() or ''}\n"
    (chosen.data_dir / _ADDRESS).write_text(text, encoding="utf-8")


def _said(chosen: Settings) -> tuple[str, str]:
    try:
        lines = (chosen.data_dir / _ADDRESS).read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    first, second, *_ = [*lines, "", ""]
    return first, second
